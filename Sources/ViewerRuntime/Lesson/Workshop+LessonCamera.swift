import Basics
import ImageFiles
import Imaging
import Perfusion
import Study
import Viewer
import Workflows

/// The rotating camera of the lesson.
extension Workshop {
  /// Of every reconstruction of the lesson, after it: like filters for all of them.
  private static let filterFWHM = 8.0
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
    var made = lessonScan(scan, place: place, truth: truth, images: images, ratio: ratio(truth))
    made.proxy = found.proxy.name
    made.partial = try partial(scan, job)
    return made
  }

  /// Filtered back projections of the first views alone: a sum over views, so that those that are missing count as
  /// nothing, and the rest is brightened by how many they are.
  private func partial(
    _ scan: CameraScan, _ job: Job
  ) throws(Problem) -> [(views: Int, volume: Volume)] {
    let all = scan.acquisition.views
    let perView = scan.projections.values.count / max(1, all)
    var out: [(views: Int, volume: Volume)] = []
    for views in [1, 2, 4, 8, 15, 22, 30, 40, 50, 60].map({ $0 * all / 60 }) where views > 0 {
      job.progress.report("views so far", Double(views) / Double(all))
      var part = scan
      for n in views * perView..<part.projections.values.count { part.projections.values[n] = 0 }
      let image = try reconstruct(part, .fbp(.none), progress: job.progress)
        .smoothed(fwhm: Self.filterFWHM)
      let share = Float(all) / Float(views)
      out.append(
        (views, Volume(grid: image.grid, values: image.values.map { max(0, $0 * share) })))
    }
    return out
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
}
