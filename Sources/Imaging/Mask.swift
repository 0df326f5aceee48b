import Basics

/// A set of voxels of one grid, in file order.
package final class Mask: Sendable {
  package let grid: Grid
  /// Flat places of the voxels, ascending.
  package let offsets: [Int32]
  /// For each voxel of the grid its place in `offsets`, or −1.
  package let places: [Int32]
  /// How it came about, for the screen and for sidecars.
  package let origin: String
  /// For each voxel of the grid whether it lies outside the run's field of view; empty where none is known to.
  package let outsideField: [Bool]

  package init(grid: Grid, offsets: [Int32], origin: String) {
    self.grid = grid
    self.offsets = offsets
    self.origin = origin
    outsideField = []
    var places = [Int32](repeating: -1, count: grid.count)
    for (place, offset) in offsets.enumerated() { places[Int(offset)] = Int32(place) }
    self.places = places
  }

  private init(_ other: Mask, outsideField: [Bool]) {
    (grid, offsets, places, origin) = (other.grid, other.offsets, other.places, other.origin)
    self.outsideField = outsideField
  }

  /// The same voxels with what is known of the field of view.
  func with(outsideField: [Bool]) -> Mask {
    outsideField == self.outsideField ? self : Mask(self, outsideField: outsideField)
  }

  package convenience init(
    grid: Grid, origin: String, where isInside: (Int) -> Bool
  ) {
    self.init(
      grid: grid, offsets: (0..<grid.count).filter(isInside).map(Int32.init), origin: origin)
  }

  package var count: Int { offsets.count }

  package func contains(_ v: VoxelIndex) -> Bool {
    grid.contains(v) && places[grid.offset(v)] >= 0
  }

  /// Mean place of the voxels in world millimetres.
  package var centre: WorldPoint { grid.centre(of: offsets) }

  /// Smallest world box around the voxel centres.
  package var bounds: (low: WorldPoint, high: WorldPoint)? {
    guard !offsets.isEmpty else { return nil }
    var low = WorldPoint(.infinity, .infinity, .infinity)
    var high = WorldPoint(-.infinity, -.infinity, -.infinity)
    for offset in offsets {
      let w = grid.world(at: Int(offset))
      for axis in 0..<3 {
        low[axis] = min(low[axis], w[axis])
        high[axis] = max(high[axis], w[axis])
      }
    }
    return (low, high)
  }

  /// A full-grid volume from one value per mask voxel; NaN elsewhere.
  package func volume(_ values: [Float]) -> Volume {
    precondition(values.count == count)
    var out = [Float](repeating: .nan, count: grid.count)
    for (place, offset) in offsets.enumerated() { out[Int(offset)] = values[place] }
    return Volume(grid: grid, values: out)
  }

  /// Places in `offsets` of the voxels whose centres lie within `radius` millimetres (≤) of a point.
  package func places(around centre: WorldPoint, radius: Double) -> [Int] {
    let reach = grid.voxel(centre)
    let spacing = grid.spacing
    let volume = grid.voxelVolume
    // A voxel step along one axis moves at least (volume / area of the other two) millimetres away.
    let steps = (
      radius * spacing.1 * spacing.2 / volume, radius * spacing.0 * spacing.2 / volume,
      radius * spacing.0 * spacing.1 / volume
    )
    func range(_ at: Double, _ reach: Double, _ n: Int) -> ClosedRange<Int>? {
      let low = max(0, (at - reach).rounded(.up))
      let high = min(Double(n - 1), (at + reach).rounded(.down))
      guard low <= high else { return nil }
      let voxels = 0...max(0, n - 1)
      return wholeNumber(low, in: voxels)...wholeNumber(high, in: voxels)
    }
    guard let ks = range(reach.z, steps.2 + 1e-6, grid.nz),
      let js = range(reach.y, steps.1 + 1e-6, grid.ny),
      let `is` = range(reach.x, steps.0 + 1e-6, grid.nx)
    else { return [] }
    var found: [Int] = []
    for k in ks {
      for j in js {
        for i in `is` {
          let v = VoxelIndex(i, j, k)
          let place = places[grid.offset(v)]
          if place >= 0, grid.world(v).distance(to: centre) <= radius + 1e-9 {
            found.append(Int(place))
          }
        }
      }
    }
    return found
  }

  /// Distance in millimetres from a point to the nearest voxel centre of the mask.
  package func distance(to point: WorldPoint) -> Double {
    offsets.reduce(Double.infinity) { min($0, grid.world(at: Int($1)).distance(to: point)) }
  }
}
