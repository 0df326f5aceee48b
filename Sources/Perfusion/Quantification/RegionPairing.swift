package import Basics
package import Imaging

/// The side that a region's name says.
package struct NamedSide: Equatable, Sendable {
  /// The name without the side.
  package let stem: String
  package let side: Side
  /// What the region of the other side has in common with it: the stem, or the whole name where nothing says that the
  /// two are the same region. A number behind the side counts the regions of one hemisphere (`7Networks_LH_Vis_1`).
  package let pair: String
}

/// The side that a region's name says, and the name without it.
///
/// It is said by `left`, `right`, `lh`, `rh`, `l` or `r` as a word of its own, wherever it stands: `_L` (AAL),
/// `Left-Putamen`, `ctx-lh-insula` (FreeSurfer), `7Networks_LH_Vis_1` (Schaefer), `A8m_L_7_1` (Brainnetome), `V1(L)`. Nil
/// where the name says none, or both.
package func namedSide(_ name: String) -> NamedSide? {
  let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
  let said = words.indices.compactMap { n in sideWord(words[n]).map { (n, $0) } }
  guard words.count > 1, let (n, side) = said.first, Set(said.map(\.1)).count == 1 else {
    return nil
  }
  let word = words[n]
  var head = name[..<word.startIndex]
  var tail = name[word.endIndex...]
  // One of the marks around it goes along.
  if head.isEmpty { tail = tail.dropFirst() } else { head = head.dropLast() }
  let stem = String(head + tail)
  let isCounted = n > 0 && n + 1 < words.count && words[words.count - 1].allSatisfy(\.isNumber)
  return NamedSide(stem: stem, side: side, pair: isCounted ? name : stem)
}

private func sideWord(_ word: Substring) -> Side? {
  switch word.lowercased() {
  case "left", "lh", "l": .left
  case "right", "rh", "r": .right
  default: nil
  }
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
      guard let named = namedSide(name(label)) else {
        order.append(name(label))
        cut[name(label)] = (
          voxels.filter { plane.side(of: grid.world(at: $0)) == .left },
          voxels.filter { plane.side(of: grid.world(at: $0)) == .right }
        )
        continue
      }
      let (stem, side) = (named.pair, named.side)
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

  /// How many voxels of each side of each region have data.
  package func counts(of image: Volume) -> [(left: Int, right: Int)] {
    func count(_ places: [Int]) -> Int {
      places.reduce(0) { $0 + (image.values[$1].isFinite ? 1 : 0) }
    }
    return regions.map { (count($0.left), count($0.right)) }
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
