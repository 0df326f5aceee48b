package import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Targeting
package import Workflows

/// A tidy table of one visit: who, then one thing a row.
package struct CohortTable: Sendable {
  /// The last word of its file's name.
  package var kind: String
  package var columns: [(name: String, description: String)]
  package var rows: [[String]]

  package var text: String {
    ([columns.map(\.name).joined(separator: "\t")] + rows.map { $0.joined(separator: "\t") })
      .joined(separator: "\n") + "\n"
  }

  /// What each column holds, after BIDS.
  package var dictionary: [(String, JSON)] {
    columns.map { ($0.name, .object([("Description", .string($0.description))])) }
  }

  static let who: [(name: String, description: String)] = [
    ("participant_id", "Who."), ("session", "Which visit; n/a where the study has none."),
  ]
}

/// A number of a table to four places behind the point; n/a for none.
func tableNumber(_ value: Double?, _ decimals: Int = 4) -> String {
  guard let value, value.isFinite else { return "n/a" }
  return plainNumber(value, decimals)
}

extension BatchResult {
  private var who: [String] { [tableCell(visit.subject), tableCell(visit.session ?? "")] }

  /// The tables of what was made.
  package var tables: [CohortTable] {
    var out: [CohortTable] = []
    if let bold {
      out.append(motionTable(bold))
      if let report = bold.targets { out.append(targetTable(report, bold)) }
      if let report = bold.networks { out.append(networkTable(report)) }
    }
    if !perfusion.isEmpty { out.append(perfusionTable) }
    return out
  }

  private func targetTable(_ report: TargetReport, _ bold: BatchRuns) -> CohortTable {
    let confidence = report.result.confidence
    let columns =
      CohortTable.who + [
        ("rank", "Rank of the candidate; n/a where there is none."),
        ("selected", "Whether the candidate passes: 1 or 0."),
        ("reason", "Why none is selected."),
        ("x", "RAS+ mm."), ("y", "RAS+ mm."), ("z", "RAS+ mm."), ("space", "Of the place."),
        ("side", "The person's own side."), ("label", "Of the standard atlas."),
        ("r", "Coupling with the seed, a selected extreme."),
        ("p", "Region-wide, against maps of other seeds of this brain; of the candidate's peak."),
        ("peak_r", "Coupling at that peak."),
        ("peak_x", "RAS+ mm."), ("peak_y", "RAS+ mm."), ("peak_z", "RAS+ mm."),
        ("voxels", "Of the candidate's cluster."),
        (
          "radius95_mm",
          "Around the printed place of the selected candidate, which holds the site with 95 %; n/a for others."
        ),
        ("reliability", "Agreement of halves: 1 the same place twice, 0 chance; of candidate 1."),
        ("split_mm", "Between the targets of the halves."),
        ("odd_even_mm", "Between the targets of odd and even blocks."),
        ("minutes", "Of data that were kept."), ("degrees_of_freedom", "After cleaning."),
        ("protocol", "By its name."), ("warnings", "What must be known before use."),
      ]
    let shared = [
      tableNumber(confidence?.agreementOfHalves), tableNumber(confidence?.splitMillimetres, 2),
      tableNumber(confidence?.oddEvenMillimetres, 2),
      tableNumber(report.secondsKept.map { $0 / 60 }, 2), "\(report.degreesOfFreedom)",
      tableCell(report.settings.name), tableCell(report.warnings.joined(separator: "; ")),
    ]
    let reason = tableCell(report.result.reason ?? "")
    let space = tableCell(bold.runs.space.rawValue)
    var rows = report.result.candidates.map { c -> [String] in
      let isSelected = c.rank == report.result.selected
      let place = [c.point.x, c.point.y, c.point.z].map { tableNumber($0, 2) }
      let found = ["\(c.rank)", isSelected ? "1" : "0", reason] + place + [space]
      let values = [
        c.side.rawValue, tableCell(c.label ?? ""), tableNumber(c.r), tableNumber(c.regionWideP),
        tableNumber(c.peakR), tableNumber(c.peak.x, 2), tableNumber(c.peak.y, 2),
        tableNumber(c.peak.z, 2), "\(c.voxelCount)",
        isSelected ? tableNumber(report.radius95Millimetres, 2) : "n/a",
      ]
      return who + found + values + shared
    }
    if rows.isEmpty {
      let none = [String](repeating: "n/a", count: 3)
      let values = [String](repeating: "n/a", count: 10)
      rows = [who + ["n/a", "0", reason] + none + [space] + values + shared]
    }
    return CohortTable(kind: "targets", columns: columns, rows: rows)
  }

  private func networkTable(_ report: NetworkReport) -> CohortTable {
    let columns =
      CohortTable.who + [
        ("network", "Its name; all for the coupling of all regions."),
        (
          "measure",
          "malff, reho, within, between (mean Fisher z), sides, segregation or global_coupling_z."
        ), ("value", "In the unit of the measure."),
        (
          "t",
          "Against the norms that were given, else against the person's own other networks (see basis)."
        ), ("p", "Two-sided, of t."), ("q", "False discovery rate over the person's table."),
        ("word", "What stands out at q below 0.05."), ("basis", "norms or within_person."),
      ]
    let none = [String](repeating: "n/a", count: 4)
    let basis = report.isWithinPerson ? "within_person" : "norms"
    var rows = report.findings.map { f -> [String] in
      let scores = [tableNumber(f.score?.t), tableNumber(f.score?.p, 6), tableNumber(f.q, 6)]
      return who + [tableCell(f.network), f.measure.rawValue, tableNumber(f.value, 6)] + scores
        + [tableCell(f.word ?? ""), basis]
    }
    for n in report.summary.networks {
      rows.append(
        who + [tableCell(n.name), "segregation", tableNumber(n.segregation, 6)] + none + [basis])
    }
    let global = ["all", "global_coupling_z", tableNumber(report.globalCoupling.z, 6)]
    rows.append(who + global + none + [basis])
    return CohortTable(kind: "networks", columns: columns, rows: rows)
  }

  private var perfusionTable: CohortTable {
    let columns =
      CohortTable.who + [
        ("file", "The image's number among the visit's, from 1."),
        ("region", "Of the atlas."), ("left_percent", "Of the reference, the person's left."),
        ("right_percent", "Of the reference, the person's right."),
        ("ai_percent", "200 (L - R)/(L + R), negative: LEFT has less."),
        (
          "left_z",
          "Of the region's mean against those of the normal people; none with MEAN and SD maps alone."
        ),
        ("right_z", "The same."),
        ("ai_z", "The same."), ("reference", "What 100 % is."),
      ]
    var rows: [[String]] = []
    for (n, one) in perfusion.enumerated() {
      let reference = tableCell(one.report.reference)
      for row in one.report.table {
        let percent = [row.percent.left, row.percent.right, row.index].map { tableNumber($0, 2) }
        let scores = [row.left?.z, row.right?.z, row.asymmetry?.z].map { tableNumber($0, 3) }
        rows.append(
          who + ["\(n + 1)", tableCell(row.name)] + percent + scores + [reference])
      }
    }
    return CohortTable(kind: "perfusion", columns: columns, rows: rows)
  }

  private func motionTable(_ bold: BatchRuns) -> CohortTable {
    let columns =
      CohortTable.who + [
        ("run", "Its number among the visit's, from 1."), ("frames", "Of the file."),
        ("frames_dropped", "At the start."), ("frames_censored", "Within."),
        ("tr_s", "Seconds per frame."), ("minutes_kept", "Of this run."),
        ("mean_fd_mm", "Framewise displacement (Power)."), ("max_fd_mm", "The same."),
        (
          "share_fd_beyond",
          "Of frames that moved by more than \(plainNumber(RunFacts.keptBelowMillimetres)) mm."
        ),
        (
          "mean_std_dvars",
          "Standardised DVARS (Nichols 2013) over all frames, the table's own where it has it."
        ),
        ("motion_modelled", "1 or 0."),
        ("degrees_of_freedom", "Of all runs together, after cleaning."),
      ]
    let rows = bold.motion.enumerated().map { n, m -> [String] in
      let kept = m.frames - m.dropped - m.censored
      let minutes = m.repetitionTimeSeconds.map { $0 * Double(kept) / 60 }
      let counts = ["\(n + 1)", "\(m.frames)", "\(m.dropped)", "\(m.censored)"]
      let moved = [m.meanDisplacement, m.largestDisplacement, m.shareBeyond].map { tableNumber($0) }
      return who + counts + [tableNumber(m.repetitionTimeSeconds), tableNumber(minutes, 2)] + moved
        + [
          tableNumber(m.meanStandardisedDVARS), m.isModelled ? "1" : "0",
          "\(bold.reduced.degreesOfFreedom)",
        ]
    }
    return CohortTable(kind: "motion", columns: columns, rows: rows)
  }
}
