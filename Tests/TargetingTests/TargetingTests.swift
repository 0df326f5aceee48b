import Basics
import Connectivity
import Imaging
import Targeting
import TestSupport
import Testing

@Suite struct SiteTests {
  /// targeting.md 2.2, in mm.
  @Test(arguments: [
    ("Fox 2012 peak", "group optimum", 11.66), ("Fox 2012 peak", "5 cm rule", 29.88),
    ("group optimum", "Weigand 2018", 5.66), ("group optimum", "F3 cortex", 29.22),
    ("BA46", "BA9", 16.16), ("5 cm rule", "Fitzgerald 2009", 33.50),
    ("Fitzgerald 2009", "Rusjan 2010", 15.65),
  ])
  func distancesMatchTheTable(_ a: String, _ b: String, _ mm: Double) throws {
    let first = try #require(Sites.treatment.first { $0.name == a })
    let second = try #require(Sites.treatment.first { $0.name == b })
    #expect(abs(first.point.distance(to: second.point) - mm) < 0.01)
  }

  @Test func everyTreatmentSiteIsOnTheLeft() {
    for site in Sites.treatment { #expect(SideRule.mni.side(of: site.point) == .left) }
  }

  @Test func sideWords() {
    #expect(SideRule.mni.side(of: WorldPoint(-1.5, 0, 0)) == .left)
    #expect(SideRule.mni.side(of: WorldPoint(1.5, 0, 0)) == .right)
    #expect(SideRule.mni.side(of: WorldPoint(-1, 0, 0)) == .midline)
    let mask = SideRule.maskMidplane(x: 10)
    #expect(mask.side(of: WorldPoint(5, 0, 0)) == .midline)
    #expect(mask.side(of: WorldPoint(4, 0, 0)) == .left)
    #expect(mask.side(of: WorldPoint(16, 0, 0)) == .right)
    #expect(SideRule.unknown.side(of: WorldPoint(-40, 0, 0)) == .unknown)
  }
}

@Suite struct RecordTests {
  let record = TargetRecord(
    name: "one", note: "=cmd\tx", point: WorldPoint(-36, 40, 30), space: .mni152, side: .left,
    label: "Frontal_Mid_L", r: -0.41, method: "test")

  @Test func whatIsSavedLoadsAgain() throws {
    let text = JSON.object([("targets", .array([record.json]))]).text
    #expect(try TargetRecord.load(text, file: "t.json") == [record])
  }

  @Test func aMirroredCoordinateIsRefused() {
    var wrong = record
    wrong.point.x = 36
    let text = JSON.object([("targets", .array([wrong.json]))]).text
    #expect(throws: Problem.self) { try TargetRecord.load(text, file: "t.json") }
    #expect(throws: Problem.self) { try TargetRecord.load("{}", file: "t.json") }
  }

  @Test func tablesHoldNoTabsAndNoFormulas() {
    let lines = TargetRecord.tsv([record]).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[1].split(separator: "\t", omittingEmptySubsequences: false).count == 18)
    #expect(lines[1].contains("'=cmd\\u{9}x"))
    #expect(lines[1].contains("-36\t40\t30\tn/a\tn/a\tn/a\tn/a\tn/a\tn/a\tMNI152\tLEFT"))
  }
}

/// A head with sgACC, a known anticorrelated place and noise, stored in any axis order.
@Suite struct SearchTests {
  static let truth = WorldPoint(-39, 31, 39)

  static func run(_ axes: [Int], _ flips: Int, coupling: Double, seed: UInt64 = 3) throws -> Run {
    let spacing = 4.0
    let size = [36, 40, 32]
    let low = [-71.0, -69, -49]
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for c in 0..<3 {
      let w = axes[c]
      let negative = flips >> c & 1 == 1
      rows[w][c] = negative ? -spacing : spacing
      rows[w][3] = negative ? low[w] + spacing * Double(size[w] - 1) : low[w]
    }
    let n = axes.map { size[$0] }
    let grid = try #require(
      Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: Affine(rows: rows)))
    let mask = Mask(grid: grid, origin: "box") { grid.world(at: $0).z > -40 }
    let frames = 150
    var generator = SeededGenerator(seed: seed)
    let bursts = (0..<6).map { _ in (generator.uniform(), generator.uniform()) }
    let mood = (0..<frames).map { t -> Double in
      bursts.enumerated().reduce(0.0) { sum, b in
        let turns = Double(b.offset + 4) * 2 * Double(t) / Double(frames) + b.element.0
        return sum + (turns - turns.rounded(.down) < 0.5 ? 1 : -1) * (0.5 + b.element.1)
      }
    }
    var floats = [Float](repeating: 0, count: mask.count * frames)
    for place in 0..<mask.count {
      let w = grid.world(at: Int(mask.offsets[place]))
      // Noise belongs to the place in the head, not to the order in the file.
      let key = Int((w.x + 100) * 1e6 + (w.y + 200) * 1e3 + w.z + 100)
      var noise = SeededGenerator(seed: UInt64(key) &* 2_654_435_761 &+ seed)
      let inSeed = w.distance(to: Sites.sgACC.point) <= 12 ? 1.0 : 0
      let d = w.distance(to: Self.truth)
      let share = inSeed - coupling * (d < 14 ? 1 - d / 14 : 0)
      for t in 0..<frames {
        let e = noise.uniform() + noise.uniform() + noise.uniform() - 1.5
        floats[t * mask.count + place] = Float(1000 + 4 * e + share * mood[t])
      }
    }
    return Run(
      mask: mask, frameCount: frames, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: floats),
      mean: Volume(grid: grid, values: [Float](repeating: 1000, count: grid.count)))
  }

  static func search(_ run: Run) throws -> TargetSearchResult {
    var settings = TargetProtocol()
    settings.surrogateCount = 199
    let reduced = try ReducedSeries(
      run, Denoising(removesGlobalSignal: true, smoothingFWHM: settings.smoothingFWHM))
    return try searchTargets(reduced, settings, greyMatter: nil, atlas: nil, progress: .silent)
      .confirmed(reduced, settings)
  }

  @Test func theAnticorrelatedPlaceIsFoundWhateverTheStorageOrder() throws {
    var points: Set<WorldPoint> = []
    for (axes, flips) in [([0, 1, 2], 0), ([0, 1, 2], 1), ([2, 0, 1], 5), ([1, 2, 0], 7)] {
      let result = try Self.search(try Self.run(axes, flips, coupling: 1))
      let first = try #require(result.candidates.first)
      #expect(first.point.distance(to: Self.truth) <= 6)
      #expect(first.side == .left)
      #expect(first.r < -0.3)
      #expect(result.selected == 1)
      points.insert(
        WorldPoint(first.point.x.rounded(), first.point.y.rounded(), first.point.z.rounded()))
    }
    #expect(points.count == 1)
  }

  @Test func withoutCouplingNothingIsSelected() throws {
    var selected = 0
    for seed in 1...6 {
      let result = try Self.search(try Self.run([0, 1, 2], 0, coupling: 0, seed: UInt64(seed)))
      if result.selected != nil { selected += 1 }
    }
    #expect(selected <= 1)
  }
}
