import CellUI
import Imaging

/// Which rows and columns of a slice begin a new voxel in any of its images; the pixels between
/// them need not be looked up again, because images whose axes are the world's have straight voxels.
struct SliceRuns {
  private(set) var startsRow: [Bool]
  private(set) var startsColumn: [Bool]

  init(_ content: PaneContent, _ geometry: SliceGeometry, _ cursor: WorldPoint) {
    let grids = content.grids
    let isStraight = grids.allSatisfy(\.isStraight)
    func starts(_ count: Int, _ point: (Int) -> WorldPoint) -> [Bool] {
      guard isStraight else { return [Bool](repeating: true, count: count) }
      var last: [VoxelIndex] = []
      return (0..<count).map { n in
        let here = grids.map { $0.voxelHolding(point(n)) }
        defer { last = here }
        return here != last || n == 0
      }
    }
    startsColumn = starts(geometry.width) { geometry.world($0, 0, through: cursor) }
    startsRow = starts(geometry.height) { geometry.world(0, $0, through: cursor) }
  }
}

extension Grid {
  /// Whether each voxel axis runs along one world axis exactly.
  fileprivate var isStraight: Bool {
    voxelFromWorld.rows.allSatisfy { row in row.prefix(3).filter { $0 != 0 }.count == 1 }
  }

  /// As `nearestVoxel` decides it, beyond the edges too.
  fileprivate func voxelHolding(_ w: WorldPoint) -> VoxelIndex {
    let p = voxel(WorldPoint(w.x + 1e-5, w.y + 1e-5, w.z + 1e-5))
    func held(_ v: Double) -> Double { max(-1e6, min(1e6, v)) }
    return VoxelPoint(held(p.x), held(p.y), held(p.z)).rounded
  }
}

extension PaneContent {
  /// The grids of all that is looked up at every pixel.
  fileprivate var grids: [Grid] {
    var all: [Grid] = []
    switch base {
    case .grey(let image): all.append(image.volume.grid)
    case .hot(let volume, _): all.append(volume.grid)
    case .none: break
    }
    if showsMap { all += layers.map(\.volume.grid) }
    return all
  }
}

extension Picture {
  /// Repeats the pixel at the left.
  mutating func repeatLeft(_ x: Int, _ y: Int) {
    colours[y * width + x] = colours[y * width + x - 1]
    kinds[y * width + x] = kinds[y * width + x - 1]
  }

  /// Repeats the row above.
  mutating func repeatAbove(_ y: Int) {
    for at in (y * width)..<((y + 1) * width) {
      colours[at] = colours[at - width]
      kinds[at] = kinds[at - width]
    }
  }
}
