/// Regions: a whole number per voxel, 0 for none, and their names where a table gives them.
package final class LabelMap: Sendable {
  package let grid: Grid
  package let labels: [Int32]
  package let names: [Int32: String]
  /// The atlas's name, for the screen.
  package let title: String

  package init(grid: Grid, labels: [Int32], names: [Int32: String], title: String) {
    precondition(labels.count == grid.count)
    self.grid = grid
    self.labels = labels
    self.names = names
    self.title = title
  }

  /// The number of the region that a world point lies in; 0 outside of all.
  ///
  /// A point exactly between two voxels goes to the one that lies more to the right, anterior and
  /// superior: decided in millimetres, so that it does not depend on how the atlas is stored.
  package func label(at w: WorldPoint) -> Int32 {
    let nudged = WorldPoint(w.x + 1e-5, w.y + 1e-5, w.z + 1e-5)
    guard let v = grid.nearestVoxel(nudged) else { return 0 }
    return labels[grid.offset(v)]
  }

  /// The region's name, its number when there is no table, nil outside of all.
  package func name(at w: WorldPoint) -> String? {
    let n = label(at: w)
    return n == 0 ? nil : names[n] ?? "\(title) \(n)"
  }
}
