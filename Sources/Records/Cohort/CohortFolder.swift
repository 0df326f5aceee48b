package import Basics
import Foundation
import ImageFiles
package import Workflows

/// The folder that a cohort's results lie in, after BIDS derivatives, and what keeps several runs on it apart.
///
/// Nothing is half there: a visit's files take their places together and its record last, the table of outcomes is
/// replaced as a whole, and what a killed run left under private names is taken away by the next one.
package struct CohortFolder {
  /// Absolute.
  package let root: String
  /// The study's folder, absolute.
  package let study: String
  package let hashes: FileHashes
  private let locks: RangeLock

  static let hidden = ".boldspect"
  package static let outcomesName = "outcomes.tsv"

  /// - Parameters:
  ///   - output: is made where it is not there.
  ///   - provesAll: whether every file is read, whatever size and time say.
  /// - Throws: a folder that holds something of another program, or that is the study itself.
  package init(_ output: String, study: String, provesAll: Bool) throws(Problem) {
    self.study = study
    root = try Self.made(output)
    guard root != study, !study.hasPrefix(root + "/") else {
      throw Problem(
        .usage, fileName(root), "results would lie among the study's own files",
        expected: "a folder of their own, such as derivatives/boldspect in the study")
    }
    let description = root + "/dataset_description.json"
    try Self.requireOwn(root, description)
    let inside = root + "/" + Self.hidden
    try Self.make(inside, for: Self.hidden, isShared: AtomicFile.followsUmask)
    locks = try RangeLock(inside + "/locks")
    hashes = FileHashes(FactBook(folder: inside), provesAll: provesAll)
    AtomicFile.removeLeftovers(in: root)
    // Of two runs that begin at once the second finds what the first wrote.
    try locks.wait(for: "description", .silent)
    defer { locks.release("description") }
    if !FileManager.default.fileExists(atPath: description) {
      try AtomicFile.write(
        description, Array((Self.description.text + "\n").utf8), overwrite: true)
    }
    try putOutcomes { _ in }
  }

  /// A folder among the results.
  ///
  /// - Throws: one that cannot be made.
  package static func make(
    _ path: String, for what: String, isShared: Bool = true
  ) throws(Problem) {
    try MadeFolders().make(
      path, for: what, mode: isShared ? 0o777 : 0o700,
      remedy: "Choose an output folder that you may write to")
  }

  private static func made(_ output: String) throws(Problem) -> String {
    try make(output, for: fileName(output))
    guard let path = realpath(output, nil) else {
      throw Problem(.cannotCreate, fileName(output), "the folder cannot be made")
    }
    defer { free(path) }
    return String(cString: path)
  }

  /// What a cohort's folder calls itself, by which it is known again.
  private static let datasetName = "boldspect: a cohort"

  /// Source: BIDS 1.10, "Derived dataset and pipeline description".
  private static var description: JSON {
    .object([
      ("Name", .string(datasetName)), ("BIDSVersion", .string("1.10.0")),
      ("DatasetType", .string("derivative")),
      (
        "GeneratedBy",
        .array([.object([("Name", .string("boldspect")), ("Version", .string(boldspectVersion))])])
      ), ("HowToAcknowledge", .string(researchUse)),
    ])
  }

  private static func requireOwn(_ root: String, _ description: String) throws(Problem) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    // What two runs make first may be there already.
    if names.allSatisfy({ $0.hasPrefix(".boldspect") }) { return }
    if let text = try? readTextFile(description),
      let known = try? JSON.parse(text).value, known["Name"]?.asString == datasetName
    {
      return
    }
    throw Problem(
      .cannotCreate, fileName(root), "it holds files that no cohort run of boldspect wrote",
      expected: "an empty folder, or one of an earlier cohort run")
  }

  // MARK: Visits

  /// Whether a visit was free and is this run's now.
  package func take(_ visit: CohortVisit) throws(Problem) -> Bool {
    try locks.take("visit " + visit.name)
  }

  package func wait(for visit: CohortVisit, _ progress: WorkProgress) throws(Problem) {
    try locks.wait(for: "visit " + visit.name, progress)
  }

  package func release(_ visit: CohortVisit) { locks.release("visit " + visit.name) }

  /// Where a visit's files lie, from the output folder.
  package func folder(of visit: CohortVisit) -> String {
    Self.safe(visit.subject) + (visit.session.map { "/" + Self.safe($0) } ?? "")
  }

  /// What every file of a visit begins with.
  package func stem(of visit: CohortVisit) -> String {
    folder(of: visit) + "/" + Self.safe(visit.subject)
      + (visit.session.map { "_" + Self.safe($0) } ?? "")
  }

  /// A name of somebody's folder as a name of ours: a plain folder may be called anything.
  private static func safe(_ name: String) -> String {
    let plain = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    guard plain != name || plain.isEmpty else { return name }
    return plain + "x" + sha256(of: Array(name.utf8)).prefix(8)
  }

  package func recordPath(of visit: CohortVisit) -> String {
    "\(root)/\(stem(of: visit))_desc-cohort_record.json"
  }

  package func record(of visit: CohortVisit) -> VisitRecord? {
    (try? readTextFile(recordPath(of: visit))).flatMap(VisitRecord.init)
  }

  /// A path as a record names it: from the study where it lies there.
  package func named(_ path: String) -> String {
    path.hasPrefix(study + "/") ? String(path.dropFirst(study.count + 1)) : path
  }

  /// The inputs of a visit with their hashes as they are now.
  ///
  /// - Parameter known: hashes of what was read already, by path.
  package func files(
    _ inputs: [CohortInput], known: [String: String] = [:]
  ) throws(Problem) -> [VisitRecord.File] {
    var out: [VisitRecord.File] = []
    for input in inputs {
      let hash =
        if let read = known[input.path] { read as String? } else {
          try hashes.hash(of: input.path)
        }
      guard let hash else {
        throw Problem(.missingInput, fileName(input.path), "it is no longer there")
      }
      out.append(VisitRecord.File(role: input.role, path: named(input.path), sha256: hash))
    }
    return out
  }

  /// Whether a visit's results are there, were made of these files and options by this version, and are as they
  /// were written.
  package func isDone(
    _ visit: CohortVisit, inputs: [CohortInput], options: JSON
  ) throws(Problem) -> VisitRecord? {
    guard let record = record(of: visit), record.version == boldspectVersion,
      record.options == options, try record.inputs == files(inputs)
    else { return nil }
    for output in record.outputs {
      guard try hashes.hash(of: root + "/" + output.path) == output.sha256 else { return nil }
    }
    return record
  }

  /// Takes away what an earlier run made of a visit and this one does not make again.
  ///
  /// - Parameter kept: paths from the output folder.
  package func removeResults(of visit: CohortVisit, except kept: Set<String> = []) {
    guard let record = record(of: visit) else { return }
    for output in record.outputs where !kept.contains(output.path) && !output.path.contains("..") {
      unlink(root + "/" + output.path)
    }
    if kept.isEmpty { unlink(recordPath(of: visit)) }
  }

  /// Makes a visit's folder and takes away what a killed run left there.
  package func prepare(_ visit: CohortVisit) throws(Problem) {
    try requireNoLink(below: root, folder(of: visit) + "/x")
    let path = root + "/" + folder(of: visit)
    try Self.make(path, for: folder(of: visit))
    AtomicFile.removeLeftovers(in: path)
  }

  /// The same for a visit that is not worked on.
  package func tidy(_ visit: CohortVisit) {
    AtomicFile.removeLeftovers(in: root + "/" + folder(of: visit))
  }

  // MARK: Outcomes

  package func outcomes() throws(Problem) -> OutcomeTable {
    let path = root + "/" + Self.outcomesName
    guard FileManager.default.fileExists(atPath: path) else { return OutcomeTable(rows: []) }
    return try OutcomeTable(try readTextFile(path), file: Self.outcomesName)
  }

  /// Changes the table; other runs wait.
  package func putOutcomes(_ change: (inout OutcomeTable) -> Void) throws(Problem) {
    try locks.wait(for: "outcomes", .silent)
    defer { locks.release("outcomes") }
    let path = root + "/" + Self.outcomesName
    let isThere = FileManager.default.fileExists(atPath: path)
    let before = try outcomes()
    var table = before
    change(&table)
    guard table != before || !isThere else { return }
    try AtomicFile.write(path, Array(table.text.utf8), overwrite: true)
  }

  /// Holds the folder for the means of all, which no other run makes meanwhile.
  package func holdingGroup<R>(
    _ progress: WorkProgress, _ body: () throws(Problem) -> R
  ) throws(Problem) -> R {
    try locks.wait(for: "group", progress)
    defer { locks.release("group") }
    return try body()
  }
}
