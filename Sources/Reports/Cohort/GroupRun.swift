package import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Records
import Study
import Workflows

/// `boldspect bids … group`: means, tables and a page of all who are done.
package struct GroupRun {
  /// A visit with its results.
  struct Member {
    var visit: CohortVisit
    var record: VisitRecord
    /// Sidecars that say of themselves that they are no measurement.
    var unmeasuredSidecars: [String]
  }

  let folder: CohortFolder
  private(set) var members: [Member] = []
  /// Who is left out, and why.
  package private(set) var findings: [Finding] = []
  package let name = "group"

  package var people: Int { members.count }

  /// - Throws: results that were made in different ways, which have no mean.
  package init(_ run: CohortRun) throws(Problem) {
    folder = run.folder
    for visit in run.visits {
      guard let record = folder.record(of: visit) else {
        leaveOut(visit, "nothing was made of it")
        continue
      }
      let own = record.inputs.filter { CohortVisit.ownRoles.contains($0.role) }
      guard let now = try? folder.files(visit.inputs), now == own else {
        leaveOut(visit, "its files changed since it was worked on")
        continue
      }
      if let output = try Self.changed(record, in: folder) {
        leaveOut(
          visit,
          "its result \(output.path) is not the file that was written; run the participant level again"
        )
        continue
      }
      members.append(
        Member(
          visit: visit, record: record, unmeasuredSidecars: try folder.unmeasuredSidecars(record)))
    }
    try requireOneWay()
  }

  /// The first result that is not as it was written, or is gone.
  private static func changed(
    _ record: VisitRecord, in folder: CohortFolder
  ) throws(Problem) -> VisitRecord.File? {
    for output in record.outputs
    where try folder.hashes.hash(of: folder.root + "/" + output.path) != output.sha256 {
      return output
    }
    return nil
  }

  private mutating func leaveOut(_ visit: CohortVisit, _ why: String) {
    findings.append(
      Finding(
        "left-out", .warning, "\(visit.name) is left out of the group: \(why).", file: visit.name))
  }

  private func requireOneWay() throws(Problem) {
    guard let first = members.first else {
      throw Problem(
        .missingInput, fileName(folder.root),
        "it holds nobody's results" + (findings.first.map { "; \($0.text.dropLast())" } ?? ""),
        expected: "results of the participant level")
    }
    let cleaned = cleanedFirst
    let mine = ValueMaking(measure: nil, cleaning: cleaned?.record.cleaning ?? [])
    var seen: Set<String> = []
    for member in members {
      guard member.record.options == first.record.options,
        member.record.version == first.record.version,
        sharedInputs(member) == sharedInputs(first)
      else {
        throw Problem(
          .data, member.visit.name,
          "it was made with other options or other files for all than \(first.visit.name)",
          expected: "one way for all", remedy: "Run the participant level again for all of them")
      }
      let theirs = ValueMaking(measure: nil, cleaning: member.record.cleaning)
      if let difference = mine.difference(from: theirs) {
        throw Problem(
          .data, member.visit.name,
          "beside \((cleaned ?? first).visit.name) \(difference)",
          expected: "people who were cleaned alike",
          remedy: "State --preset and --no-gsr or --gsr for all, or leave somebody out")
      }
      guard seen.insert(member.visit.subject).inserted else {
        throw Problem(
          .usage, member.visit.subject, "there are several visits: one person counts once",
          expected: "--session-label with one visit of each person")
      }
    }
  }

  /// The first whose runs were cleaned; a visit with a scan alone says nothing of that.
  private var cleanedFirst: Member? { members.first { !$0.record.cleaning.isEmpty } }

  /// Atlas, networks, norms and normals, which are nobody's own.
  private func sharedInputs(_ member: Member) -> Set<String> {
    Set(
      member.record.inputs.filter { !CohortVisit.ownRoles.contains($0.role) }
        .map { $0.role + " " + $0.sha256 })
  }

  /// Makes everything as one save.
  ///
  /// - Returns: the files, from the output folder.
  package func work(_ progress: WorkProgress) throws(Problem) -> [String] {
    try folder.holdingGroup(progress) { () throws(Problem) -> [String] in
      let path = folder.root + "/" + name
      try CohortFolder.make(path, for: name)
      AtomicFile.removeLeftovers(in: path)
      var files = GroupFiles(folder, name)
      for ending in mapEndings {
        try progress.check()
        try addMeans(of: ending, to: &files, progress)
      }
      try addTables(to: &files)
      let page = QCPage(
        folder: folder, members: members,
        outcomes: try folder.outcomes(), findings: findings)
      try files.add("_qc.html", Array(try page.html().utf8))
      return try files.commit()
    }
  }

  /// What the names of maps end in, in the order of the first who has them.
  private var mapEndings: [String] {
    var out: [String] = []
    for member in members {
      let stem = folder.stem(of: member.visit)
      for output in member.record.outputs where output.role == "map" {
        let ending = String(output.path.dropFirst(stem.count))
        // Several images of one visit are no one image of each person.
        if !out.contains(ending), !ending.contains("_run-") { out.append(ending) }
      }
    }
    return out
  }

  private func addMeans(
    of ending: String, to files: inout GroupFiles, _ progress: WorkProgress
  ) throws(Problem) {
    var mean: GroupMean?
    for member in members {
      let path = folder.stem(of: member.visit) + ending
      guard let file = member.record.outputs.first(where: { $0.path == path }) else { continue }
      try progress.check()
      let full = folder.root + "/" + path
      if mean == nil { mean = try GroupMean(full) }
      try mean?.add(full, sha256: file.sha256)
    }
    guard let mean, mean.people >= 2 else { return }
    try files.add(mean, mean.ending(ending))
  }

  /// Everybody's rows of each kind of table, and the norms that `networks --norms` takes.
  private func addTables(to files: inout GroupFiles) throws(Problem) {
    let isSimulated = members.contains { !$0.unmeasuredSidecars.isEmpty }
    for kind in ["motion", "targets", "networks", "perfusion"] {
      var people = 0
      var header: String?
      var rows: [String] = []
      var numbers = NetworkNorms()
      for member in members {
        let path = folder.stem(of: member.visit) + "_" + kind + ".tsv"
        guard member.record.outputs.contains(where: { $0.path == path }) else { continue }
        let text = try readTextFile(folder.root + "/" + path)
        let lines = text.split(separator: "\n").map(String.init)
        people += 1
        header = header ?? lines.first
        rows += lines.dropFirst()
        if kind == "networks" { try numbers.add(TextTable(text, file: path)) }
      }
      guard let header else { continue }
      let text = ([header] + rows).joined(separator: "\n") + "\n"
      try files.add(table: text, kind, isSimulated: isSimulated)
      if kind == "networks" {
        try files.addNorms(
          numbers, people: people, cleaning: cleanedFirst?.record.cleaning ?? [],
          isSimulated: isSimulated)
      }
    }
  }
}

/// Mean and standard deviation of every network's numbers over people.
struct NetworkNorms {
  private var order: [String] = []
  private var values: [String: [Double]] = [:]

  mutating func add(_ table: TextTable) throws(Problem) {
    let columns = ["network", "measure", "value"].compactMap(table.names.firstIndex(of:))
    guard columns.count == 3 else { return }
    for row in table.rows {
      guard let x = Double(row[columns[2]]), x.isFinite else { continue }
      let key = row[columns[0]] + "\t" + row[columns[1]]
      if values[key] == nil { order.append(key) }
      values[key, default: []].append(x)
    }
  }

  var text: String {
    var lines = ["network\tmeasure\tmean\tsd\tn"]
    for key in order {
      let x = values[key] ?? []
      guard x.count >= 2 else { continue }
      let mean = x.reduce(0, +) / Double(x.count)
      let sd = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)).squareRoot()
      guard sd > 0 else { continue }
      lines.append("\(key)\t\(plainNumber(mean, 8))\t\(plainNumber(sd, 8))\t\(x.count)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
