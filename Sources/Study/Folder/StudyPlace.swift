package import Basics
import Foundation
import ImageFiles

/// What a person points at: a study's folder, one person of it, or one file.
///
/// Of a person or a file the study is the folder above, with what pipelines made of it under `derivatives`: whoever
/// is asked for, the same files are found.
package struct StudyPlace: Equatable, Sendable {
  /// Absolute.
  package var root: String
  /// The one person who is asked for.
  package var subject: String?
  /// The one visit that is asked for.
  package var session: String?
  /// The one file that is asked for.
  package var file: String?

  /// - Parameter typed: a folder, a file, or a `sub-` label in the folder that one is in.
  package init(_ typed: String, mayBeCommand: Bool = false) throws(Problem) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: typed, isDirectory: &isFolder) {
      let path = Self.absolute(typed)
      self = isFolder.boolValue ? StudyPlace(folder: path) : StudyPlace(file: path)
      return
    }
    guard typed.hasPrefix("sub-"), typed.count > 4, !typed.contains("/") else {
      // A word alone was meant as a command as likely as not.
      let isWord = mayBeCommand && !typed.contains("/") && !typed.contains(".")
      throw Problem(
        isWord ? .usage : .missingInput, visibleText(typed),
        isWord
          ? "it is no command, and there is no such folder" : "there is no such folder or file",
        expected: "a folder of people, one of their files, or a sub- label",
        remedy: "`boldspect --help` lists what it takes")
    }
    root = Self.study(above: Self.absolute(".").split(separator: "/").map(String.init))
    subject = typed
  }

  private init(file path: String) {
    file = path
    let parts = path.split(separator: "/").dropLast().map(String.init)
    let own = EntityName(fileName(path)).subject
    let at = parts.lastIndex { Self.isSubject($0) }
    root = Self.study(above: at.map { Array(parts[..<$0]) } ?? parts)
    subject = own ?? at.map { parts[$0] }
    session = EntityName(fileName(path)).session ?? Self.session(in: parts, below: at)
  }

  /// A person's own folder is that person of the study that it lies in.
  private init(folder path: String) {
    let parts = path.split(separator: "/").map(String.init)
    guard let at = parts.lastIndex(where: { Self.isSubject($0) }), at > 0 else {
      root = path
      return
    }
    root = Self.study(above: Array(parts[..<at]))
    subject = parts[at]
    session = Self.session(in: parts, below: at)
  }

  private static func session(in parts: [String], below subject: Int?) -> String? {
    guard let subject, subject + 1 < parts.count else { return nil }
    let next = parts[subject + 1]
    return next.hasPrefix("ses-") && next.count > 4 ? next : nil
  }

  private static func isSubject(_ name: String) -> Bool {
    name.hasPrefix("sub-") && name.count > 4
  }

  /// The study that a dataset's folder is of: what lies in its `derivatives` belongs to it.
  private static func study(above parts: [String]) -> String {
    guard let n = parts.lastIndex(of: "derivatives"), n > 0, parts.count - n <= 2 else {
      return "/" + parts.joined(separator: "/")
    }
    return "/" + parts[..<n].joined(separator: "/")
  }

  private static func absolute(_ path: String) -> String {
    // As the system reads it: what lies above a link's goal is the goal's, not the link's.
    var full =
      realpath(path, nil).map { found in
        defer { free(found) }
        return String(cString: found)
      } ?? absolutePath(path)
    while full.count > 1, full.hasSuffix("/") { full.removeLast() }
    return full
  }
}
