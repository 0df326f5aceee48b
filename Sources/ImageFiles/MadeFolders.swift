package import Basics
import Glibc

/// Folders that are made for files to come, and that go again where none came.
package final class MadeFolders {
  private var made: [String] = []

  private let makes: (String, UInt32) -> Int32?

  /// - Parameter makes: makes one folder, or gives the system's number for why it could not.
  package init(makes: @escaping (String, UInt32) -> Int32? = { mkdir($0, $1) == 0 ? nil : errno }) {
    self.makes = makes
  }

  /// Makes a folder and those above it that are not there.
  ///
  /// - Parameters:
  ///   - what: what a person calls it; its own name where it is nil.
  ///   - mode: of each that is made, less the umask.
  package func make(
    _ path: String, for what: String? = nil, mode: UInt32 = 0o777, expected: String? = nil,
    remedy: String? = nil
  ) throws(Problem) {
    guard let code = reasonNotMade(path, mode) else { return }
    let kind = StagedFile.kind(code)
    throw Problem(
      kind, what ?? visibleText(path, limit: 200),
      what == nil
        ? "the folder cannot be made: \(reason(code))"
        : "the folder for it cannot be made: \(reason(code))",
      expected: expected, remedy: kind == .cannotCreate ? remedy : nil)
  }

  /// Takes back those that are empty.
  package func undo() {
    for path in made.reversed() { rmdir(path) }
    made = []
  }

  /// The system's number; nil when it is there.
  private func reasonNotMade(_ path: String, _ mode: UInt32) -> Int32? {
    if isFolder(path) { return nil }
    var code = makes(path, mode)
    if code == ENOENT {
      let above = StagedFile.folder(of: path.hasSuffix("/") ? String(path.dropLast()) : path)
      guard above.count < path.count, path.contains("/") else { return code }
      if let reason = reasonNotMade(above, mode) { return reason }
      code = makes(path, mode)
    }
    guard let code else {
      made.append(path)
      return nil
    }
    // Somebody else may have been faster.
    return isFolder(path) ? nil : code
  }
}
