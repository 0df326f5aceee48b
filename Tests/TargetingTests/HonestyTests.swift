import Basics
import Connectivity
import Dispatch
import Glibc
import Imaging
import Phantoms
import Synchronization
import Targeting
import Testing

/// Small, fixed versions of what `boldspect-bench honesty targets` measures on thousands of people.
@Suite struct HonestyTests {
  struct Outcome: Sendable {
    var truth: WorldPoint?
    var point: WorldPoint?
    var p: Double
    var isSelected: Bool
    var radius: Double?
    var split: Double?
  }

  static func outcomes(_ requests: [PhantomRequest]) -> [Outcome] {
    let found = Mutex<[Int: Outcome]>([:])
    DispatchQueue.concurrentPerform(iterations: requests.count) { n in
      let person = PhantomPerson(requests[n])
      let table = Confounds(
        names: person.motion.map(\.name), columns: person.motion.map(\.values))
      var settings = TargetProtocol()
      settings.surrogateCount = 299
      guard
        let columns = try? table.selected(
          NuisancePreset.twentyFour.columnNames(in: table, file: "phantom"),
          frameCount: person.run.frameCount, file: "phantom"),
        let reduced = try? ReducedSeries(
          person.run,
          Denoising(
            removesGlobalSignal: true, confounds: columns, smoothingFWHM: settings.smoothingFWHM)),
        let result = try? searchTargets(
          reduced, settings, greyMatter: nil, atlas: nil, progress: .silent
        ).confirmed(reduced, settings)
      else { return }
      let one = Outcome(
        truth: person.truth, point: result.candidates.first?.point,
        p: result.candidates.first?.regionWideP ?? 1, isSelected: result.isDetected,
        radius: result.confidence?.radius95Millimetres,
        split: result.confidence?.splitMillimetres)
      found.withLock { $0[n] = one }
    }
    return requests.indices.compactMap { n in found.withLock { $0[n] } }
  }

  /// Random phases of the seed's series gave p ≤ 0.05 in one of four such people.
  @Test func peopleWithoutASiteGetNoTargetHoweverLongTheyAreScanned() {
    let structures: [PhantomStructure] = [.mixed, .respiration, .motion, .networks]
    let all = Self.outcomes(
      (0..<40).map { n -> PhantomRequest in
        PhantomRequest(
          seed: UInt64(900_000 + n), structure: structures[n % 4], minutes: 24,
          voxelMillimetres: 4, coupling: 0, repetitionTimeSeconds: 3)
      })
    #expect(all.count == 40)
    #expect(all.filter { $0.p <= 0.05 }.count <= 4)
    #expect(all.filter(\.isSelected).count <= 2)
    // Not by never passing anything: p is spread over its whole range.
    #expect(all.filter { $0.p <= 0.5 }.count >= 8)
  }

  @Test func theRadiusHoldsTheSite() throws {
    let all = Self.outcomes(
      (0..<48).map { n -> PhantomRequest in
        let minutes: Double = n % 2 == 0 ? 12 : 24
        let voxel: Double = n % 3 == 0 ? 3 : 4
        let coupling: Double = n % 4 == 3 ? 0.35 : 0.5
        return PhantomRequest(
          seed: UInt64(910_000 + n), structure: PhantomStructure.allCases[n % 6],
          minutes: minutes, voxelMillimetres: voxel, coupling: coupling, repetitionTimeSeconds: 3)
      })
    let selected = all.filter(\.isSelected)
    #expect(selected.count >= 36)
    var covered = 0
    var radii: [Double] = []
    for one in selected {
      let error = try #require(one.point).distance(to: try #require(one.truth))
      let radius = try #require(one.radius)
      radii.append(radius)
      if error <= radius { covered += 1 }
    }
    #expect(covered * 100 >= selected.count * 88, "\(covered) of \(selected.count)")
    // A radius that always holds because it is huge says nothing.
    #expect(radii.sorted()[radii.count / 2] < 8)
  }

  @Test func aPersonIsTheSameTwice() {
    let request = PhantomRequest(
      seed: 3, structure: .mixed, minutes: 6, voxelMillimetres: 4, coupling: 0.5)
    let twice = Self.outcomes([request, request])
    #expect(twice.count == 2)
    #expect(twice[0].p == twice[1].p && twice[0].radius == twice[1].radius)
    #expect(twice[0].point == twice[1].point)
  }
}

@Suite struct RadiusTests {
  /// A region of 4 mm voxels with a strong place, and null maps of nothing but zeros.
  func radius(printedAway: Double, maps count: Int = 60) throws -> Double? {
    let grid = try #require(
      Grid(
        dimensions: (12, 12, 12),
        worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(0, 0, 0))))
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    let region = RegionMap(
      places: Array(0..<mask.count), mask: mask, settings: TargetProtocol())
    let centre = WorldPoint(22, 22, 22)
    let r = region.points.map { p -> Float in
      -0.6 * max(0, 1 - Float(p.distance(to: centre)) / 16)
    }
    let maps = (0..<count).map { _ in
      (values: [Float](repeating: 0, count: r.count), rWithSeed: Float(0))
    }
    let null = OwnBrainNull(
      extremes: [0.1], median: 0, controlCount: 30, controlShare: 1, maps: maps)
    let printed = WorldPoint(centre.x + printedAway, centre.y, centre.z)
    return try TargetRadius(
      map: r, region: region, null: null, target: (printed, centre), voxel: grid.spacing,
      count: TargetRadius.mostMaps, randomSeed: 1, progress: .silent
    ).millimetres
  }

  @Test func theRadiusIsOfThePrintedPlace() throws {
    let near = try #require(try radius(printedAway: 0))
    let far = try #require(try radius(printedAway: 3.4))
    #expect(near > 0.5 && near < 4)
    #expect(far > 3.4)
    #expect(far > near + 1)
  }

  /// A 95 % quantile of a few draws is none: of fewer than 59 even the largest may lie below it.
  @Test func aFewMapsGiveNoRadius() throws {
    #expect(1 - pow(0.95, Double(TargetRadius.fewestMaps)) >= 0.95)
    #expect(1 - pow(0.95, Double(TargetRadius.fewestMaps - 1)) < 0.95)
    for count in [0, 1, 3, 58] { #expect(try radius(printedAway: 0, maps: count) == nil) }
    #expect(try radius(printedAway: 0, maps: 59) != nil)
    for count in [0, 59, 200] {
      try TargetRadius.require(maps: count, kind: .usage, subject: "--bootstrap")
    }
    for (count, words) in [
      (-1, "too few"), (1, "too few"), (58, "95 %"), (201, "more redrawn maps (201) than"),
    ] {
      do {
        try TargetRadius.require(maps: count, kind: .usage, subject: "--bootstrap")
        Issue.record("\(count) maps")
      } catch { #expect(error.sentence.contains(words), "\(error.sentence)") }
    }
  }

  @Test func redrawingCanBeCancelled() throws {
    let person = PhantomPerson(
      PhantomRequest(
        seed: 4, structure: .mixed, minutes: 6, voxelMillimetres: 4, coupling: 0.5))
    let settings = TargetProtocol()
    let reduced = try ReducedSeries(
      person.run, Denoising(removesGlobalSignal: true, smoothingFWHM: 4))
    let found = try searchTargets(
      reduced, settings, greyMatter: nil, atlas: nil, progress: .silent)
    let cancelled = WorkProgress(report: { _, _ in }, isCancelled: { true })
    #expect(throws: Problem.self) {
      _ = try found.confirmed(reduced, settings, progress: cancelled)
    }
    #expect(throws: Problem.self) {
      _ = try searchTargets(reduced, settings, greyMatter: nil, atlas: nil, progress: cancelled)
    }
  }
}

@Suite struct NullTests {
  @Test func aMaskTooSmallForOtherSeedsSelectsNothing() throws {
    let grid = try #require(
      Grid(
        dimensions: (20, 20, 20),
        worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(-70, -8, -22))))
    let mask = Mask(grid: grid, origin: "small") { offset in
      let p = grid.world(at: offset)
      return TargetPhantom.sgACC.distance(to: p) <= 13
        || TargetPhantom.centres.contains { $0.distance(to: p) <= 20 }
    }
    var generator = SeededGenerator(seed: 5)
    let values = (0..<mask.count * 150).map { _ in Float(100 + generator.uniform()) }
    let run = Run(
      mask: mask, frameCount: 150, repetitionTimeSeconds: 2, samples: SampleStore(floats: values),
      mean: Volume(grid: grid, values: [Float](repeating: 100, count: grid.count)))
    var settings = TargetProtocol()
    settings.percentile = 20
    let reduced = try ReducedSeries(run, Denoising(smoothingFWHM: 4))
    let result = try searchTargets(
      reduced, settings, greyMatter: nil, atlas: nil, progress: .silent
    ).confirmed(reduced, settings)
    #expect(!result.null.isKnown)
    #expect(result.candidates.allSatisfy { $0.regionWideP == 1 })
    #expect(result.selected == nil)
    #expect(result.reason?.contains("other seeds") == true, "\(result.reason ?? "")")
  }
}

@Suite struct BudgetTests {
  @Test func aPlaceThatDoesNotPassHasNoRadius() {
    let passed = TargetBudget(radius: 5, atLeast: nil, minutes: 30)
    #expect(passed.terms[0].status == .measured && passed.terms[0].millimetres == 5)
    #expect(passed.terms[1].status == .typical)
    let failed = TargetBudget(radius: nil, atLeast: 5, minutes: 6)
    #expect(failed.terms[0].status == .unknown)
    #expect(failed.terms[0].short.contains("≥ 5.0"))
    #expect(failed.terms[1].status == .unknown)
    #expect(
      abs(passed.togetherMillimetres - (25 + 100 + 36 + 0.09).squareRoot()) < 1e-9)
  }

  @Test func everyNumberNamesWhatItRestsOn() {
    for term in TargetBudget(radius: 5, atLeast: nil, minutes: 30).terms {
      #expect(!term.source.isEmpty)
      #expect(term.millimetres != nil || term.status == .unknown)
    }
    #expect(TargetEvidence.minutes(6.5 as Double?).contains("LESS THAN ALL PUBLISHED"))
    #expect(!TargetEvidence.minutes(41.0 as Double?).contains("LESS THAN ALL"))
    #expect(TargetEvidence.lines.allSatisfy { $0.contains("20") })
    // Evidence of one seed is none of another's.
    var other = TargetProtocol()
    for site in Sites.seeds {
      other.seed = .sphere(centre: site.point, radius: 6, name: site.name)
      #expect(other.isOfDepressionStudies == site.name.hasPrefix("sgACC"), "\(site.name)")
    }
    other.seed = .weighted(offsets: [0], weights: [1], name: "a group's map")
    #expect(other.isOfDepressionStudies)
    for (id, settings) in TargetProtocol.shipped {
      #expect((settings.evidence == TargetEvidence.lines) == id.hasPrefix("sgacc"), "\(id)")
      #expect(settings.minutesText(6.5).contains("LESS THAN ALL") == id.hasPrefix("sgacc"), "\(id)")
    }
  }

  @Test func aTargetThatMovesOrTurnsRoundGoesAway() {
    let here = (point: WorldPoint(-40, 40, 30), r: -0.4)
    func check(_ other: WorldPoint?, _ r: Double?) -> TargetCheck {
      TargetCheck(name: "without x", target: here, other: other, rAtTarget: r)
    }
    #expect(check(WorldPoint(-40, 44, 30), -0.3).outcome == .stays)
    #expect(check(WorldPoint(-40, 44, 30), -0.1).outcome == .weakens)
    // Another place comes first, and here nothing has changed.
    #expect(check(WorldPoint(-40, 64, 30), -0.4).outcome == .moves)
    #expect(check(WorldPoint(-40, 64, 30), -0.1).outcome == .goesAway)
    #expect(check(WorldPoint(-40, 44, 30), 0.3).outcome == .goesAway)
    #expect(check(nil, nil).outcome == .goesAway)
    #expect(check(nil, nil).words.contains("GOES AWAY"))
    #expect(check(nil, nil).warning == "GOES AWAY without x (no place)")
    #expect(
      check(WorldPoint(-40, 64, 30), 0.3).warning
        == "GOES AWAY without x (24.0 mm off; the sign flips, r here +0.30, was −0.40)")
    #expect(
      check(WorldPoint(-40, 64, 30), -0.3).words
        == "without x it MOVES: first place 24.0 mm off; r here −0.30, was −0.40")
  }

  /// The band's own series is all that a seed and a voxel share: without it nothing is left.
  @Test func slowBreathingIsTakenOut() throws {
    let grid = try #require(
      Grid(
        dimensions: (4, 4, 4),
        worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(0, 0, 0))))
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    var generator = SeededGenerator(seed: 6)
    let frames = 300
    var values = [Float](repeating: 0, count: mask.count * frames)
    for t in 0..<frames {
      // 0.03 Hz: 18 turns in 600 s; half of them the other way round.
      let wave = Float(sin(2 * Double.pi * Double(t * 18 % frames) / Double(frames)))
      for v in 0..<mask.count {
        values[t * mask.count + v] =
          100 + (v % 2 == 0 ? 1 : -1) * wave + 0.3 * Float(generator.uniform() - 0.5)
      }
    }
    let run = Run(
      mask: mask, frameCount: frames, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: values),
      mean: Volume(grid: grid, values: [Float](repeating: 100, count: grid.count)))
    let reduced = try ReducedSeries(run, Denoising())
    let seed = try #require(reduced.coordinates(ofMean: [0]))
    let with = reduced.correlations(with: seed)
    let without = try #require(
      BreathlessMap.correlations(reduced, seed: seed, places: Array(0..<mask.count)))
    #expect(with[1] < -0.9)
    #expect(abs(without[1]) < 0.6)
  }
}
