package import Basics
import Glibc
import Imaging

/// Writes a file so that a reader finds the old one or the new one, never a part: a private
/// temporary beside it, fsync, rename, fsync of the folder. Mode 0600.
package enum AtomicFile {
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
    try checkFree(path, overwrite: overwrite)
    let folder =
      path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
    let place = folder.isEmpty ? "/" : folder
    let temporary = "\(place)/.boldspect-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
    let name = fileName(path)
    let fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard fd >= 0 else {
      throw Problem(.cannotCreate, name, "it cannot be written there: \(reason(errno))")
    }
    var isOpen = true
    func fail(_ what: String, _ code: Int32) -> Problem {
      if isOpen { close(fd) }
      isOpen = false
      unlink(temporary)
      return Problem(
        .inputOutput, name, "\(what) failed: \(reason(code)); what was there before is unchanged")
    }
    do throws(Problem) {
      try body { (bytes) throws(Problem) in
        var at = 0
        while at < bytes.count {
          let got = bytes.withUnsafeBytes {
            Glibc.write(fd, $0.baseAddress.map { $0 + at }, bytes.count - at)
          }
          if got < 0 {
            if errno == EINTR { continue }
            throw fail("writing", errno)
          }
          at += got
        }
      }
    } catch {
      if isOpen { close(fd) }
      unlink(temporary)
      throw error
    }
    guard fsync(fd) == 0 else { throw fail("fsync", errno) }
    isOpen = false
    guard close(fd) == 0 else { throw fail("closing", errno) }
    if overwrite {
      guard rename(temporary, path) == 0 else { throw fail("renaming", errno) }
    } else {
      // A hard link does not replace what appeared in the meantime; rename would.
      guard link(temporary, path) == 0 else {
        let code = errno
        unlink(temporary)
        throw Problem(.cannotCreate, name, "it cannot be created: \(reason(code))")
      }
      unlink(temporary)
    }
    let directory = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }
}
