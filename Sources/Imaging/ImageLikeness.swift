import Foundation

/// What an image looks like from afar, by which a copy is known again whose values were scaled, of which an edge was cut
/// off, of which a few voxels or the frame differ, or that another program wrote anew where it lay.
///
/// Means over cubes of the world, in 254 steps between the least and the largest. It says nothing of people: two heads,
/// an image and its mirror image, and two scans of one head differ more than two such copies.
package struct ImageLikeness: Sendable, Equatable {
  /// The edge of a cube in mm, and how many of them lie along each axis, half on either side of 0.
  static let cube = 12.0
  static let side = 22
  /// What stands for a cube that does not lie within the image.
  private static let none: UInt8 = 255
  /// Copies correlate by 0.998 and more, an image and its mirror by up to 0.996 in SPECT.
  private static let leastCorrelation = 0.9975

  private var levels: [UInt8]

  /// - Parameter floats: values of a range of voxels.
  /// - Returns: nil where it reaches over too few cubes, or is the same everywhere.
  package init?(_ grid: Grid, floats: (Range<Int>) -> [Float]) {
    let cubes = Self.side * Self.side * Self.side
    var sums = [Double](repeating: 0, count: cubes)
    var counts = [Int](repeating: 0, count: cubes)
    // Every voxel of a usual image, every second and so on of a large one.
    let step = max(1, Int(cbrt(Double(grid.count) / 4e6).rounded(.up)))
    let row = grid.nx
    for k in stride(from: 0, to: grid.nz, by: step) {
      for j in stride(from: 0, to: grid.ny, by: step) {
        let start = (k * grid.ny + j) * row
        let values = floats(start..<start + row)
        for i in stride(from: 0, to: row, by: step) where values[i].isFinite {
          guard let at = Self.cube(of: grid.world(VoxelIndex(i, j, k))) else { continue }
          sums[at] += Double(values[i])
          counts[at] += 1
        }
      }
    }
    let means = (0..<cubes).map { n in
      counts[n] > 0 && grid.holdsCube(n) ? sums[n] / Double(counts[n]) : .nan
    }
    let used = means.filter(\.isFinite)
    guard used.count >= 100, let low = used.min(), let high = used.max(), high > low else {
      return nil
    }
    levels = means.map { x in
      guard x.isFinite else { return Self.none }
      return UInt8(max(0, min(254, ((x - low) / (high - low) * 254).rounded())))
    }
  }

  /// The cube that holds a place; nil beyond all of them.
  private static func cube(of p: WorldPoint) -> Int? {
    let half = Double(side / 2)
    func place(_ x: Double) -> Int? {
      let at = (x / cube).rounded(.down) + half
      return at >= 0 && at < 2 * half ? Int(at) : nil
    }
    guard let i = place(p.x), let j = place(p.y), let k = place(p.z) else { return nil }
    return (k * side + j) * side + i
  }

  package init?(_ volume: Volume) {
    self.init(volume.grid) { Array(volume.values[$0]) }
  }

  /// As it is kept.
  package var text: String { Data(levels).base64EncodedString() }

  package init?(text: String) {
    guard let data = Data(base64Encoded: text), data.count == Self.side * Self.side * Self.side
    else { return nil }
    levels = Array(data)
  }

  /// Whether the two are so alike as copies of one image are, and clearly more than either is like its mirror image.
  package func isCopy(of other: ImageLikeness) -> Bool {
    guard let r = correlation(other.levels), r >= Self.leastCorrelation else { return false }
    let mirrored = max(mirrorCorrelation, other.mirrorCorrelation)
    return 1 - r < (1 - mirrored) / 2
  }

  /// Over the cubes that both have, at least half of those of the smaller.
  private func correlation(_ other: [UInt8]) -> Double? {
    var (n, x, y, xx, yy, xy, a, b) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)
    for (one, two) in zip(levels, other) {
      if one != Self.none { a += 1 }
      if two != Self.none { b += 1 }
      guard one != Self.none, two != Self.none else { continue }
      let (p, q) = (Double(one), Double(two))
      n += 1
      x += p
      y += q
      xx += p * p
      yy += q * q
      xy += p * q
    }
    guard n >= 100, n >= Double(min(a, b)) / 2 else { return nil }
    let (sx, sy) = (xx - x * x / n, yy - y * y / n)
    return sx > 0 && sy > 0 ? (xy - x * y / n) / (sx * sy).squareRoot() : nil
  }

  /// How alike the image and its mirror image are, the mirror where they are most.
  private var mirrorCorrelation: Double {
    let s = Self.side
    var best = -1.0
    for sum in s - 8...s + 8 {
      var turned = [UInt8](repeating: Self.none, count: levels.count)
      for row in 0..<s * s {
        for i in max(0, sum - s)..<min(s, sum) {
          turned[row * s + i] = levels[row * s + sum - 1 - i]
        }
      }
      if let r = correlation(turned) { best = max(best, r) }
    }
    return best
  }
}

extension Grid {
  /// Whether all corners of a cube lie within the image: of another one a cut would change the mean.
  fileprivate func holdsCube(_ n: Int) -> Bool {
    let (side, cube) = (ImageLikeness.side, ImageLikeness.cube)
    let low = [n % side, n / side % side, n / (side * side)].map { Double($0 - side / 2) * cube }
    return (0..<8).allSatisfy { corner in
      let p = WorldPoint(
        low[0] + Double(corner & 1) * cube, low[1] + Double(corner >> 1 & 1) * cube,
        low[2] + Double(corner >> 2 & 1) * cube)
      let v = voxel(p)
      return v.x >= -0.5 && v.y >= -0.5 && v.z >= -0.5 && v.x <= Double(nx) - 0.5
        && v.y <= Double(ny) - 0.5 && v.z <= Double(nz) - 0.5
    }
  }
}
