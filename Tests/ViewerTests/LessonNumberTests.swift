import Foundation
import Imaging
import TestSupport
import Testing
import Viewer

/// Numbers of the lesson that are measured on a picture, against closed forms.
@Suite struct LessonNumberTests {
  /// Two halves that meet in a plane, through a camera: the difference is an error function.
  private static func halves(_ fwhm: Double, meetAt y: Double) throws -> (Volume, Volume) {
    let grid = try #require(
      Grid(
        dimensions: (3, 121, 3),
        worldFromVoxel: Affine(spacing: (1, 1, 1), origin: WorldPoint(-1, -60, -1))))
    let sigma = fwhm / 2.354_820_045
    func half(_ sign: Double) -> Volume {
      Small.volume(grid) { v in
        let distance = Double(v.j) - 60 - y
        return Float(0.5 + 0.5 * erf(sign * distance / (sigma * 2.0.squareRoot())))
      }
    }
    return (half(-1), half(1))
  }

  private static func border(_ maps: (Volume, Volume), _ place: WorldPoint) -> LessonBorder? {
    let found = PairMaterial.difference(maps, through: place)
    return LessonBorder((found.y, found.r))
  }

  @Test(arguments: [8.0, 10, 15], [0.0, 3.5, -6])
  func theBorderOfAStepIsThatOfTheErrorFunction(_ fwhm: Double, _ y: Double) throws {
    let maps = try Self.halves(fwhm, meetAt: y)
    let found = try #require(Self.border(maps, WorldPoint(0, 0, 0)))
    #expect(abs(found.width - 2 * 0.674_49 * fwhm / 2.354_82) < 0.1, "\(found)")
    // It lies where the two halves meet.
    #expect(abs((found.ends.lowerBound + found.ends.upperBound) / 2 - y) < 0.1)
    // Whichever of the two is named first.
    let turned = Self.border((maps.1, maps.0), WorldPoint(0, 0, 0))
    #expect(turned.map { abs($0.width - found.width) < 1e-6 } == true)
  }

  @Test func mapsThatAreTheSameHaveNoBorder() throws {
    let maps = try Self.halves(10, meetAt: 0)
    #expect(Self.border((maps.0, maps.0), WorldPoint(0, 0, 0)) == nil)
    #expect(Self.border(maps, WorldPoint(500, 0, 0)) == nil)
  }

  /// At 0 the camera stands before the face, at 90 degrees at the right: columns run along (cos θ, −sin θ).
  @Test func aViewSaysWhichSideOfTheHeadLiesWhere() throws {
    let grid = Small.grid(2, 2, 1, spacing: (1, 1, 1), origin: WorldPoint(0, 0, 0))
    let made = CameraMaterial(
      counts: [Float](repeating: 1, count: 8), views: 8, columns: 1, rows: 1, row: 0,
      place: WorldPoint(0, 0, 0), millions: 1,
      truth: Volume(grid: grid, values: [1, 1, 1, 1]), images: [], filterFWHM: 8, truthRatio: nil)
    for (view, left, right) in [
      (0, "L", "R"), (1, "AL", "PR"), (2, "A", "P"), (4, "R", "L"), (6, "P", "A"), (8, "L", "R"),
    ] {
      #expect(made.sides(view) == (left, right), "\(view)")
    }
  }
}

/// What a plot draws in cells is as wide as the millimetres that it stands for.
@Suite struct LessonPlotTests {
  @Test(arguments: [12, 31, 45, 80, 160])
  func aBandIsAsWideAsItSays(_ columns: Int) throws {
    for flips in [false, true] {
      for width in stride(from: 1.0, through: 60, by: 0.7) {
        var plot = LessonPlot(title: "", xTitle: "x, mm", yTitle: "", curves: [])
        plot.xRange = -72...69
        plot.flipsX = flips
        let cell = 141 / Double(columns - 1)
        let drawn = bandColumns(-width / 2...width / 2, plot, columns)
        #expect(abs(Double(drawn.count) * cell - width) <= cell / 2 || drawn.count == 1)
        // Around the place that it is around.
        let middle = Double(drawn.lowerBound + drawn.upperBound - 1) / 2 * cell
        #expect(abs(middle - (flips ? 69 : 72)) <= cell, "\(columns) \(width)")
      }
    }
  }
}
