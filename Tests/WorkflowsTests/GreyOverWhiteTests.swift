import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Study
import TestSupport
import Testing
import Workflows

/// Grey by white matter of what is simulated, against exact numbers of a blurred 4 : 1 brain.
@Suite struct GreyOverWhiteTests {
  /// A run on 2 mm whose fluctuations are far stronger in grey matter, as a person's are: a 4 : 1 template that
  /// they multiplied as they are would be more than 4 : 1.
  private static func run(_ grey: Volume, _ white: Volume, _ grid: Grid) -> Run {
    let g = grey.averaged(over: grid)
    let w = white.averaged(over: grid)
    var generator = SeededGenerator(seed: 4)
    let shown = (0..<grid.count).filter { g[$0] + w[$0] > 0.02 }
    let inside = Set(shown)
    let mask = Mask(grid: grid, origin: "test") { inside.contains($0) }
    let frames = 16
    var values = [Float](repeating: 0, count: frames * shown.count)
    for t in 0..<frames {
      for (n, place) in shown.enumerated() {
        let strength = 4 + 16 * g[place] + 2 * w[place]
        values[t * shown.count + n] = 1000 + strength * Float(generator.uniform() - 0.5)
      }
    }
    return Run(
      mask: mask, frameCount: frames, repetitionTimeSeconds: 3,
      samples: SampleStore(floats: values),
      mean: Volume(grid: grid, values: [Float](repeating: 1000, count: grid.count)))
  }

  /// Exact: 4·GM + WM blurred at 1 mm in double precision, means where GM > 0.8 and WM > 0.9.
  @Test(.enabled(if: RealData.isPresent, "needs ../shared/data"))
  func greyOverWhiteIsThatOfTheExactTables() throws {
    let folder = RealData.path("templates-nilearn")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    func tissue(_ word: String) throws -> Volume {
      let name = try #require(names.first { $0.contains(word) })
      let volume = try ImageReader.readVolume(folder + "/" + name).volume
      let high = volume.range?.high ?? 1
      return high <= 1
        ? volume : Volume(grid: volume.grid, values: volume.values.map { $0 / 255 })
    }
    let (grey, white) = (try tissue("_gm_"), try tissue("_wm_"))
    let fine = grey.grid
    let corner = fine.world(at: 0)
    let grid = try #require(
      Grid(
        dimensions: (fine.nx / 2, fine.ny / 2, fine.nz / 2),
        worldFromVoxel: Affine(
          spacing: (2, 2, 2),
          origin: WorldPoint(corner.x + 0.5, corner.y + 0.5, corner.z + 0.5))))
    let prepared = PreparedRun(
      run: Self.run(grey, white, grid), denoising: Denoising(), quality: RunQuality(nil, nil))
    for (fwhm, exact) in [(8.0, 1.824), (10, 1.626), (12, 1.482)] {
      // A voxel of 2 mm and reading between voxels blur by about 2 mm.
      let settings = AveragingSettings(
        averaging: Averaging(targetFWHM: fwhm, native: NativeBlur(given: 2)))
      let made = try simulateSPECT(
        of: prepared, proxy: .template(grey: grey, white: white), settings)
      let filled = Volume(
        grid: grid, values: made.volume.values.map { $0.isFinite ? $0 : 0 })
      let sampler = Sampler(filled, .linear)
      func mean(_ map: Volume, above level: Float) -> Double {
        var (sum, count) = (0.0, 0.0)
        for n in stride(from: 0, to: fine.count, by: 3) where map.values[n] > level {
          let v = Double(sampler.value(at: fine.world(at: n)))
          guard v.isFinite else { continue }
          sum += v
          count += 1
        }
        return sum / max(1, count)
      }
      let ratio = mean(grey, above: 0.8) / mean(white, above: 0.9)
      #expect(abs(ratio / exact - 1) < 0.03, "\(fwhm) mm: \(ratio), exact \(exact)")
    }
  }
}
