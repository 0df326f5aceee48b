package import Basics
package import Connectivity
import Foundation
import ImageFiles
package import Study

/// A file that has a part in a visit's work.
package struct CohortInput: Equatable, Sendable {
  package var role: String
  package var path: String

  package init(role: String, path: String) {
    self.role = role
    self.path = path
  }
}

/// One visit of a person as a cohort works on it: every run of one kind, and what belongs to it.
package struct CohortVisit: Sendable {
  package var subject: String
  package var session: String?
  /// Runs that differ in their number alone, in the order of their names; they are cleaned each by itself and joined.
  package var runs: [String] = []
  package var mask: String?
  /// One for each run, or none.
  package var confounds: [String] = []
  /// What the tables have columns for.
  package var preset = NuisancePreset.none
  package var greyMatter: String?
  package var whiteMatter: String?
  package var spect: [String] = []
  /// What was taken without being asked for, in words.
  package var notes: [String] = []
  /// Why nothing may be made of it, in words.
  package var problem: Problem?

  /// The folder that tells people of one name apart; nil where the name alone does.
  package private(set) var family: String?
  /// Who it is in a table of everybody: two people of one name have two rows.
  package var participant: String { family.map { "\(subject) (\($0))" } ?? subject }

  /// `sub-01`, or `sub-01_ses-1`.
  package var name: String { subject + (session.map { "_" + $0 } ?? "") }

  /// A visit that nothing may be made of.
  package init(subject: String, session: String?, problem: Problem) {
    self.subject = subject
    self.session = session
    self.problem = problem
  }

  /// A task as a person types it, without `task-`.
  package static func taskLabel(_ text: String) -> String {
    text.hasPrefix("task-") ? String(text.dropFirst(5)) : text
  }

  /// - Parameters:
  ///   - visit: with what its names say.
  ///   - isDoubled: whether another data set holds a person of this name.
  ///   - task: the label of the runs that are wanted; nil takes the most useful run's.
  ///   - isOwn: whether a file lies where results are written: what was made of a person is no image of him.
  package init(
    _ person: StudyPerson, _ visit: StudyVisit, isDoubled: Bool, task: String?,
    isOwn: (String) -> Bool
  ) {
    subject = person.subject
    session = visit.session
    let task = task.map(Self.taskLabel)
    if isDoubled, let family = person.family {
      self.family = family
      problem = Problem(
        .data, subject, "several data sets hold a person of this name, one in \(family)",
        expected: "one data set", remedy: "Run the data sets one by one")
    }
    var known = visit
    known.bold = visit.bold.filter { run in
      !run.isAbsent && !run.isStrangers && !isOwn(run.path) && (task == nil || run.task == task)
    }
    known.spect = visit.spect.filter { !$0.isAbsent && !$0.isStrangers && !isOwn($0.path) }
    known.unknown = task == nil ? visit.unknown.filter { !isOwn($0) } : []
    let opened = OpenedVisit(known)
    runs = opened.request.bold
    mask = opened.request.run.mask
    greyMatter = opened.request.gm
    whiteMatter = opened.request.white
    confounds = opened.request.run.confounds
    preset = opened.request.run.preset
    spect = known.spect.map(\.path)
    notes = opened.notes
    let absent = visit.bold.filter(\.isAbsent).count + visit.spect.filter(\.isAbsent).count
    if absent > 0 {
      notes.append("the content of \(absent) of its files is not here (a link without its goal)")
    }
    if let shown = known.bold.first, runs == [shown.path] { join(shown, known) }
  }

  /// Other runs of the same kind, which differ in the number alone.
  private mutating func join(_ shown: BOLDFile, _ visit: StudyVisit) {
    let keys = EntityName.Key.allCases.filter { $0 != .run }
    let siblings = visit.bold.filter {
      $0.dataset == shown.dataset && $0.isCleaned == shown.isCleaned
        && $0.name.suffix == shown.name.suffix && $0.name.others == shown.name.others
        && $0.name.agrees(with: shown.name, in: keys)
    }.sorted { comesBefore(fileName($0.path), fileName($1.path)) }
    // Two forms of one file, such as .nii and .nii.gz, are no two runs.
    let numbers = Set(siblings.map { $0.run ?? "" })
    guard siblings.count > 1, numbers.count == siblings.count else {
      let left = visit.bold.count - 1
      if left > 0 { notes.append("\(left) other runs or spaces are left out") }
      return
    }
    let tables = siblings.map { OpenedVisit(visit, run: $0).request.run.confounds }
    let has = tables.count { !$0.isEmpty }
    if has != 0, has != tables.count {
      problem =
        problem
        ?? Problem(
          .data, name, "\(has) of its \(tables.count) runs have confounds that can be used",
          expected: "a table for each run or for none")
    }
    runs = siblings.map(\.path)
    confounds = tables.flatMap { $0 }
    let left = visit.bold.count - runs.count
    if left > 0 { notes.append("\(left) other runs or spaces are left out") }
  }

  /// The parts that a person's own files have in a result; others are shared by all.
  package static let ownRoles: Set<String> = [
    "bold", "confounds", "mask", "gm", "wm", "spect", "sidecar",
  ]

  /// Every file of the person that decides about the result, sidecars included.
  package var inputs: [CohortInput] {
    var out = runs.map { CohortInput(role: "bold", path: $0) }
    out += confounds.map { CohortInput(role: "confounds", path: $0) }
    for (role, path) in [("mask", mask), ("gm", greyMatter), ("wm", whiteMatter)] {
      if let path { out.append(CohortInput(role: role, path: path)) }
    }
    out += spect.map { CohortInput(role: "spect", path: $0) }
    var seen: Set<String> = Set(out.map(\.path))
    for image in out {
      for sidecar in Self.sidecars(of: image.path)
      where FileManager.default.fileExists(atPath: sidecar) && seen.insert(sidecar).inserted {
        out.append(CohortInput(role: "sidecar", path: sidecar))
      }
    }
    return out
  }

  private static func sidecars(of path: String) -> [String] {
    if path.hasSuffix(".tsv") { return [path.dropLast(4) + ".json"] }
    let own = sidecarPath(path)
    guard own.hasSuffix(".json") else { return [] }
    return ImageReader.sidecars(String(own.dropLast(5)))
  }
}
