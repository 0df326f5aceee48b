package import Basics
package import Imaging
package import Perfusion

/// The place where one side has least, or most, in all beside the other: its side, how much, its size and where it is;
/// where another place has a higher value, that too.
///
/// - Parameter report: of a request `ofAsymmetry`.
package func asymmetryAnswer(_ report: PerfusionReport, space: Space) -> String {
  let word = report.asymmetrySide == .lower ? "less" : "more"
  guard let c = report.clusters.first else {
    return
      "no side has \(word) by \(plainNumber(ClusterRule.usualAsymmetry.threshold)) % and more"
  }
  let answer =
    "\(c.extentWords) has up to \(asymmetryAmount(c.peak)), "
    + "\(fixed(c.cubicMillimetres / 1000, 1)) cm³, \(focusPlace(c, space))"
  guard let top = report.clusters.max(by: { abs($0.peak) < abs($1.peak) }),
    abs(top.peak) > abs(c.peak)
  else { return answer }
  return answer
    + "; the highest value lies elsewhere: \(top.extentWords) has up to "
    + "\(asymmetryAmount(top.peak)), \(fixed(top.cubicMillimetres / 1000, 1)) cm³, \(focusPlace(top, space))"
}

/// The region of a focus, where there are regions, and its peak in the millimetres of a named space.
func focusPlace(_ c: PerfusionCluster, _ space: Space) -> String {
  ((c.peakLabel ?? c.mainLabel).map { "\($0), " } ?? "")
    + "peak at \(peakMillimetres(c)) mm (\(space.rawValue), RAS+)"
}

func peakMillimetres(_ c: PerfusionCluster) -> String {
  [c.peakPlace.x, c.peakPlace.y, c.peakPlace.z].map { fixed($0, 1, signed: true) }
    .joined(separator: " ")
}

/// What `perfusion --of asymmetry --clusters 10` answers, with the line that says it and what belongs to it.
package func asymmetryJSON(_ report: PerfusionReport, space: Space) -> JSON {
  .object([
    ("answer", .string(asymmetryAnswer(report, space: space))),
    ("caution", .string(asymmetryCaution)), ("side", .string(report.asymmetrySide.rawValue)),
    ("asymmetry_rim_mm", .number(report.asymmetryRim)),
    ("threshold", .number(ClusterRule.usualAsymmetry.threshold)),
    ("clusters_of", .optional(report.clusteredMap)), ("clusters", clustersJSON(report.clusters)),
  ])
}
