import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct DenoisingTests {
  /// targeting.md 1.3: stop-band regressors and what is left of polort 2.
  @Test(arguments: [
    (150, 2.0, 97, 50), (200, 2.0, 129, 68), (240, 2.0, 155, 82), (300, 2.0, 193, 104),
    (600, 1.0, 493, 104), (600, 0.8, 515, 82), (1200, 0.72, 1043, 154),
  ])
  func degreesOfFreedomMatchTheTable(_ n: Int, _ tr: Double, _ stop: Int, _ left: Int) throws {
    let bins = stopBandBins(n, tr, 0.01...0.1)
    let columns = bins.reduce(0) { $0 + (2 * $1 == n ? 1 : 2) }
    #expect(columns == stop)
    let projection = try Projection(Denoising(), frames: 0..<n, repetitionTimeSeconds: tr)
    #expect(projection.degreesOfFreedom == left)
  }

  /// targeting.md 7.3, the row of the 3dTproject model.
  @Test func goldenVectorOfOneJointProjection() throws {
    let n = 200
    let t = (0..<n).map { 2 * Double($0) }
    func whole(_ factor: Int, _ modulus: Int) -> [Double] {
      (0..<n).map { Double(factor * $0 % modulus) / Double(modulus) - 0.5 }
    }
    let (a, b, c) = (whole(7919, 101), whole(6101, 89), whole(104_729, 97))
    let x = (0..<n).map { (i: Int) -> Double in
      let wave = sin(2 * Double.pi * 0.03 * t[i])
      let slow = 0.5 * cos(2 * Double.pi * 0.005 * t[i])
      return wave + slow + 0.2 * a[i] + 0.01 * Double(i) + 100
    }
    let y = (0..<n).map { (i: Int) -> Double in
      sin(2 * Double.pi * 0.03 * t[i] + 0.7) + 0.3 * b[i]
    }
    let projection = try Projection(
      Denoising(confounds: [NuisanceColumn(name: "c", values: c)]), frames: 0..<n,
      repetitionTimeSeconds: 2)
    #expect(projection.rank == 133)
    func energy(_ c: [Double]) -> Double { c.reduce(0) { $0 + $1 * $1 } }
    let cx = projection.coordinates(of: x)
    let cy = projection.coordinates(of: y)
    let clean = projection.series(of: cx)
    for (at, value) in [
      (0, -0.1912774854), (1, -0.1552390323), (50, 0.1215043215), (100, 0.0145997139),
      (199, -0.0932807886),
    ] { #expect(abs(clean[at] - value) < 1e-6) }
    #expect(abs(energy(cx) - 94.47542936) < 1e-5)
    #expect(abs(energy(cy) - 96.60637085) < 1e-5)
    let dot: Double = zip(cx, cy).reduce(0) { $0 + $1.0 * $1.1 }
    let r = dot / (94.47542936 * 96.60637085).squareRoot()
    #expect(abs(r - 0.756615551161) < 1e-8)
  }

  @Test func redundantConfoundsAreNamed() throws {
    let ramp = (0..<100).map(Double.init)
    let projection = try Projection(
      Denoising(
        bandHertz: nil,
        confounds: [
          NuisanceColumn(name: "ramp", values: ramp),
          NuisanceColumn(name: "still", values: [Double](repeating: 3, count: 100)),
        ]), frames: 0..<100, repetitionTimeSeconds: nil)
    #expect(projection.degreesOfFreedom == 97)
    #expect(
      projection.report.unused == [
        RankReport.Unused(name: "ramp", reason: "already explained by drift and filter"),
        RankReport.Unused(name: "still", reason: "constant"),
      ])
  }

  @Test func aBandWithoutARepetitionTimeIsRefused() {
    let problem = #expect(throws: Problem.self) {
      try Projection(Denoising(), frames: 0..<100, repetitionTimeSeconds: nil)
    }
    #expect(problem?.sentence.contains("--tr") == true)
  }

  @Test func tooManyColumnsAreRefused() {
    #expect(throws: Problem.self) {
      try Projection(
        Denoising(bandHertz: 0.03...0.031), frames: 0..<40, repetitionTimeSeconds: 2)
    }
    #expect(throws: Problem.self) {
      try Projection(Denoising(bandHertz: nil), frames: 0..<9, repetitionTimeSeconds: 2)
    }
  }

  @Test func fisherZOfTheTable() {
    for (r, z) in [
      (0.1, 0.1003353477), (0.5, 0.5493061443), (0.9, 1.4722194896), (-0.25, -0.2554128119),
    ] {
      #expect(abs(fisherZ(r) - z) < 1e-9)
    }
    #expect(fisherZ(1).isFinite)
  }

  @Test func confoundTablesAreReadAndRefused() throws {
    let text = "trans_x\tfd\tcsf\n0.1\tn/a\t1\n0.2\t0.3\t2\n0.3\t0.1\tn/a\n"
    let table = try Confounds(tsv: text, file: "c.tsv")
    #expect(table.names == ["trans_x", "fd", "csf"])
    let columns = try table.selected(["fd", "trans_x"], frameCount: 3, file: "c.tsv")
    #expect(columns[0].values == [0, 0.3, 0.1])
    #expect(columns[1].isMotion && !columns[0].isMotion)
    for (wanted, frames) in [(["csf"], 3), (["none"], 3), (["fd"], 4)] {
      #expect(throws: Problem.self) {
        try table.selected(wanted, frameCount: frames, file: "c.tsv")
      }
    }
    #expect(throws: Problem.self) { try Confounds(tsv: "a\tb\n1\n", file: "c.tsv") }
    #expect(throws: Problem.self) { try Confounds(tsv: "", file: "c.tsv") }
  }
}
