import Basics
package import Connectivity
package import Imaging

/// Which voxels of an overlay pass its threshold, worked out once for a map and its style.
package struct ThresholdedMap: Sendable {
  let volume: Volume
  let style: OverlayStyle
  /// Whether the map's statistics were used: a map has one set of them.
  let hasStatistics: Bool
  /// The least |value| that is drawn in full.
  package let level: Double
  /// Voxels that are drawn in full; nil where |value| and sign alone decide.
  package let passes: [Bool]?
  /// How many clusters are left; nil where they were not asked for.
  package let clusters: Int?
  /// Why nothing passes, where that is not for want of strong voxels.
  package let reason: String?

  /// - Parameter inference: statistics of this very map with the voxels that they are of.
  package init(
    _ volume: Volume, _ style: OverlayStyle,
    _ inference: (values: MapInference, mask: Mask)?
  ) {
    self.volume = volume
    self.style = style
    hasStatistics = inference != nil
    var passing = Passing(level: style.threshold)
    switch style.kind {
    case .value: break
    case .percentile: passing.level = Self.quantile(style.threshold, of: volume)
    case .z, .p, .q: passing.take(inference, volume, style)
    }
    if style.leastCluster != nil { passing.keepClusters(volume, style) }
    if let passes = passing.passes, style.kind != .value, style.kind != .percentile {
      passing.level = .infinity
      for n in passes.indices where passes[n] {
        passing.level = min(passing.level, Double(abs(volume.values[n])))
      }
    }
    level = passing.level
    passes = passing.passes
    clusters = passing.clusters
    reason = passing.reason
  }

  /// |value| below which so many per cent of the voxels lie that are not background.
  private static func quantile(_ percent: Double, of volume: Volume) -> Double {
    let sorted = volume.values.filter { $0.isFinite && $0 != 0 }.map(abs).sorted()
    let place = Int(percent / 100 * Double(sorted.count))
    return sorted.isEmpty ? 0 : Double(sorted[max(0, min(sorted.count - 1, place))])
  }

  func isOf(_ other: Volume, _ style: OverlayStyle, hasStatistics: Bool) -> Bool {
    volume === other && self.style.decides(like: style) && self.hasStatistics == hasStatistics
  }
}

/// What is known of the voxels that pass while it is being worked out.
private struct Passing {
  var level: Double
  var passes: [Bool]?
  var clusters: Int?
  var reason: String?

  /// By statistics of the map.
  mutating func take(
    _ inference: (values: MapInference, mask: Mask)?, _ volume: Volume, _ style: OverlayStyle
  ) {
    var out = [Bool](repeating: false, count: volume.grid.count)
    defer { passes = out }
    guard let inference, inference.mask.grid == volume.grid else {
      reason = "no \(style.kind.rawValue) of this map yet"
      return
    }
    let all = inference.values
    let numbers = style.kind == .z ? all.z : style.kind == .p ? all.p : all.q
    for (place, offset) in inference.mask.offsets.enumerated() {
      let v = Double(numbers[place])
      guard v.isFinite else { continue }
      out[Int(offset)] = style.kind == .z ? abs(v) >= style.threshold : v <= style.threshold
    }
  }

  /// Leaves those alone that lie in a cluster large enough.
  mutating func keepClusters(_ volume: Volume, _ style: OverlayStyle) {
    guard let least = style.leastCluster else { return }
    var kept = [Bool](repeating: false, count: volume.grid.count)
    var count = 0
    for sign: Float in [1, -1] where style.shows(sign) {
      let inside = volume.values.indices.map { n -> Bool in
        let v = volume.values[n] * sign
        guard v.isFinite, v > 0 else { return false }
        return (passes?[n] ?? (Double(v) >= level)) && Double(v) <= style.top ?? .infinity
      }
      for piece in connectedPieces(inside, volume.grid, faces: false)
      where least.isReached(by: piece.count, volume.grid) {
        count += 1
        for n in piece { kept[n] = true }
      }
    }
    passes = kept
    clusters = count
  }
}

extension ClusterSize {
  func isReached(by voxels: Int, _ grid: Grid) -> Bool {
    switch self {
    case .voxels(let least): voxels >= least
    // A hair less, so that 27 voxels of 1 mm³ are 27 mm³ whatever the affine's last digit.
    case .cubicMillimetres(let least): Double(voxels) * grid.voxelVolume >= least * (1 - 1e-9)
    }
  }

  var words: String {
    switch self {
    case .voxels(let n): "≥ \(n) voxels"
    case .cubicMillimetres(let v): "≥ \(plainNumber(v, 1)) mm³"
    }
  }
}

extension OverlayStyle {
  func shows(_ value: Float) -> Bool { sign == .both || (value > 0) == (sign == .positive) }

  /// Whether the same voxels pass: colours and the like decide nothing.
  func decides(like other: OverlayStyle) -> Bool {
    kind == other.kind && threshold == other.threshold && top == other.top && sign == other.sign
      && leastCluster == other.leastCluster
  }

  /// Whether voxels must be counted before they can be drawn.
  var needsWork: Bool { kind != .value || leastCluster != nil }
}

extension ThresholdedMap {
  /// The map with all else at 0.
  var drawnInFull: Volume {
    let isShown: (Int) -> Bool = { n in
      guard let passes else { return true }
      return passes[n]
    }
    return Volume(
      grid: volume.grid,
      values: volume.values.indices.map { n in
        let v = volume.values[n]
        let isWanted = style.sign == .both || (style.sign == .positive) == (v > 0)
        return isWanted && isShown(n) ? v : 0
      })
  }
}
