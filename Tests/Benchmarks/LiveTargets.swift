import Basics
import Connectivity
import Foundation
import Imaging
import Phantoms
import Study
import Targeting
import Workflows

/// What moving the search sphere or the percentile costs: from the cleaned run to candidates with their
/// region-wide p, and the bootstrap that follows.
func liveTargets() throws {
  let phantom = TargetPhantom(seed: 5000, coupling: 0.3)
  let prepared = try PreparedRun(
    phantom.run, choice: CleaningChoice(), sources: ConfoundSources())
  var settings = TargetProtocol()
  let series = try TargetSeries([prepared], smoothingFWHM: settings.smoothingFWHM)
  var report: TargetReport?
  var n = 0
  let whole = try median(9) {
    n += 1
    settings.percentile = [3.0, 5, 7.5][n % 3]
    report = try preliminaryTargets(in: series, settings: settings, TargetSurroundings())
  }
  row(
    "targets: percentile moved, four spheres, other seeds", "\(fixed(whole * 1000, 0)) ms",
    "\(series.removed.voxelCount) voxels, \(series.removed.degreesOfFreedom) degrees of freedom")
  let sphere = try median(9) {
    n += 1
    settings.region = SearchRegion(
      name: "moved", centres: [WorldPoint(-40, 30 + Double(n % 5), 35)], radius: 20)
    report = try preliminaryTargets(in: series, settings: settings, TargetSurroundings())
  }
  row("targets: search sphere moved", "\(fixed(sphere * 1000, 0)) ms", "")
  if let report {
    let all = try median(3) { _ = try confirmedTargets(report, in: series) }
    row(
      "targets: halves, blocks and 200 redrawn maps", "\(fixed(all * 1000, 0)) ms",
      "in the background")
  }
}
