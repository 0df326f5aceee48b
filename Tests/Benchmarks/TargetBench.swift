import Basics
import Connectivity
import Foundation
import Imaging
import Phantoms
import Synchronization
import Targeting

/// How well targets of known truth are found, for several parts of the region, smoothings and methods:
/// what the shipped protocol was chosen by.
func targetBenchmark(_ count: Int, coupling: Double) throws {
  struct Setting: Sendable {
    var name: String
    var settings: TargetProtocol
  }
  var all: [Setting] = []
  func add(_ name: String, _ change: (inout TargetProtocol) -> Void) {
    var p = TargetProtocol()
    p.surrogateCount = 199
    p.bootstrapCount = 100
    change(&p)
    all.append(Setting(name: "\(name), \(plainNumber(p.smoothingFWHM)) mm", settings: p))
  }
  let parts = coupling == 0 ? [(3.0, 4.0), (3, 6)] : [(3.0, 4.0), (5, 4), (3, 6), (5, 6)]
  for (percentile, fwhm) in parts {
    add("cluster \(plainNumber(percentile)) %") {
      $0.percentile = percentile
      $0.smoothingFWHM = fwhm
    }
  }
  if coupling != 0 { add("single voxel") { $0.method = .peak } }
  struct Outcome: Sendable {
    var error: Double
    var p: Double
    var split: Double
    var radius: Double
    var detected: Bool
    var degrees: Int
  }
  let settings = all
  let outcomes = Mutex([[Outcome]](repeating: [], count: settings.count))
  DispatchQueue.concurrentPerform(iterations: count) { n in
    do {
      let phantom = TargetPhantom(seed: UInt64(1000 + n), coupling: coupling)
      var columns: [NuisanceColumn] = []
      let table = Confounds(
        names: phantom.motion.map(\.name), columns: phantom.motion.map(\.values))
      columns = try table.selected(
        NuisancePreset.twentyFour.columnNames(in: table, file: "phantom"),
        frameCount: phantom.run.frameCount, file: "phantom")
      for fwhm in [4.0, 6.0] {
        let reduced = try ReducedSeries(
          phantom.run,
          Denoising(
            removesGlobalSignal: true, confounds: columns, censoredFrames: phantom.spoiltFrames,
            smoothingFWHM: fwhm))
        for (at, one) in settings.enumerated() where one.settings.smoothingFWHM == fwhm {
          let found = try searchTargets(
            reduced, one.settings, greyMatter: nil, atlas: nil, progress: .silent
          ).confirmed(reduced, one.settings)
          let outcome = Outcome(
            error: found.centre?.distance(to: phantom.truth) ?? .infinity,
            p: found.candidates.first?.regionWideP ?? 1,
            split: found.confidence?.splitMillimetres ?? .infinity,
            radius: found.confidence?.radius95Millimetres ?? .infinity,
            detected: found.isDetected, degrees: reduced.degreesOfFreedom)
          outcomes.withLock { $0[at].append(outcome) }
        }
      }
    } catch { print("phantom \(n): \(error)") }
  }
  row("phantoms, r \(plainNumber(coupling, 2))", "\(count)", "")
  for (one, list) in zip(settings, outcomes.withLock { $0 }) {
    let detected = list.filter(\.detected)
    func quantile(_ values: [Double], _ q: Double) -> Double {
      boldspectPercentile(values.map(Float.init), q).map(Double.init) ?? .nan
    }
    let errors = detected.map(\.error)
    let covered = detected.reduce(0) { $0 + ($1.error <= $1.radius ? 1 : 0) }
    row(
      one.name, "detected \(fixed(100 * Double(detected.count) / Double(list.count), 0)) %",
      "error \(fixed(quantile(errors, 50), 1)) / 95 % \(fixed(quantile(errors, 95), 1)) mm, all "
        + "\(fixed(quantile(list.map(\.error), 50), 1)) / \(fixed(quantile(list.map(\.error), 95), 1)); covered "
        + "\(fixed(100 * Double(covered) / Double(max(1, detected.count)), 0)) %, radius "
        + "\(fixed(quantile(detected.map(\.radius), 50), 1)); split \(fixed(quantile(list.map(\.split), 50), 1)); p≤.05 "
        + "\(fixed(100 * Double(list.reduce(0) { $0 + ($1.p <= 0.05 ? 1 : 0) }) / Double(list.count), 0)) %; DOF \(list.first?.degrees ?? 0)"
    )
  }
}
