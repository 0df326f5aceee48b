package import Basics
import Glibc

/// Several files that are one save: all of them are new afterwards, or none.
///
/// Every file is written whole and synced under a private name first. Only then they take their places, the
/// one that is read first last; when one of them cannot, the others are taken back. What a kill between two
/// renames leaves is recognised at reading by the hashes that the set carries of itself.
package final class FileSet {
  private let overwrite: Bool
  private var files: [StagedFile] = []

  package init(overwrite: Bool) { self.overwrite = overwrite }

  deinit { for n in files.indices { files[n].undo() } }

  /// Writes what `body` hands to its argument, for now under a private name.
  ///
  /// - Returns: its SHA-256.
  @discardableResult
  package func add(
    _ path: String,
    _ body: (_ put: ([UInt8]) throws(Problem) -> Void) throws(Problem) -> Void
  ) throws(Problem) -> String {
    try AtomicFile.checkFree(path, overwrite: overwrite)
    let file = try StagedFile(path, body)
    files.append(file)
    return file.sha256
  }

  @discardableResult
  package func add(_ path: String, _ text: String) throws(Problem) -> String {
    try add(path) { (put) throws(Problem) in try put(Array(text.utf8)) }
  }

  /// The SHA-256 of what lies ready for a path.
  package func hash(of path: String) throws(Problem) -> String {
    guard let file = files.first(where: { $0.path == path }) else {
      throw Problem(.inputOutput, fileName(path), "it was not written")
    }
    return file.sha256
  }

  /// What lies ready for a path, read back from the disk.
  package func text(of path: String) throws(Problem) -> String {
    guard let file = files.first(where: { $0.path == path }) else {
      throw Problem(.inputOutput, fileName(path), "it was not written")
    }
    return try readTextFile(file.temporary)
  }

  /// All files take their places.
  ///
  /// - Parameter last: the one that is read first, and by which the set is found.
  package func commit(last: String) throws(Problem) {
    let order =
      files.indices.filter { files[$0].path != last }
      + files.indices.filter { files[$0].path == last }
    do throws(Problem) {
      for n in order {
        try AtomicFile.checkFree(files[n].path, overwrite: overwrite)
        try files[n].place(overwrite: overwrite)
      }
    } catch {
      for n in order.reversed() { files[n].undo() }
      files = []
      throw error
    }
    for n in order { files[n].settle() }
    for folder in Set(files.map { StagedFile.folder(of: $0.path) }) { StagedFile.sync(folder) }
    files = []
  }
}
