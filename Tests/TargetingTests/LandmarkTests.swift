import Basics
import Imaging
import Targeting
import TestSupport
import Testing

@Suite struct LandmarkTests {
  /// targeting.md 2.8, the website's form.
  @Test(arguments: [
    (36.0, 36.0, 57.0, 6.585, 9.500), (34, 34, 54, 6.238, 8.973), (38, 37, 59, 6.805, 9.877),
    (35, 36, 56, 6.481, 9.384),
  ])
  func beamF3OfTheTable(_ tt: Double, _ ni: Double, _ hc: Double, _ x: Double, _ y: Double) throws {
    let beam = try BeamF3(tragusTragus: tt, nasionInion: ni, circumference: hc)
    #expect(abs(beam.alongCircumferenceCentimetres - x) < 0.001)
    #expect(abs(beam.fromVertexCentimetres - y) < 0.001)
    #expect(abs(beam.adjustedFromVertexCentimetres - y - 0.35) < 0.001)
  }

  @Test func measuresThatNoHeadHasAreRefused() {
    #expect(throws: Problem.self) {
      try BeamF3(tragusTragus: 3.6, nasionInion: 36, circumference: 57)
    }
  }

  @Test func capsDisagreeAboutF3() throws {
    let all = ScalpLandmarks.Cap.allCases.compactMap { ScalpLandmarks.position("F3", $0) }
    #expect(all.count == 3)
    #expect(abs(all[0].distance(to: all[2]) - 16.47) < 0.1)
    for point in all { #expect(SideRule.mni.side(of: point) == .left) }
    #expect(ScalpLandmarks.position("F5", .okamoto2004) == nil)
  }
}
