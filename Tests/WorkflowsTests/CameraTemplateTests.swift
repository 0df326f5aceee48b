import Foundation
import ImageFiles
import Imaging
import Perfusion
import Study
import TestSupport
import Testing

/// A brain of 4 : 1 from real tissue maps through the camera; numbers T23 and T24 of the physics
/// notes, whose phantom this is.
@Suite(.enabled(if: RealData.isPresent)) struct CameraTemplateTests {
  let acquisition: Acquisition
  let activity: [Float]
  let water: [Float]
  /// Voxels of grey and of white matter.
  let grey: [Int]
  let white: [Int]

  /// 1 mm tissue maps in means of 4 mm on 64 × 64 × 48.
  init() throws {
    func mean(_ name: String) throws -> [Double] {
      let path = RealData.path(
        "templates-nilearn/mni_icbm152_\(name)_tal_nlin_sym_09a_converted.nii.gz")
      let v = try ImageReader.readVolume(path).volume
      var out = [Double](repeating: 0, count: 64 * 64 * 48)
      for k in 0..<v.grid.nz {
        for j in 0..<v.grid.ny {
          for i in 0..<v.grid.nx {
            let to = (i + 29) / 4 + 64 * ((j + 11) / 4 + 64 * ((k + 1) / 4))
            out[to] += Double(v.values[i + v.grid.nx * (j + v.grid.ny * k)])
          }
        }
      }
      return out.map { $0 / (64 * 255) }
    }
    let (g, w) = (try mean("gm"), try mean("wm"))
    activity = zip(g, w).map { Float(4 * $0 + $1) }
    grey = g.indices.filter { g[$0] > 0.7 }
    white = w.indices.filter { w[$0] > 0.85 }
    // Brain, and four voxels of skull and scalp around it.
    var head = zip(g, w).map { $0 + $1 > 0.25 }
    for _ in 0..<4 {
      let before = head
      for n in head.indices where !before[n] {
        let (i, j, k) = (n % 64, n / 64 % 64, n / 4096)
        head[n] =
          i > 0 && before[n - 1] || i < 63 && before[n + 1] || j > 0 && before[n - 64]
          || j < 63 && before[n + 64] || k > 0 && before[n - 4096] || k < 47 && before[n + 4096]
      }
    }
    water = head.map { $0 ? 0.15 : 0 }
    acquisition = try Acquisition(
      collimator: .named("symbia-lehr"), matrix: 64, slices: 48, pixel: 4)
  }

  func ratio(_ image: [Float]) -> Double {
    func mean(_ places: [Int]) -> Double {
      places.reduce(0.0) { $0 + Double(image[$1]) } / Double(places.count)
    }
    return mean(grey) / mean(white)
  }

  @Test func greyToWhiteOfEveryReconstruction() throws {
    #expect(grey.count == 10_204 && abs(white.count - 4_288) <= 1)
    #expect(abs(ratio(activity) - 2.978) < 0.001)
    let camera = try Projector(acquisition, attenuation: water, keepsTransmission: true)
    let flat = try Projector(
      acquisition, attenuation: water, blurs: false, keepsTransmission: true)
    let transmitted = camera.transmittedFraction(of: activity)
    #expect(abs(transmitted / 0.3635 - 1) < 0.01)
    let clean = try camera.projected(activity)
    let noisy = clean.scaled(by: 5e6 / clean.total).withPoissonNoise(seed: 1)
    #expect(abs(noisy.total - 5e6) < 4 * 5e6.squareRoot())
    for (name, p, values) in [
      ("noiseless", clean, [1.904, 1.706, 1.630, 1.627, 1.552, 1.726, 1.873]),
      ("5 M counts", noisy, [1.914, 1.714, 1.633, 1.631, 1.555, 1.730, 1.878]),
    ] {
      func fbp(_ lowPass: LowPass, chang: Bool = true) throws -> Double {
        ratio(try flat.filteredBackProjection(p, lowPass: lowPass, chang: chang))
      }
      let found = [
        try fbp(.none, chang: false), try fbp(.none),
        try fbp(.butterworth(cutoff: 0.5, order: 5)),
        try fbp(.butterworth(cutoff: 0.5, order: 10)),
        try fbp(.butterworth(cutoff: 0.4, order: 10)),
        ratio(try flat.orderedSubsets(p)), ratio(try camera.orderedSubsets(p)),
      ]
      for (f, v) in zip(found, values) { #expect(abs(f - v) < 0.05, "\(name): \(found)") }
    }
  }
}
