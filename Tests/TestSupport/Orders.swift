package import Imaging

extension Small {
  /// The 48 ways to store a box of voxels: which world axis each voxel axis follows, and which are turned.
  package static let storageOrders: [(axes: [Int], flips: Int)] =
    [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].flatMap { axes in
      (0..<8).map { (axes, $0) }
    }

  /// The same voxel centres in another order.
  package static func grid(
    _ size: [Int], spacing: Double, low: [Double], axes: [Int], flips: Int
  ) -> Grid {
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for c in 0..<3 {
      let w = axes[c]
      let isTurned = flips >> c & 1 == 1
      rows[w][c] = isTurned ? -spacing : spacing
      rows[w][3] = isTurned ? low[w] + spacing * Double(size[w] - 1) : low[w]
    }
    let n = axes.map { size[$0] }
    guard let grid = Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: Affine(rows: rows)) else {
      preconditionFailure("a test's own grid is valid")
    }
    return grid
  }
}
