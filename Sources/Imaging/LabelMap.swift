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
  package func label(at w: WorldPoint) -> Int32 {
    guard let v = grid.nearestVoxel(w) else { return 0 }
    return labels[grid.offset(v)]
  }

  /// The region's name, its number when there is no table, nil outside of all.
  package func name(at w: WorldPoint) -> String? {
    let n = label(at: w)
    return n == 0 ? nil : names[n] ?? "\(title) \(n)"
  }
}
