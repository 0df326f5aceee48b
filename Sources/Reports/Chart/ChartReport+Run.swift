import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Workflows

/// The run, its networks, and what changed since the other visit.
extension ChartReport {
  var runSection: ChartSection? {
    guard let run = source.run, let first = source.prepared.first else { return nil }
    var facts: [(name: String, text: String)] = [
      (
        "series",
        "\(run.description.shape[0])×\(run.description.shape[1])×\(run.description.shape[2]) voxels of "
          + [run.description.spacing.0, run.description.spacing.1, run.description.spacing.2]
          .map { plainNumber($0, 2) }.joined(separator: "×") + " mm, \(first.run.frameCount) frames"
      ),
      (
        "repetition time",
        first.run.repetitionTimeSeconds.map { "\(plainNumber($0, 4)) s" } ?? "unknown"
      ),
      (
        "brain mask",
        "\(first.run.mask.count) voxels, \(first.run.mask.origin == "DERIVED" ? "DERIVED" : "given")"
      ),
      ("cleaning", first.denoising.summary), ("confounds", source.confoundsChosen),
      ("motion", first.denoising.modelsMotion ? "modelled" : "MOTION NOT MODELLED"),
    ]
    if source.prepared.count > 1 {
      facts.insert(("runs", "\(source.prepared.count) joined"), at: 0)
    }
    if let reduced = results.cleaned.value {
      facts += [
        ("degrees of freedom", "\(reduced.degreesOfFreedom)"),
        ("frames kept", "\(reduced.projection.frameCount)"),
        ("time kept", reduced.secondsKept.map { "\(fixed($0 / 60, 2)) min" } ?? "unknown"),
        ("rank", reduced.projection.report.summary),
      ]
    }
    return ChartSection("The run", [.facts(facts), .table(motionTable)])
  }

  private var motionTable: ChartTable {
    let rows = source.prepared.enumerated().flatMap { n, one in
      ConfoundsPage.qualitySummary(one.quality, one.denoising).map { row in
        (source.prepared.count > 1 ? ["run \(n + 1)"] : []) + [row.title, row.text]
      }
    }
    let isOne = source.prepared.count == 1
    return ChartTable(
      "Head motion and frames", (isOne ? [] : ["run"]) + ["measure", "value"], rows,
      words: [0, 1, 2])
  }

  var networkSection: ChartSection? {
    guard let report = results.networks.value else {
      guard source.run != nil, results.networks.refusal == nil else { return nil }
      return ChartSection(
        "Networks", [.paragraph("No map of networks was given, so none are told apart.")])
    }
    func number(_ f: NetworkFinding?) -> String {
      guard let f else { return "–" }
      return fixed(f.value, 3) + (f.score.map { " (t \(fixed($0.t, 1, signed: true)))" } ?? "")
    }
    let rows = report.summary.networks.map { n in
      [n.name, "\(n.parcelCount)"]
        + NetworkMeasure.columns.map { measure in
          number(report.findings.first { $0.network == n.name && $0.measure == measure })
        } + [fixed(n.segregation, 2)]
    }
    var blocks: [ChartBlock] = [
      .paragraph(report.basis + ". " + report.globalCoupling.text + "."),
      .list(networkSentences(report)),
    ]
    let doubts = report.warnings + [source.normsDoubt].compactMap { $0 }
    blocks += doubts.map { ChartBlock.warning($0) }
    blocks += [
      .table(
        ChartTable(
          "What each network measures",
          ["network", "regions"] + NetworkMeasure.columns.map(\.title) + ["segregation"], rows,
          note: report.leastText))
    ]
    var lines = ["system segregation \(fixed(report.summary.segregation, 3))"]
    if let anti = report.summary.defaultModeAttentionCoupling {
      lines.append("default mode with attention networks: mean z \(fixed(anti, 3, signed: true))")
    }
    blocks.append(.list(lines))
    return ChartSection("Networks", blocks)
  }

  /// The networks in words: what stands out, and what does not.
  private func networkSentences(_ report: NetworkReport) -> [String] {
    let named = report.findings.compactMap { f -> String? in
      guard let word = f.word, let score = f.score else { return nil }
      return "\(f.network) is \(word)\(f.isWithinPerson ? " within this person" : ""): "
        + "\(f.measure.title) \(fixed(f.value, 3)), t \(fixed(score.t, 1, signed: true)), p "
        + "\(probabilityText(score.p)), q \(probabilityText(f.q ?? .nan))"
    }
    return named.isEmpty
      ? ["nothing stands out at a false discovery rate of 5 % over the table"] : named
  }

  var changeSection: ChartSection? {
    guard let made = results.change.value else { return nil }
    let change = made.change
    let ratios = change.ratio.filter(\.isFinite)
    let beyond = ratios.count { abs($0) > 1.96 }
    var blocks: [ChartBlock] = [
      .paragraph("From \(made.first) to \(made.second)."),
      .facts([
        ("seed", change.first.seed.title),
        (
          "beyond ±1.96",
          "\(beyond) of \(ratios.count) voxels; 5 % are expected by chance alone: \(ratios.count / 20)"
        ),
        (
          "largest |ratio|",
          ratios.map { Double(abs($0)) }.max().map { fixed($0, 2) } ?? "–"
        ),
        (
          "standard error",
          "of a change of Fisher z: median \(fixed(medianOfNumbers(change.standardError) ?? .nan, 3)); how much "
            + "one person changes from day to day is not in it"
        ),
      ]),
    ]
    if let networks = made.networks {
      let rows = networks.first.networks.compactMap { n -> [String]? in
        guard let m = networks.second.networks.first(where: { $0.name == n.name }) else {
          return nil
        }
        return [n.name]
          + [n.within, m.within, m.within - n.within, n.between, m.between, m.between - n.between]
          .map { fixed($0, 3, signed: true) }
      }
      blocks.append(
        .table(
          ChartTable(
            "Fisher z of networks, before and after",
            ["network", "within, first", "second", "change", "between, first", "second", "change"],
            rows)))
    }
    return ChartSection("Change since the other visit", blocks)
  }
}
