extension Mask {
  /// A brain mask from a mean image: above 20 % of the 98th percentile (or another share of it), the
  /// largest piece of it (neighbours share a face), holes filled. Nil when nothing stands out.
  package static func derived(from mean: Volume, share: Float = 0.2) -> Mask? {
    guard let high = mean.percentile(98), high > 0 else { return nil }
    let level = share * high
    let grid = mean.grid
    let inside = mean.values.map { $0.isFinite && $0 > level }
    guard let piece = largestPiece(inside, grid) else { return nil }
    let filled = fillHoles(piece, grid)
    return Mask(grid: grid, origin: "DERIVED") { filled[$0] }
  }

  /// The largest set of voxels connected through faces.
  package static func largestPiece(_ inside: [Bool], _ grid: Grid) -> [Bool]? {
    let pieces = connectedPieces(inside, grid, faces: true)
    guard let largest = pieces.max(by: { $0.count < $1.count }) else { return nil }
    var out = [Bool](repeating: false, count: grid.count)
    for offset in largest { out[offset] = true }
    return out
  }

  /// Sets what the outside cannot reach through faces.
  package static func fillHoles(_ inside: [Bool], _ grid: Grid) -> [Bool] {
    var outside = [Bool](repeating: false, count: grid.count)
    var queue: [Int] = []
    for offset in 0..<grid.count where !inside[offset] {
      let v = grid.index(at: offset)
      if v.i == 0 || v.j == 0 || v.k == 0 || v.i == grid.nx - 1 || v.j == grid.ny - 1
        || v.k == grid.nz - 1
      {
        outside[offset] = true
        queue.append(offset)
      }
    }
    while let at = queue.popLast() {
      visitNeighbours(of: at, grid, faces: true) { next in
        if !inside[next], !outside[next] {
          outside[next] = true
          queue.append(next)
        }
      }
    }
    return outside.map { !$0 }
  }
}

/// Calls `body` with the flat places of a voxel's neighbours: 6 that share a face, or all 26.
func visitNeighbours(of at: Int, _ grid: Grid, faces: Bool, _ body: (Int) -> Void) {
  let v = grid.index(at: at)
  for dk in -1...1 {
    for dj in -1...1 {
      for di in -1...1 {
        if di == 0 && dj == 0 && dk == 0 { continue }
        if faces && abs(di) + abs(dj) + abs(dk) != 1 { continue }
        let n = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
        if grid.contains(n) { body(grid.offset(n)) }
      }
    }
  }
}

/// Connected pieces of a set of voxels, each as flat places, in the order of their first voxel.
///
/// - Parameter faces: true joins voxels that share a face, false also edges and corners
///   (26 neighbours, AFNI's NN3).
package func connectedPieces(_ inside: [Bool], _ grid: Grid, faces: Bool) -> [[Int]] {
  connectedPieces(grid, faces: faces, isMember: { inside[$0] }, belong: { _, n in inside[n] })
}

/// Connected pieces of every label but 0, in the order of their first voxel.
package func connectedPieces(ofLabels labels: [Int32], _ grid: Grid, faces: Bool) -> [[Int]] {
  connectedPieces(
    grid, faces: faces, isMember: { labels[$0] != 0 }, belong: { labels[$0] == labels[$1] })
}

@inline(__always)
private func connectedPieces(
  _ grid: Grid, faces: Bool, isMember: (Int) -> Bool, belong: (Int, Int) -> Bool
) -> [[Int]] {
  let steps = neighbourSteps(grid, faces: faces)
  var seen = [Bool](repeating: false, count: grid.count)
  var pieces: [[Int]] = []
  for start in 0..<grid.count where isMember(start) && !seen[start] {
    var piece = [start]
    seen[start] = true
    var next = 0
    while next < piece.count {
      let at = piece[next]
      next += 1
      func visit(_ n: Int) {
        guard !seen[n], belong(start, n) else { return }
        seen[n] = true
        piece.append(n)
      }
      // Only voxels at the grid's edge must be asked which neighbours they have.
      if grid.isInterior(grid.index(at: at)) {
        for step in steps { visit(at + step) }
      } else {
        visitNeighbours(of: at, grid, faces: faces, visit)
      }
    }
    pieces.append(piece)
  }
  return pieces
}

/// Steps to the neighbours as flat places, in the order in which they are visited at an edge.
private func neighbourSteps(_ grid: Grid, faces: Bool) -> [Int] {
  var steps: [Int] = []
  for dk in -1...1 {
    for dj in -1...1 {
      for di in -1...1 where (di, dj, dk) != (0, 0, 0) {
        if faces, abs(di) + abs(dj) + abs(dk) != 1 { continue }
        steps.append((dk * grid.ny + dj) * grid.nx + di)
      }
    }
  }
  return steps
}

extension Grid {
  /// Whether all 26 neighbours are in the grid.
  fileprivate func isInterior(_ v: VoxelIndex) -> Bool {
    v.i > 0 && v.i < nx - 1 && v.j > 0 && v.j < ny - 1 && v.k > 0 && v.k < nz - 1
  }
}
