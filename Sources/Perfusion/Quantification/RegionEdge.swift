import Basics
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
    let number = Dictionary(
      regions.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
    // Slices side by side: an atlas has millions of voxels.
    let slice = atlas.grid.nx * atlas.grid.ny
    let parts = parallelMap(atlas.grid.nz) { k in
      counted(slice * k..<slice * (k + 1), of: atlas, in: image, depth, rim, number, plane)
    }
    var counts = [Lying](repeating: Lying(), count: 2 * regions.count)
    for part in parts { for (n, c) in part { counts[n].add(c) } }
    return regions.indices.map { (counts[2 * $0].edge, counts[2 * $0 + 1].edge) }
  }

  /// How many voxels of each region's LEFT and RIGHT lie where, of some of an atlas's; even keys are LEFT.
  private func counted(
    _ offsets: Range<Int>, of atlas: LabelMap, in image: Volume, _ depth: [Float], _ rim: Double,
    _ number: [String: Int], _ plane: MirrorPlane
  ) -> [Int: Lying] {
    // Labels come in rows: a name is looked at where another one begins.
    var last: (label: Int32, region: Int?, side: Side?) = (0, nil, nil)
    var counts: [Int: Lying] = [:]
    for offset in offsets where atlas.labels[offset] != 0 {
      let label = atlas.labels[offset]
      if label != last.label {
        let name = atlas.names[label] ?? "\(atlas.title) \(label)"
        let named = namedSide(name)
        last = (label, number[named?.pair ?? name], named?.side)
      }
      guard let region = last.region else { continue }
      let place = atlas.grid.world(at: offset)
      let side = last.side ?? plane.side(of: place)
      guard side == .left || side == .right else { continue }
      let voxel = image.grid.nearestVoxel(place).map { image.grid.offset($0) }
      counts[2 * region + (side == .left ? 0 : 1), default: Lying()].add(
        Lying(
          all: 1, outside: voxel.map { image.values[$0] > 0 } == true ? 0 : 1,
          rim: voxel.map { Double(depth[$0]) > rim } == true ? 0 : 1))
    }
    return counts
  }
}

/// Voxels of one side of a region: all, those without counts, those at the rim.
private struct Lying {
  var all = 0
  var outside = 0
  var rim = 0

  mutating func add(_ other: Lying) {
    all += other.all
    outside += other.outside
    rim += other.rim
  }

  var edge: RegionEdge? {
    guard all > 0 else { return nil }
    return RegionEdge(
      outside: Double(outside) / Double(all), rim: Double(rim) / Double(all))
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
