package import Basics
import ImageFiles
import Imaging

/// A table that is written with a JSON beside it.
package struct TableOutput {
  package var path: String
  package var overwrite: Bool

  package init(path: String, overwrite: Bool) {
    self.path = path
    self.overwrite = overwrite
  }

  private var jsonPath: String { String(path.dropLast(4)) + ".json" }

  /// Refuses before the work what would be refused after it.
  package func check(inputs: [String?]) throws(Problem) {
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

  package func write(_ table: String, _ about: JSON) throws(Problem) {
    let set = FileSet(overwrite: overwrite)
    let hash = try set.add(path, table)
    let named = about.adding([("table_sha256", .string(hash))])
    try set.add(jsonPath, named.text + "\n")
    try set.commit(last: jsonPath)
  }
}
