import Basics
import Glibc
import ImageFiles
import Imaging

/// Two images with their brains, ready for being laid on each other.
struct BrainPair {
  let moving: RegistrationInput
  let fixed: RegistrationInput
  let kind: RegistrationKind
  let movingBrain: FoundBrain?
  let fixedBrain: FoundBrain?
  let meter: LikenessMeter
  private let surfaces: (moving: BrainSurface, fixed: BrainSurface)?
  /// What elastix sees: without the skull where the other image has none.
  private let seen: (moving: Volume, fixed: Volume)
  private let masks: (moving: Volume?, fixed: Volume?)

  init(moving: RegistrationInput, fixed: RegistrationInput, _ kind: RegistrationKind) {
    self.moving = moving
    self.fixed = fixed
    self.kind = kind
    let a = moving.foundBrain()
    let b = fixed.foundBrain()
    (movingBrain, fixedBrain) = (a, b)
    if let a, let b {
      surfaces = (
        BrainSurface(a.mask, field: moving.volume.grid),
        BrainSurface(b.mask, field: fixed.volume.grid)
      )
    } else {
      surfaces = nil
    }
    // Two heads of one kind have everything in common; of two kinds only the brain.
    let isMixed = a != nil && b != nil && !(a?.kind == .wholeHead && b?.kind == .wholeHead)
    func stripped(_ image: RegistrationInput, _ brain: FoundBrain?) -> Volume {
      guard isMixed, let brain, brain.kind != .brainOnly else { return image.volume }
      return image.volume.kept(within: brain.mask, margin: 2)
    }
    seen = (stripped(moving, a), stripped(fixed, b))
    // Around a bare brain the darkness is what holds its size; around two heads the neck would pull.
    masks = (
      nil, isMixed || a == nil ? nil : b.map { fixed.volume.marked(within: $0.mask, margin: 15) }
    )
    meter = LikenessMeter(fixed: seen.fixed, moving: seen.moving)
  }

  /// The headers, or the brains' middles on each other where that is more alike.
  var start: Affine {
    let there =
      fixedBrain?.mask.centre ?? LikenessMeter(fixed: seen.moving, moving: seen.fixed).brightCentre
    let here = movingBrain?.mask.centre ?? meter.brightCentre
    guard let here, let there else { return .identity }
    let shift = Affine(
      spacing: (1, 1, 1), origin: WorldPoint(there.x - here.x, there.y - here.y, there.z - here.z))
    return meter.likeness(shift).nmi > meter.likeness(.identity).nmi ? shift : .identity
  }

  /// What elastix makes of a start.
  func registered(
    from start: Affine, _ effort: ElastixParameters, secondsAllowed: Double,
    progress: WorkProgress
  ) throws(Problem) -> Affine {
    guard let there = seen.moving.grid.carried(by: start) else {
      throw Problem(.data, moving.name, "its geometry cannot be inverted")
    }
    let pull = try Elastix.movingFromFixed(
      moving: Volume(grid: there, values: seen.moving.values), fixed: seen.fixed, masks: masks,
      kind,
      effort: effort, secondsAllowed: secondsAllowed, progress: progress)
    guard let back = pull.inverse else {
      throw Problem(.data, "elastix", "its result cannot be inverted")
    }
    return back.composed(after: start)
  }

  func fit(_ map: Affine) -> BrainFit? {
    surfaces.flatMap { BrainFit(moving: $0.moving, fixed: $0.fixed, map) }
  }

  /// How far apart other starts end, over the brain of MOVING.
  func spread(
    around found: Affine, _ restarts: Int, secondsAllowed: Double, progress: WorkProgress
  ) throws(Problem) -> (mean: Double, most: Double)? {
    let points = surfaces?.moving.inner ?? []
    guard restarts > 0, !points.isEmpty, let centre = fixedBrain?.mask.centre else { return nil }
    var (sum, count, most) = (0.0, 0, 0.0)
    for n in 0..<restarts {
      let sign = n % 2 == 0 ? 1.0 : -1
      let nudge = Affine.turn(
        degrees: WorldPoint(6 * sign, -4 * sign, 5), about: centre,
        shift: WorldPoint(5 * sign, 6, -5 * sign))
      // From a rigid start, so that sizes are found anew too.
      let again = try registered(
        from: nudge.composed(after: found.rigidPart(about: movingBrain?.mask.centre ?? centre)),
        .quick, secondsAllowed: secondsAllowed, progress: progress)
      for p in points {
        let d = again.applied(to: p).distance(to: found.applied(to: p))
        (sum, count, most) = (sum + d, count + 1, max(most, d))
      }
    }
    return (sum / Double(count), most)
  }

  /// Refuses a map that no human head needs.
  func requireHuman(_ map: Affine) throws(Problem) {
    guard
      let objection = HumanRange.objection(
        to: map, movingIsTemplate: moving.isTemplate, fixedIsTemplate: fixed.isTemplate)
    else { return }
    throw Problem(
      .data, moving.name, "registered to \(fixed.name), \(objection.found)",
      expected: objection.expected, remedy: remedy)
  }

  /// Refuses a map that lays a skull on a brain, or a brain beside the other.
  func requireBrainsMeet(_ fit: BrainFit?) throws(Problem) {
    guard let fit else { return }
    let words = "\(movingWords) and \(fixedWords)"
    guard HumanRange.brainRatio.contains(fit.volumeRatio) || fit.share < 0.7 else {
      throw Problem(
        .data, moving.name,
        "laid on \(fixed.name), its brain is \(plainNumber(fit.volumeRatio, 2)) times as large as the other: "
          + "the edge of a skull may have been taken for that of a brain (\(words))",
        expected: "two brains that fill each other", remedy: remedy)
    }
    guard fit.meanMillimetres <= HumanRange.surfaceMillimetres,
      fit.mostMillimetres <= HumanRange.mostMillimetres
    else {
      throw Problem(
        .data, moving.name,
        "laid on \(fixed.name), the two brains' surfaces are \(plainNumber(fit.meanMillimetres, 1)) mm apart on average, 95 % within \(plainNumber(fit.mostMillimetres, 1)) mm (\(words))",
        expected:
          "at most \(plainNumber(HumanRange.surfaceMillimetres, 0)) and \(plainNumber(HumanRange.mostMillimetres, 0)) mm",
        remedy: remedy)
    }
  }

  private var remedy: String {
    "Give masks of both brains with --moving-mask and --fixed-mask, or bring a matrix in with `boldspect transform import`"
  }
  private var movingWords: String { "MOVING shows \(movingBrain?.kind.rawValue ?? "no brain")" }
  private var fixedWords: String { "FIXED shows \(fixedBrain?.kind.rawValue ?? "no brain")" }

  /// Why nothing says how far the brains are apart.
  var unseen: String {
    // Names of files may be a person's, and this goes into the transform's sidecar.
    let missing = [(movingBrain, "MOVING"), (fixedBrain, "FIXED")].filter { $0.0 == nil }.map(\.1)
    return missing.isEmpty
      ? "too little of both brains is in both images to say how far they are apart"
      : "no brain was found in \(missing.joined(separator: " and ")): nothing but your eyes tells whether it is right"
  }

  func warnings(_ r: Registration) -> [String] {
    var out: [String] = []
    if r.fit == nil { out.append(unseen) }
    if r.after.overlap < 0.7 {
      out.append(
        "only \(plainNumber(100 * r.after.overlap, 0)) % of MOVING's bright part lies inside FIXED: look at it"
      )
    }
    out += HumanRange.warnings(
      r.fixedFromMoving, about: meter.brightCentre ?? WorldPoint(0, 0, 0))
    if let spread = r.spread, spread.most > 4 {
      out.append(
        "other starts end up to \(plainNumber(spread.most, 1)) mm elsewhere: it is not certain")
    }
    if r.after.nmi < r.before.nmi - 0.005 {
      out.append("the images are less alike than before: do not use it without looking")
    }
    return out
  }
}

extension Volume {
  /// Nothing (0) beyond a margin in millimetres around a mask.
  func kept(within mask: Mask, margin: Double) -> Volume {
    let near = Sampler(mask.distanceMap, .linear)
    return Volume(
      grid: grid,
      values: [Float](unsafeUninitializedCapacity: grid.count) { out, count in
        for n in 0..<grid.count {
          out[n] = near.value(at: grid.world(at: n)) <= Float(margin) ? values[n] : 0
        }
        count = grid.count
      })
  }

  /// 1 within a margin in millimetres around a mask, on this grid.
  func marked(within mask: Mask, margin: Double) -> Volume {
    Volume(grid: grid, values: [Float](repeating: 1, count: grid.count)).kept(
      within: mask, margin: margin)
  }
}

extension Mask {
  /// Distance in millimetres to the nearest voxel of the mask.
  var distanceMap: Volume {
    Volume(grid: grid, values: distances(toSet: places.map { $0 >= 0 }, grid))
  }
}

extension Affine {
  /// The turn and shift of a map that also scales: what it does to a place, with directions at right angles and of
  /// their own lengths (its polar part, by Newton's iteration: Higham 1986).
  func rigidPart(about p: WorldPoint) -> Affine {
    var q = Affine(rows: rows.map { Array($0[0..<3]) + [0] })
    for _ in 0..<30 {
      guard let back = q.inverse else { return self }
      let (a, b) = (q.rows, back.rows)
      q = Affine(rows: (0..<3).map { r in (0..<3).map { (a[r][$0] + b[$0][r]) / 2 } + [0] })
    }
    let (goal, turned) = (applied(to: p), q.applied(to: p))
    var out = q.rows
    for axis in 0..<3 { out[axis][3] = goal[axis] - turned[axis] }
    return Affine(rows: out)
  }
}
