package import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Targeting
package import Workflows

/// A report of one visit: as a page, and its numbers as the commands' own JSON.
package struct ChartReport: Sendable {
  package let results: ReportResults
  package let maker: ReportMaker
  /// What SPECT's resolution would have kept; nil where it could not be made.
  let losses: LossReport?
  var source: ReportSource { results.source }

  package init(_ results: ReportResults, maker: ReportMaker) {
    (self.results, self.maker) = (results, maker)
    losses = results.losses.value.flatMap { made in
      results.source.prepared.first.map { LossReport(made.image, $0.run.mask) }
    }
  }

  /// SIMULATED and the like; nil where all was measured.
  var unmeasured: String? {
    source.unmeasured ?? (source.scans.contains { $0.isSimulated } ? "SIMULATED" : nil)
  }

  /// The whole page.
  ///
  /// - Throws: pictures that cannot be drawn.
  package func page(progress: WorkProgress = .silent) throws(Problem) -> ChartPage {
    progress.report("the page", 0.9)
    let figures = try ChartFigures(self)
    let sections: [ChartSection?] = [
      who, warningSection, summary, fileSection, runSection, networkSection,
    ]
    let rest: [ChartSection?] = [
      ChartSection(
        "rsfMRI beside SPECT",
        figures.pictures.isEmpty ? [] : sideBlocks + figures.pictures),
      targetSection(figures.target), changeSection, noteSection,
    ]
    let person =
      source.subject == nil
      ? [source.listed?.subject, source.listed?.session]
      : [source.subject, source.session]
    let name = person.compactMap { $0 }.joined(separator: " ")
    return ChartPage(
      title: "boldspect report" + (name.isEmpty ? "" : ": \(visibleText(name))"), banner: banner,
      sections: sections.compactMap { $0 } + perfusionSections
        + [siscomSection, lossSection].compactMap { $0 }
        + rest.compactMap { $0 }.filter { !$0.blocks.isEmpty })
  }

  private var banner: String? {
    unmeasured.map { word in
      word.hasPrefix("SYNTHETIC")
        ? "\(word): nothing here was measured of anybody"
        : "\(word): not everything here was measured"
    }
  }

  // MARK: Who and what

  private var who: ChartSection {
    let unnamed = source.files.count { $0.person == nil }
    let person = source.subject.map { subject in
      subject
        + (unnamed == 0
          ? "" : "; \(unnamed) of the files below \(unnamed == 1 ? "names" : "name") no person")
    }
    return ChartSection(
      "Who and what",
      [
        .facts([
          ("person", person ?? listed(source.listed?.subject)),
          ("visit", source.session ?? listed(source.listed?.session)),
          ("main image", source.title),
          (
            "space",
            (source.template ?? source.space.rawValue) + ", coordinates RAS+ mm"
          ), ("sides", sidesWords),
          ("made", maker.words),
          ("program", "boldspect \(boldspectVersion)"),
        ])
      ])
  }

  /// What the list of people says where no file does.
  private func listed(_ name: String?) -> String {
    name.map { "\(visibleText($0)), as the list of people names it; the files themselves do not" }
      ?? "not named by the files"
  }

  /// Everything that a reader must know first, the gravest first.
  package var warnings: [String] {
    var out = sidesCaution.map { [$0] } ?? []
    out += source.problems
    for severity in [Finding.Severity.blocking, .warning] {
      out += source.findings.filter { $0.severity == severity }
        .map(\.line)
    }
    func add(_ name: String, _ words: [String]) { out += words.map { "\(name): \($0)" } }
    add("LEFT and RIGHT", [uncomparedCaution].compactMap { $0 })
    if let subject = source.subject {
      for file in source.files where file.person == nil {
        add(file.name, ["names no person; that it is of \(subject) is not known from it"])
      }
    }
    add("networks", [source.normsDoubt].compactMap { $0 })
    if let reduced = results.cleaned.value {
      let amount = DataAmount(
        seconds: reduced.secondsKept, degreesOfFreedom: reduced.degreesOfFreedom)
      add("run", [amount.shortage].compactMap { $0 })
      add("run", reduced.denoising.modelsMotion ? [] : ["MOTION NOT MODELLED"])
    }
    if let networks = results.networks.value { add("networks", networks.warnings) }
    for (scan, made) in zip(source.scans, results.scans) {
      // That of asymmetries stands with them.
      if let report = made.value {
        add(scan.name, report.warnings.filter { $0 != asymmetryCaution })
      }
      if let refusal = made.refusal { add(scan.name, [refusal]) }
      if !scan.isInWorld, source.run != nil { add(scan.name, [scan.placement]) }
    }
    if let siscom = results.siscom.value { add("SISCOM", siscom.warnings) }
    if let targets = results.targets.value { add("targets", targets.warnings) }
    if let change = results.change.value { add("change", change.change.warnings) }
    let refusals = [
      ("cleaning", results.cleaned.refusal), ("map", results.map.refusal),
      ("networks", results.networks.refusal), ("SISCOM", results.siscom.refusal),
      ("what SPECT would keep", results.losses.refusal),
      ("targets", results.targets.refusal), ("change", results.change.refusal),
    ]
    for (name, refusal) in refusals { add(name, refusal.map { ["not made. " + $0] } ?? []) }
    var seen: Set<String> = []
    return out.filter { seen.insert($0).inserted && !Self.isOfRun($0, among: out) }
  }

  /// What holds for all of the run is said of the run.
  private static func isOfRun(_ words: String, among all: [String]) -> Bool {
    guard let colon = words.firstRange(of: ": ") else { return false }
    let name = words[..<colon.lowerBound]
    return (name == "networks" || name == "targets")
      && all.contains("run: " + words[colon.upperBound...])
  }

  private var warningSection: ChartSection {
    ChartSection(
      "Warnings",
      warnings.isEmpty ? [.paragraph("None was noticed.")] : warnings.map { .warning($0) })
  }

  private var summary: ChartSection {
    var lines = sidesCaution.map { [$0] } ?? []
    if let run = source.prepared.first?.run, let reduced = results.cleaned.value {
      let minutes = reduced.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "time unknown"
      lines.append(
        "rsfMRI: \(run.frameCount) frames, \(minutes), \(reduced.degreesOfFreedom) degrees of freedom"
      )
    }
    if let networks = results.networks.value { lines += networkLines(networks) }
    lines += [siscomLine].compactMap { $0 }
    for (n, scan) in source.scans.enumerated() {
      let words = [
        results.scans[n].value.flatMap { RegionExtremes($0.table).line },
        asymmetryLine(results.asymmetries[n], scan),
      ].compactMap { $0 }
      if !words.isEmpty { lines.append("\(scan.name): " + words.joined(separator: "; ")) }
    }
    if let change = results.change.value { lines.append(changeWords(change)) }
    if let targets = results.targets.value { lines.append("Target: " + targets.verdict) }
    if lines.isEmpty { lines.append("Nothing could be computed of these files.") }
    return ChartSection("In short", [.list(lines)])
  }

  private var fileSection: ChartSection {
    ChartSection(
      "Files",
      [
        .table(
          ChartTable(
            "What the report was made of",
            ["part", "file", "person", "changed (UTC)", "space", "SHA-256"],
            source.files.map { file in
              [
                file.role, file.name, file.person ?? "names no person", file.changed ?? "–",
                file.place, file.sha256,
              ]
            }, words: [0, 1, 2, 3, 4, 5]))
      ])
  }

  private var noteSection: ChartSection? {
    let notes = source.findings.filter { $0.severity == .note }
    guard !notes.isEmpty else { return nil }
    return ChartSection(
      "Noticed on the way", [.list(notes.map { ($0.file.map { $0 + ": " } ?? "") + $0.text })])
  }
}
