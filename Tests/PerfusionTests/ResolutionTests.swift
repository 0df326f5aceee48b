import Basics
import Glibc
import Imaging
import Perfusion
import TestSupport
import Testing

/// spect.md T9–T13: noise of known smoothness.
@Suite struct ResolutionTests {
  /// White noise blurred by a kernel, and its inside, away from where the blur meets the edge.
  static func noise(
    _ n: (Int, Int, Int), spacing: (Double, Double, Double), fwhm: (Double, Double, Double),
    seed: UInt64, margin: Double = 12
  ) -> (volume: Volume, inside: Mask) {
    let grid = Small.grid(n.0, n.1, n.2, spacing: spacing)
    var generator = SeededGenerator(seed: seed)
    let white = (0..<grid.count).map { _ in
      Float(
        (-2 * log(1 - generator.uniform())).squareRoot()
          * cos(2 * Double.pi * generator.uniform()))
    }
    let volume = Volume(grid: grid, values: white).smoothed(fwhm: fwhm, noData: .zero)
    let inside = Mask(grid: grid, origin: "inside") { offset in
      let v = grid.index(at: offset)
      func isIn(_ i: Int, _ n: Int, _ s: Double) -> Bool {
        Double(min(i, n - 1 - i)) * s >= margin
      }
      return isIn(v.i, n.0, spacing.0) && isIn(v.j, n.1, spacing.1) && isIn(v.k, n.2, spacing.2)
    }
    return (volume, inside)
  }

  static func values(_ n: (volume: Volume, inside: Mask)) -> [Float] {
    n.inside.offsets.map { n.volume.values[Int($0)] }
  }

  @Test(arguments: [(8.0, 0.1243), (10.0, 0.0890), (12.0, 0.0677)])
  func noiseAfterBlur(_ fwhm: Double, _ sd: Double) {
    // T9.
    // Three realisations: one alone is uncertain by more than the 2 % asked for at 12 mm.
    let squares = (1...3).map { seed -> Double in
      let x = Self.values(
        Self.noise(
          (84, 84, 84), spacing: (3, 3, 3), fwhm: (fwhm, fwhm, fwhm), seed: UInt64(seed)))
      return x.reduce(0) { $0 + Double($1) * Double($1) } / Double(x.count)
    }
    let measured = (squares.reduce(0, +) / 3).squareRoot()
    #expect(abs(measured / sd - 1) < 0.02)
  }

  @Test func neighboursAreCorrelatedByOptics() throws {
    // T10.
    let n = Self.noise((84, 84, 84), spacing: (3, 3, 3), fwhm: (10, 10, 10), seed: 11)
    let curve = try nativeResolution(of: Self.values(n), in: n.inside).curve
    for (distance, r) in [(3.0, 0.883), (6.0, 0.607)] {
      let own = curve.filter { abs($0.distance - distance) < 1e-6 }.map(\.correlation)
      let mean = own.reduce(0, +) / Double(own.count)
      #expect(own.count == 3 && abs(mean - r) < 0.02)
    }
  }

  @Test func whatIsMissingIsAdded() throws {
    // T11.
    let n = Self.noise(
      (84, 84, 84), spacing: (3, 3, 3), fwhm: (5, 5, 5), seed: 21, margin: 24)
    let native = try nativeResolution(of: Self.values(n), in: n.inside)
    for axis in native.axes {
      #expect(abs((axis.fwhm ?? 0) / 5 - 1) < 0.04)
      #expect(abs((axis.firstDifferences ?? 0) / 5 - 1) < 0.04)
    }
    var averaging = Averaging(targetFWHM: 10, nativeFWHM: 5, grid: n.volume.grid)
    averaging.nativeFWHM = try #require(native.fwhm)
    #expect(abs(averaging.kernelFWHM.0 - 8.660) < 0.1)
    let all = Mask(grid: n.volume.grid, origin: "all") { _ in true }
    let out = all.volume(averaging.applied(to: n.volume.values, in: all))
    let measured = try nativeResolution(of: Self.values((out, n.inside)), in: n.inside)
    for axis in measured.axes {
      #expect(abs((axis.fwhm ?? 0) / 10 - 1) < 0.03)
    }
  }

  @Test func theAutocorrelationIsWiderByRootTwo() throws {
    // T12.
    let n = Self.noise((84, 84, 84), spacing: (3, 3, 3), fwhm: (8, 8, 8), seed: 31)
    let found = try nativeResolution(of: Self.values(n), in: n.inside)
    let model = try #require(found.model)
    #expect(abs(model.fullWidthAtHalfMaximum / 11.31 - 1) < 0.04)
    #expect(abs(model.kernelFWHM / 8 - 1) < 0.04)
    for axis in found.axes {
      #expect(abs((axis.autocorrelation ?? 0) / 8 - 1) < 0.04)
      #expect(abs((axis.firstDifferences ?? 0) / 8 - 1) < 0.04)
    }
    let again = try nativeResolution(of: Self.values(n), in: n.inside)
    #expect(again.axes == found.axes && again.model == found.model)
  }

  @Test func theExampleOfAFNI() {
    // T13.
    let model = MixedAutocorrelation(a: 0.578615, b: 6.37267, c: 14.402)
    // The model's own half height, by an independent root finder. AFNI prints 16.1453 because it
    // interpolates between the radii it looked at; that is 0.009 % more.
    #expect(abs(model.fullWidthAtHalfMaximum - 16.143_937_054) < 1e-6)
    #expect(abs(model.fullWidthAtHalfMaximum / 16.1453 - 1) < 1e-4)
    // And the fit finds these numbers back.
    let r = stride(from: 2.0, through: 40, by: 2).map { $0 }
    let fit = MixedAutocorrelation(distances: r, correlations: r.map { model.value(at: $0) })
    #expect(abs((fit?.fullWidthAtHalfMaximum ?? 0) - 16.1439) < 0.01)
    #expect(abs((fit?.a ?? 0) - 0.578615) < 0.01)
  }

  @Test func eachAxisHasItsOwn() throws {
    let n = Self.noise((80, 80, 60), spacing: (2, 3, 4), fwhm: (6, 9, 12), seed: 41)
    let found = try nativeResolution(of: Self.values(n), in: n.inside)
    for (axis, wanted) in zip(found.axes, [6.0, 9, 12]) {
      #expect(abs((axis.autocorrelation ?? 0) / wanted - 1) < 0.04)
      #expect(abs((axis.firstDifferences ?? 0) / wanted - 1) < 0.04)
    }
  }

  @Test func aRunIsMeasuredWithoutItsAnatomyAndDrift() throws {
    // Smooth anatomy of 40 mm and a drift lie under noise of 7 mm.
    let size = (36, 36, 32)
    let anatomy = Self.noise(size, spacing: (3, 3, 3), fwhm: (40, 40, 40), seed: 51)
    let frames = (0..<24).map {
      Self.noise(size, spacing: (3, 3, 3), fwhm: (7, 7, 7), seed: UInt64(60 + $0))
    }
    let mask = anatomy.inside
    var floats: [Float] = []
    for (t, frame) in frames.enumerated() {
      let drift: Float = 20_000 * (1 + 0.01 * Float(t))
      for at in mask.offsets {
        let still: Float = 1000 + drift * anatomy.volume.values[Int(at)]
        floats.append(still + 10 * frame.volume.values[Int(at)])
      }
    }
    let run = Run(
      mask: mask, frameCount: 24, repetitionTimeSeconds: 2, samples: SampleStore(floats: floats),
      mean: anatomy.volume)
    let found = try nativeResolution(of: run)
    #expect(found.differenceOrder == 3 && found.frameCount == 21)
    for axis in found.axes {
      #expect(abs((axis.autocorrelation ?? 0) / 7 - 1) < 0.04)
      #expect(abs((axis.firstDifferences ?? 0) / 7 - 1) < 0.04)
    }
  }

  /// Slow fluctuations that are alike over centimetres lie over sharper noise, as in a real run: what a
  /// blur adds is found back.
  @Test func slowBloodDoesNotMakeARunCoarse() throws {
    let size = (30, 30, 26)
    let white = (0..<40).map {
      Self.noise(size, spacing: (3, 3, 3), fwhm: (4.5, 4.5, 4.5), seed: UInt64(300 + $0))
    }
    let blood = (0..<3).map {
      Self.noise(size, spacing: (3, 3, 3), fwhm: (20, 20, 20), seed: UInt64(400 + $0))
    }
    let mask = white[0].inside
    func run(_ fwhm: Double) -> Run {
      var floats: [Float] = []
      for (t, frame) in white.enumerated() {
        var values = frame.volume.values
        for (k, wave) in blood.enumerated() {
          // 0.01 to 0.03 of the sampling rate, at about the noise's own SD.
          let height = Float(3 * sin(2 * Double.pi * (0.01 * Double(k + 1)) * Double(t)))
          for n in values.indices { values[n] += height * wave.volume.values[n] }
        }
        let whole = Volume(grid: frame.volume.grid, values: values)
        let seen = fwhm == 0 ? whole : whole.smoothed(fwhm: fwhm, noData: .zero)
        floats += mask.offsets.map { 1000 + 10 * seen.values[Int($0)] }
      }
      return Run(
        mask: mask, frameCount: 40, repetitionTimeSeconds: 2, samples: SampleStore(floats: floats),
        mean: white[0].volume)
    }
    let own = try nativeResolution(of: run(0))
    for axis in own.axes {
      // A kernel of 4.5 mm that is sampled every 3 mm correlates neighbours as one of 4.3 mm.
      #expect(abs((axis.fwhm ?? 0) - 4.3) < 0.3 && !axis.isUpperLimit)
    }
    for fwhm in [6.0, 8] {
      for (axis, before) in zip(try nativeResolution(of: run(fwhm)).axes, own.axes) {
        let (x, y) = (try #require(axis.fwhm), try #require(before.fwhm))
        #expect(axis.isUpperLimit || abs((x * x - y * y).squareRoot() - fwhm) < 0.5)
      }
    }
    // A single image's structure cannot be told from its blur.
    let image = try nativeResolution(of: Self.values(white[0]), in: mask)
    #expect(image.axes.filter(\.isUpperLimit).count == 3)
    #expect(NativeBlur(image).isUpperLimit && !NativeBlur(own).isUpperLimit)
  }

  @Test func whatHasNoAnswerIsSaid() throws {
    let white = Self.noise((30, 30, 30), spacing: (3, 3, 3), fwhm: (0, 0, 0), seed: 71, margin: 0)
    let found = try nativeResolution(of: Self.values(white), in: white.inside)
    #expect(found.axes.allSatisfy { $0.fwhm == nil } && found.fwhm == nil)
    let flat = [Float](repeating: 3, count: white.inside.count)
    #expect(throws: Problem.self) { try nativeResolution(of: flat, in: white.inside) }
    let few = Mask(grid: white.volume.grid, origin: "few") { $0 < 100 }
    #expect(throws: Problem.self) {
      try nativeResolution(of: (0..<100).map(Float.init), in: few)
    }
  }
}
