import Basics
import Foundation
import Imaging
import Perfusion
import Testing

/// Noise and reconstruction; numbers T22, T24 to T26 and T32 of the physics notes.
@Suite struct CameraReconstructionTests {
  /// FWHM in mm of a profile: parabola through the three highest, straight lines to its half (NEMA).
  static func fwhm(_ profile: [Float], pixel: Double) -> Double {
    let p = profile.map(Double.init)
    guard let top = p.indices.max(by: { p[$0] < p[$1] }), top > 0, top < p.count - 1 else {
      return .nan
    }
    let (l, m, r) = (p[top - 1], p[top], p[top + 1])
    let shift = 0.5 * (l - r) / (l - 2 * m + r)
    let half = (m - 0.25 * (l - r) * shift) / 2
    var left = top
    while left > 0, p[left] > half { left -= 1 }
    var right = top
    while right < p.count - 1, p[right] > half { right += 1 }
    let a = Double(left) + (half - p[left]) / (p[left + 1] - p[left])
    let b = Double(right) - (half - p[right]) / (p[right - 1] - p[right])
    return (b - a) * pixel
  }

  /// T22: a point in air by the ramp alone, in the middle and 73 mm off, and with low-passes.
  @Test func resolutionOfAPoint() throws {
    let a = try CameraObject.acquisition(matrix: 128, slices: 25, pixel: 3.32)
    let projector = try Projector(a, attenuation: nil)
    let finer = try Projector(
      CameraObject.acquisition("ecam-leuhr", matrix: 128, slices: 25, pixel: 3.32),
      attenuation: nil)
    func widths(
      _ i: Int, _ lowPass: LowPass, with projector: Projector
    ) throws -> (radial: Double, tangential: Double) {
      var image = [Float](repeating: 0, count: a.imageCount)
      let (j, k) = (64, 12)
      image[i + 128 * (j + 128 * k)] = 1
      let out = try projector.filteredBackProjection(
        projector.projected(image), lowPass: lowPass, chang: false)
      return (
        Self.fwhm((0..<128).map { out[$0 + 128 * (j + 128 * k)] }, pixel: a.pixel),
        Self.fwhm((0..<128).map { out[i + 128 * ($0 + 128 * k)] }, pixel: a.pixel)
      )
    }
    let middle = try widths(64, .none, with: projector)
    let off = try widths(86, .none, with: projector)
    #expect(abs(middle.radial - 10.0) < 0.4 && abs(middle.tangential - 10.0) < 0.4)
    #expect(abs(off.radial - 9.65) < 0.4 && abs(off.tangential - 7.71) < 0.4)
    #expect(abs(off.tangential / off.radial - 0.80) < 0.05)
    let finerOff = try widths(86, .none, with: finer)
    #expect(abs(finerOff.radial - 8.07) < 0.4 && abs(finerOff.tangential - 6.85) < 0.4)
    #expect(abs(try widths(64, .none, with: finer).radial - 8.3) < 0.4)
    for (lowPass, expected) in [
      (LowPass.butterworth(cutoff: 0.5, order: 5), 13.4),
      (.butterworth(cutoff: 0.5, order: 10), 14.4),
      (.butterworth(cutoff: 0.4, order: 10), 17.1), (.butterworth(cutoff: 0.35, order: 5), 17.2),
    ] {
      let found = try widths(64, lowPass, with: projector)
      #expect(abs(found.radial - expected) < 0.4, "\(lowPass.title): \(found)")
    }
  }

  /// T25: a uniform cylinder; means over rings of one activity.
  @Test func uniformityOfADisc() throws {
    let a = try CameraObject.acquisition(matrix: 64, slices: 24)
    let activity = CameraObject.cylinder(a, radius: 90, value: 1)
    let water = activity.map { $0 * 0.15 }
    func rings(_ image: [Float]) -> [Double] {
      [(0.0, 20.0), (30, 50), (60, 75)].map { low, high in
        var (sum, count) = (0.0, 0.0)
        for j in 0..<64 {
          for i in 0..<64 {
            let r = hypot((Double(i) - 31.5) * 4, (Double(j) - 31.5) * 4)
            if r >= low, r < high {
              sum += Double(image[i + 64 * (j + 64 * 12)])
              count += 1
            }
          }
        }
        return sum / count
      }
    }
    let camera = try Projector(a, attenuation: water, keepsTransmission: true)
    let p = try camera.projected(activity)
    let usual = LowPass.usual
    let plain = rings(try camera.filteredBackProjection(p, lowPass: usual, chang: false))
    let chang = rings(try camera.filteredBackProjection(p, lowPass: usual, chang: true))
    let unblurred = try Projector(a, attenuation: water, blurs: false, keepsTransmission: true)
    let osem = rings(try unblurred.orderedSubsets(p))
    for (found, expected) in [
      (plain, [0.263, 0.292, 0.390]), (chang, [0.988, 0.950, 0.940]),
      (osem, [1.002, 1.005, 1.011]),
    ] {
      for (f, e) in zip(found, expected) { #expect(abs(f - e) < 0.02, "\(found)") }
    }
    for value in osem.prefix(2) { #expect(abs(value - 1) < 0.01) }
  }

  /// T26: as many counts as asked for within the root of it, variance as large as the mean.
  @Test func poissonCounts() throws {
    let a = try CameraObject.acquisition(views: 40, matrix: 64, slices: 20)
    for mean in [0.3, 4, 9.9, 10.1, 60, 2e4, 1e7] {
      let flat = Projections(
        a, values: [Float](repeating: Float(mean), count: 40 * 64 * 20))
      let noisy = flat.withPoissonNoise(seed: 11)
      let expected = flat.total
      #expect(abs(noisy.total - expected) < 4 * expected.squareRoot(), "mean \(mean)")
      let n = Double(noisy.values.count)
      let found = noisy.total / n
      let variance =
        noisy.values.reduce(0.0) { $0 + pow(Double($1) - found, 2) } / n
      // Counts above 2²⁴ are rounded to what a float holds.
      #expect(abs(variance / mean - 1) < 0.02, "mean \(mean): \(variance)")
      #expect(noisy.values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    }
    // Against the formula, not only its first two moments.
    let flat = Projections(a, values: [Float](repeating: 12, count: 40 * 64 * 20))
    let noisy = flat.withPoissonNoise(seed: 5)
    var probability = exp(-12.0)
    for k in 0...30 {
      if k > 0 { probability *= 12 / Double(k) }
      let seen = Double(noisy.values.filter { $0 == Float(k) }.count)
      let wanted = probability * Double(noisy.values.count)
      #expect(abs(seen - wanted) < 5 * max(1, wanted).squareRoot(), "k = \(k)")
    }
  }

  /// T32: the same seed gives the same bytes, another one others, views differ.
  @Test func sameSeedSameBytes() throws {
    let a = try CameraObject.acquisition(views: 16, matrix: 32, slices: 9, pixel: 8)
    let activity = CameraObject.cylinder(a, radius: 80, value: 30)
    let water = activity.map { $0 * 0.005 }
    func run(_ seed: UInt64) throws -> ([Float], [Float], [Float]) {
      let projector = try Projector(a, attenuation: water, keepsTransmission: seed == 1)
      let p = try projector.projected(activity).withPoissonNoise(seed: seed)
      return (
        p.values, try projector.orderedSubsets(p, iterations: 2, subsets: 4),
        try projector.filteredBackProjection(p, lowPass: .usual, chang: true)
      )
    }
    let (first, again, other) = (try run(1), try run(1), try run(2))
    #expect(first.0 == again.0 && first.1 == again.1 && first.2 == again.2)
    #expect(first.0 != other.0)
    let perView = 32 * 9
    #expect(Array(first.0[..<perView]) != Array(first.0[perView..<2 * perView]))
    #expect(first.1.allSatisfy { $0 >= 0 && $0.isFinite })
  }

  @Test func recoverySharpensAndScatterIsAccountedFor() throws {
    let a = try CameraObject.acquisition(views: 60, matrix: 48, slices: 17)
    let image = CameraObject.image(a) { x, y, z in
      1 + (hypot(x - 30, y) <= 10 && abs(z) <= 10 ? 4.0 : 0)
    }.enumerated().map { n, v in
      let (i, j) = (n % 48, n / 48 % 48)
      return hypot((Double(i) - 23.5) * 4, (Double(j) - 23.5) * 4) < 80 ? v : 0
    }
    let full = try Projector(a, attenuation: nil)
    let sharp = try Projector(a, attenuation: nil, blurs: false)
    var p = try full.projected(image)
    let peak = 31 + 48 * (24 + 48 * 8)
    let without = try sharp.orderedSubsets(p)[peak]
    let with = try full.orderedSubsets(p)[peak]
    #expect(with > without * 1.1 && with < 8, "\(with) against \(without)")
    // A uniform background in every view, told to the reconstruction, leaves the image alone.
    let backgrounds = (0..<a.views).map { Float(0.1 * p.total(view: $0) / Double(48 * 17)) }
    for n in p.values.indices { p.values[n] += backgrounds[n / (48 * 17)] }
    let corrected = try sharp.orderedSubsets(p, background: backgrounds)[peak]
    let ignored = try sharp.orderedSubsets(p)[peak]
    #expect(abs(corrected / without - 1) < 0.005 && abs(ignored / without - 1) > 0.01)
  }

  @Test func filtersNameTheirConvention() throws {
    let amplitude = LowPass.butterworth(cutoff: 0.5, order: 5)
    let power = LowPass.butterworth(cutoff: 0.5, order: 5, .power)
    #expect(abs(amplitude.gain(0.5) - 0.5.squareRoot()) < 1e-12 && power.gain(0.5) == 0.5)
    #expect(amplitude.title == "ramp x Butterworth 0.5/cm order 5, amplitude 1/sqrt(1+(f/fc)^2n)")
    #expect(LowPass.none.title == "ramp")
    for wrong in [
      LowPass.butterworth(cutoff: 0, order: 5), .butterworth(cutoff: .nan, order: 5),
      .butterworth(cutoff: 0.5, order: 0),
    ] {
      #expect(throws: Problem.self) { try wrong.check() }
    }
  }
}
