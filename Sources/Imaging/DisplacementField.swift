package import Basics

/// How far points of space are shifted, in RAS+ mm, known at the nodes of a grid and linear between them.
package final class DisplacementField: Sendable {
  package let grid: Grid
  /// Three numbers for each node, x fastest.
  private let values: [Float]

  /// The furthest that a head is moved by one field.
  static let mostMillimetres: Float = 500

  /// - Parameter values: x, y and z of each node, one node after the other.
  /// - Throws: numbers that are none or beyond reason.
  package init(grid: Grid, values: [Float], file: String) throws(Problem) {
    guard values.count == MemoryBudget.product(3, grid.count) else {
      throw Problem(
        .data, file, "its field has \(values.count) numbers",
        expected: "3 for each of \(grid.count) voxels")
    }
    guard grid.nx > 1, grid.ny > 1, grid.nz > 1 else {
      throw Problem(
        .data, file, "its field is \(grid.nx)×\(grid.ny)×\(grid.nz)", expected: "a field in space")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw Problem(
        .data, file, "its field holds numbers that are none (NaN or infinite)",
        expected: "millimetres everywhere")
    }
    guard values.allSatisfy({ abs($0) <= Self.mostMillimetres }) else {
      throw Problem(
        .data, file, "its field shifts places by more than \(Self.mostMillimetres) mm",
        expected: "displacements in millimetres")
    }
    self.grid = grid
    self.values = values
  }

  /// The shift at a place and how it changes there.
  struct Local {
    var shift: SIMD3<Double>
    /// The shift's derivatives by x, y and z of the world.
    var slopes: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
    /// Whether the place lies in the field: at most half a voxel beyond its outermost nodes, as ITK has it.
    var isInside: Bool
  }

  private func node(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Double> {
    let at = 3 * (i + grid.nx * (j + grid.ny * k))
    return SIMD3(Double(values[at]), Double(values[at + 1]), Double(values[at + 2]))
  }

  /// A coordinate's cell and part in it. Beyond the outermost nodes the field goes on unchanged.
  private static func split(_ x: Double, _ n: Int) -> (cell: Int, part: Double, isFlat: Bool) {
    let last = Double(n - 1)
    let clamped = min(max(x, 0), last)
    let cell = min(Int(clamped), n - 2)
    return (cell, clamped - Double(cell), x < 0 || x > last)
  }

  /// Trilinear, with the derivatives of the cell that the place lies in.
  func local(at p: SIMD3<Double>) -> Local? {
    let v = grid.voxelFromWorld.applied(p.x, p.y, p.z)
    guard abs(v.0) < 1e9, abs(v.1) < 1e9, abs(v.2) < 1e9 else { return nil }
    let (i, fx, xIsFlat) = Self.split(v.0, grid.nx)
    let (j, fy, yIsFlat) = Self.split(v.1, grid.ny)
    let (k, fz, zIsFlat) = Self.split(v.2, grid.nz)
    // Along x first: four edges, each with its value and its slope.
    func edge(_ j: Int, _ k: Int) -> (value: SIMD3<Double>, slope: SIMD3<Double>) {
      let a = node(i, j, k)
      let step = node(i + 1, j, k) - a
      return (a + fx * step, step)
    }
    let (a, b, c, d) = (edge(j, k), edge(j + 1, k), edge(j, k + 1), edge(j + 1, k + 1))
    let low = a.value + fy * (b.value - a.value)
    let high = c.value + fy * (d.value - c.value)
    let lowX = a.slope + fy * (b.slope - a.slope)
    let highX = c.slope + fy * (d.slope - c.slope)
    let dx = xIsFlat ? .zero : lowX + fz * (highX - lowX)
    let dyLow = b.value - a.value
    let dy = yIsFlat ? .zero : dyLow + fz * (d.value - c.value - dyLow)
    let dz = zIsFlat ? .zero : high - low
    let m = grid.voxelFromWorld.rows
    func column(_ c: Int) -> SIMD3<Double> { m[0][c] * dx + m[1][c] * dy + m[2][c] * dz }
    func holds(_ x: Double, _ n: Int) -> Bool { x >= -0.5 && x <= Double(n) - 0.5 }
    return Local(
      shift: low + fz * (high - low), slopes: (column(0), column(1), column(2)),
      isInside: holds(v.0, grid.nx) && holds(v.1, grid.ny) && holds(v.2, grid.nz))
  }

  /// Where a place is shifted to; nil outside of the field.
  func shifted(_ p: SIMD3<Double>) -> SIMD3<Double>? {
    let v = grid.voxelFromWorld.applied(p.x, p.y, p.z)
    guard v.0 >= -0.5, v.1 >= -0.5, v.2 >= -0.5, v.0 <= Double(grid.nx) - 0.5,
      v.1 <= Double(grid.ny) - 0.5, v.2 <= Double(grid.nz) - 0.5
    else { return nil }
    let (i, fx, _) = Self.split(v.0, grid.nx)
    let (j, fy, _) = Self.split(v.1, grid.ny)
    let (k, fz, _) = Self.split(v.2, grid.nz)
    func edge(_ j: Int, _ k: Int) -> SIMD3<Double> {
      let a = node(i, j, k)
      return a + fx * (node(i + 1, j, k) - a)
    }
    func face(_ k: Int) -> SIMD3<Double> {
      let a = edge(j, k)
      return a + fy * (edge(j + 1, k) - a)
    }
    let a = face(k)
    return p + a + fz * (face(k + 1) - a)
  }

  /// What is left over when the search for the place ends, in mm.
  static let tolerance = 1e-4

  /// The place that is shifted to `target`: Newton's way with the field's own derivatives, each step shortened
  /// until it comes nearer.
  ///
  /// - Returns: nil where none is found within `tolerance`, where it lies outside of the field, and where the
  ///   field folds, so that there would be several.
  func unshifted(_ target: SIMD3<Double>) -> SIMD3<Double>? {
    var place = target
    guard var here = local(at: place) else { return nil }
    var rest = target - place - here.shift
    for _ in 0..<60 {
      if length(rest) <= Self.tolerance {
        return here.isInside && here.determinant > 0 ? place : nil
      }
      let step = here.solved(for: rest) ?? rest
      guard let next = nearer(place, step, rest, target) ?? nearer(place, rest, rest, target)
      else { return nil }
      (place, here, rest) = next
    }
    return nil
  }

  private func nearer(
    _ place: SIMD3<Double>, _ step: SIMD3<Double>, _ rest: SIMD3<Double>,
    _ target: SIMD3<Double>
  ) -> (SIMD3<Double>, Local, SIMD3<Double>)? {
    var part = 1.0
    for _ in 0..<8 {
      let next = place + part * step
      if let there = local(at: next) {
        let left = target - next - there.shift
        if length(left) < length(rest) { return (next, there, left) }
      }
      part /= 2
    }
    return nil
  }
}

private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

extension DisplacementField.Local {
  private var columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (slopes.0 + SIMD3(1, 0, 0), slopes.1 + SIMD3(0, 1, 0), slopes.2 + SIMD3(0, 0, 1))
  }

  /// Of the map place to place plus shift: what a small volume becomes; not above 0 where the field folds.
  var determinant: Double {
    let (a, b, c) = columns
    return (a * cross(b, c)).sum()
  }

  /// The step that would take away `rest` if the map were straight (Cramer's rule); nil where it folds.
  func solved(for rest: SIMD3<Double>) -> SIMD3<Double>? {
    let (a, b, c) = columns
    let d = determinant
    guard d > 1e-6 else { return nil }
    return SIMD3(
      (rest * cross(b, c)).sum(), (a * cross(rest, c)).sum(), (a * cross(b, rest)).sum()) / d
  }
}
