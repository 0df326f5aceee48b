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

  @Test(arguments: [8.0, 10, 15], [0.0, 3.5, -6])
  func theBorderOfAStepIsThatOfTheErrorFunction(_ fwhm: Double, _ y: Double) throws {
    let maps = try Self.halves(fwhm, meetAt: y)
    let wide = try #require(PairMaterial.borderMillimetres(maps, through: WorldPoint(0, 0, 0)))
    #expect(abs(wide - 2 * 0.674_49 * fwhm / 2.354_82) < 0.05, "\(wide)")
    // Whichever of the two is named first.
    let turned = PairMaterial.borderMillimetres((maps.1, maps.0), through: WorldPoint(0, 0, 0))
    #expect(turned.map { abs($0 - wide) < 1e-6 } == true)
  }

  @Test func mapsThatAreTheSameHaveNoBorder() throws {
    let maps = try Self.halves(10, meetAt: 0)
    #expect(PairMaterial.borderMillimetres((maps.0, maps.0), through: WorldPoint(0, 0, 0)) == nil)
    #expect(PairMaterial.borderMillimetres(maps, through: WorldPoint(500, 0, 0)) == nil)
  }
}
