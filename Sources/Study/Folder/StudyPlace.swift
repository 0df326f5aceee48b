package import Basics
import Foundation
import ImageFiles

/// What a person points at: a study's folder, one person of it, or one file.
package struct StudyPlace: Equatable, Sendable {
  /// Absolute.
  package var root: String
  /// The one person who is wanted.
  package var subject: String?
  /// The one file that is wanted.
  package var file: String?

  /// - Parameter typed: a folder, a file, or a `sub-` label in the folder that one is in.
  package init(_ typed: String) throws(Problem) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: typed, isDirectory: &isFolder) {
      let path = Self.absolute(typed)
      guard !isFolder.boolValue else {
        root = path
        return
      }
      file = path
      let parts = path.split(separator: "/").dropLast().map(String.init)
      let own = EntityName(fileName(path)).subject
      if let n = parts.lastIndex(where: { $0.hasPrefix("sub-") && $0.count > 4 }) {
        root = "/" + parts[..<n].joined(separator: "/")
        subject = own ?? parts[n]
      } else {
        root = "/" + parts.joined(separator: "/")
        subject = own
      }
      return
    }
    guard typed.hasPrefix("sub-"), typed.count > 4, !typed.contains("/") else {
      // A word alone was meant as a command as likely as not.
      let isWord = !typed.contains("/") && !typed.contains(".")
      throw Problem(
        isWord ? .usage : .missingInput, fileName(typed),
        isWord
          ? "it is no command, and there is no such folder" : "there is no such folder or file",
        expected: "a folder of people, one of their files, or a sub- label",
        remedy: "`boldspect --help` lists what it takes")
    }
    root = Self.absolute(".")
    subject = typed
  }

  /// What was typed, once it is known to be there.
  package func shown(_ typed: String) -> String { typed }

  private static func absolute(_ path: String) -> String {
    var full = URL(filePath: path).standardizedFileURL.path
    while full.count > 1, full.hasSuffix("/") { full.removeLast() }
    return full
  }
}
