import Basics
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

  /// targeting.md 7.3, the rows of the linear trend and of cosines with a confound in one model.
  @Test func goldenVectorsOfTrendAndCosines() throws {
    let n = 200
    func whole(_ factor: Int, _ modulus: Int) -> [Double] {
      (0..<n).map { Double(factor * $0 % modulus) / Double(modulus) - 0.5 }
    }
    let (a, b, c) = (whole(7919, 101), whole(6101, 89), whole(104_729, 97))
    let x = (0..<n).map { (i: Int) -> Double in
      let t = 2 * Double(i)
      let wave = sin(2 * Double.pi * 0.03 * t) + 0.5 * cos(2 * Double.pi * 0.005 * t)
      return wave + 0.2 * a[i] + 0.01 * Double(i) + 100
    }
    let y = (0..<n).map { (i: Int) -> Double in
      sin(2 * Double.pi * 0.06 * Double(i) + 0.7) + 0.3 * b[i]
    }
    struct Row {
      var denoising: Denoising
      var x: [Double]
      var y: [Double]
      var energies: (Double, Double)
      var r: Double?
    }
    let rows = [
      Row(
        denoising: Denoising(polort: 1, bandHertz: nil),
        x: [0.3187435286, 0.7678940734, -0.5806250787, 0.5200063139, 0.2701452829],
        y: [0.4294167791, 0.5141413099], energies: (123.77022778, 101.47473940), r: nil),
      Row(
        denoising: Denoising(
          polort: 1, bandHertz: nil, highPassHertz: 0.01,
          confounds: [NuisanceColumn(name: "c", values: c)]),
        x: [-0.7566580170, -0.2732088031, -0.0096766274, 0.0684111630, 0.3980741719],
        y: [-0.0873130156, 0.5593955826], energies: (95.76149153, 98.83377217), r: 0.750127710768),
    ]
    for row in rows {
      let projection = try Projection(row.denoising, frames: 0..<n, repetitionTimeSeconds: 2)
      let cx = projection.series(of: projection.coordinates(of: x))
      let cy = projection.series(of: projection.coordinates(of: y))
      for (at, value) in zip([0, 1, 50, 100, 199], row.x) { #expect(abs(cx[at] - value) < 1e-6) }
      for (at, value) in zip([0, 100], row.y) { #expect(abs(cy[at] - value) < 1e-6) }
      let xx = cx.reduce(0) { $0 + $1 * $1 }
      let yy = cy.reduce(0) { $0 + $1 * $1 }
      #expect(abs(xx - row.energies.0) < 1e-5 && abs(yy - row.energies.1) < 1e-5)
      if let r = row.r {
        let xy: Double = zip(cx, cy).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(xy / (xx * yy).squareRoot() - r) < 1e-8)
      }
    }
  }

  /// Goal G1: what the band excludes is gone to rounding.
  @Test func nothingIsLeftInTheStopBand() throws {
    let n = 200
    var generator = SeededGenerator(seed: 2)
    let x = (0..<n).map { _ in generator.uniform() }
    let projection = try Projection(Denoising(), frames: 0..<n, repetitionTimeSeconds: 2)
    let clean = projection.series(of: projection.coordinates(of: x))
    var stopped = 0.0
    for bin in stopBandBins(n, 2, 0.01...0.1) {
      var (re, im) = (0.0, 0.0)
      for t in 0..<n {
        let w = 2 * Double.pi * Double(bin * t % n) / Double(n)
        re += clean[t] * cos(w)
        im += clean[t] * sin(w)
      }
      stopped += (re * re + im * im) * 2 / Double(n)
    }
    #expect(stopped <= 1e-12 * clean.reduce(0) { $0 + $1 * $1 })
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
