import Basics
import Foundation
import ImageFiles

/// Files of one folder by their names, and the folder.
func placeWords(_ paths: [String]) -> String {
  let names = paths.map { visibleText(fileName($0), limit: 80) }.joined(separator: ", ")
  guard let first = paths.first else { return "" }
  let folder = URL(filePath: absolutePath(first)).deletingLastPathComponent().path
  return "\(names) in \(visibleText(folder, limit: 160))"
}

/// What is said of files that were written.
func savedWords(_ paths: [String]) -> String { "saved: " + placeWords(paths) }
