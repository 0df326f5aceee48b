package import Basics
package import Imaging
package import Perfusion
import Study

/// How a person wants an image to be scanned by the simulated camera.
package struct CameraSettings: Sendable, Equatable {
  package var collimator = Collimator.names[0]
  /// FWHM of the crystal in millimetres.
  package var intrinsicFWHM = Collimator.usualIntrinsicFWHM
  package var views = 120
  package var matrix = 128
  /// Millimetres; nil takes a detector of 425 mm.
  package var pixel: Double?
  /// Millimetres from the axis to the collimator.
  package var radius = 150.0
  /// All counts of all views together.
  package var counts = 5e6
  /// Seed of the Poisson noise; nil for expected counts without noise.
  package var noiseSeed: UInt64? = 1
  /// Scattered counts over unscattered ones, even over every view.
  package var scatter = 0.0

  package init() {}

  func check() throws(Problem) {
    guard counts.isFinite, (1e3...1e12).contains(counts) else {
      throw Problem(
        .usage, "--counts", "\(plainNumber(counts)) counts are no scan", expected: "1e3 to 1e12")
    }
    guard scatter.isFinite, (0...2).contains(scatter) else {
      throw Problem(
        .usage, "--scatter", "\(plainNumber(scatter)) is no useful fraction", expected: "0 to 2")
    }
  }
}

/// What weakens the photons on their way out.
package enum CameraAttenuation: Sendable {
  case none
  /// One μ per centimetre within a head: a mask, or nil for one derived from the activity.
  case head(Volume?, perCentimetre: Double)
  /// μ per centimetre.
  case map(Volume)

  /// μ of water at 140 keV per centimetre, for photons that did not scatter.
  package static let water = 0.15
}

/// What the camera recorded, with all that a reconstruction needs.
package struct CameraScan: Sendable {
  package var projections: Projections
  /// The camera's image in the world.
  package var cameraGrid: Grid
  /// The grid of the scanned image, which a reconstruction comes back to.
  package var imageGrid: Grid
  /// μ per centimetre on the camera's image; nil for none.
  package var attenuation: [Float]?
  /// Counts over the projector's own units: what a reconstruction is divided by.
  package var countsPerUnit: Double
  package var scatter: Double
  package var findings: [Finding]
  /// Voxels of the scanned image where nothing was measured: a reconstruction has no data there. Empty for none.
  package var withoutData: [Bool] = []

  package var acquisition: Acquisition { projections.acquisition }

  package init(
    projections: Projections, cameraGrid: Grid, imageGrid: Grid, attenuation: [Float]?,
    countsPerUnit: Double, scatter: Double, findings: [Finding] = []
  ) {
    self.projections = projections
    self.cameraGrid = cameraGrid
    self.imageGrid = imageGrid
    self.attenuation = attenuation
    self.countsPerUnit = countsPerUnit
    self.scatter = scatter
    self.findings = findings
  }
}

/// How the views become an image again.
package enum CameraReconstruction: Sendable, Equatable {
  /// Filtered back projection.
  case fbp(LowPass)
  /// Ordered subsets; recovery models the collimator.
  case osem(iterations: Int, subsets: Int, recovery: Bool)

  package var title: String {
    switch self {
    case .fbp(let lowPass): return "FBP \(lowPass.title)"
    case .osem(let iterations, let subsets, let recovery):
      return "OSEM \(iterations) x \(subsets)" + (recovery ? " with resolution recovery" : "")
    }
  }
}

/// Scans what stands for perfusion in a run: what the run did not measure is taken for the mean of what lies around
/// it, so that the camera makes no defect of it, and has no data in the reconstruction.
package func cameraScan(
  of values: [Float], in mask: Mask, attenuation: CameraAttenuation, _ settings: CameraSettings,
  fileName: String, progress: WorkProgress = .silent
) throws(Problem) -> CameraScan {
  let fwhm = CameraPreset.usual.fwhm
  var scan = try scanned(
    mask.filled(values, fwhm: fwhm), attenuation, settings, fileName, progress)
  scan.imageGrid = mask.grid
  let part = MeasuredPart(of: values, in: mask, fwhm: (fwhm, fwhm, fwhm))
  guard let words = part.words else { return scan }
  scan.withoutData = mask.withoutData(values)
  scan.findings.append(
    Finding(
      "no-data", .warning,
      "\(words); the camera takes the mean around them for what was not measured."))
  return scan
}

/// Scans an image: brings it into the camera's field, projects it, scales it to the counts and
/// draws them.
///
/// The camera's axes are those of the world whatever the orientation of the image; its axis goes
/// through the middle of the activity (above 1 % of its maximum).
///
/// - Throws: activity that is negative or nowhere, settings that no camera has, a mask or map that
///   does not fit, and that the person cancelled.
package func cameraScan(
  of image: Volume, attenuation: CameraAttenuation, _ settings: CameraSettings, fileName: String,
  progress: WorkProgress = .silent
) throws(Problem) -> CameraScan {
  if let holes = image.holes {
    return try cameraScan(
      of: holes.offsets.map { image.values[Int($0)] }, in: holes, attenuation: attenuation,
      settings,
      fileName: fileName, progress: progress)
  }
  return try scanned(image, attenuation, settings, fileName, progress)
}

private func scanned(
  _ image: Volume, _ attenuation: CameraAttenuation, _ settings: CameraSettings, _ fileName: String,
  _ progress: WorkProgress
) throws(Problem) -> CameraScan {
  try settings.check()
  var findings: [Finding] = []
  let activity = try nonNegative(image, fileName, &findings)
  let high = activity.range?.high ?? 0
  guard let box = activity.worldBox(where: { $0 > 0.01 * high }),
    let bounds = activity.worldBox(where: { _ in true })
  else { throw Problem(.data, fileName, "it holds no activity") }
  let pixel = settings.pixel ?? 425 / Double(max(1, settings.matrix))
  // Three slices beyond the image, so that what is blurred out of it is seen.
  let wanted = (bounds.high.z - bounds.low.z) / max(0.1, pixel) + 6
  let slices = wholeNumber(wanted.rounded(.up), in: 1...max(1, settings.matrix))
  let acquisition = try Acquisition(
    collimator: .named(settings.collimator, intrinsicFWHM: settings.intrinsicFWHM),
    views: settings.views, matrix: settings.matrix, slices: slices, pixel: pixel,
    radius: settings.radius)
  let grid = acquisition.grid(
    centre: WorldPoint(
      (box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2,
      (bounds.low.z + bounds.high.z) / 2))
  try progress.check()
  let onCamera = activity.averaged(over: grid)
  let map = try attenuationMap(attenuation, activity, grid, fileName, &findings)
  try progress.check()

  let projector = try Projector(acquisition, attenuation: map)
  let expected = try projector.projected(onCamera, progress: progress)
  let seen = expected.total
  guard seen > 0 else {
    throw Problem(
      .data, fileName, "nothing of it lies in the camera's field",
      expected: "activity within \(plainNumber(acquisition.fieldRadius, 0)) mm of the axis")
  }
  let lost = 1 - projector.shareInField(of: onCamera)
  let share = 1 - massShare(onCamera, grid, of: activity)
  if max(lost, share) > 1e-3 {
    findings.append(
      Finding(
        "outside-field", .warning,
        "\(fixed(max(lost, share) * 100, 1)) % of the activity lies outside the camera's field."))
  }
  let scale = settings.counts / (seen * (1 + settings.scatter))
  var projections = expected.scaled(by: scale)
  if settings.scatter > 0 {
    let perView = acquisition.matrix * acquisition.slices
    for view in 0..<acquisition.views {
      let even = Float(settings.scatter * projections.total(view: view) / Double(perView))
      for n in view * perView..<(view + 1) * perView { projections.values[n] += even }
    }
  }
  if let seed = settings.noiseSeed {
    projections = projections.withPoissonNoise(seed: seed)
  }
  return CameraScan(
    projections: projections, cameraGrid: grid, imageGrid: image.grid, attenuation: map,
    countsPerUnit: scale, scatter: settings.scatter, findings: findings)
}

/// The scan as an image again, in the units of what was scanned and on its grid; NaN where the
/// camera did not see.
///
/// - Parameter corrects: whether attenuation is corrected for: by Chang's factors after FBP, in the
///   model of OSEM.
/// - Throws: a filter or subsets that cannot be, and that the person cancelled.
package func reconstruct(
  _ scan: CameraScan, _ method: CameraReconstruction, corrects: Bool = true,
  progress: WorkProgress = .silent
) throws(Problem) -> Volume {
  let a = scan.acquisition
  let map = corrects ? scan.attenuation : nil
  // What scattered is known by its share of the measured counts of each view.
  let share = scan.scatter / (1 + scan.scatter) / Double(a.matrix * a.slices)
  let background =
    scan.scatter > 0
    ? (0..<a.views).map { Float(scan.projections.total(view: $0) * share) } : []
  let values: [Float]
  var isNonNegative = false
  switch method {
  case .fbp(let lowPass):
    let projector = try Projector(a, attenuation: map, blurs: false)
    var projections = scan.projections
    let perView = a.matrix * a.slices
    for (view, even) in background.enumerated() {
      for n in view * perView..<(view + 1) * perView { projections.values[n] -= even }
    }
    values = try projector.filteredBackProjection(
      projections, lowPass: lowPass, chang: true, progress: progress)
  case .osem(let iterations, let subsets, let recovery):
    let projector = try Projector(
      a, attenuation: map, blurs: recovery, keepsTransmission: true)
    values = try projector.orderedSubsets(
      scan.projections, iterations: iterations, subsets: subsets, background: background,
      progress: progress)
    isNonNegative = true
  }
  let perCount = Float(1 / scan.countsPerUnit)
  let onCamera = Volume(
    grid: scan.cameraGrid,
    values: values.indices.map { a.isInField($0) ? values[$0] * perCount : .nan })
  let back = onCamera.resampled(to: scan.imageGrid, .cubic)
  // A spline may undershoot where the reconstruction itself never does.
  var seen = isNonNegative ? back.values.map { $0 < 0 ? 0 : $0 } : back.values
  for (n, isMissing) in scan.withoutData.enumerated() where isMissing { seen[n] = .nan }
  return Volume(grid: back.grid, values: seen)
}

extension Volume {
  /// What has activity, with the places without data that it encloses; nil where it encloses none. Places without
  /// data outside of it are background.
  fileprivate var holes: Mask? {
    guard values.contains(where: { !$0.isFinite }) else { return nil }
    let inside = Mask.fillHoles(values.map { $0.isFinite && $0 != 0 }, grid)
    guard inside.indices.contains(where: { inside[$0] && !values[$0].isFinite }) else { return nil }
    return Mask(grid: grid, origin: "activity") { inside[$0] }
  }
}

/// Activity without gaps; little below zero is taken for zero and named, more is refused.
private func nonNegative(
  _ image: Volume, _ fileName: String, _ findings: inout [Finding]
) throws(Problem) -> Volume {
  var (positive, negative) = (0.0, 0.0)
  for v in image.values where v.isFinite {
    if v > 0 { positive += Double(v) } else { negative -= Double(v) }
  }
  guard positive > 0 else {
    throw Problem(
      .data, fileName, "it holds no activity", expected: "an image of values above zero")
  }
  guard negative <= 0.02 * positive else {
    throw Problem(
      .data, fileName,
      "\(fixed(negative / (positive + negative) * 100, 0)) % of it is negative, which no activity is",
      expected: "an image of values from zero on", remedy: "Project a perfusion or tissue image")
  }
  if negative > 0 {
    findings.append(
      Finding(
        "negative-activity", .warning,
        "Values below zero, \(fixed(negative / positive * 100, 2)) % of the sum, count as zero."))
  }
  return Volume(
    grid: image.grid, values: image.values.map { $0.isFinite && $0 > 0 ? $0 : 0 })
}

/// μ per centimetre on the camera's image.
private func attenuationMap(
  _ choice: CameraAttenuation, _ activity: Volume, _ grid: Grid, _ fileName: String,
  _ findings: inout [Finding]
) throws(Problem) -> [Float]? {
  let map: [Float]
  switch choice {
  case .none: return nil
  case .map(let volume):
    map = volume.averaged(over: grid)
  case .head(let mask, let mu):
    guard mu.isFinite, mu > 0, mu <= Double(Projector.largestAttenuation) else {
      throw Problem(
        .usage, "--mu-value", "\(plainNumber(mu)) per cm is no tissue",
        expected: "above 0 to \(plainNumber(Double(Projector.largestAttenuation))) per cm")
    }
    let inside: Volume
    if let mask {
      inside = Volume(grid: mask.grid, values: mask.values.map { $0 > 0 ? 1 : 0 })
    } else {
      guard let derived = Mask.derived(from: activity) else {
        throw Problem(
          .data, fileName, "no head stands out of it", remedy: "Give the head with --head")
      }
      let ones = [Float](repeating: 1, count: derived.count)
      inside = derived.volume(ones)
      findings.append(
        Finding(
          "head-derived", .note,
          "The head was derived from the activity; skull and scalp are in it only where they are active."
        ))
    }
    map = inside.averaged(over: grid).map { min(1, $0) * Float(mu) }
  }
  guard map.contains(where: { $0 > 0 }) else {
    throw Problem(
      .data, "attenuation", "nothing of it lies in the camera's field",
      expected: "a head or a map in the space of \(fileName)")
  }
  return map
}

/// How much of an image's sum arrived on the camera's grid.
private func massShare(_ onCamera: [Float], _ grid: Grid, of image: Volume) -> Double {
  let there = onCamera.reduce(0.0) { $0 + Double($1) } * grid.voxelVolume
  let here = image.values.reduce(0.0) { $0 + Double($1) } * image.grid.voxelVolume
  // The mean over places is not exact to the last per cent.
  let share = there / here
  return share > 0.98 ? 1 : share
}
