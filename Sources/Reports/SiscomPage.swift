package import Basics
package import Imaging
import Perfusion
package import Workflows

/// A subtraction for a person to read.
package func siscomText(_ report: SiscomReport, space: Space, isSimulated: Bool) -> String {
  let s = report.subtraction
  return
    ((isSimulated ? ["SIMULATED input: not a perfusion measurement"] : []) + [
      "ictal minus interictal in per cent of the mean over the brain (\(report.brain.count) voxels, mask "
        + "\(report.brain.origin)); registered: \(report.alignment.words)",
      "space \(space.rawValue), RAS+ mm; \(PerfusionPage.sides)",
      "SD of the difference \(fixed(s.standardDeviation, 2)) %; \(fixed(s.percentBeyondTwo, 1)) % of the brain "
        + "lies beyond ±2 SD (of a normal distribution 4.6 % do)",
      "clusters beyond ±\(plainNumber(report.rule.threshold)) SD",
    ] + clusterLines(report.clusters) + report.warnings.map { "! \($0)" } + [researchUse])
    .joined(separator: "\n")
}

/// The same as parameters of its sidecar and its answer.
package func siscomParameters(_ report: SiscomReport, written: String) -> [(String, JSON)] {
  let found = report.subtraction
  return [
    ("value", .string(written)), ("alignment", .string(report.alignment.words)),
    ("brain", .string(report.brain.origin)), ("brain_voxels", .int(report.brain.count)),
    ("mean_difference_percent", .number(found.mean)),
    ("sd_difference_percent", .number(found.standardDeviation)),
    ("percent_beyond_2_sd", .number(found.percentBeyondTwo)),
    ("similarity_r", .number(found.similarity)), ("threshold_sd", .number(report.rule.threshold)),
    ("clusters", clustersJSON(report.clusters)), ("sides", .string(PerfusionPage.sides)),
    ("warnings", .array(report.warnings.map(JSON.string))),
  ]
}
