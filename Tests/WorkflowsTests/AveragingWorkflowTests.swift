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

/// Proxies, tier 1 and connectivity at a camera's resolution.
@Suite struct AveragingWorkflowTests {
  let grid = Small.grid(22, 20, 18, spacing: (3, 3, 3))

  /// Noise of every voxel's own, a signal that one corner shares, slow enough for the band.
  func run(_ frames: Int = 160) -> Run {
    var generator = SeededGenerator(seed: 8)
    let shared = (0..<frames).map { t in
      (0..<6).reduce(0.0) {
        $0 + sinTurns(Double(t * (3 + $1)) / Double(frames) + 0.13 * Double($1))
      }
    }
    return Small.run(grid, frames: frames, tr: 2) { t, v in
      let x = grid.index(at: v)
      let signal = x.i < 11 ? 6 * shared[t] : 0
      return Float(1000 + 10 * Double(x.k) + signal + 80 * (generator.uniform() - 0.5))
    }
  }

  private func sinTurns(_ x: Double) -> Double {
    let t = x - x.rounded(.down)
    // A parabola close enough to a sine for a signal.
    return t < 0.5 ? 16 * t * (0.5 - t) : -16 * (t - 0.5) * (1 - t)
  }

  func prepared(_ run: Run, band: ClosedRange<Double>? = 0.01...0.1) -> PreparedRun {
    PreparedRun(run: run, denoising: Denoising(bandHertz: band), quality: RunQuality(nil, nil))
  }

  @Test func bothSensesOfBlurredConnectivity() throws {
    let run = run()
    let prepared = prepared(run)
    let reduced = try prepared.cleaned()
    let averaging = Averaging(targetFWHM: 10, native: NativeBlur(given: 3))
    let seed = Seed.sphere(centre: WorldPoint(15, 30, 27), radius: 4, name: nil)
    let found = try blurredConnectivity(of: reduced, seed, averaging: averaging)
    // SERIES BLURRED is what cleaning frames that were blurred one by one gives.
    let frames = (0..<run.frameCount).flatMap { t in
      averaging.applied(
        to: run.samples.floats(t * run.voxelCount..<(t + 1) * run.voxelCount), in: run.mask)
    }
    let slow = Run(
      mask: run.mask, frameCount: run.frameCount, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: frames), mean: run.mean)
    let direct = try self.prepared(slow).cleaned().seedMap(seed).r
    let near = Set(try reduced.places(nearerThan: 10, to: seed))
    #expect(found.nearCount == near.count && near.count > 100)
    let seedVoxels = try seed.places(in: run.mask).map { grid.world(at: $0) }
    for v in 0..<run.voxelCount {
      let distance = seedVoxels.map { $0.distance(to: grid.world(at: v)) }.min() ?? 0
      #expect(near.contains(v) == (distance < 10 - 1e-6))
      if near.contains(v) {
        #expect(found.series[v].isNaN)
      } else {
        #expect(abs(found.series[v] - direct[v]) < 2e-4)
      }
    }
    // Correlations rise with the signal that neighbours share; the blurred map's do not.
    let place = grid.offset(VoxelIndex(3, 4, 4))
    #expect(found.series[place] > found.real.r[place] + 0.1)
    #expect(found.map[place] < found.series[place])
    let map = blurredSeedMap(found.real, averaging: averaging)
    #expect(map.values[place] == found.map[place])
  }

  @Test func proxiesAreNamedAndHonest() throws {
    let run = run()
    let prepared = prepared(run)
    var settings = AveragingSettings(
      averaging: Averaging(targetFWHM: 9, native: NativeBlur(given: 3)))
    let grey = Small.volume(grid) { $0.j < 10 ? 1 : 0 }
    let white = Small.volume(grid) { $0.j < 10 ? 0 : 1 }
    let asl = Small.volume(grid) { Float(40 + $0.i) }
    let names = try [
      PerfusionProxy.asl(asl), .template(grey: grey, white: white), .alff, .meanBOLD,
      .greyMatter(grey),
    ].map { proxy -> String in
      let s = try simulateSPECT(of: prepared, proxy: proxy, settings)
      #expect(s.banner.hasPrefix("SIMULATED FROM ") && s.banner.contains("proxy=\(proxy.name)"))
      #expect(s.banner.hasSuffix("NOT A PERFUSION MEASUREMENT"))
      #expect(!s.banner.contains("predicted"))
      #expect(s.banner.contains("T=none, one map") == !proxy.hasTime)
      // Sums survive, but for what leaves the grid.
      #expect(s.before.count == run.voxelCount)
      return proxy.name
    }
    #expect(Set(names).count == 5)
    // 4 GM + WM times the ratio of ALFF to that of its tissue, held between a half and two; each tissue keeps
    // its mean.
    let template = try proxyImage(.template(grey: grey, white: white), of: prepared, settings)
    let alff = try proxyImage(.alff, of: prepared, settings).values
    for (tissue, isHere) in [
      (Float(4), { grid.index(at: $0).j < 10 }), (1, { grid.index(at: $0).j >= 10 }),
    ] as [(Float, (Int) -> Bool)] {
      let places = (0..<run.voxelCount).filter(isHere)
      func mean(_ x: (Int) -> Float) -> Float {
        Float(places.reduce(0.0) { $0 + Double(x($1)) } / Double(places.count))
      }
      let usual = mean { alff[$0] }
      let held = { (v: Int) in min(2, max(0.5, alff[v] / usual)) }
      let left = mean(held)
      for v in places.filter({ $0 % 37 == 0 }) {
        #expect(abs(template.values[v] / (tissue * held(v) / left) - 1) < 1e-4)
      }
      #expect(abs(mean { template.values[$0] } / tissue - 1) < 1e-4)
    }
    // An amplitude of slow waves cannot be weighted like an uptake; the mean can.
    settings.average = .uptake(tauMinutes: 0.67)
    #expect(throws: Problem.self) { try simulateSPECT(of: prepared, proxy: .alff, settings) }
    let early = try proxyImage(.meanBOLD, of: prepared, settings)
    let weights = early.window.weights
    let direct = (0..<run.frameCount).reduce(0.0) {
      $0 + weights[$1] * run.samples.value(at: $1 * run.voxelCount + 77)
    }
    #expect(abs(Double(early.values[77]) - direct) < 1e-3)
    let nothing = Small.volume(grid) { _ in 0 }
    #expect(throws: Problem.self) {
      try simulateSPECT(of: prepared, proxy: .asl(nothing), settings)
    }
  }

  @Test func whatWasNotMeasuredIsNoDefectInAnyProxy() throws {
    let whole = run()
    // The last four slices were not scanned: 0 in every frame.
    let isMissing = { (v: Int) in grid.index(at: v).k >= 14 }
    let cut = Small.run(grid, frames: whole.frameCount, tr: 2) { t, v in
      isMissing(v) ? 0 : Float(whole.samples.value(at: t * whole.voxelCount + v))
    }
    let settings = AveragingSettings(
      averaging: Averaging(targetFWHM: 10, native: NativeBlur(given: 3)))
    let flow = Small.volume(grid) { $0.k >= 14 ? 0 : 50 }
    let fine = Small.grid(44, 40, 14, spacing: (1.5, 1.5, 3), origin: WorldPoint(-0.75, -0.75, 0))
    let grey = Small.volume(fine) { _ in 1 }
    for (proxy, expected) in [
      (PerfusionProxy.meanBOLD, nil), (.alff, nil), (.asl(flow), 50), (.greyMatter(grey), 1),
      (.template(grey: grey, white: Small.volume(grid) { _ in 0.1 }), nil),
    ] as [(PerfusionProxy, Float?)] {
      let found = try simulateSPECT(of: prepared(cut), proxy: proxy, settings)
      for v in 0..<grid.count where isMissing(v) {
        #expect(found.volume.values[v].isNaN, "\(proxy.name)")
      }
      let last = found.volume[VoxelIndex(11, 10, 13)]
      let before = found.before[grid.offset(VoxelIndex(11, 10, 13))]
      // Within what noise and slope do; zeros beyond would take nearly half of it.
      #expect(abs(last / (expected ?? before) - 1) < 0.3, "\(proxy.name) \(last) \(before)")
      let words = settings.averaging.findings(of: found.before, in: cut.mask)
      #expect(
        words.first?.code == "no-data"
          && words.first?.text.contains("\(4 * 22 * 20) of \(grid.count)") == true)
    }
  }

  @Test func saturationAndNoiseHaveTheirSize() throws {
    let flow = Small.volume(grid) { $0.i < 11 ? 30 : 90 }
    let prepared = prepared(run(20), band: nil)
    var settings = AveragingSettings(
      averaging: Averaging(targetFWHM: 9, native: NativeBlur(given: 9)))
    settings.lassen = try LassenUptake(alpha: 1.5)
    let uptake = try simulateSPECT(of: prepared, proxy: .asl(flow), settings)
    // Flow of 0.5 and 1.5 of the mean of 60.
    #expect(abs(uptake.volume[VoxelIndex(2, 5, 5)] / 60 - 0.625) < 1e-5)
    #expect(abs(uptake.volume[VoxelIndex(20, 5, 5)] / 60 - 1.25) < 1e-5)
    settings.noise = .percent(4)
    let noisy = try simulateSPECT(of: prepared, proxy: .asl(flow), settings)
    let again = try simulateSPECT(of: prepared, proxy: .asl(flow), settings)
    #expect(noisy.volume.values == again.volume.values)
    let mean = uptake.volume.values.reduce(0.0) { $0 + Double($1) } / Double(grid.count)
    let squares = zip(noisy.volume.values, uptake.volume.values).reduce(0.0) {
      $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
    }
    let sd = (squares / Double(grid.count)).squareRoot()
    #expect(abs(sd / mean - 0.04) < 0.008)
  }
}

/// The table of spect.md 1.5 on the tissue maps that it was made of.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct TemplateContrastTests {
  @Test func greyByWhiteMatter() throws {
    // T8.
    func map(_ kind: String) throws -> Volume {
      let v = try ImageReader.readVolume(
        RealData.path("templates-nilearn/mni_icbm152_\(kind)_tal_nlin_sym_09a_converted.nii.gz")
      ).volume
      return Volume(grid: v.grid, values: v.values.map { $0 / 255 })
    }
    let (g, w) = (try map("gm"), try map("wm"))
    let truth = zip(g.values, w.values).map { 4 * $0 + $1 }
    let grey = g.values.indices.filter { g.values[$0] > 0.8 }
    let white = w.values.indices.filter { w.values[$0] > 0.9 }
    #expect(grey.count == 538_136 && white.count == 303_432)
    func mean(_ x: [Float], _ at: [Int]) -> Double {
      at.reduce(0.0) { $0 + Double(x[$1]) } / Double(at.count)
    }
    let url = RealData.project.appending(path: "Tests/Reference/averaging.json")
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let head = try #require(all["head"] as? [String: Any])
    for (fwhm, gm, wm, ratio, recovery) in [
      (4.0, 3.1982, 1.2616, 2.535, 0.879), (6, 2.9721, 1.4083, 2.110, 0.817),
      (8, 2.8025, 1.5363, 1.824, 0.770), (10, 2.6699, 1.6420, 1.626, 0.734),
      (12, 2.5608, 1.7275, 1.482, 0.704), (14, 2.4675, 1.7959, 1.374, 0.678),
      (16, 2.3855, 1.8503, 1.289, 0.656),
    ] {
      let out = smoothedValues(truth, g.grid, fwhm: (fwhm, fwhm, fwhm), noData: .zero)
      let (a, b) = (mean(out, grey), mean(out, white))
      #expect(abs(a - gm) < 6e-5 && abs(b - wm) < 6e-5, "\(fwhm): \(a) \(b)")
      #expect(abs(a / b - ratio) <= 0.0005 + 1e-5)
      #expect(abs(a / mean(truth, grey) - recovery) <= 0.0005 + 1e-5)
      guard fwhm == 10 else { continue }
      for voxel in try #require(head["voxels_10"] as? [[String: Any]]) {
        let v = try #require(voxel["voxel"] as? [Int])
        let value = try #require(voxel["value"] as? Double)
        #expect(abs(Double(out[g.grid.offset(VoxelIndex(v[0], v[1], v[2]))]) - value) <= 4e-5)
      }
      let kept =
        out.reduce(0.0) { $0 + Double($1) } / truth.reduce(0.0) { $0 + Double($1) }
      #expect(abs(kept - 0.99986) < 1e-5)
    }
  }
}
