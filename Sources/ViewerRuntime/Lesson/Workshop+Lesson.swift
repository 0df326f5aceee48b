import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Targeting
import Viewer
import Workflows

/// What a lesson is made of.
extension Workshop {
  mutating func lessonPart(
    _ part: LessonPart, _ wish: LessonWish, _ job: Job
  ) throws(Problem) -> LessonMaterial {
    job.progress.report("the lesson", 0)
    switch part {
    case .space: return .space(try lessonSpace(job))
    case .pair: return .pair(try lessonPair(job))
    case .time: return .time(try lessonTime(wish.event, job))
    case .camera: return .camera(try lessonCamera(job))
    case .perfusion: return .perfusion(try lessonPerfusion(job))
    case .minutes: return .minutes(try lessonMinutes(wish.seed, job))
    }
  }

  /// The most honest picture of uptake that can be had: flow, tissue, or the mean of the run.
  var lessonProxy: ProxyChoice {
    proxies[.asl] != nil ? .asl : proxies[.template] != nil ? .template : .mean
  }

  func lessonCamera(fwhm: Double) -> Viewer.Camera {
    var camera = Viewer.Camera()
    camera.proxy = lessonProxy
    camera.fwhm = fwhm
    return camera
  }

  private mutating func lessonSpace(_ job: Job) throws(Problem) -> SpaceMaterial {
    let run = try requireRun().run
    let native = try measuredAveraging(lessonCamera(fwhm: lessonWidths[0]), run, job)
    let found = try beforeCamera(lessonCamera(fwhm: lessonWidths[0]), run, job)
    let tissue = greyAndWhite(run.mask)
    var blurred: [Volume] = []
    var kept: [Double] = []
    var ratios = tissue.map { [$0.ratio(found.values)] } ?? []
    for (n, width) in lessonWidths.enumerated() {
      try job.progress.check()
      job.progress.report("cameras", Double(n) / Double(lessonWidths.count))
      let camera = lessonCamera(fwhm: width)
      guard let own = averaging(camera, of: found.proxy, run) else { continue }
      let values = own.applied(to: found.values, in: run.mask)
      blurred.append(run.mask.volume(values))
      kept.append(
        ContrastKept(before: found.values, kernel: own.kernelFWHM, in: run.mask).median)
      if let tissue { ratios.append(tissue.ratio(values)) }
    }
    return SpaceMaterial(
      proxy: found.proxy.name, sharp: run.mask.volume(found.values), blurred: blurred,
      native: native, contrastKept: kept, greyWhite: ratios)
  }

  /// Where tissue is all but pure (spect.md 1.5); nil without its maps or enough of it.
  func greyAndWhite(_ mask: Mask) -> TissuePlaces? {
    guard case .template(let grey, let white, _)? = proxies[.template] else { return nil }
    let places = TissuePlaces(grey: grey, white: white, in: mask)
    return places.grey.count >= 50 && places.white.count >= 50 ? places : nil
  }

  /// Between the precuneus and the cuneus.
  private static let border = WorldPoint(-4, -72, 24)

  private mutating func lessonPair(_ job: Job) throws(Problem) -> PairMaterial {
    guard scene.space == .mni152, let first = Sites.seed(named: "PCC"),
      let second = Sites.seed(named: "left-V1")
    else {
      throw Problem(
        .data, scene.title, "two networks by their published places need MNI152 space",
        expected: "a run in MNI152")
    }
    let run = try requirePrepared().run
    let native = try measuredAveraging(lessonCamera(fwhm: lessonWidths[0]), run, job)
    let reduced = try cleaned(job)
    let maps = [try reduced.seedMap(first), try reduced.seedMap(second)]
    func pair(_ values: [[Float]]) -> (volumes: (Volume, Volume), labels: Volume) {
      let labels = TwoNetworks.labels(values[0], values[1], in: run.mask)
      return (
        (run.mask.volume(values[0]), run.mask.volume(values[1])), run.mask.volume(labels)
      )
    }
    let sharp = pair(maps.map(\.r))
    var blurred: [(Volume, Volume)] = []
    var labels = [sharp.labels]
    for width in lessonWidths {
      try job.progress.check()
      var camera = native
      camera.targetFWHM = width
      let made = pair(maps.map { camera.applied(to: $0.r, in: run.mask) })
      blurred.append(made.volumes)
      labels.append(made.labels)
    }
    return PairMaterial(
      names: ("default mode", "visual"), sharp: sharp.volumes, blurred: blurred, labels: labels,
      native: native, place: Self.border)
  }
}

/// Places of grey and of white matter in a mask, by tissue maps.
struct TissuePlaces: Sendable {
  let grey: [Int]
  let white: [Int]

  init(grey: Volume, white: Volume, in mask: Mask) {
    let (g, w) = (
      grey.resampled(to: mask.grid, .linear).values, white.resampled(to: mask.grid, .linear).values
    )
    self.grey = mask.offsets.indices.filter { g[Int(mask.offsets[$0])] > 0.8 }
    self.white = mask.offsets.indices.filter { w[Int(mask.offsets[$0])] > 0.9 }
  }

  /// The mean over grey by that over white matter.
  func ratio(_ values: [Float]) -> Double {
    func mean(_ places: [Int]) -> Double {
      let finite = places.map { Double(values[$0]) }.filter(\.isFinite)
      return finite.reduce(0, +) / Double(max(1, finite.count))
    }
    return mean(grey) / mean(white)
  }
}

/// Which of two maps a voxel belongs to.
enum TwoNetworks {
  /// Part of a map's own peak (its 99.5th percentile) from which a voxel is one of its network.
  private static let level: Float = 0.5
  /// Smaller pieces are noise.
  private static let leastVoxels = 40

  /// 1, 2 or 3 for both, 0 for none. A voxel of the networks belongs to the stronger one, and to both where the weaker
  /// reaches half of the stronger.
  static func labels(_ a: [Float], _ b: [Float], in mask: Mask) -> [Float] {
    let parts = [a, b].map { map -> [Float] in
      // What all of the brain shares is no network: the median is taken off.
      let middle = boldspectPercentile(map.filter(\.isFinite), 50) ?? 0
      let peak = (boldspectPercentile(map.filter(\.isFinite), 99.5) ?? 1) - middle
      return map.map { $0.isFinite && peak > 0 ? max(0, ($0 - middle) / peak) : 0 }
    }
    let inside = parts.map { network($0, mask) }
    return a.indices.map { n -> Float in
      guard inside[0][n] || inside[1][n] else { return 0 }
      let (p, q) = (parts[0][n], parts[1][n])
      return min(p, q) >= 0.5 * max(p, q) ? 3 : p > q ? 1 : 2
    }
  }

  /// The voxels of one network, without what is too small.
  private static func network(_ map: [Float], _ mask: Mask) -> [Bool] {
    var whole = [Bool](repeating: false, count: mask.grid.nx * mask.grid.ny * mask.grid.nz)
    for (n, offset) in mask.offsets.enumerated() where map[n] >= level {
      whole[Int(offset)] = true
    }
    var out = [Bool](repeating: false, count: map.count)
    for piece in connectedPieces(whole, mask.grid, faces: true) where piece.count >= leastVoxels {
      for offset in piece { out[Int(mask.places[offset])] = true }
    }
    return out
  }
}
