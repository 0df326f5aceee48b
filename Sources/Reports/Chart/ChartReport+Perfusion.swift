import Basics
import Imaging
import Perfusion
import Study
import Workflows

/// What SPECT shows, and what its resolution would have kept of the run.
extension ChartReport {
  var perfusionSections: [ChartSection] {
    source.scans.enumerated().compactMap { n, scan in
      guard let report = results.scans[n].value else { return nil }
      return ChartSection(
        "Perfusion: \(scan.name)" + (scan.role.map { " (\($0))" } ?? ""),
        blocks(scan, report, results.asymmetries[n]))
    }
  }

  private func blocks(
    _ scan: ReportScan, _ report: PerfusionReport, _ asymmetry: Made<PerfusionReport>
  ) -> [ChartBlock] {
    var facts: [(name: String, text: String)] = [
      (
        "100 %",
        report.referenceMean.map {
          "the mean of \(report.reference): \(plainNumber($0, 3)) over \(report.referenceVoxels) voxels"
        } ?? report.reference
      ), ("how it lies", scan.placement),
      ("space", scan.request.space.rawValue),
      ("brain", "\(scan.request.brain.count) voxels, mask \(scan.request.brain.origin)"),
    ]
    if scan.isSimulated { facts.insert(("measured", "NO: SIMULATED input"), at: 0) }
    if let plane = report.mirror {
      facts.append(
        (
          "mirror plane",
          plane.origin + (plane.similarity.map { ", similarity r \(fixed($0, 3))" } ?? "")
        ))
    }
    if let normals = report.normals {
      facts.append(
        (
          "normals",
          "\(normals.count.map { "\($0) people" } ?? "number not stated"); \(normals.zWords)"
        ))
    }
    let extremes = RegionExtremes(report.table)
    if let low = extremes.lowestWords, let high = extremes.highestWords {
      facts += [("lowest region", low), ("highest region", high)]
    }
    if let words = extremes.farthestWords { facts.append(("farthest below normals", words)) }
    if let words = extremes.leastMeanWords { facts.append(("lowest mean of the voxels' z", words)) }
    var out: [ChartBlock] = sideBlocks + [.facts(facts)] + asymmetryBlocks(asymmetry, scan)
    if let refusal = report.tableRefusal { out.append(.paragraph(refusal)) }
    if !report.table.isEmpty { out.append(.table(table(report))) }
    return out
  }

  private func table(_ report: PerfusionReport) -> ChartTable {
    let zWords = report.table.zWords
    func score(_ z: Double?) -> String { fixed(z ?? .nan, 1, signed: true) }
    let rows = report.table.map { row in
      [
        row.name + (row.isCut ? " (cut at the mirror plane)" : ""), fixed(row.percent.left, 1),
        fixed(row.percent.right, 1), fixed(row.index, 1, signed: true),
      ]
        + row.zValues.prefix(zWords.count).map(score)
    }
    var table = ChartTable(
      "Regions, lowest first",
      ["region", "LEFT %", "RIGHT %", "AI %"] + zWords, rows,
      note: "AI = 200 (L − R)/(L + R), negative: LEFT has less."
        + (report.table.hasMeanZ ? " M" + meanZWords.dropFirst() + "." : ""))
    let extremes = RegionExtremes(report.table)
    table.strong = Set(
      report.table.indices.filter { n in
        [extremes.lowest.inside, extremes.highest.inside].contains {
          $0?.name == report.table[n].name
        }
      })
    table.strongWords = "the regions of the lowest and the highest side, without those at the edge"
    return table
  }

  var lossSection: ChartSection? {
    guard let made = results.losses.value, let report = losses else { return nil }
    let averaging = made.settings.averaging
    func percent(_ x: Double) -> String { "\(fixed(100 * x, 1)) %" }
    let l = report.losses
    let seconds = results.wish.eventSeconds
    let rows =
      [10.0, 20, 30].map { ["sphere of \(fixed($0, 0)) mm", percent(l.recovery(ofSphere: $0))] }
      + [2.5, 3, 4].map { ["cortex of \(plainNumber($0, 1)) mm", percent(l.recovery(ofSlab: $0))] }
    return ChartSection(
      "What SPECT's resolution would have kept of this run",
      [
        .warning(
          simulatedBanner(
            proxy: made.image.proxy, source: made.image.source, fwhm: averaging.targetFWHM,
            time: made.hasTime ? made.window.words : "none, one map")),
        .facts([
          ("camera", "\(plainNumber(averaging.targetFWHM, 1)) mm FWHM"),
          ("the run itself", averaging.nativeWords),
          (
            "resolution elements",
            "\(fixed(l.elementsBefore, 0)) before, \(fixed(l.elementsAfter, 0)) after, "
              + "\(fixed(l.elementRatio, 1)) times fewer"
          ),
          ("local contrast kept", "median over the brain \(percent(report.contrast.median))"),
          (
            "an event of \(plainNumber(seconds)) s",
            "\(percent(l.dilution(ofSeconds: seconds))) of it is left"
          ),
        ]),
        .table(
          ChartTable("Kept in the middle of simple objects", ["object", "kept"], rows)),
      ] + report.findings.map { ChartBlock.warning($0.text) })
  }
}
