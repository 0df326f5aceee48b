package import Basics
import Glibc
import ImageFiles

/// Locks of one folder by name, all in one file: each is a byte of it, so that nothing is left lying about.
///
/// A lock belongs to the open file and goes with it, also when the program is killed, and holds between machines
/// where the file system has locks at all. Source: fcntl(2), "Open file description locks (non-POSIX)".
package final class RangeLock {
  private let descriptor: Int32
  private let name: String
  private static let setLock: Int32 = 37

  /// - Throws: a file that cannot be opened.
  package init(_ path: String) throws(Problem) {
    name = path
    descriptor = open(
      path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, AtomicFile.followsUmask ? 0o666 : 0o600)
    guard descriptor >= 0 else {
      throw Problem(
        .cannotCreate, fileName(path),
        "the lock of the folder cannot be opened: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// Whether the lock was free and is held now.
  package func take(_ key: String) throws(Problem) -> Bool {
    if try set(F_WRLCK, key) { return true }
    return false
  }

  /// Waits for a lock that another run holds.
  package func wait(for key: String, _ progress: WorkProgress) throws(Problem) {
    while try !take(key) {
      try progress.check()
      usleep(50_000)
    }
  }

  package func release(_ key: String) { _ = try? set(F_UNLCK, key) }

  private func set(_ kind: Int32, _ key: String) throws(Problem) -> Bool {
    var lock = Glibc.flock()
    lock.l_type = Int16(kind)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = place(of: key)
    lock.l_len = 1
    while true {
      if fcntl(descriptor, Self.setLock, &lock) == 0 { return true }
      if errno == EINTR { continue }
      if errno == EAGAIN || errno == EACCES { return false }
      throw Problem(
        .unavailable, fileName(name),
        "the file system has no locks: \(String(cString: strerror(errno)))",
        expected: "a folder where two runs cannot harm each other")
    }
  }

  /// The byte that stands for a name: the same for every run, and hardly ever that of another name.
  private func place(of key: String) -> off_t {
    let hash = sha256(of: Array(key.utf8)).prefix(15)
    return off_t(UInt64(hash, radix: 16) ?? 0)
  }
}
