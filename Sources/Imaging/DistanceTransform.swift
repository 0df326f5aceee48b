import Basics

/// Euclidean distance in millimetres from every voxel to the nearest voxel of a set, along the grid's
/// own axes (Felzenszwalb and Huttenlocher 2012: lower envelopes of parabolas, one axis after the other).
///
/// - Returns: one value per voxel, 0 inside the set, infinity when the set is empty.
package func distances(toSet inside: [Bool], _ grid: Grid) -> [Float] {
  precondition(inside.count == grid.count)
  var squared = inside.map { $0 ? Float(0) : Float.infinity }
  let spacing = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
  let size = [grid.nx, grid.ny, grid.nz]
  let stride = [1, grid.nx, grid.nx * grid.ny]
  for axis in 0..<3 where size[axis] > 1 {
    let others = (0..<3).filter { $0 != axis }
    let (a, b) = (others[0], others[1])
    let (na, sa, nb, sb) = (size[a], stride[a], size[b], stride[b])
    let (n, step, h) = (size[axis], stride[axis], Float(spacing[axis]))
    forEachChunk(of: na * nb, grain: 64, into: &squared) { lines, values in
      let starts = lines.lazy.map { $0 % na * sa + $0 / na * sb }
      transformLines(values, starts: starts, count: n, step: step, spacing: h)
    }
  }
  return squared.map { $0.squareRoot() }
}

/// Lines of `count` values that lie `step` apart, each replaced by its transform.
private func transformLines(
  _ values: UnsafeMutableBufferPointer<Float>, starts: some Sequence<Int>, count n: Int, step: Int,
  spacing h: Float
) {
  var line = [Float](repeating: 0, count: n)
  var places = [Int](repeating: 0, count: n)
  var borders = [Float](repeating: 0, count: n + 1)
  for start in starts {
    for i in 0..<n { line[i] = values[start + i * step] }
    lowerEnvelope(line, spacing: h, &places, &borders) { i, value in
      values[start + i * step] = value
    }
  }
}

/// The smallest of f(q) + (h (p − q))² at every p.
private func lowerEnvelope(
  _ f: [Float], spacing h: Float, _ places: inout [Int], _ borders: inout [Float],
  _ put: (Int, Float) -> Void
) {
  let n = f.count
  var k = -1
  for q in 0..<n where f[q] < .infinity {
    var border: Float = -.infinity
    while k >= 0 {
      let v = places[k]
      let (fq, fv) = (Float(q), Float(v))
      border = (f[q] - f[v]) / (2 * h * h * (fq - fv)) + (fq + fv) / 2
      if border > borders[k] { break }
      k -= 1
      border = -.infinity
    }
    k += 1
    places[k] = q
    borders[k] = border
  }
  guard k >= 0 else { return }
  var at = 0
  for p in 0..<n {
    while at < k, borders[at + 1] < Float(p) { at += 1 }
    let d = h * Float(p - places[at])
    put(p, f[places[at]] + d * d)
  }
}
