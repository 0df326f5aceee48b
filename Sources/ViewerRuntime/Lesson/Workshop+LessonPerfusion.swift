import Basics
import Imaging
import Perfusion
import Reports
import Study
import Viewer
import Workflows

/// Where a measured SPECT's sides differ: what is measured, and never whether there is a lesion.
extension Workshop {
  /// Of the ball in which the run's own mean is compared, in mm.
  private static let ballRadius = 8.0

  func lessonPerfusion(_ job: Job) throws(Problem) -> PerfusionMaterial {
    let (request, _) = try request(0, job)
    let report = try quantify(request.ofAsymmetry(), progress: job.progress)
    guard let plane = report.mirror else {
      throw Problem(.data, request.fileName, "no mirror plane was found in it")
    }
    let regions = try unevenRegions(request, job)
    let region = regions.first
    let peak = report.clusters.first
    // The peak where it is of that region, else a voxel in the middle of the region's lower side.
    let isOfRegion = region.map {
      peak?.side == $0.side && peak?.peakLabel?.hasPrefix($0.name) == true
    }
    let place = isOfRegion == false ? region?.place : peak?.peakPlace ?? region?.place
    return PerfusionMaterial(
      place: place, regions: regions,
      peak: peak.map { ($0.side, abs($0.peak)) },
      largest: asymmetryAnswer(report, space: request.space),
      runPercent: place.map { runAsymmetry(at: $0, plane) } ?? .nan)
  }

  /// How many regions are told: the most uneven one alone would hide another that is nearly as uneven.
  private static let toldRegions = 3

  /// Of the regions that the table compares those with the largest asymmetry index; empty without regions.
  private func unevenRegions(
    _ asked: PerfusionRequest, _ job: Job
  ) throws(Problem) -> [PerfusionMaterial.Region] {
    guard asked.space == .mni152, asked.atlas != nil else { return [] }
    var request = asked
    request.wantsTable = true
    let report = try quantify(request, progress: job.progress)
    // What lies at an edge, or was cut at the middle, is not held against its other side.
    let compared = report.table.filter { row in
      !row.isCut && row.index.isFinite && row.sides.count == 2
        && row.sides.allSatisfy { !$0.isAtEdge }
    }
    return compared.sorted(by: .asymmetry).prefix(Self.toldRegions).compactMap { row in
      guard let low = row.lower, let high = row.higher else { return nil }
      return PerfusionMaterial.Region(
        name: row.name, side: low.side, lower: low.percent, higher: high.percent,
        index: row.index, count: compared.count, reference: report.reference, place: row.place)
    }
  }

  /// The same index of the run's mean, over a ball at the place and its mirror image.
  private func runAsymmetry(at place: WorldPoint, _ plane: MirrorPlane) -> Double {
    guard let run = loadedRun?.run,
      let found = asymmetry(
        of: run.mean.restricted(to: run.mask), around: place, radius: Self.ballRadius, at: plane)
    else { return .nan }
    return plane.side(of: place) == .left ? -found.index : found.index
  }
}
