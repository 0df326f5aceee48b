import Basics
import Connectivity
import Imaging
import Records
import Study
import Targeting
import Workflows

/// Targets, with everything that stands in a target's sheet.
extension ChartReport {
  func targetSection(_ figure: ChartFigure?) -> ChartSection? {
    guard let report = results.targets.value else {
      return source.marks.isEmpty
        ? nil : ChartSection("Marked places", sideBlocks + [.table(markTable)])
    }
    var blocks: [ChartBlock] = sideBlocks
    blocks += [
      .paragraph(report.verdict), .facts(searchFacts(report)),
      .table(candidateTable(report)), .list(report.confidenceLines),
    ]
    if let figure { blocks.append(.figure(figure)) }
    if let confidence = report.result.confidence {
      blocks.append(.table(confidenceTable(report, confidence)))
    }
    blocks += [
      .table(budgetTable(report)), .table(siteTable(report)), .table(otherTable(report)),
    ]
    if !source.marks.isEmpty { blocks.append(.table(markTable)) }
    blocks += [.paragraph("What studies found:"), .list(report.settings.evidence)]
    return ChartSection("Targets", blocks)
  }

  private func mm(_ value: Double?) -> String { value.map { "\(fixed($0, 1)) mm" } ?? "–" }
  private func r(_ value: Double?) -> String { value.map { fixed($0, 3, signed: true) } ?? "–" }
  private func place(_ p: WorldPoint) -> String {
    [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
  }

  private func searchFacts(_ report: TargetReport) -> [(name: String, text: String)] {
    let minutes = report.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "unknown time"
    return [
      ("protocol", report.settings.name), ("method", report.settings.methodText),
      ("cleaning", report.denoising.summary),
      (
        "data",
        "\(minutes), \(report.degreesOfFreedom) degrees of freedom"
          + (report.effectiveN.map { ", \(fixed($0, 0)) effective observations at candidate 1" }
            ?? "") + ", "
          + (report.modelsMotion ? "motion modelled" : "MOTION NOT MODELLED")
      ), ("selected", report.result.selected.map { "candidate \($0)" } ?? "NONE"),
      ("why", report.result.reason ?? "it passes the region-wide test with halves that agree"),
      ("radius", report.radiusWords),
      ("r", report.extremeWords), ("p", report.nullWords),
      (
        "search region",
        "\(report.settings.region.name), \(report.result.regionVoxelCount) voxels, mean r "
          + fixed(report.result.regionMeanR, 3, signed: true)
      ), ("minutes", report.settings.minutesText(report.secondsKept.map { $0 / 60 })),
    ]
  }

  private func candidateTable(_ report: TargetReport) -> ChartTable {
    let natives = report.result.candidates.map { c in
      source.space == .mni152 ? source.transforms.nativePlace(c.point) : nil
    }
    let hasNative = natives.contains { $0 != nil }
    let rows = zip(report.result.candidates, natives).map { c, native -> [String] in
      let group = c.distances.first { $0.name == "group optimum" }?.millimetres
      return [
        "\(c.rank)", c.rank == report.result.selected ? "selected" : "–", c.side.rawValue,
        place(c.point), r(c.r), r(c.z), "\(c.voxelCount)", fixed(c.regionWideP, 3),
        c.peakWords ?? "of the place", c.label ?? "–",
        report.settings.hasGroupSite ? mm(group) : "–", c.footprint?.words ?? "–",
      ] + (hasNative ? [native?.words ?? "–"] : [])
    }
    var table = ChartTable(
      "Candidates, \(source.template ?? source.space.rawValue), RAS+ mm",
      [
        "rank", "selected", "side", "mm", "r", "Fisher z", "voxels", "region-wide p", "p is",
        "label",
        "from group site", "networks",
      ] + (hasNative ? ["native place"] : []), rows, words: [1, 2, 8, 9, 11, 12],
      note: rows.isEmpty ? "No candidate was found." : "In this \(report.orderWords).")
    if let selected = report.result.selected {
      table.strongWords = "selected"
      table.strong = Set(
        report.result.candidates.indices.filter { report.result.candidates[$0].rank == selected })
    }
    return table
  }

  private func confidenceTable(
    _ report: TargetReport, _ c: TargetConfidence
  ) -> ChartTable {
    var rows = [
      ["95 % radius", report.radius95Millimetres.map { mm($0) } ?? report.radiusWords],
      ["first against second half", mm(c.splitMillimetres)],
      ["odd against even blocks", mm(c.oddEvenMillimetres)],
      ["between runs", mm(c.runMillimetres)],
      ["what chance gives", mm(c.chanceMillimetres)],
      ["agreement of halves (one scan)", c.agreementOfHalves.map { fixed($0, 2) } ?? "–"],
      ["redrawn maps", "\(c.bootstrapCount)"],
      ["of them with a target", "\(fixed(100 * c.foundFraction, 0)) %"],
      [
        "SD of redrawn targets along their axes",
        c.ellipsoid.map { mm($0.millimetres) }.joined(separator: ", "),
      ],
      [
        "a SPECT of \(plainNumber(report.cameraFWHM, 1)) mm would have put it (SIMULATED)",
        report.cameraMillimetres.map { "\(mm($0)) away" } ?? "nowhere",
      ],
    ]
    rows += report.checks.map { ["cleaned otherwise", $0.words] }
    return ChartTable(
      "How far the first candidate can be trusted", ["measure", "value"], rows, words: [0, 1])
  }

  private func budgetTable(_ report: TargetReport) -> ChartTable {
    let budget = report.budget
    return ChartTable(
      "All errors between the printed place and what a coil reaches",
      ["error", "mm", "known from", "source"],
      budget.terms.map {
        [
          $0.name, bound($0), $0.status.rawValue, $0.source,
        ]
      } + [
        [
          "together", (budget.isLowerBound ? "≥ " : "") + fixed(budget.togetherMillimetres, 1), "",
          "root of the sum of squares; what has no number is not in it",
        ]
      ],
      words: [0, 2, 3])
  }

  /// What nobody knows is no smaller than the number that stands for it.
  private func bound(_ term: BudgetTerm) -> String {
    guard let mm = term.millimetres else { return "unknown" }
    return (term.status == .unknown ? "≥ " : "") + fixed(mm, 1)
  }

  private func siteTable(_ report: TargetReport) -> ChartTable {
    ChartTable(
      "Published sites beside it",
      ["site", "mm", "from candidate 1", "r", "r, \(report.otherChoiceWords)", "label", "source"],
      report.comparators.map { c in
        [
          c.site.name, place(c.site.point), mm(c.millimetres), r(c.r), r(c.rWithout),
          c.label ?? "–",
          c.site.source,
        ]
      }, words: [0, 5, 6])
  }

  private func otherTable(_ report: TargetReport) -> ChartTable {
    ChartTable(
      "Candidates \(report.otherChoiceWords)",
      ["rank", "side", "mm", "r", "region-wide p", "p is", "label"],
      report.withoutGlobalSignalRemoval.candidates.map { c in
        [
          "\(c.rank)", c.side.rawValue, place(c.point), r(c.r), fixed(c.regionWideP, 3),
          c.peakWords ?? "of the place", c.label ?? "–",
        ]
      }, words: [1, 5, 6],
      note:
        "r at candidate 1 there: \(r(report.firstCandidateWithout)); mean r of the search region "
        + r(report.withoutGlobalSignalRemoval.regionMeanR))
  }

  private var markTable: ChartTable {
    ChartTable(
      "Places that a person marked",
      ["name", "decision", "side", "mm", "space", "r", "label", "note", "warnings"],
      source.marks.map { m in
        [
          m.name, m.decisionWords ?? "none", m.side.rawValue, place(m.point), m.spaceName,
          r(m.r), m.label ?? "–", m.note.isEmpty ? "–" : m.note,
          m.warnings.isEmpty ? "none" : m.warnings.joined(separator: "; "),
        ]
      }, words: [0, 1, 2, 4, 6, 7, 8])
  }
}
