package import Basics
package import Imaging
import Perfusion
package import Workflows

/// The answer in one line: side, size, peak and region of the largest increase; then the largest decrease.
package func siscomAnswer(_ report: SiscomReport) -> [String] {
  let caution = report.caution.map { "; \($0)" } ?? ""
  return [false, true].map { isDecrease in
    let name = isDecrease ? "largest decrease" : "largest increase"
    guard let c = report.largest(decrease: isDecrease) else {
      return "\(name): none beyond ±\(plainNumber(report.rule.threshold)) SD\(caution)"
    }
    guard let top = report.strongest(decrease: isDecrease), abs(top.peak) > abs(c.peak) else {
      return "\(name): \(siscomFocus(c))\(caution)"
    }
    return
      "\(name): \(siscomFocus(c)); the highest value lies elsewhere: \(siscomFocus(top))\(caution)"
  }
}

/// Side, size, peak and region of a cluster.
private func siscomFocus(_ c: PerfusionCluster) -> String {
  "\(c.extentWords) \(fixed(c.cubicMillimetres / 1000, 1)) cm³, peak "
    + "\(fixed(c.peak, 1, signed: true)) SD"
    + ((c.peakLabel ?? c.mainLabel).map { ", \($0)" } ?? "")
}

/// How many clusters its text lists.
package let siscomShownClusters = 10

/// A subtraction for a person to read.
package func siscomText(_ report: SiscomReport, space: Space, isSimulated: Bool) -> String {
  let s = report.subtraction
  return
    ((isSimulated ? ["SIMULATED input: not a perfusion measurement"] : []) + siscomAnswer(report)
    + [
      "ICTAL \(visibleText(report.ictal)) − INTERICTAL \(visibleText(report.interictal)), each in per cent of its "
        + "mean over the brain (\(report.brain.count) voxels, mask \(report.brain.origin))",
      "registered: \(report.alignment.words)",
      "space \(space.rawValue), RAS+ mm; \(PerfusionPage.sides)",
      "SD of the difference \(fixed(s.standardDeviation, 2)) %; \(fixed(s.percentBeyondTwo, 1)) % of the brain "
        + "lies beyond ±2 SD (of a normal distribution 4.6 % do)",
      "clusters beyond ±\(plainNumber(report.rule.threshold)) SD",
    ]
    + clusterLines(
      report.clusters, unit: "SD", limit: siscomShownClusters,
      allAre: "all are in the answer of --json and in the sidecar of a written map")
    + report.warnings.map { "! \($0)" } + [
      researchUse
    ])
    .joined(separator: "\n")
}

/// The same as parameters of its sidecar and its answer.
package func siscomParameters(_ report: SiscomReport, written: String) -> [(String, JSON)] {
  let found = report.subtraction
  return [
    ("value", .string(written)),
    ("largest_increase", largestJSON(report, decrease: false)),
    ("largest_decrease", largestJSON(report, decrease: true)),
    ("strongest_increase", focusJSON(report.strongest(decrease: false))),
    ("strongest_decrease", focusJSON(report.strongest(decrease: true))),
    ("alignment", .string(report.alignment.words)),
    ("brain", .string(report.brain.origin)), ("brain_voxels", .int(report.brain.count)),
    ("mean_difference_percent", .number(found.mean)),
    ("sd_difference_percent", .number(found.standardDeviation)),
    ("percent_beyond_2_sd", .number(found.percentBeyondTwo)),
    ("similarity_r", .number(found.similarity)), ("threshold_sd", .number(report.rule.threshold)),
    ("clusters", clustersJSON(report.clusters)), ("sides", .string(PerfusionPage.sides)),
    ("warnings", .array(report.warnings.map(JSON.string))),
  ]
}

private func largestJSON(_ report: SiscomReport, decrease: Bool) -> JSON {
  focusJSON(report.largest(decrease: decrease))
}

private func focusJSON(_ cluster: PerfusionCluster?) -> JSON {
  guard let c = cluster else { return .null }
  return .object([
    ("side", .string(c.isOnBothSides ? "BOTH SIDES" : c.side.rawValue)),
    ("peak_side", .string(c.side.rawValue)), ("left_share", .optional(c.leftShare)),
    ("cm3", .number(c.cubicMillimetres / 1000)),
    ("peak_sd", .number(c.peak)), ("peak_mm", .point(c.peakPlace)),
    ("label", .optional(c.peakLabel ?? c.mainLabel)),
  ])
}
