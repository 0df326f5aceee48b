package import Basics
import Foundation
package import Glibc
import Synchronization

/// A folder in the temporary folder that holds what a child process works on, and goes with this process.
///
/// Its name says whose it is and a lock on it says that the owner lives. What a killed process left is taken
/// away when boldspect starts again; one that ends by itself takes its own away, whatever it was doing.
package final class PrivateFolder: Sendable {
  package let path: String
  private let descriptor: Int32

  private struct Open {
    var paths: Set<String> = []
    var children: Set<pid_t> = []
    var isWatched = false
  }
  private static let open = Mutex(Open())
  private static let prefix = "boldspect-private-"

  /// - Throws: where none can be made.
  package init() throws(Problem) {
    let name = "\(NSTemporaryDirectory())/\(Self.prefix)\(getpid())-XXXXXX"
    var template = Array(name.utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Problem(
        .cannotCreate, "temporary folder", "it cannot be made", expected: "a writable TMPDIR")
    }
    path = String(
      decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    let made = path
    Self.open.withLock { state in
      state.paths.insert(made)
      if !state.isWatched { atexit { PrivateFolder.removeAll() } }
      state.isWatched = true
    }
  }

  /// Takes it away.
  package func remove() {
    let made = path
    try? FileManager.default.removeItem(atPath: made)
    if descriptor >= 0 { close(descriptor) }
    Self.open.withLock { _ = $0.paths.remove(made) }
  }

  /// A child that must not outlive this process.
  package static func began(_ child: pid_t) { open.withLock { _ = $0.children.insert(child) } }
  package static func ended(_ child: pid_t) { open.withLock { _ = $0.children.remove(child) } }

  /// At the end of the process, while work may still be going on.
  private static func removeAll() {
    let state = open.withLock { $0 }
    for child in state.children { kill(child, SIGKILL) }
    // What a child was just writing may come after a first attempt.
    for _ in 0..<5 {
      for path in state.paths { try? FileManager.default.removeItem(atPath: path) }
      if state.paths.allSatisfy({ access($0, F_OK) != 0 }) { return }
      usleep(20_000)
    }
  }

  /// Takes away what processes of this user left that are no longer alive.
  package static func removeLeftovers() {
    let folder = NSTemporaryDirectory()
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix),
        let owner = name.dropFirst(prefix.count).split(separator: "-").first,
        let pid = pid_t(owner), pid > 0, kill(pid, 0) != 0, errno == ESRCH
      else { continue }
      removeLeftover("\(folder)/\(name)")
    }
  }

  private static func removeLeftover(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == getuid()
    else { return }
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Process numbers of another container say nothing here; its lock does.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    try? FileManager.default.removeItem(atPath: path)
  }
}
