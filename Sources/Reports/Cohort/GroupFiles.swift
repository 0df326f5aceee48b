import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Study

/// What is made of a group, as one save.
struct GroupFiles {
  private let folder: CohortFolder
  private let name: String
  private let set = FileSet(overwrite: true)
  private var paths: [String] = []

  init(_ folder: CohortFolder, _ name: String) {
    self.folder = folder
    self.name = name
  }

  private func path(_ ending: String) -> String { "\(name)/\(name)\(ending)" }

  @discardableResult
  mutating func add(_ ending: String, _ bytes: [UInt8]) throws(Problem) -> String {
    let path = path(ending)
    paths.append(path)
    return try set.add(folder.root + "/" + path) { (put) throws(Problem) in try put(bytes) }
  }

  /// - Parameter ending: of the people's maps, such as `_stat-reho_boldmap.nii.gz`.
  mutating func add(_ mean: GroupMean, _ ending: String) throws(Problem) {
    let parts = ending.split(separator: "_").map(String.init)
    guard let suffix = parts.last else { return }
    for (word, volume, derived) in mean.images {
      let own = "_" + (parts.dropLast() + ["desc-\(word)", suffix]).joined(separator: "_")
      let path = path(own)
      try derived.add(
        ImageWriter.Content(grid: volume.grid, formCode: mean.code, note: derived.note),
        at: folder.root + "/" + path, to: set
      ) { (_) throws(Problem) in volume.values }
      paths += [path, sidecarPath(path)]
    }
  }

  /// A table of everybody, and beside it whether anything in it was not measured.
  mutating func add(table text: String, _ kind: String, isSimulated: Bool) throws(Problem) {
    let hash = try add("_" + kind + ".tsv", Array(text.utf8))
    let json = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
      ("table_sha256", .string(hash)), ("simulated", .bool(isSimulated)),
      ("notice", .string(researchUse)),
    ])
    try add("_" + kind + ".json", Array((json.text + "\n").utf8))
  }

  mutating func addNorms(
    _ norms: NetworkNorms, people: Int, cleaning: [(String, JSON)], isSimulated: Bool
  ) throws(Problem) {
    let hash = try add("_networks_norms.tsv", Array(norms.text.utf8))
    let json = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
      ValueMaking.json(measure: "networks", people: people, cleaning: cleaning),
      ("table_sha256", .string(hash)), ("simulated", .bool(isSimulated)),
      ("notice", .string(researchUse)),
    ])
    try add("_networks_norms.json", Array((json.text + "\n").utf8))
  }

  func commit() throws(Problem) -> [String] {
    var written: [(path: String, sha256: String)] = []
    for path in paths { written.append((path, try set.hash(of: folder.root + "/" + path))) }
    try requireUnchanged(besides: written)
    let json = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
      (
        "outputs",
        .array(
          written.map { .object([("path", .string($0.path)), ("sha256", .string($0.sha256))]) })
      ),
    ])
    try set.add(folder.root + "/" + recordPath, json.text + "\n")
    try set.commit(last: folder.root + "/" + path("_qc.html"))
    return paths
  }

  private var recordPath: String { path("_desc-cohort_record.json") }

  /// Refuses to replace what a person changed since it was written. What a killed run has put in place already is what
  /// is written now.
  private func requireUnchanged(besides new: [(path: String, sha256: String)]) throws(Problem) {
    let full = folder.root + "/" + recordPath
    guard FileManager.default.fileExists(atPath: full) else { return }
    let known = try? JSON.parse(try readTextFile(full)).value["outputs"]?.items
    for one in known ?? [] {
      guard let path = one["path"]?.asString, let hash = one["sha256"]?.asString,
        let next = new.first(where: { $0.path == path }),
        let here = try folder.hashes.hash(of: folder.root + "/" + path),
        here != hash, here != next.sha256
      else { continue }
      throw Problem(
        .cannotCreate, path, "it was changed since it was written",
        expected: "the group's files as they were made", remedy: "Move it to another name")
    }
  }
}
