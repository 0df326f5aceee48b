package import Basics
package import Imaging

/// The side that a region's name says, and the name without it.
///
/// Knows `_L`/`_R` at the end (AAL), `Left`/`Right`, `lh`/`rh` and `L`/`R` at the beginning, each followed by a
/// space, `-`, `_` or `.`. Nil where the name says none.
package func namedSide(_ name: String) -> (stem: String, side: Side)? {
  let separators: Set<Character> = [" ", "-", "_", "."]
  let words: [(String, Side)] = [
    ("left", .left), ("right", .right), ("lh", .left), ("rh", .right), ("l", .left), ("r", .right),
  ]
  let lower = name.lowercased()
  for (word, side) in words {
    if lower.hasPrefix(word), let next = lower.dropFirst(word.count).first,
      separators.contains(next)
    {
      return (String(name.dropFirst(word.count + 1)), side)
    }
    if lower.hasSuffix(word), let before = lower.dropLast(word.count).last,
      separators.contains(before)
    {
      return (String(name.dropLast(word.count + 1)), side)
    }
  }
  return nil
}

/// The regions of an atlas on a grid, left beside right.
package struct RegionPairs: Sendable {
  /// One line of a regional table.
  package struct Region: Sendable {
    package let name: String
    /// Whether the atlas has a label for each side, or one label was cut at the mirror plane.
    package let isCut: Bool
    /// Flat places of the voxels on each side; empty where the region has none there.
    let left: [Int]
    let right: [Int]

    package var leftVoxels: Int { left.count }
    package var rightVoxels: Int { right.count }
  }

  package let regions: [Region]
  private let grid: Grid
  /// Voxels of all regions.
  package let everything: Mask

  /// Each voxel takes the label of the atlas voxel that its centre lies in.
  ///
  /// Labels whose names say a side are paired; others are cut at the mirror plane, without what lies
  /// within 1 mm of it.
  /// - Throws: an atlas that shares no voxel with the grid, or one whose names and places disagree about
  ///   the side.
  package init(_ atlas: LabelMap, on grid: Grid, plane: MirrorPlane) throws(Problem) {
    var places: [Int32: [Int]] = [:]
    for offset in 0..<grid.count {
      let label = atlas.label(at: grid.world(at: offset))
      if label != 0 { places[label, default: []].append(offset) }
    }
    guard !places.isEmpty else {
      throw Problem(
        .data, atlas.title, "no region of it lies in the image",
        expected: "an atlas of the same space")
    }
    func name(_ label: Int32) -> String { atlas.names[label] ?? "\(atlas.title) \(label)" }
    var order: [String] = []
    var sided: [String: (left: [Int], right: [Int])] = [:]
    var cut: [String: (left: [Int], right: [Int])] = [:]
    for (label, voxels) in places.sorted(by: { $0.key < $1.key }) {
      guard let (stem, side) = namedSide(name(label)) else {
        order.append(name(label))
        cut[name(label)] = (
          voxels.filter { plane.side(of: grid.world(at: $0)) == .left },
          voxels.filter { plane.side(of: grid.world(at: $0)) == .right }
        )
        continue
      }
      let sum = voxels.reduce(0.0) { $0 + plane.distance(to: grid.world(at: $1)) }
      guard (sum < 0) == (side == .left) else {
        throw Problem(
          .data, atlas.title,
          "its region \(name(label)) lies on the person's \(sum < 0 ? "LEFT" : "RIGHT") by position",
          expected: "names and places that agree", remedy: "The atlas or the image may be mirrored")
      }
      if sided[stem] == nil { order.append(stem) }
      if side == .left {
        sided[stem, default: ([], [])].left += voxels
      } else {
        sided[stem, default: ([], [])].right += voxels
      }
    }
    regions = order.compactMap { name in
      if let p = sided[name] {
        return Region(name: name, isCut: false, left: p.left, right: p.right)
      }
      guard let p = cut[name] else { return nil }
      return Region(name: name, isCut: true, left: p.left, right: p.right)
    }
    self.grid = grid
    everything = Mask(
      grid: grid, offsets: places.values.joined().sorted().map(Int32.init),
      origin: "all regions of \(atlas.title)")
  }

  /// The voxel of a region's side that lies nearest to the side's centre.
  func place(of region: Int, _ side: Side) -> WorldPoint? {
    let voxels = side == .left ? regions[region].left : regions[region].right
    guard !voxels.isEmpty else { return nil }
    let centre = grid.centre(of: voxels)
    return voxels.lazy.map { grid.world(at: $0) }.min {
      $0.distance(to: centre) < $1.distance(to: centre)
    }
  }

  /// Mean of each side of each region over voxels with data; NaN without any.
  package func means(of image: Volume) -> [Asymmetry] {
    func mean(_ places: [Int]) -> Double {
      var (sum, n) = (0.0, 0.0)
      for at in places where image.values[at].isFinite {
        sum += Double(image.values[at])
        n += 1
      }
      return n > 0 ? sum / n : .nan
    }
    return regions.map { Asymmetry(left: mean($0.left), right: mean($0.right)) }
  }
}
