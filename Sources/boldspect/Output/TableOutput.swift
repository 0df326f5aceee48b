import Basics
import ImageFiles
import Imaging

/// A table that is written with a JSON beside it.
struct TableOutput {
  var path: String
  var overwrite: Bool

  private var jsonPath: String { String(path.dropLast(4)) + ".json" }

  /// Refuses before the work what would be refused after it.
  func check(inputs: [String?]) throws(Problem) {
    guard path.hasSuffix(".tsv") else {
      throw Problem(.usage, fileName(path), "tables are written as .tsv", expected: "such a name")
    }
    try checkFolder(of: path)
    for name in [path, jsonPath] {
      try AtomicFile.checkFree(name, overwrite: overwrite)
      for input in inputs.compactMap({ $0 }) where isSameFile(input, name) {
        throw Problem(
          .usage, fileName(name), "it is an input of this command", expected: "another name")
      }
    }
  }

  func write(_ table: String, _ about: JSON) throws(Problem) {
    try AtomicFile.write(path, Array(table.utf8), overwrite: overwrite)
    try AtomicFile.write(jsonPath, Array((about.text + "\n").utf8), overwrite: overwrite)
  }
}
