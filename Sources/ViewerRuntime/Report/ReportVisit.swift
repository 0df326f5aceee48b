package import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Records
package import Study
import Targeting
import Viewer
package import Workflows

/// The files of a report as they are asked for on a command line.
package struct ReportVisit {
  package var request: StudyRequest
  /// Whether the other visit is the earlier one.
  private var otherIsEarlier = false
  /// Files that nobody named: one that is refused is told and costs its own part only.
  private var isOfFolder = false
  /// How confounds were chosen where nobody named them.
  private var presetOrigin: String?
  /// A map of networks that nobody named.
  private var networksBeside: String?

  package init(_ request: StudyRequest) { self.request = request }

  /// One visit of one person in a folder.
  ///
  /// - Parameters:
  ///   - asked: what was asked for beside the visit's own files.
  ///   - session: which visit, with or without `ses-`; nil takes the only one.
  ///   - since: an earlier visit that the change is told from.
  /// - Throws: a folder with several people or visits where none is chosen.
  package init(
    _ place: StudyPlace, asked: StudyRequest, session: String?, since: String?,
    library: StudyLibrary
  ) throws(Problem) {
    let listing = try library.listing(of: place)
    let people = listing.people.filter { place.subject == nil || $0.subject == place.subject }
    guard let person = people.first, people.count == 1 else {
      throw Problem(
        .usage, fileName(place.root),
        people.isEmpty ? "it holds no person's images" : "it holds \(people.count) people",
        expected: "one person",
        remedy: people.isEmpty
          ? nil
          : "Name one: " + people.prefix(8).map { visibleText($0.subject) }.joined(separator: ", "))
    }
    let visit = try Self.visit(session, of: person, option: "--session")
    let opened = OpenedVisit(
      visit, run: visit.bold.first { $0.path == place.file }, asked: place.file)
    request = opened.request
    request.listed = ListedPerson(subject: person.subject, session: visit.session)
    presetOrigin = request.take(asked)
    isOfFolder = true
    if request.network.networks == nil, let run = request.bold.first {
      networksBeside = networkMap(besides: run)
      request.network.networks = networksBeside
    }
    guard let since else { return }
    guard asked.second == nil else {
      throw Problem(.usage, "--since", "another visit is given twice", expected: "it or --second")
    }
    let other = try Self.visit(since, of: person, option: "--since")
    guard other != visit else {
      throw Problem(
        .usage, "--since", "it is the visit that the page is of",
        expected: "another visit: from itself nothing changes")
    }
    let earlier = OpenedVisit(other)
    guard let run = earlier.request.bold.first else {
      throw Problem(
        .data, "--since", "that visit has no BOLD run", expected: "a visit with one")
    }
    request.second = run
    request.secondConfounds =
      request.run.isPresetChosen && !request.run.usesConfounds
      ? nil : earlier.request.run.confounds.first
    otherIsEarlier = true
  }

  private static func visit(
    _ label: String?, of person: StudyPerson, option: String
  ) throws(Problem) -> StudyVisit {
    func bare(_ text: String) -> String {
      text.hasPrefix("ses-") ? String(text.dropFirst(4)) : text
    }
    let names = person.visits.map { $0.session ?? "without a session" }.joined(separator: ", ")
    let found =
      label.map { label in person.visits.filter { $0.session.map(bare) == bare(label) } }
      ?? person.visits
    guard let visit = found.first, found.count == 1 else {
      throw Problem(
        .usage, option,
        label.map { "there is no visit \(visibleText($0, limit: 40))" }
          ?? "there are \(person.visits.count) visits",
        expected: "one of \(visibleText(names))")
    }
    return visit
  }

  /// Reads the files once.
  ///
  /// - Throws: the first file that was named and refused; nothing that a report could be of.
  package func source(progress: WorkProgress) throws(Problem) -> ReportSource {
    let remarks = remarksKept(in: .own)
    var loader =
      isOfFolder
      ? SceneLoader(request, kept: acceptedTransforms(in: .own), remarks: remarks)
      : SceneLoader(request, remarks: remarks)
    loader.load(progress: progress) { _ in }
    try progress.check()
    if let first = loader.problems.first, !isOfFolder { throw first }
    let workshop = Workshop(loader)
    var source = try ReportSource(workshop, spects: loader.scene.spects, progress: progress)
    source.other?.isEarlier = otherIsEarlier
    if let presetOrigin, request.run.preset == workshop.choice.preset {
      source.confoundsChosen += "; \(presetOrigin)"
    }
    if let networksBeside {
      source.findings.append(
        Finding(
          "networks-beside", .note, "Networks are taken from it: it lies beside the run.",
          file: fileName(networksBeside)))
    }
    guard source.isEmpty else { return source }
    throw loader.problems.first
      ?? Problem(
        .usage, "report", "there is no BOLD run and no SPECT", expected: "at least one of them")
  }
}

/// The one map of networks in a run's folder that is of the same person, visit and space; nil where there is none or
/// where there are several.
private func networkMap(besides run: String) -> String? {
  let folder = URL(filePath: run).deletingLastPathComponent().path
  let own = (BIDSWords(run), templateName(ofFileNamed: fileName(run)))
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  let maps = names.filter { name in
    guard ["desc-networks_dseg.nii.gz", "desc-networks_dseg.nii"].contains(where: name.hasSuffix)
    else { return false }
    let words = BIDSWords(folder + "/" + name)
    return words.subject == own.0.subject && words.session == own.0.session
      && templateName(ofFileNamed: name) == own.1
  }
  return maps.count == 1 ? folder + "/" + maps[0] : nil
}

extension StudyRequest {
  /// What was asked for beside a visit's own files takes their place.
  ///
  /// - Returns: how confounds are chosen where nobody named them.
  fileprivate mutating func take(_ asked: StudyRequest) -> String? {
    network = asked.network
    norms = asked.norms
    normals = asked.normals
    reference = asked.reference
    transforms = asked.transforms
    cleaning = asked.cleaning
    seed = asked.seed ?? seed
    gm = asked.gm ?? gm
    white = asked.white ?? white
    asl = asked.asl ?? asl
    second = asked.second
    secondConfounds = asked.secondConfounds
    let own = run
    run = asked.run
    run.mask = asked.run.mask ?? own.mask
    if asked.run.confounds.isEmpty { run.confounds = own.confounds }
    // Columns are named instead of a preset, and `none` may be named too.
    guard !asked.run.isPresetChosen, asked.run.columns == nil else {
      if !run.usesConfounds, asked.run.confounds.isEmpty { run.confounds = [] }
      return nil
    }
    run.preset = own.preset
    return own.preset == .none
      ? nil : "nobody named them: it is the usual preset for the columns of the visit's confounds"
  }
}
