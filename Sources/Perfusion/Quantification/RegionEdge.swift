package import Imaging

/// How one side of a region lies in an image: the number of one at the edge is of the edge, not of perfusion.
package struct RegionEdge: Sendable, Equatable {
  /// Share of the region that lies outside of the image, or where that holds no counts.
  package let outside: Double
  /// Share that lies outside of the brain or within the rim that asymmetry leaves out.
  package let rim: Double

  /// As a reference is told to be cut by the field of view from this share on.
  static let mostOutside = 0.05
  /// A region of cortex lies at the rim with about half of itself. Of the mean of 90 normal scans only
  /// Cerebelum_10 has more than this share there, with 35 % of the whole brain's counts.
  static let mostRim = 0.75

  package init(outside: Double, rim: Double) { (self.outside, self.rim) = (outside, rim) }

  package var isAtEdge: Bool { outside > Self.mostOutside || rim > Self.mostRim }
}

extension RegionPairs {
  /// How both sides of every region lie in an image, by the atlas's own voxels: those outside of the image count.
  ///
  /// - Parameters:
  ///   - atlas, plane: those that the regions were made of.
  ///   - image: on the regions' grid, any unit.
  ///   - brain: on the same grid.
  ///   - rim: mm from what is no brain, and from the image's own end.
  /// - Returns: in the order of `regions`; nil for a side that the atlas does not have.
  package func edges(
    of atlas: LabelMap, in image: Volume, brain: Mask, rim: Double = asymmetryRim,
    at plane: MirrorPlane
  ) -> [(left: RegionEdge?, right: RegionEdge?)] {
    let depth = brain.depths
    var number: [String: Int] = [:]
    for (n, region) in regions.enumerated() { number[region.name] = n }
    var sides: [Int32: (region: Int, side: Side?)] = [:]
    for label in Set(atlas.labels) where label != 0 {
      let name = atlas.names[label] ?? "\(atlas.title) \(label)"
      let named = namedSide(name)
      if let n = number[named?.stem ?? name] { sides[label] = (n, named?.side) }
    }
    var counts = [[(all: Int, outside: Int, rim: Int)]](
      repeating: [(0, 0, 0), (0, 0, 0)], count: regions.count)
    for (offset, label) in atlas.labels.enumerated() where label != 0 {
      guard let (region, named) = sides[label] else { continue }
      let place = atlas.grid.world(at: offset)
      let side = named ?? plane.side(of: place)
      guard side == .left || side == .right else { continue }
      let voxel = image.grid.nearestVoxel(place).map { image.grid.offset($0) }
      let s = side == .left ? 0 : 1
      counts[region][s].all += 1
      if voxel.map({ image.values[$0] > 0 }) != true { counts[region][s].outside += 1 }
      if voxel.map({ Double(depth[$0]) > rim }) != true { counts[region][s].rim += 1 }
    }
    func edge(_ c: (all: Int, outside: Int, rim: Int)) -> RegionEdge? {
      guard c.all > 0 else { return nil }
      return RegionEdge(
        outside: Double(c.outside) / Double(c.all), rim: Double(c.rim) / Double(c.all))
    }
    return counts.map { (edge($0[0]), edge($0[1])) }
  }
}

extension Mask {
  /// From every voxel the distance to what is outside, in mm; the grid ends where the image does.
  fileprivate var depths: [Float] {
    var depth = distances(toSet: places.map { $0 < 0 }, grid)
    let size = [grid.nx, grid.ny, grid.nz]
    let spacing = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
    for offset in offsets.map(Int.init) {
      let v = grid.index(at: offset)
      for (axis, at) in [v.i, v.j, v.k].enumerated() where size[axis] > 1 {
        let toEnd = Double(min(at, size[axis] - 1 - at) + 1) * spacing[axis]
        depth[offset] = min(depth[offset], Float(toEnd))
      }
    }
    return depth
  }
}
