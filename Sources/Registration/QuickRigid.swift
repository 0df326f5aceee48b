import Basics
import Glibc
import Imaging

/// Rigid registration of small images by normalised mutual information (Studholme 1999) and Powell's method, the
/// recipe of SPM's spm_coreg at 8 and 4 mm: a fraction of a second, for asking the same question many times.
struct QuickRigid {
  /// Places of FIXED that are compared, relative to the middle of its brain, with the bins of their values.
  struct Places {
    var x: [Float] = []
    var y: [Float] = []
    var z: [Float] = []
    var bins: [UInt8] = []
    var count: Int { x.count }
  }

  /// MOVING on an upright grid, in bins.
  struct Image {
    let grid: Grid
    /// Bins with a fraction, 0 … bins − 1.
    let values: [Float]
  }

  static let bins = 32

  let places: Places
  let image: Image
  /// The middle of FIXED's brain, about which it is turned.
  let centre: WorldPoint

  /// Radians and millimetres: a turn of one unit moves the brain's edge as far as a shift of one unit.
  static let armMillimetres = 60.0

  /// Angles about x, y, z (in units of 1 mm at the edge) and shifts: FIXED's places to MOVING's.
  typealias Parameters = SIMD8<Double>

  static func affine(_ p: Parameters, about c: WorldPoint) -> Affine {
    let degrees = 180 / (Double.pi * armMillimetres)
    return Affine.turn(
      degrees: WorldPoint(p[0] * degrees, p[1] * degrees, p[2] * degrees), about: c,
      shift: WorldPoint(p[3], p[4], p[5]))
  }

  /// Normalised mutual information where the parameters lay the two.
  func likeness(_ p: Parameters) -> Double {
    var joint = [Float](repeating: 0, count: Self.bins * Self.bins)
    fill(&joint, p)
    return Self.nmi(joint)
  }

  private func fill(_ joint: inout [Float], _ p: Parameters) {
    let sample = sampling(p)
    joint.withUnsafeMutableBufferPointer { joint in
      for n in 0..<places.count {
        let value = sample.value(n)
        let low = Int(value)
        let part = value - Float(low)
        let row = Int(places.bins[n]) * Self.bins
        joint[row + low] += 1 - part
        if low + 1 < Self.bins { joint[row + low + 1] += part }
      }
    }
  }

  /// The joint histogram's share of information that each place brings, log p(a, b) / (p(a) p(b)).
  func information(_ p: Parameters) -> [Double] {
    var joint = [Float](repeating: 0, count: Self.bins * Self.bins)
    fill(&joint, p)
    let total = Double(places.count)
    let (rows, columns) = Self.sums(joint)
    let sample = sampling(p)
    return (0..<places.count).map { n in
      let value = sample.value(n)
      let low = Int(value)
      let part = Double(value - Float(low))
      let a = Int(places.bins[n])
      func share(_ b: Int) -> Double {
        let both = Double(joint[a * Self.bins + b])
        return both > 0 ? log(both * total / (rows[a] * columns[b])) : 0
      }
      return (1 - part) * share(low) + (part > 0 ? part * share(low + 1) : 0)
    }
  }

  private static func sums(_ joint: [Float]) -> (rows: [Double], columns: [Double]) {
    var rows = [Double](repeating: 0, count: bins)
    var columns = rows
    for a in 0..<bins {
      for b in 0..<bins {
        rows[a] += Double(joint[a * bins + b])
        columns[b] += Double(joint[a * bins + b])
      }
    }
    return (rows, columns)
  }

  private static func nmi(_ joint: [Float]) -> Double {
    let (rows, columns) = sums(joint)
    let total = rows.reduce(0, +)
    guard total > 0 else { return 1 }
    func entropy(_ x: Double) -> Double { x > 0 ? -x / total * log(x / total) : 0 }
    let both = joint.reduce(0.0) { $0 + entropy(Double($1)) }
    guard both > 0 else { return 1 }
    return (rows.reduce(0.0) { $0 + entropy($1) } + columns.reduce(0.0) { $0 + entropy($1) }) / both
  }

  private struct Sampling {
    let places: Places
    let image: Image
    let m: [Float]

    /// The value, in bins, that lies under a place; the darkest bin outside.
    @inline(__always)
    func value(_ n: Int) -> Float {
      let (px, py, pz) = (places.x[n], places.y[n], places.z[n])
      let x = m[0] * px + m[1] * py + m[2] * pz + m[3]
      let y = m[4] * px + m[5] * py + m[6] * pz + m[7]
      let z = m[8] * px + m[9] * py + m[10] * pz + m[11]
      let g = image.grid
      guard x >= 0, y >= 0, z >= 0, x < Float(g.nx - 1), y < Float(g.ny - 1), z < Float(g.nz - 1)
      else { return 0 }
      // Inside of the grid: small whole numbers.
      let (i, j, k) = (Int(x), Int(y), Int(z))
      let (fx, fy, fz) = (x - Float(i), y - Float(j), z - Float(k))
      let at = (k * g.ny + j) * g.nx + i
      let (dy, dz) = (g.nx, g.nx * g.ny)
      let v = image.values
      let a = v[at] + fx * (v[at + 1] - v[at])
      let b = v[at + dy] + fx * (v[at + dy + 1] - v[at + dy])
      let c = v[at + dz] + fx * (v[at + dz + 1] - v[at + dz])
      let d = v[at + dz + dy] + fx * (v[at + dz + dy + 1] - v[at + dz + dy])
      let low = a + fy * (b - a)
      return low + fz * (c + fy * (d - c) - low)
    }
  }

  private func sampling(_ p: Parameters) -> Sampling {
    let map = image.grid.voxelFromWorld.composed(after: Self.affine(p, about: centre))
    let o = map.applied(to: centre)
    let r = map.rows
    return Sampling(
      places: places, image: image,
      m: [
        r[0][0], r[0][1], r[0][2], o.x, r[1][0], r[1][1], r[1][2], o.y, r[2][0], r[2][1], r[2][2],
        o.z,
      ].map(Float.init))
  }

  /// The best parameters from a start.
  func optimised(_ start: Parameters, step: Double, tolerance: Double) -> (Parameters, Double) {
    var powell = Powell(start, step: step, tolerance: tolerance)
    return powell.maximum(likeness)
  }
}

/// Powell's method (1964) with parabolic line searches that stay within some steps.
struct Powell {
  typealias Parameters = QuickRigid.Parameters
  private var p: Parameters
  private var directions: [Parameters]
  private let step: Double
  private let tolerance: Double

  init(_ start: Parameters, step: Double, tolerance: Double) {
    p = start
    self.step = step
    self.tolerance = tolerance
    directions = (0..<6).map { n in
      var d = Parameters.zero
      d[n] = 1
      return d
    }
  }

  mutating func maximum(_ f: (Parameters) -> Double) -> (Parameters, Double) {
    var best = f(p)
    for _ in 0..<12 {
      let (begin, first) = (p, best)
      var (gain, largest) = (0.0, 0)
      for n in directions.indices {
        let before = best
        search(along: directions[n], f, &best)
        if best - before > gain { (gain, largest) = (best - before, n) }
      }
      let moved = p - begin
      let length = (moved * moved).sum().squareRoot()
      if length < tolerance || best - first < 1e-6 { break }
      // The direction of the whole way takes the place of that which brought most.
      directions[largest] = directions[5]
      directions[5] = moved / length
      search(along: directions[5], f, &best)
    }
    return (p, best)
  }

  /// The best place along a direction: steps outwards that grow, then parabolas.
  private mutating func search(
    along d: Parameters, _ f: (Parameters) -> Double, _ best: inout Double
  ) {
    var h = step
    var (left, right) = (f(p - h * d), f(p + h * d))
    var moves = 0
    while max(left, right) > best, moves < 8 {
      moves += 1
      if right >= left {
        p += h * d
        (left, best) = (best, right)
        right = f(p + h * d)
      } else {
        p -= h * d
        (right, best) = (best, left)
        left = f(p - h * d)
      }
    }
    for _ in 0..<3 where h > tolerance {
      let bend = left - 2 * best + right
      let offset = bend < 0 ? max(-0.9, min(0.9, 0.5 * (left - right) / bend)) : 0
      if abs(offset) * h > tolerance / 2 {
        let there = p + offset * h * d
        let value = f(there)
        if value > best { (p, best) = (there, value) }
      }
      h /= 3
      (left, right) = (f(p - h * d), f(p + h * d))
      if left > best { (p, best) = (p - h * d, left) }
      if right > best { (p, best) = (p + h * d, right) }
    }
  }
}
