package import Basics
import Dispatch
import Foundation
import ImageFiles
package import Records
import Study
package import Workflows

/// Who of a study is worked on, and how.
package struct CohortRequest: Sendable {
  /// The study's folder and the output folder, as they were typed.
  package var input: String
  package var output: String
  /// With or without `sub-` and `ses-`; empty takes all.
  package var participants: [String] = []
  package var sessions: [String] = []
  package var task: String?
  package var options = BatchOptions()
  /// What decides about a number, as a record keeps it.
  package var optionsJSON: JSON { options.json(task: task) }
  /// Whether every file is read to prove that it is unchanged.
  package var rehash = false

  package init(input: String, output: String) {
    self.input = input
    self.output = output
  }
}

/// How a run over a cohort went.
package struct CohortSummary: Sendable {
  /// The visits of this run, in their order.
  package var outcomes: [Outcome] = []
  /// How many of them were done before.
  package var skipped = 0
  package var findings: [Finding] = []

  package var failed: [Outcome] { outcomes.filter { $0.status == .failed } }
}

/// `boldspect bids … participant`: every visit by itself, and no failure stops the rest.
package struct CohortRun {
  let request: CohortRequest
  let folder: CohortFolder
  package let visits: [CohortVisit]
  private let listing: StudyListing

  /// - Throws: a study or an output folder that cannot be used, and people who are not there.
  package init(_ request: CohortRequest, progress: WorkProgress) throws(Problem) {
    try request.options.check()
    let place = try StudyPlace(request.input)
    guard place.subject == nil, place.file == nil else {
      throw Problem(
        .usage, fileName(request.input), "it is of one person", expected: "a study's folder",
        remedy: "Say --participant-label for one person")
    }
    let study = place.root
    self.request = request
    folder = try CohortFolder(request.output, study: study, provesAll: request.rehash)
    let tree = try StudyFolder.walk(isCancelled: progress.isCancelled).tree(study)
    listing = try StudyFolder.listing(of: tree, isCancelled: progress.isCancelled)
    visits = try Self.visits(of: listing, request, folder.root)
  }

  static func visits(
    of listing: StudyListing, _ request: CohortRequest, _ root: String
  ) throws(Problem) -> [CohortVisit] {
    func plain(_ label: String, _ key: String) -> String {
      label.hasPrefix(key) ? String(label.dropFirst(key.count)) : label
    }
    let wanted = Set(request.participants.map { plain($0, "sub-") })
    let sessions = Set(request.sessions.map { plain($0, "ses-") })
    let known = Set(listing.people.map { plain($0.subject, "sub-") })
    if let none = wanted.sorted().first(where: { !known.contains($0) }) {
      throw Problem(
        .missingInput, visibleText(none), "nothing of this person is in the study",
        expected: "a label that `boldspect list` shows")
    }
    if let task = request.task { try requireTask(CohortVisit.taskLabel(task), in: listing) }
    var out: [CohortVisit] = []
    for person in listing.people {
      guard wanted.isEmpty || wanted.contains(plain(person.subject, "sub-")) else { continue }
      // Results that lie in the study are no data set of their own.
      let isDoubled = listing.people.count { $0.subject == person.subject } > 1
      for visit in person.visits {
        let label = visit.session.map { plain($0, "ses-") } ?? ""
        guard sessions.isEmpty || sessions.contains(label) else { continue }
        var one = CohortVisit(
          person, visit, isDoubled: isDoubled, task: request.task,
          isOwn: { $0.hasPrefix(root + "/") })
        // A folder of nothing but what this program wrote is nobody's visit.
        if one.isEmpty, visit.holdsOnly(under: root), !isStudys(visit, person, listing) { continue }
        if one.isEmpty, let why = visit.problems.first {
          one.problem = Problem(
            .missingInput, one.name, "nothing in it can be used: \(why)",
            expected: "BOLD runs or perfusion images")
        }
        out.append(one)
      }
    }
    if wanted.isEmpty, sessions.isEmpty { out += strayFolders(of: listing, root) }
    guard !out.isEmpty else {
      let asked = wanted.map { "sub-\($0)" }.sorted() + sessions.map { "ses-\($0)" }.sorted()
      guard listing.people.isEmpty || asked.isEmpty else {
        throw Problem(
          .missingInput, fileName(listing.root),
          "nothing in it is of \(asked.map { visibleText($0, limit: 40) }.joined(separator: ", "))",
          expected: "labels of people and sessions that are in it")
      }
      throw Problem(
        .missingInput, fileName(listing.root), "it holds nobody to work on",
        expected: "people with BOLD runs or perfusion images")
    }
    return out
  }

  /// Works on every visit that is not done; one that another run works on is looked at again at the end.
  ///
  /// - Throws: what stops everything: a cancelled run, an output folder that cannot be written, finished results
  ///   that would go.
  package func work(
    progress: WorkProgress, told: (Outcome, _ isSkipped: Bool) -> Void
  ) throws(Problem) -> CohortSummary {
    var summary = CohortSummary()
    summary.findings = listing.findings
    // Before the first is touched: half a study of each kind would be nobody's wish.
    for visit in visits { _ = try plan(for: visit) }
    do throws(Problem) { try work(into: &summary, progress, told) } catch {
      guard error.kind == .cancelled else { throw error }
      throw Problem(
        .cancelled, "", error.found,
        remedy:
          "\(summary.outcomes.count) of \(visits.count) visits were gone through and are kept; "
          + "the next run goes on with the others")
    }
    return summary
  }

  private func work(
    into summary: inout CohortSummary, _ progress: WorkProgress,
    _ told: (Outcome, _ isSkipped: Bool) -> Void
  ) throws(Problem) {
    var later: [CohortVisit] = []
    func finish(_ visit: CohortVisit) throws(Problem) {
      defer { folder.release(visit) }
      let (outcome, isSkipped) = try one(visit, progress)
      summary.outcomes.append(outcome)
      if isSkipped { summary.skipped += 1 }
      told(outcome, isSkipped)
    }
    for visit in visits {
      try progress.check()
      guard try folder.take(visit) else {
        later.append(visit)
        continue
      }
      try finish(visit)
    }
    for visit in later {
      try folder.wait(for: visit, progress)
      try finish(visit)
    }
  }

  private func one(
    _ visit: CohortVisit, _ progress: WorkProgress
  ) throws(Problem) -> (Outcome, isSkipped: Bool) {
    folder.tidy(visit)
    let start = DispatchTime.now().uptimeNanoseconds
    func outcome(_ status: Outcome.Status, _ reason: String, timed: Bool = true) -> Outcome {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      return Outcome(
        participant: visit.participant, session: visit.session, status: status, reason: reason,
        seconds: timed ? seconds : nil)
    }
    let inputs = visit.inputs + request.options.sharedInputs
    let plan: Plan
    do throws(Problem) {
      plan = try self.plan(for: visit)
      if let done = try folder.isDone(visit, inputs: inputs, options: plan.json) {
        return (try keptRow(outcome(.done, done.reason, timed: false)), true)
      }
    } catch {
      if error.kind == .cancelled { throw error }
      // What cannot be looked at may be whole: it stays.
      return (try put(outcome(.failed, error.sentence)), false)
    }
    do throws(Problem) {
      let reason = try make(visit, plan, inputs, progress)
      return (try put(outcome(.done, reason)), false)
    } catch {
      if error.kind == .cancelled { throw error }
      // Results of other files or options than these are no results of this person.
      folder.removeResults(of: visit)
      return (try put(outcome(.failed, error.sentence)), false)
    }
  }

  private func put(_ row: Outcome) throws(Problem) -> Outcome {
    try folder.putOutcomes { $0.put(row) }
    return row
  }

  /// The row of the run that did the work stays; one that was killed before it wrote it left none.
  private func keptRow(_ own: Outcome) throws(Problem) -> Outcome {
    var row = own
    try folder.putOutcomes { table in
      let known = table.rows.first { $0.isSameVisit(as: own) && $0.status == .done }
      if let known { row = known } else { table.put(own) }
    }
    return row
  }

  /// - Returns: what was left out, in words.
  private func make(
    _ visit: CohortVisit, _ plan: Plan, _ inputs: [CohortInput], _ progress: WorkProgress
  ) throws(Problem) -> String {
    // A file that changes while it is read must not pass for the one that was read.
    let before = Dictionary(
      inputs.map { ($0.path, FileIdentity($0.path)) }, uniquingKeysWith: { a, _ in a })
    let result = try batch(of: visit, plan.options, progress: progress)
    var known: [String: String] = [:]
    for read in result.provenance {
      guard let path = read.path, let seen = before[path] ?? nil else { continue }
      known[path] = read.sha256
      folder.hashes.learn(read.sha256, of: path, seen: seen)
    }
    let made = try folder.files(inputs, known: known)
    try folder.prepare(visit)
    var files = VisitFiles(folder, visit)
    try files.add(result, plan.options, progress: progress)
    let leftOut = result.leftOut.map { "no image for \($0.rawValue)" }
    let reason = (leftOut + visit.notes).joined(separator: "; ")
    try progress.check()
    try files.commit(
      inputs: made, options: plan.json, reason: reason,
      cleaning: result.bold.map { denoisingJSON($0.runs.prepared) } ?? [])
    return reason
  }
}

extension CohortVisit {
  fileprivate var isEmpty: Bool { runs.isEmpty && spect.isEmpty && problem == nil }
}

extension StudyVisit {
  /// Whether every image that it names lies in a folder.
  fileprivate func holdsOnly(under root: String) -> Bool {
    let paths =
      bold.map(\.path) + spect.map(\.path) + anatomies.map(\.path) + unknown
    return paths.allSatisfy { $0.hasPrefix(root + "/") }
  }
}
