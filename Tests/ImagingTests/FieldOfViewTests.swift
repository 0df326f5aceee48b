import Basics
import Imaging
import TestSupport
import Testing

/// What was not measured is no defect; air is an edge.
@Suite struct FieldOfViewTests {
  /// A brain of 100 in air of 2, of which slices from `cut` on were not scanned.
  static let grid = Small.grid(30, 28, 26, spacing: (3, 3, 4))

  static func isBrain(_ v: VoxelIndex) -> Bool {
    let (x, y, z) = (Double(v.i - 14) / 8, Double(v.j - 13) / 8, Double(v.k - 12) / 9)
    return x * x + y * y + z * z <= 1
  }

  static func run(cut: Int, air: Float = 2, empty: Float = 0) -> Run {
    let mask = Mask(grid: grid, origin: "m") {
      isBrain(grid.index(at: $0)) && grid.index(at: $0).k < cut
    }
    let mean = Small.volume(grid) { $0.k >= cut ? empty : isBrain($0) ? 100 : air }
    return Run(
      mask: mask, frameCount: 1, repetitionTimeSeconds: nil,
      samples: SampleStore(floats: mask.offsets.map { _ in 100 }), mean: mean)
  }

  static let fwhm = (10.0, 10.0, 10.0)

  @Test(arguments: [Float(0), .nan])
  func aMissingSlabIsNoDefectAndAirIsAnEdge(_ empty: Float) {
    let run = Self.run(cut: 14, empty: empty)
    let mask = run.mask
    #expect(mask.outsideField.contains(true))
    let seen = mask.volume(
      mask.seenThroughCamera([Float](repeating: 100, count: mask.count), fwhm: Self.fwhm))
    // In the middle of the cut it is as far from any defect as in the brain.
    #expect(abs(seen[VoxelIndex(14, 13, 13)] - 100) < 1)
    // At the rim against air half of the kernel sees none.
    #expect(seen[VoxelIndex(7, 13, 11)] < 66)
    // The whole brain, of which nothing is missing, falls at its top as a camera sees it.
    let whole = Self.run(cut: 26)
    #expect(whole.mask.outsideField.isEmpty)
    let all = whole.mask.volume(
      whole.mask.seenThroughCamera(
        [Float](repeating: 100, count: whole.mask.count), fwhm: Self.fwhm))
    #expect(all[VoxelIndex(14, 13, 21)] < 65)
    #expect(abs(all[VoxelIndex(7, 13, 8)] - seen[VoxelIndex(7, 13, 8)]) < 1)
  }

  @Test func theLastSliceThroughTheBrainIsNoEdge() {
    let grid = Small.grid(30, 28, 14, spacing: (3, 3, 4))
    let mask = Mask(grid: grid, origin: "m") { Self.isBrain(grid.index(at: $0)) }
    let values = [Float](repeating: 100, count: mask.count)
    let seen = mask.volume(mask.seenThroughCamera(values, fwhm: Self.fwhm))
    #expect(abs(seen[VoxelIndex(14, 13, 13)] - 100) < 1)
    #expect(seen[VoxelIndex(7, 13, 11)] < 66)
    let part = MeasuredPart(of: values, in: mask, fwhm: Self.fwhm)
    #expect(part.withoutData == 0 && part.atEdge > 100)
    #expect(part.words?.contains("\(part.atEdge) lie so near") == true)
    let inner = Mask(grid: grid, origin: "m") {
      let v = grid.index(at: $0)
      return Self.isBrain(v) && v.k < 5
    }
    #expect(MeasuredPart(of: inner.offsets.map { _ in 1 }, in: inner, fwhm: Self.fwhm).words == nil)
  }

  @Test func aHoleInTheDataStaysOneAndPullsNothingDown() {
    let run = Self.run(cut: 26)
    let mask = run.mask
    let hole = { (v: VoxelIndex) in abs(v.i - 14) < 3 && abs(v.j - 13) < 3 && abs(v.k - 12) < 3 }
    let values = mask.offsets.map { hole(Self.grid.index(at: Int($0))) ? Float.nan : 100 }
    let seen = mask.volume(mask.seenThroughCamera(values, fwhm: Self.fwhm))
    #expect(seen[VoxelIndex(14, 13, 12)].isNaN)
    #expect(abs(seen[VoxelIndex(11, 13, 12)] - 100) < 1)
    let part = MeasuredPart(of: values, in: mask, fwhm: Self.fwhm)
    #expect(part.withoutData == 125 && part.words?.contains("125 of \(mask.count)") == true)
    // The camera that blurs by itself is given the mean around it, and no wall of zeros.
    let filled = mask.filled(values, fwhm: 10)
    let middle = Self.grid.world(VoxelIndex(14, 13, 12))
    #expect(abs(filled.nearest(middle) - 100) < 1)
    #expect(mask.withoutData(values).reduce(0) { $0 + ($1 ? 1 : 0) } == 125)
  }

  @Test func aBackgroundThatWasSetToZeroSaysNothing() {
    #expect(Self.run(cut: 14, air: 0).mask.outsideField.isEmpty)
  }

  @Test func aSliceIsThatOfTheVolume() throws {
    let run = Self.run(cut: 14)
    let mask = run.mask
    var generator = SeededGenerator(seed: 6)
    let values = (0..<mask.count).map {
      $0 % 97 == 0 ? Float.nan : Float(generator.uniform() * 100)
    }
    let whole = mask.seenThroughCamera(values, fwhm: Self.fwhm)
    for (low, high) in [
      (VoxelIndex(0, 0, 13), VoxelIndex(99, 99, 13)),
      (VoxelIndex(14, 0, 0), VoxelIndex(14, 99, 99)),
    ] {
      let box = try #require(VoxelBox(low, high, in: Self.grid))
      let part = mask.seenThroughCamera(values, fwhm: Self.fwhm, in: box)
      var count = 0
      for (place, offset) in mask.offsets.enumerated() {
        let v = Self.grid.index(at: Int(offset))
        guard v.i >= low.i, v.i <= high.i, v.k >= low.k, v.k <= high.k else { continue }
        let (a, b) = (part.values[Int(offset)], whole[place])
        #expect(a.isNaN == b.isNaN)
        if a.isFinite { #expect(abs(a - b) < 1e-3) }
        count += 1
      }
      #expect(count > 100)
    }
  }

  @Test func beyondTheFieldTheCameraIsGivenTheMeanAroundIt() {
    let run = Self.run(cut: 14)
    let filled = run.mask.filled([Float](repeating: 100, count: run.mask.count), fwhm: 10)
    #expect(abs(filled.nearest(Self.grid.world(VoxelIndex(14, 13, 15))) - 100) < 1)
    #expect(filled.nearest(Self.grid.world(VoxelIndex(2, 13, 10))) == 0)
  }

  @Test func aTemplateTellsTheUnscannedBrainFromAir() {
    // Extracted: 0 all around, in the slices that were not scanned too.
    let bare = Self.run(cut: 14, air: 0)
    let run = bare.knowing { w in
      // The template's brain is 4 % larger.
      let (x, y, z) = ((w.x / 3 - 14) / 8.3, (w.y / 3 - 13) / 8.3, (w.z / 4 - 12) / 9.3)
      return x * x + y * y + z * z <= 1
    }
    func seen(_ mask: Mask, _ v: VoxelIndex) -> Float {
      mask.volume(
        mask.seenThroughCamera([Float](repeating: 100, count: mask.count), fwhm: Self.fwhm))[v]
    }
    #expect(bare.hasUnexplainedBackground && !run.hasUnexplainedBackground)
    #expect(abs(seen(run.mask, VoxelIndex(14, 13, 13)) - 100) < 2)
    #expect(seen(bare.mask, VoxelIndex(14, 13, 13)) < 70)
    // The rim between two outlines is air, as before.
    #expect(
      abs(seen(run.mask, VoxelIndex(7, 13, 8)) - seen(bare.mask, VoxelIndex(7, 13, 8))) < 1)
    // Elsewhere in the world it is the same run.
    let there = Small.grid(30, 28, 26, spacing: (3, 3, 4), origin: WorldPoint(50, 0, 0))
    #expect(run.on(there).mask.outsideField == run.mask.outsideField)
  }
}
