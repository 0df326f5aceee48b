import Basics
import Connectivity
import Foundation
import Imaging

// What censoring leaves of couplings and amplitudes, with the program's own code.

/// `honesty censoring`.
func honestyCensoring() throws {
  print("r after censoring against r of the whole run, 1000 pairs with r about −0.2 to 0.8")
  print(
    "noise, frames × TR, share: joint degrees, RMS error | interpolated degrees, RMS error, P(0.05), "
      + "P(0.001) | default")
  for (frames, tr) in [(1200, 0.72), (260, 1.5), (200, 2.0)] {
    for kind in [NoiseKind.pink, .keptOut] {
      for share in [0.05, 0.1, 0.12, 0.2, 0.3] {
        try censoredCouplings(kind, share, frames, tr)
        fflush(nil)
      }
    }
  }
  print("ALFF and fALFF after censoring by those of the whole run, mean of 500 voxels")
  for (frames, tr) in [(200, 2.0), (260, 1.5), (600, 0.72)] {
    for kind in NoiseKind.allCases {
      var texts: [String] = []
      for share in [0.1, 0.3, 0.45] {
        texts.append(try censoredAmplitudes(kind, share, frames, tr))
      }
      print(
        "\(kind.rawValue), \(frames) × \(tr) s, 10 | 30 | 45 %: " + texts.joined(separator: " | "))
      fflush(nil)
    }
  }
}

/// Frames to leave out, in pieces of one to five.
private func gaps(_ share: Double, _ frames: Int) -> [Int] {
  var generator = SeededGenerator(seed: UInt64(share * 1000) + UInt64(frames))
  var out: Set<Int> = []
  while Double(out.count) < share * Double(frames) {
    let start = Int(generator.uniform() * Double(frames))
    out.formUnion(start..<min(frames, start + 1 + Int(generator.uniform() * 5)))
  }
  return out.sorted()
}

private func couplings(
  _ a: Run, _ b: Run, _ denoising: Denoising, _ mix: (Int) -> Double
) throws -> (r: [Double], p: [Double], degrees: Int) {
  let (x, y) = try (ReducedSeries(a, denoising), ReducedSeries(b, denoising))
  var (r, p): ([Double], [Double]) = ([], [])
  for v in 0..<a.voxelCount {
    guard let one = x.coordinates(ofMean: [v]), let two = y.coordinates(ofMean: [v]) else {
      continue
    }
    let rho = mix(v)
    r.append(correlation(one, zip(one, two).map { rho * $0 + (1 - rho * rho).squareRoot() * $1 }))
    p.append(
      normalTwoSidedP(
        correlationDeviate(
          correlation(one, two), observations: x.effectiveN(of: one, with: two))))
  }
  return (r, p, x.degreesOfFreedom)
}

private func censoredCouplings(
  _ kind: NoiseKind, _ share: Double, _ frames: Int, _ tr: Double
) throws {
  let voxels = 1000
  let a = try noiseRun(kind, voxels: voxels, frames: frames, tr: tr, seed: 31)
  let b = try noiseRun(kind, voxels: voxels, frames: frames, tr: tr, seed: 1 << 44)
  let mix = { (v: Int) in -0.2 + Double(v) / Double(voxels) }
  let gone = gaps(share, frames)
  let whole = try couplings(a, b, Denoising(), mix)
  func error(_ r: [Double]) -> Double {
    (zip(r, whole.r).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(r.count))
      .squareRoot()
  }
  var interpolating = Denoising(censoredFrames: gone)
  interpolating.interpolatesCensored = true
  let other = try couplings(a, b, interpolating, mix)
  var joint = "refused"
  do {
    let one = try couplings(a, b, Denoising(censoredFrames: gone), mix)
    joint = "\(one.degrees), \(fixed(error(one.r), 3))"
  } catch {}
  func rate(_ level: Double) -> Double {
    Double(other.p.reduce(0) { $0 + ($1 < level ? 1 : 0) }) / Double(other.p.count)
  }
  let degrees = try Projection.censoringDegrees(
    interpolating, frameCount: frames, repetitionTimeSeconds: tr)
  print(
    "\(kind.rawValue), \(frames) × \(tr) s, \(fixed(100 * Double(gone.count) / Double(frames), 0)) %: "
      + "\(joint) | \(other.degrees), \(fixed(error(other.r), 3)), \(fixed(rate(0.05), 3)), "
      + "\(fixed(rate(0.001), 4)) | "
      + (degrees?.interpolates(by: .auto) == true ? "interpolate" : "joint"))
}

private func censoredAmplitudes(
  _ kind: NoiseKind, _ share: Double, _ frames: Int, _ tr: Double
) throws -> String {
  let run = try noiseRun(kind, voxels: 500, frames: frames, tr: tr, seed: 41)
  func mean(_ values: [Float]) -> Double {
    values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  }
  let whole = try run.amplitudes(Denoising(), wantsFraction: true)
  do {
    let found = try run.amplitudes(
      Denoising(censoredFrames: gaps(share, frames)), wantsFraction: true)
    func change(_ a: [Float], _ b: [Float]) -> String {
      fixed(100 * (mean(a) / mean(b) - 1), 1, signed: true)
    }
    return "\(change(found.alff, whole.alff)) %, \(change(found.falff ?? [], whole.falff ?? [])) %"
  } catch { return "refused" }
}
