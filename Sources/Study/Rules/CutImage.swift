package import Basics
package import Imaging

/// The share of an image's counts that lies beyond a grid's box; what is shown or written on that grid is without them.
package func shareOutside(_ image: Volume, of grid: Grid) -> Double {
  var (all, outside) = (0.0, 0.0)
  for offset in 0..<image.grid.count {
    let value = Double(image.values[offset])
    guard value.isFinite, value > 0 else { continue }
    all += value
    if grid.nearestVoxel(image.grid.world(at: offset)) == nil { outside += value }
  }
  return all > 0 ? outside / all : 0
}

/// What is told of an image that another one's box cuts; nil where less than one per cent is lost.
package func cutFinding(_ image: Volume, name: String, by grid: Grid) -> Finding? {
  let share = shareOutside(image, of: grid)
  guard share >= 0.01 else { return nil }
  return Finding(
    "cut", .warning,
    "\(plainNumber(100 * share, 0)) % of its counts lie outside of the box that it is shown in.",
    file: name)
}
