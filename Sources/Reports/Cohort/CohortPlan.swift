import Basics
import Foundation
import ImageFiles
import Records
import Study
import Workflows

/// What finished results an earlier run left, and who would be passed over without a word.
extension CohortRun {
  /// How a visit is worked on.
  struct Plan {
    var options: BatchOptions
    var json: JSON
  }

  /// The request, with the parts that an earlier run of the same request finished: fewer parts take none away.
  ///
  /// - Throws: a request by which finished results of other parts, or of other runs, would go.
  func plan(for visit: CohortVisit) throws(Problem) -> Plan {
    let asked = Plan(options: request.options, json: request.optionsJSON)
    guard let record = folder.record(of: visit) else { return asked }
    try requireSameRuns(visit, record)
    let lost = Self.parts(of: record).subtracting(request.options.parts)
    guard !lost.isEmpty else { return asked }
    let words = BatchPart.allCases.filter(lost.contains).map(\.rawValue).joined(separator: ", ")
    guard Self.withoutParts(record.options) == Self.withoutParts(request.optionsJSON) else {
      throw Problem(
        .cannotCreate, visit.name,
        "finished results (\(words)) that were made with other options would go",
        expected: "--parts with these too, the same options, or another output folder")
    }
    if lost.contains(.networks), request.options.network.networks == nil {
      throw Problem(
        .cannotCreate, visit.name, "finished results (\(words)) would go",
        expected: "--networks with the file of the earlier run, or another output folder")
    }
    var options = request.options
    options.parts.formUnion(lost)
    return Plan(options: options, json: options.json(task: request.task))
  }

  /// Results of one task do not take the place of another's.
  private func requireSameRuns(_ visit: CohortVisit, _ record: VisitRecord) throws(Problem) {
    guard record.options["task"] != request.optionsJSON["task"] else { return }
    let before = record.inputs.filter { $0.role == "bold" }.map(\.path)
    guard !before.isEmpty, before != visit.runs.map(folder.named) else { return }
    throw Problem(
      .cannotCreate, visit.name, "finished results of another task would go",
      expected: "the --task of the earlier run, or another output folder for this one")
  }

  private static func parts(of record: VisitRecord) -> Set<BatchPart> {
    guard case .array(let words) = record.options["parts"] else { return [] }
    return Set(words.compactMap { $0.asString.flatMap(BatchPart.init(rawValue:)) })
  }

  private static func withoutParts(_ options: JSON) -> JSON {
    guard case .object(let members) = options else { return options }
    return .object(members.filter { $0.0 != "parts" })
  }

  // MARK: Who is there

  /// - Throws: a task that nobody has.
  static func requireTask(_ task: String, in listing: StudyListing) throws(Problem) {
    let runs = listing.people.flatMap(\.visits).flatMap(\.bold)
    guard !runs.contains(where: { $0.task == task }) else { return }
    let known = Set(runs.compactMap(\.task)).sorted().joined(separator: ", ")
    throw Problem(
      .missingInput, visibleText(task), "nobody in the study has a run of this task",
      expected: known.isEmpty ? "runs with a task in their names" : "one of \(known)")
  }

  /// Whether a visit without any image has a folder of its own in the study, and is no mere place of tables.
  static func isStudys(
    _ visit: StudyVisit, _ person: StudyPerson, _ listing: StudyListing
  ) -> Bool {
    guard visit.session != nil || person.visits.count == 1 else { return false }
    let path = "\(listing.root)/\(person.subject)" + (visit.session.map { "/" + $0 } ?? "")
    return FileManager.default.fileExists(atPath: path)
  }

  /// Folders of people and visits that the listing has nothing of because of their names or because they are links.
  ///
  /// - Parameter own: where results are written.
  static func strayFolders(of listing: StudyListing, _ own: String) -> [CohortVisit] {
    var out: [CohortVisit] = []
    for name in entries(listing.root, "sub-") where listing.root + "/" + name != own {
      guard let person = listing.people.first(where: { $0.subject == name }) else {
        if let problem = problem(listing.root, name) {
          out.append(CohortVisit(subject: name, session: nil, problem: problem))
        }
        continue
      }
      let known = Set(person.visits.compactMap(\.session))
      let folder = listing.root + "/" + name
      let used = person.visits.flatMap { $0.bold.map(\.path) + $0.spect.map(\.path) }
      for session in entries(folder, "ses-") where !known.contains(session) {
        // Names of files may say another session than their folder: what is used is not passed over.
        if used.contains(where: { $0.hasPrefix("\(folder)/\(session)/") }) { continue }
        guard let problem = problem(folder, session) else { continue }
        out.append(CohortVisit(subject: name, session: session, problem: problem))
      }
    }
    return out
  }

  private static func entries(_ folder: String, _ prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted(by: comesBefore)
  }

  /// Why nothing of a folder is listed; nil for files and for folders that merely hold no image.
  private static func problem(_ folder: String, _ name: String) -> Problem? {
    let path = folder + "/" + name
    let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isLink, !isThere || isFolder.boolValue {
      return Problem(
        .missingInput, name,
        isThere
          ? "it is a link to a folder of which nothing can be used"
          : "it is a link that leads nowhere", expected: "a folder with images")
    }
    let label = name.dropFirst(4)
    let isLabel = !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard isFolder.boolValue, !isLabel else { return nil }
    return Problem(
      .data, name, "its label is no BIDS label, and nothing in it can be used",
      expected: "letters and digits behind \(name.prefix(4))")
  }
}
