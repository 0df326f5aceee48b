import Basics
import Foundation
import ImageFiles

/// Refuses files of which one was written by another save than the others: a kill between two renames, or
/// a copy of some of them, leaves such a set. What is not there, or has no hash, is not asked for.
func requireOneSave(
  _ files: [(path: String, hash: JSON?)], as main: String
) throws(Problem) {
  for (path, hash) in files {
    guard let hash = hash?.asString, FileManager.default.fileExists(atPath: path) else { continue }
    guard try sha256(ofFile: path) == hash else {
      throw Problem(
        .data, fileName(path), "it is not the file that \(fileName(main)) was saved with",
        expected: "files of one save",
        remedy: "Save them anew, or move it away if it was changed on purpose")
    }
  }
}
