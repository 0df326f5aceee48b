import Basics
import Imaging
import Perfusion
import Study
import Workflows

/// Where one side has less than the other, and ictal minus interictal.
extension ChartReport {
  /// How many foci a page shows; the answer as JSON has all.
  static let shownFoci = 5

  /// The largest foci of a kind, with how many more there are.
  private func fociTable(
    _ clusters: [PerfusionCluster], _ space: Space, caption: String, value: String,
    hasDirection: Bool, _ number: (PerfusionCluster) -> String
  ) -> ChartBlock {
    let shown = clusters.prefix(Self.shownFoci)
    let rows = shown.map { c in
      (hasDirection ? [c.isDecrease ? "decrease" : "increase"] : [])
        + [
          c.extentWords, c.peakLabel ?? c.mainLabel ?? "–", fixed(c.cubicMillimetres / 1000, 1),
          number(c), peakMillimetres(c),
        ]
    }
    let more = clusters.count - shown.count
    return .table(
      ChartTable(
        caption,
        (hasDirection ? ["direction"] : [])
          + ["side", "region", "cm³", value, "peak, mm (\(space.rawValue), RAS+)"], rows,
        words: hasDirection ? [0, 1, 2] : [0, 1],
        note: (more > 0 ? "\(more) more are left out here; report --json has all. " : "")
          + "Sizes are not corrected for the number of voxels: some are expected by chance."))
  }

  // MARK: Asymmetry

  /// The largest asymmetry in one line, of a measured image; nil where there is none to tell of.
  func asymmetryLine(_ made: Made<PerfusionReport>, _ scan: ReportScan) -> String? {
    made.value.map {
      "largest asymmetry: \(asymmetryAnswer($0, space: scan.request.space)) (\(asymmetryCaution))"
    }
  }

  func asymmetryBlocks(_ made: Made<PerfusionReport>, _ scan: ReportScan) -> [ChartBlock] {
    if let refusal = made.refusal { return [.paragraph("No asymmetry: \(refusal)")] }
    guard let report = made.value, let line = asymmetryLine(made, scan) else { return [] }
    let words: ChartBlock = .paragraph(line.prefix(1).uppercased() + line.dropFirst() + ".")
    guard !report.clusters.isEmpty else { return [words] }
    return [
      words,
      fociTable(
        report.clusters, scan.request.space,
        caption:
          "Where one side has less than the other, on the side that is lower, the most in all first; AI = 200 (L − R)/(L + R) %",
        value: "|AI| up to", hasDirection: false
      ) { fixed(abs($0.peak), 1) },
    ]
  }

  // MARK: Ictal minus interictal

  var siscomSection: ChartSection? {
    let title = "SISCOM: ictal minus interictal"
    if let refusal = results.siscom.refusal {
      return ChartSection(title, [.warning("Not subtracted. " + refusal)])
    }
    guard let report = results.siscom.value, let scan = ictalScan else { return nil }
    let s = report.subtraction
    return ChartSection(
      title,
      sideBlocks + [
        .list(siscomAnswer(report)),
        .facts([
          ("ictal", report.ictal), ("interictal", report.interictal),
          ("lie on each other", report.alignment.words),
          ("brain", "\(report.brain.count) voxels, mask \(report.brain.origin)"),
          (
            "SD of the difference",
            "\(fixed(s.standardDeviation, 2)) % of the brain's mean; "
              + "\(fixed(s.percentBeyondTwo, 1)) % of the brain lies beyond ±2 SD (of a normal distribution 4.6 % do)"
          ),
        ]),
      ]
        + (report.clusters.isEmpty
          ? []
          : [
            fociTable(
              report.clusters, scan.request.space,
              caption: "Foci beyond ±\(plainNumber(report.rule.threshold)) SD, the largest first",
              value: "peak, SD", hasDirection: true
            ) { fixed($0.peak, 1, signed: true) }
          ]) + report.warnings.map { .warning($0) })
  }

  private var ictalScan: ReportScan? { source.scans.first { $0.role == "ictal" } }

  var siscomLine: String? {
    if let refusal = results.siscom.refusal {
      return "Ictal minus interictal: not made. " + refusal
    }
    return results.siscom.value.map {
      "Ictal minus interictal: " + siscomAnswer($0).joined(separator: "; ")
    }
  }

  var siscomJSON: JSON {
    if let refusal = results.siscom.refusal {
      return .object([("refused", .string(refusal))])
    }
    guard let report = results.siscom.value else { return .null }
    return .object(
      [
        ("ictal_file", .string(report.ictal)), ("interictal_file", .string(report.interictal)),
        ("answer", .array(siscomAnswer(report).map(JSON.string))),
      ] + siscomParameters(report, written: "").filter { $0.0 != "value" })
  }
}
