import Basics

/// Coefficients of the cubic B-spline that passes through every voxel, mirrored at the edges.
///
/// Unser 1999, "Splines: a perfect fit for signal and image processing": pole √3 − 2, gain 6 per
/// axis. Where there is no number the nearest one of the line stands in: a 0 would ring through its neighbours, which
/// have data.
func splineCoefficients(of values: [Float], _ grid: Grid) -> [Float] {
  var c = values.map(Double.init)
  let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
  if !values.allSatisfy(\.isFinite) {
    for row in 0..<ny * nz { fillLine(&c, row * nx, 1, nx) }
    for line in 0..<nx * nz { fillLine(&c, line % nx + nx * ny * (line / nx), nx, ny) }
    for line in 0..<nx * ny { fillLine(&c, line, nx * ny, nz) }
    for n in c.indices where !c[n].isFinite { c[n] = 0 }
  }
  forEachChunk(of: ny * nz, grain: 32, into: &c) { rows, out in
    for row in rows { filterLine(out, row * nx, 1, nx) }
  }
  forEachChunk(of: nx * nz, grain: 32, into: &c) { lines, out in
    for line in lines { filterLine(out, line % nx + nx * ny * (line / nx), nx, ny) }
  }
  forEachChunk(of: nx * ny, grain: 32, into: &c) { lines, out in
    for line in lines { filterLine(out, line, nx * ny, nz) }
  }
  return c.map(Float.init)
}

/// Puts the nearest finite value of a line where it has none; a line without any stays as it is.
private func fillLine(_ c: inout [Double], _ start: Int, _ stride: Int, _ n: Int) {
  var last: Int?
  for m in 0...n {
    guard m == n || c[start + m * stride].isFinite else { continue }
    let first = last.map { $0 + 1 } ?? 0
    for gap in first..<max(first, m) {
      let isAfter = last.map { m == n || gap - $0 <= m - gap } ?? false
      guard let from = isAfter ? last : m < n ? m : nil else { return }
      c[start + gap * stride] = c[start + from * stride]
    }
    last = m
  }
}

/// The recursive prefilter along one line of `n` values that lie `stride` apart.
private func filterLine(
  _ c: UnsafeMutableBufferPointer<Double>, _ start: Int, _ stride: Int, _ n: Int
) {
  guard n > 1 else { return }
  let pole = 3.0.squareRoot() - 2
  // Sum of the mirrored past; the pole's powers fall below 1e-16 after 28 terms.
  var power = pole
  var first = c[start]
  let reach = min(n, 40)
  if reach < n {
    for m in 1..<reach {
      first += power * c[start + m * stride]
      power *= pole
    }
  } else {
    // Short lines: the exact sum over the mirrored period.
    var back = 1.0
    for _ in 0..<(n - 1) { back *= pole }
    var reverse = back * back / pole
    first += back * c[start + (n - 1) * stride]
    for m in 1..<max(1, n - 1) {
      first += (power + reverse) * c[start + m * stride]
      power *= pole
      reverse /= pole
    }
    first /= 1 - back * back
  }
  c[start] = first * 6
  for m in 1..<n {
    c[start + m * stride] = 6 * c[start + m * stride] + pole * c[start + (m - 1) * stride]
  }
  let last = start + (n - 1) * stride
  c[last] = (c[last] + pole * c[last - stride]) * pole / (pole * pole - 1)
  for m in Swift.stride(from: n - 2, through: 0, by: -1) {
    c[start + m * stride] = pole * (c[start + (m + 1) * stride] - c[start + m * stride])
  }
}
