/// Where the voxels of an image lie: their number along each axis and the map to world millimetres.
package struct Grid: Hashable, Sendable {
  package let nx: Int
  package let ny: Int
  package let nz: Int
  /// Voxel units (centres are whole numbers) to RAS+ millimetres.
  package let worldFromVoxel: Affine
  /// The way back.
  package let voxelFromWorld: Affine

  /// Nil when a dimension is not positive or the map has no inverse.
  package init?(dimensions: (Int, Int, Int), worldFromVoxel: Affine) {
    guard dimensions.0 > 0, dimensions.1 > 0, dimensions.2 > 0, worldFromVoxel.isFinite,
      let back = worldFromVoxel.inverse, back.isFinite
    else { return nil }
    (nx, ny, nz) = dimensions
    self.worldFromVoxel = worldFromVoxel
    voxelFromWorld = back
  }

  /// The same voxels in the world that an affine leads to; nil when that has no inverse.
  package func carried(by affine: Affine) -> Grid? {
    Grid(
      dimensions: (nx, ny, nz), worldFromVoxel: affine.composed(after: worldFromVoxel))
  }

  package var count: Int { nx * ny * nz }

  /// Distance between neighbouring voxel centres along each axis, in millimetres.
  package var spacing: (Double, Double, Double) { worldFromVoxel.columnNorms }

  /// Volume of one voxel in cubic millimetres.
  package var voxelVolume: Double { abs(worldFromVoxel.determinant) }

  /// Place of a voxel in a flat array, i fastest.
  package func offset(_ v: VoxelIndex) -> Int { v.i + nx * (v.j + ny * v.k) }

  package func index(at offset: Int) -> VoxelIndex {
    VoxelIndex(offset % nx, offset / nx % ny, offset / (nx * ny))
  }

  /// The middle of voxels, each as heavy as the others.
  package func centre(of offsets: some Sequence<some BinaryInteger>) -> WorldPoint {
    var sum = (0.0, 0.0, 0.0)
    var count = 0
    for offset in offsets {
      let v = index(at: Int(offset))
      sum = (sum.0 + Double(v.i), sum.1 + Double(v.j), sum.2 + Double(v.k))
      count += 1
    }
    let n = Double(max(1, count))
    let w = worldFromVoxel.applied(sum.0 / n, sum.1 / n, sum.2 / n)
    return WorldPoint(w.0, w.1, w.2)
  }

  package func contains(_ v: VoxelIndex) -> Bool {
    v.i >= 0 && v.i < nx && v.j >= 0 && v.j < ny && v.k >= 0 && v.k < nz
  }

  package func world(_ v: VoxelIndex) -> WorldPoint {
    let w = worldFromVoxel.applied(Double(v.i), Double(v.j), Double(v.k))
    return WorldPoint(w.0, w.1, w.2)
  }

  package func world(at offset: Int) -> WorldPoint { world(index(at: offset)) }

  package func voxel(_ w: WorldPoint) -> VoxelPoint {
    let v = voxelFromWorld.applied(w.x, w.y, w.z)
    return VoxelPoint(v.0, v.1, v.2)
  }

  /// What decides between two voxels that are equally near.
  static let tieShift = WorldPoint(1e-5, 1e-5, 1e-5)

  /// The voxel that a world point lies in, or nil outside.
  ///
  /// A point exactly between two voxels goes to the one that lies more to the right, anterior and
  /// superior: decided in millimetres, so that it does not depend on how the image is stored.
  package func nearestVoxel(_ w: WorldPoint) -> VoxelIndex? {
    let p = voxel(
      WorldPoint(w.x + Self.tieShift.x, w.y + Self.tieShift.y, w.z + Self.tieShift.z))
    guard abs(p.x) < 1e9, abs(p.y) < 1e9, abs(p.z) < 1e9 else { return nil }
    let v = p.rounded
    return contains(v) ? v : nil
  }

  /// The eight outermost voxel centres.
  package var corners: [WorldPoint] {
    [0, nx - 1].flatMap { i in
      [0, ny - 1].flatMap { j in [0, nz - 1].map { k in world(VoxelIndex(i, j, k)) } }
    }
  }

  /// Whether two grids put every voxel in the same place, to a thousandth of a millimetre.
  package func matches(_ other: Grid) -> Bool {
    nx == other.nx && ny == other.ny && nz == other.nz
      && zip(corners, other.corners).allSatisfy { $0.distance(to: $1) < 1e-3 }
  }

  /// Which world axis each voxel axis follows most closely, and whether it runs that way or against it.
  ///
  /// The assignment with the largest sum of direction cosines is taken, so a deep oblique volume never has one
  /// world axis twice.
  package var storedAxes: [(world: Int, isPositive: Bool)] {
    let norms = [spacing.0, spacing.1, spacing.2]
    var best = (score: -1.0, axes: [0, 1, 2])
    for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      var score = 0.0
      for c in 0..<3 { score += abs(worldFromVoxel.rows[axes[c]][c]) / norms[c] }
      if score > best.score + 1e-12 { best = (score, axes) }
    }
    return (0..<3).map { c in
      let axis = best.axes[c]
      return (axis, worldFromVoxel.rows[axis][c] > 0)
    }
  }

  /// Three letters: where i, j and k point, as in "RAS".
  package var orientationCode: String {
    let letters = [["L", "R"], ["P", "A"], ["I", "S"]]
    return storedAxes.map { letters[$0.world][$0.isPositive ? 1 : 0] }.joined()
  }
}
