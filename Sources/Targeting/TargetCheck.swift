import Basics
package import Connectivity
import Glibc
package import Imaging

/// Whether the first target is still there when something is cleaned in another way.
package struct TargetCheck: Sendable, Equatable {
  /// "without global-signal removal".
  package var name: String
  /// "without slow breathing (0.03 Hz)": the same where there is little room.
  package var shortName: String
  /// The first target of that search; nil where there is none.
  package var point: WorldPoint?
  /// Its distance from the printed place in mm.
  package var millimetres: Double?
  /// r of that search at the printed place.
  package var rAtTarget: Double?
  package var rWithin: Double

  /// Farther off than this it is another place, in mm: the reach of the cone of stimulation.
  private static let farthest = 12.0

  /// - Parameters:
  ///   - target: printed place and r there.
  ///   - other: the first target of the other search.
  package init(
    name: String, shortName: String? = nil, target: (point: WorldPoint, r: Double),
    other: WorldPoint?, rAtTarget: Double?
  ) {
    self.name = name
    self.shortName = shortName ?? name
    point = other
    millimetres = other.map { $0.distance(to: target.point) }
    self.rAtTarget = rAtTarget
    rWithin = target.r
  }

  package enum Outcome: String, Sendable {
    case stays
    /// Less than half of the coupling is left.
    case weakens = "WEAKENS"
    /// Another place comes first, although at least half of the coupling is left at this one.
    case moves = "MOVES"
    /// Another place or none is found and less than half of the coupling is left, or its sign turns.
    case goesAway = "GOES AWAY"
  }

  package var outcome: Outcome {
    guard let millimetres, let rAtTarget, rAtTarget * rWithin > 0 else { return .goesAway }
    let keepsHalf = abs(rAtTarget) >= abs(rWithin) / 2
    if millimetres <= Self.farthest { return keepsHalf ? .stays : .weakens }
    return keepsHalf ? .moves : .goesAway
  }

  /// "GOES AWAY without global-signal removal (17.5 mm off; r here +0.05, was −0.31)".
  package var warning: String { "\(outcome.rawValue) \(shortName) (\(found("")))" }

  package var words: String { "\(name) it \(outcome.rawValue): \(found("first place "))" }

  /// r is of the printed place: how much is left there, not what the other place has.
  private func found(_ other: String) -> String {
    let place = millimetres.map { "\(other)\(fixed($0, 1)) mm off" } ?? "no place"
    guard let rAtTarget else { return place }
    return
      "\(place); \(flips ? "the sign flips, " : "")r here \(fixed(rAtTarget, 2, signed: true)), was \(fixed(rWithin, 2, signed: true))"
  }

  /// Whether the coupling's sign turns at the printed place.
  var flips: Bool { rAtTarget.map { ($0 < 0) != (rWithin < 0) } ?? false }
}

/// The map of the search region without the frequencies at which slow breathing and its carbon dioxide change the
/// signal (Wise 2004: 0 to 0.05 Hz; Elbau 2023: periodic patterns near 0.03 Hz).
package struct BreathlessMap {
  package static let hertz = 0.025...0.035
  static let name = "without slow breathing, 0.03 Hz"

  /// r of each place of a region; nil where no such frequency is left in the run.
  package static func correlations(
    _ reduced: ReducedSeries, seed: [Double], places: [Int]
  ) -> [Float]? {
    guard let tr = reduced.repetitionTimeSeconds, var own = unitLength(seed) else { return nil }
    var basis: [[Float]] = []
    for wave in waves(reduced.projection, tr) {
      guard var one = unitLength(reduced.projection.coordinates(of: wave)) else { continue }
      for _ in 0..<2 { basis.forEach { remove($0, from: &one) } }
      if let unit = unitLength(one.map(Double.init)) { basis.append(unit) }
    }
    basis.forEach { remove($0, from: &own) }
    guard basis.count + 10 < own.count, let rest = unitLength(own.map(Double.init)) else {
      return nil
    }
    let found = reduced.correlations(of: basis + [rest], at: places)
    return places.indices.map { v in
      let gone = basis.indices.reduce(Float(0)) { $0 + found[$1][v] * found[$1][v] }
      return gone < 0.999 ? found[basis.count][v] / (1 - gone).squareRoot() : .nan
    }
  }

  /// Sines and cosines of those frequencies at the kept frames, those of each run apart.
  private static func waves(_ projection: Projection, _ tr: Double) -> [[Double]] {
    var out: [[Double]] = []
    var start = 0
    for block in projection.blocks {
      guard let first = block.frames.first, let last = block.frames.last else { continue }
      let span = Double(last - first + 1) * tr
      let low = Int((hertz.lowerBound * span).rounded(.up))
      for bin in low...max(low, Int(hertz.upperBound * span)) {
        let turn = 2 * Double.pi * Double(bin) / span * tr
        var (sines, cosines) = (
          [Double](repeating: 0, count: projection.frameCount),
          [Double](repeating: 0, count: projection.frameCount)
        )
        for (at, frame) in block.frames.enumerated() {
          sines[start + at] = sin(turn * Double(frame))
          cosines[start + at] = cos(turn * Double(frame))
        }
        out += [sines, cosines]
      }
      start += block.frames.count
    }
    return out
  }

  private static func remove(_ unit: [Float], from series: inout [Float]) {
    let part = zip(unit, series).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    for d in series.indices { series[d] -= part * unit[d] }
  }
}
