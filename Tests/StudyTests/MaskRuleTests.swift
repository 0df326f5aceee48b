import Basics
import Imaging
import Study
import TestSupport
import Testing

/// An image of values is no mask: of an anatomy, all that is not black would be brain.
@Suite struct MaskRuleTests {
  private let grid = Small.grid(30, 30, 30)

  private func isInside(_ v: VoxelIndex) -> Bool { (5..<20).contains(v.i) && v.j > 3 && v.k > 4 }

  @Test(arguments: [Float(1), 0.25, 255]) func oneNumberIsAMask(_ number: Float) throws {
    let found = try brainMask(
      Small.volume(grid) { isInside($0) ? number : 0 }, on: grid, fileName: "m")
    #expect(found.mask.count == 15 * 26 * 25 && found.findings.isEmpty)
  }

  @Test func valuesAreNoMask() {
    var random = SeededGenerator(seed: 4)
    for values in [
      // An anatomy of whole numbers, and a map of a tissue.
      (0..<grid.count).map { _ in Float(random.next() % 900) },
      (0..<grid.count).map { _ in Float(random.next() % 10_000) / 10_000 },
    ] {
      #expect {
        try brainMask(Volume(grid: grid, values: values), on: grid, fileName: "m")
      } throws: {
        ($0 as? Problem)?.sentence.contains("it is given as a mask and holds many values") == true
      }
    }
  }

  @Test func allLabelsAreAMask() throws {
    let found = try brainMask(
      Small.volume(grid) { isInside($0) ? Float(1 + 7 * ($0.j / 9)) : 0 }, on: grid, fileName: "m")
    #expect(found.mask.count == 15 * 26 * 25)
    #expect(found.findings.map(\.code) == ["mask-labels"])
  }

  /// The same in whole numbers: what interpolation left at an edge is no label.
  @Test func aBlurredEdgeOfWholeNumbersIsNoLabels() throws {
    let whole = Small.volume(grid) { v in
      let depth = min(v.i - 4, 26 - v.i, v.j - 4, 26 - v.j, v.k - 4, 26 - v.k)
      if depth < 0 { return 0 }
      return depth > 0 ? 255 : Float(20 + (7 * v.i + 5 * v.j + 3 * v.k) % 9 * 25)
    }
    let found = try brainMask(whole, on: grid, fileName: "m")
    #expect(found.findings.map(\.code) == ["mask-blurred"])
    #expect(found.mask.count == whole.values.count { $0 > 127.5 })
    // Two labels of which one is larger are labels all the same.
    let two = Small.volume(grid) { isInside($0) ? $0.i < 8 ? 1 : 2 : 0 }
    #expect(try brainMask(two, on: grid, fileName: "m").mask.count == 15 * 26 * 25)
  }

  /// Resampled between its numbers, a mask ends where half of it is left.
  @Test func aBlurredEdgeIsCutInTheMiddle() throws {
    let fine = Small.volume(grid) { v in
      !isInside(v) ? 0 : v.i == 5 ? 0.3 : v.i == 19 ? 0.7 : 1
    }
    let found = try brainMask(fine, on: grid, fileName: "m")
    #expect(found.mask.count == 14 * 26 * 25)
    #expect(found.findings.map(\.code) == ["mask-blurred"])
    #expect(found.findings.first?.severity == .warning)
  }
}
