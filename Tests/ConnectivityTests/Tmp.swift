import Connectivity
import Foundation
import Imaging
import Testing

@Suite struct Tmp {
  @Test func reho() throws {
    let run = try RealRun.run()
    let ref = try RealRun.reference()
    let places = try RealRun.places(ref["voxels"])
    for n in Neighbourhood.allCases {
      let w = try run.regionalHomogeneity(Denoising(), n)
      let e = try RealRun.numbers(ref["reho\(n.rawValue)"])
      print(n, zip(places, e).map { Double(w[$0]) - $1 }.filter { abs($0) > 1e-6 })
    }
    let r = try ReducedSeries(run, Denoising())
    let ac = try Autocorrelations(r)
    // null calibration: surrogate seeds made of phase-randomised voxel series
    var zs: [Double] = []; var xs: [Double] = []
    for k in 0..<20 {
      let s = r.projection.series(of: r.coordinates(ofMean: [k * 3700 + 100])!)
      var f = s; f.reverse()
      let c = r.projection.coordinates(of: f)
      let rr = r.correlations(with: c)
      let a = MapInference(r: rr, effectiveN: ac.effectiveN(with: c), method: .bartlett)
      let b = MapInference(r: rr, effectiveN: try r.xdfEffectiveN(with: c), method: .xdf)
      for v in stride(from: 0, to: rr.count, by: 50) {
        zs.append(Double(a.z[v])); xs.append(Double(b.z[v]))
      }
    }
    func sd(_ x: [Double]) -> Double {
      (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
    }
    print("z SD under time reversal", sd(zs), sd(xs))
    let t0 = Date(); _ = try run.regionalHomogeneity(Denoising(), .corners);
    print("reho", Date().timeIntervalSince(t0))
    let t1 = Date(); _ = try run.amplitudes(Denoising(bandHertz: nil), wantsFraction: false);
    print("alff", Date().timeIntervalSince(t1))
    let t2 = Date(); _ = try run.amplitudes(Denoising(bandHertz: nil), wantsFraction: true);
    print("falff", Date().timeIntervalSince(t2))
    let t3 = Date(); _ = try Autocorrelations(r); print("ac", Date().timeIntervalSince(t3))
    let t4 = Date(); _ = try r.xdfEffectiveN(with: r.coordinates(of: RealRun.pcc));
    print("xdf", Date().timeIntervalSince(t4))
    let t5 = Date(); _ = try r.windowedMaps(RealRun.pcc, .rectangular(frames: 67, step: 5));
    print("movie", Date().timeIntervalSince(t5))
    let t6 = Date(); _ = try run.signalQuality(); print("dvars", Date().timeIntervalSince(t6))
    let t7 = Date(); _ = try ReducedSeries(run, Denoising());
    print("clean", Date().timeIntervalSince(t7))
  }
}
