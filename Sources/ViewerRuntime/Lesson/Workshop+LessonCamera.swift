import Basics
import ImageFiles
import Imaging
import Perfusion
import Study
import Viewer
import Workflows

/// The rotating camera of the lesson, and where a measured SPECT's sides differ.
extension Workshop {
  /// Of every reconstruction of the lesson, after it: like filters for all of them.
  private static let filterFWHM = 8.0
  /// Of the index of two balls, from which a lesson speaks of a lesion.
  private static let leastPercent = 30.0
  /// Half of what the projections show, in mm: a head with room around it.
  private static let halfWidth = 120.0

  mutating func lessonCamera(_ job: Job) throws(Problem) -> CameraMaterial {
    let loaded = try requireRun()
    try requireKnownSides(loaded.description, for: "a camera around it")
    let mask = loaded.run.mask
    // The run's own resolution comes first: what is taken for the truth is as sharp as in the other steps.
    _ = try measuredAveraging(lessonCamera(fwhm: 10), loaded.run, job)
    let found = try beforeCamera(lessonCamera(fwhm: 10), loaded.run, job)
    var settings = CameraSettings()
    settings.views = 60
    settings.matrix = 64
    let scan = try cameraScan(
      of: found.values, in: mask,
      attenuation: .head(nil, perCentimetre: CameraAttenuation.water), settings,
      fileName: loaded.description.name, progress: job.progress)
    let tissue = greyAndWhite(mask)
    func ratio(_ volume: Volume) -> Double? {
      tissue.map { $0.ratio(mask.offsets.map { offset in volume.values[Int(offset)] }) }
    }
    var images: [CameraMaterial.Image] = []
    let ways: [(String, CameraReconstruction)] =
      [("FBP", .fbp(.none))]
      + [1, 2, 4, 8].map {
        ("OSEM ×\($0)", .osem(iterations: $0, subsets: 6, recovery: false))
      }
    for (n, way) in ways.enumerated() {
      job.progress.report(way.0, Double(n) / Double(ways.count))
      let image = try reconstruct(scan, way.1, progress: job.progress)
        .smoothed(fwhm: Self.filterFWHM).restricted(to: mask)
      images.append(CameraMaterial.Image(name: way.0, volume: image, ratio: ratio(image)))
    }
    let truth = mask.volume(found.values)
    let place = WorldPoint(0, mask.centre.y, scene.space == .mni152 ? 20 : mask.centre.z)
    return lessonScan(scan, place: place, truth: truth, images: images, ratio: ratio(truth))
  }

  /// The projections without the empty sides of the detector.
  private func lessonScan(
    _ scan: CameraScan, place: WorldPoint, truth: Volume, images: [CameraMaterial.Image],
    ratio: Double?
  ) -> CameraMaterial {
    let a = scan.acquisition
    let half = min(a.matrix / 2, Int(Self.halfWidth / a.pixel))
    let columns = (a.matrix / 2 - half)..<(a.matrix / 2 + half)
    var counts: [Float] = []
    counts.reserveCapacity(a.views * columns.count * a.slices)
    for view in 0..<a.views {
      let start = (view * a.matrix + columns.lowerBound) * a.slices
      counts += scan.projections.values[start..<start + columns.count * a.slices]
    }
    let row = scan.cameraGrid.nearestVoxel(place)?.k ?? a.slices / 2
    return CameraMaterial(
      counts: counts, views: a.views, columns: columns.count, rows: a.slices,
      row: max(0, min(a.slices - 1, row)), place: place,
      millions: counts.reduce(0.0) { $0 + Double($1) } / 1e6, truth: truth, images: images,
      filterFWHM: Self.filterFWHM, truthRatio: ratio)
  }

  func lessonPerfusion(_ job: Job) throws(Problem) -> PerfusionMaterial {
    var (request, _) = try request(0, job)
    request.wantsAsymmetry = true
    let report = try quantify(request, progress: job.progress)
    guard let map = report.asymmetry, let plane = report.mirror else {
      throw Problem(.data, request.fileName, "no mirror plane was found in it")
    }
    let uneven = UnevenSides(
      request.image, where: sidedAsymmetry(map, .lower, at: plane), at: plane)
    // The mean of 90 healthy brains differs by 20 % at its most uneven place.
    guard let found = uneven.strongest, found.percent >= Self.leastPercent else {
      let most = uneven.strongest.map { fixed($0.percent, 0) } ?? "0"
      throw Problem(
        .data, request.fileName,
        "its sides differ by at most \(most) %, as those of healthy people may: there is no lesion to show",
        expected: "a difference of \(plainNumber(Self.leastPercent)) % and more")
    }
    return PerfusionMaterial(
      place: found.place, percent: found.percent, side: plane.side(of: found.place),
      label: request.space == .mni152 ? request.atlas?.name(at: found.place) : nil,
      runPercent: runAsymmetry(at: found.place, plane))
  }

  /// The same index of the run's mean, over a ball at the place and its mirror image.
  private func runAsymmetry(at place: WorldPoint, _ plane: MirrorPlane) -> Double {
    guard let run = loadedRun?.run,
      let found = asymmetry(
        of: run.mean.restricted(to: run.mask), around: place, radius: 8, at: plane)
    else { return .nan }
    return plane.side(of: place) == .left ? -found.index : found.index
  }
}

/// Where the sides of an image differ most in what they have, not in per cent of next to nothing: of balls as large as
/// what a SPECT resolves.
private struct UnevenSides {
  /// FWHM of the ball in mm.
  private static let ballFWHM = 12.0
  private(set) var strongest: (place: WorldPoint, percent: Double)?

  /// - Parameter lower: has values where a side has less than the other, the brain's rim aside.
  init(_ image: Volume, where lower: Volume, at plane: MirrorPlane) {
    let smooth = image.smoothed(fwhm: Self.ballFWHM)
    var best = (lack: 0.0, offset: -1)
    for n in lower.values.indices where lower.values[n].isFinite {
      let here = lower.grid.world(at: n)
      let (own, other) = (
        Double(smooth.nearest(here)), Double(smooth.nearest(plane.mirrored(here)))
      )
      guard own.isFinite, other.isFinite, own + other > 0 else { continue }
      if other - own > best.lack { best = (other - own, n) }
    }
    guard best.offset >= 0 else { return }
    let place = lower.grid.world(at: best.offset)
    let own = Double(smooth.nearest(place))
    strongest = (place, 200 * best.lack / (2 * own + best.lack))
  }
}
