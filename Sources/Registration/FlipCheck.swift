package import Basics
import Glibc
package import Imaging

/// Registers B to A as it is stored and mirrored about its own mid-plane, with the same effort, and compares how
/// much the one tells of the other in either case.
///
/// - Returns: `unknown` where the two cannot be told apart; nil where no brain was found in one of them.
package func flipCheck(
  _ a: Volume, _ b: Volume, brains: (a: Mask?, b: Mask?) = (nil, nil), progress: WorkProgress
) throws(Problem) -> SideAgreement? {
  progress.report("looking for the brains", 0)
  guard let brainA = brains.a ?? BrainFinder.brain(of: a)?.mask,
    let brainB = brains.b ?? BrainFinder.brain(of: b)?.mask
  else { return nil }
  try progress.check()
  let pair = FlipPair(a, brainA, b, brainB)
  let stored = try pair.registered(isMirrored: false) { (part) throws(Problem) in
    progress.report("as stored", 0.1 + 0.45 * part)
    try progress.check()
  }
  let mirrored = try pair.registered(isMirrored: true) { (part) throws(Problem) in
    progress.report("mirrored", 0.55 + 0.45 * part)
    try progress.check()
  }
  return pair.verdict(stored, mirrored)
}

/// Two brains on small grids, the second also mirrored.
struct FlipPair {
  private let levels: [(stored: QuickRigid, mirrored: QuickRigid)]
  /// The start that lays the brains' middles on each other.
  private let shift: WorldPoint
  private let blocks: [Int]

  struct Result {
    var quick: QuickRigid
    var parameters: QuickRigid.Parameters
    var nmi: Double
  }

  static let spacings = [8.0, 4.0]
  /// The edge of a block over which information is summed: some voxels, so that blocks tell apart from each other.
  static let blockMillimetres: Float = 12

  init(_ a: Volume, _ brainA: Mask, _ b: Volume, _ brainB: Mask) {
    let centre = brainA.centre
    let middle = brainB.centre
    shift = WorldPoint(middle.x - centre.x, middle.y - centre.y, middle.z - centre.z)
    var levels: [(QuickRigid, QuickRigid)] = []
    let small = (Self.smooth(a, brainA), Self.smooth(b, brainB))
    for spacing in Self.spacings {
      let places = Self.places(small.0, of: a.grid, brainA, spacing)
      let image = Self.image(small.1, brainB, spacing)
      let turned = Self.mirrored(image, about: middle.x)
      levels.append(
        (
          QuickRigid(places: places, image: image, centre: centre),
          QuickRigid(places: places, image: turned, centre: centre)
        ))
    }
    self.levels = levels
    let places = levels[levels.count - 1].0.places
    blocks = (0..<places.count).map { n in
      func part(_ x: Float) -> Int {
        wholeNumber(((x + 160) / Self.blockMillimetres).rounded(.down), in: 0...63)
      }
      return (part(places.z[n]) * 64 + part(places.y[n])) * 64 + part(places.x[n])
    }
  }

  /// The finest level: without anything beyond some millimetres around the brain.
  private static func smooth(_ v: Volume, _ brain: Mask) -> Volume {
    let spacing = spacings[spacings.count - 1]
    let s = v.grid.spacing
    func blur(_ mm: Double) -> Double { max(0, spacing * spacing - mm * mm).squareRoot() }
    // A mask's grid may be large, but not as large as to have no coarser one.
    let grid = brain.grid.upright(spacing: spacing, margin: 1) ?? brain.grid
    return v.kept(within: brain, margin: 5).smoothed(fwhm: (blur(s.0), blur(s.1), blur(s.2)))
      .resampled(to: grid, .linear)
  }

  /// A coarser level.
  private static func coarser(_ small: Volume, _ spacing: Double) -> Volume {
    let fine = spacings[spacings.count - 1]
    guard spacing > fine, let grid = small.grid.upright(spacing: spacing) else { return small }
    return small.smoothed(fwhm: (spacing * spacing - fine * fine).squareRoot())
      .resampled(to: grid, .linear)
  }

  private static func scale(_ v: Volume, _ brain: Mask) -> (low: Float, width: Float) {
    let inside = (0..<v.grid.count).compactMap { n -> Float? in
      guard let at = brain.grid.nearestVoxel(v.grid.world(at: n)), brain.contains(at),
        v.values[n].isFinite
      else { return nil }
      return v.values[n]
    }
    let low = min(0, boldspectPercentile(inside, 0.5) ?? 0)
    let high = boldspectPercentile(inside, 99.5) ?? 1
    return (low, max(high - low, .leastNormalMagnitude))
  }

  private static func places(
    _ finest: Volume, of field: Grid, _ brain: Mask, _ spacing: Double
  ) -> QuickRigid.Places {
    var out = QuickRigid.Places()
    let small = coarser(finest, spacing)
    let scale = scale(small, brain)
    let near = Sampler(brain.distanceMap, .linear)
    let c = brain.centre
    for n in 0..<small.grid.count {
      let w = small.grid.world(at: n)
      let value = small.values[n]
      guard value.isFinite, field.nearestVoxel(w) != nil, near.value(at: w) <= 6 else { continue }
      out.x.append(Float(w.x - c.x))
      out.y.append(Float(w.y - c.y))
      out.z.append(Float(w.z - c.z))
      let bin = (value - scale.low) / scale.width * Float(QuickRigid.bins)
      out.bins.append(UInt8(wholeNumber(bin, in: 0...QuickRigid.bins - 1)))
    }
    return out
  }

  private static func image(
    _ finest: Volume, _ brain: Mask, _ spacing: Double
  ) -> QuickRigid.Image {
    let small = coarser(finest, spacing)
    let scale = scale(small, brain)
    let top = Float(QuickRigid.bins - 1)
    return QuickRigid.Image(
      grid: small.grid,
      values: small.values.map {
        $0.isFinite ? max(0, min(top, ($0 - scale.low) / scale.width * top)) : 0
      })
  }

  /// The image as in a mirror that stands at `x`.
  static func mirrored(_ image: QuickRigid.Image, about x: Double) -> QuickRigid.Image {
    let g = image.grid
    var values = image.values
    for row in 0..<g.ny * g.nz {
      for i in 0..<g.nx { values[row * g.nx + i] = image.values[row * g.nx + g.nx - 1 - i] }
    }
    let m = g.worldFromVoxel.rows
    var rows = m
    rows[0][3] = 2 * x - (m[0][3] + Double(g.nx - 1) * g.spacing.0)
    return QuickRigid.Image(
      grid: Grid(dimensions: (g.nx, g.ny, g.nz), worldFromVoxel: Affine(rows: rows)) ?? g,
      values: values)
  }

  /// Several starts at the coarse level, the best of them at the fine one.
  func registered(
    isMirrored: Bool, told: (Double) throws(Problem) -> Void
  ) throws(Problem) -> Result {
    func quick(_ n: Int) -> QuickRigid { isMirrored ? levels[n].mirrored : levels[n].stored }
    var best = (QuickRigid.Parameters.zero, -1.0)
    // Nods, then tilts and turns: what a head does most in a scanner.
    let starts: [(Double, Double, Double)] = [
      (0, 0, 0), (12, 0, 0), (-12, 0, 0), (0, 12, 0), (0, -12, 0), (0, 0, 12), (0, 0, -12),
    ]
    for (n, start) in starts.enumerated() {
      try told(0.6 * Double(n) / Double(starts.count))
      let unit = Double.pi / 180 * QuickRigid.armMillimetres
      let p = QuickRigid.Parameters(
        start.0 * unit, start.1 * unit, start.2 * unit, shift.x, shift.y, shift.z, 0, 0)
      let found = quick(0).optimised(p, step: 4, tolerance: 0.5)
      if found.1 > best.1 { best = found }
    }
    try told(0.6)
    let fine = quick(1).optimised(best.0, step: 2, tolerance: 0.1)
    return Result(quick: quick(1), parameters: fine.0, nmi: fine.1)
  }

  /// The difference of information, block by block, over its standard error.
  func verdict(_ stored: Result, _ mirrored: Result) -> SideAgreement {
    let a = stored.quick.information(stored.parameters)
    let b = mirrored.quick.information(mirrored.parameters)
    var sums: [Int: Double] = [:]
    for n in blocks.indices { sums[blocks[n], default: 0] += a[n] - b[n] }
    let k = Double(sums.count)
    let total = sums.values.reduce(0, +)
    let mean = total / k
    let variance = sums.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, k - 1)
    let error = (variance * k).squareRoot()
    let margin = error > 0 ? total / error : 0
    let verdict: SideAgreement.Verdict =
      margin >= SideAgreement.leastMargin
      ? .same : margin <= -SideAgreement.leastMargin ? .mirrored : .unknown
    return SideAgreement(
      verdict: verdict, margin: margin, stored: stored.nmi, mirrored: mirrored.nmi)
  }
}
