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
    }
    try requireNoInput([path, jsonPath], among: inputs)
    try requireOwnJSON(jsonPath)
  }

  package func write(_ table: String, _ derived: Derived) throws(Problem) {
    try requireNoInput([path, jsonPath], among: derived.inputs.map(\.path))
    let set = FileSet(overwrite: overwrite)
    let hash = try set.add(path, table)
    let named = derived.json.adding([("table_sha256", .string(hash))])
    try set.add(jsonPath, named.text + "\n")
    try set.commit(last: jsonPath)
  }
}
