package import Basics
import Glibc
import Synchronization

/// Writes a file so that a reader finds the old one or the new one, never a part: a private
/// temporary beside it, fsync, rename, fsync of the folder. Mode 0600, unless a group works on one folder.
package enum AtomicFile {
  private static let isForGroup = Atomic<Bool>(false)

  /// Whether files that are written from now on have the mode that the umask leaves of 0666, for others to read
  /// and write; set once, before the first file, where a person asks for it.
  package static var followsUmask: Bool {
    get { isForGroup.load(ordering: .relaxed) }
    set { isForGroup.store(newValue, ordering: .relaxed) }
  }

  /// Removes what runs that were killed left in a folder.
  package static func removeLeftovers(in folder: String) { StagedFile.tidy(folder) }

  /// Refuses early what would be refused at the end of long work.
  package static func checkFree(_ path: String, overwrite: Bool) throws(Problem) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    // What is renamed over a device, a pipe or a link takes its place for everybody.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Problem(
        .cannotCreate, fileName(path), "it is there and no regular file",
        expected: "a file's own name")
    }
    if !overwrite {
      throw Problem(
        .cannotCreate, fileName(path), "it is already there",
        remedy: "Choose another name or add --force")
    }
  }

  package static func write(
    _ path: String, _ bytes: [UInt8], overwrite: Bool
  ) throws(Problem) {
    try write(path, overwrite: overwrite) { (put) throws(Problem) in try put(bytes) }
  }

  /// Writes what `body` hands to its argument.
  package static func write(
    _ path: String, overwrite: Bool,
    _ body: (_ put: ([UInt8]) throws(Problem) -> Void) throws(Problem) -> Void
  ) throws(Problem) {
    let set = FileSet(overwrite: overwrite)
    try set.add(path, body)
    try set.commit(last: path)
  }
}
