package import Imaging

/// How a region's number stands among normals: mean, SD and z by Crawford and Howell's t
/// (`CrawfordHowell`).
package struct RegionScore: Sendable, Equatable {
  package let mean: Double
  package let standardDeviation: Double
  package let z: Double

  /// Sample SD (n − 1); nil below five finite values or without any spread.
  init?(_ x: Double, among values: [Double]) {
    let finite = values.filter(\.isFinite)
    guard finite.count >= Normals.leastCount, x.isFinite else { return nil }
    let n = Double(finite.count)
    let mean = finite.reduce(0, +) / n
    let squares = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let sd = (squares / (n - 1)).squareRoot()
    // A reference region is 100 % in everybody: what is left of its spread is rounding.
    guard sd > 1e-9 * abs(mean) else { return nil }
    self.mean = mean
    standardDeviation = sd
    z = CrawfordHowell(count: finite.count).z(ofDeviation: (x - mean) / sd)
  }
}

/// One line of a regional table.
package struct RegionRow: Sendable {
  package let name: String
  /// One label that was cut at the mirror plane instead of a label for each side.
  package let isCut: Bool
  /// Voxels that have data, and how many of the region do not.
  package let leftVoxels: Int
  package let rightVoxels: Int
  package let leftMissing: Int
  package let rightMissing: Int
  /// Per cent of the reference; NaN where the region has no data on that side.
  package let percent: Asymmetry
  /// Asymmetry index of the stored values.
  package let index: Double
  /// Against normals: of each side, and of the asymmetry index; nil without them.
  package var left: RegionScore?
  package var right: RegionScore?
  package var asymmetry: RegionScore?
  /// Mean of the voxels' z, where only a mean and an SD image are known.
  package var meanZ: Asymmetry?
  /// A voxel of each side, the one nearest to the side's centre; nil where it has none.
  package var leftPlace: WorldPoint?
  package var rightPlace: WorldPoint?
  /// How each side lies in the image; nil where it was not looked at.
  package var leftEdge: RegionEdge?
  package var rightEdge: RegionEdge?

  /// "31 % of LEFT have no data": what the numbers of a region are not of; nil where all is there.
  package var missingWords: String? {
    let parts = [("LEFT", leftVoxels, leftMissing), ("RIGHT", rightVoxels, rightMissing)]
      .filter { $0.2 > 0 }
      .map { "\(Int((100 * Double($0.2) / Double($0.1 + $0.2)).rounded(.up))) % of \($0.0)" }
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + " have no data"
  }

  /// A voxel of the side that has less.
  package var place: WorldPoint? { lower?.side == .right ? rightPlace : leftPlace }
}

/// What turns stored values into per cent: one number, or the other side.
package enum PercentScale: Sendable {
  case mean(Double)
  /// Every voxel by its mirrored place; the volume is in per cent already.
  case contralateral(Volume)

  /// One voxel of an image in per cent.
  package func percent(of image: Volume, at voxel: Int) -> Double {
    switch self {
    case .mean(let m): 100 * Double(image.values[voxel]) / m
    case .contralateral(let percent): Double(percent.values[voxel])
    }
  }

  /// Region means in per cent.
  func percent(_ raw: Asymmetry) -> Asymmetry {
    switch self {
    case .mean(let m): Asymmetry(left: 100 * raw.left / m, right: 100 * raw.right / m)
    case .contralateral:
      Asymmetry(left: 100 * raw.left / raw.right, right: 100 * raw.right / raw.left)
    }
  }
}

/// Left and right of every region in per cent of the reference, with asymmetry and, where there are
/// people to compare with, z of all three.
///
/// - Parameters:
///   - image: the stored values.
///   - people: other people's images on the same grid, each with its own scale.
package func regionalTable(
  of image: Volume, _ scale: PercentScale, regions: RegionPairs,
  people: [(image: Volume, scale: PercentScale)]
) -> [RegionRow] {
  let own = regions.means(of: image)
  let counts = regions.counts(of: image)
  let others = people.map { (regions.means(of: $0.image), $0.scale) }
  return regions.regions.indices.map { n in
    let percent = scale.percent(own[n])
    let theirs = others.map { means, scale in
      (percent: scale.percent(means[n]), index: means[n].index)
    }
    return RegionRow(
      name: regions.regions[n].name, isCut: regions.regions[n].isCut,
      leftVoxels: counts[n].left, rightVoxels: counts[n].right,
      leftMissing: regions.regions[n].leftVoxels - counts[n].left,
      rightMissing: regions.regions[n].rightVoxels - counts[n].right, percent: percent,
      index: own[n].index,
      left: RegionScore(percent.left, among: theirs.map(\.percent.left)),
      right: RegionScore(percent.right, among: theirs.map(\.percent.right)),
      asymmetry: RegionScore(own[n].index, among: theirs.map(\.index)),
      meanZ: nil, leftPlace: regions.place(of: n, .left), rightPlace: regions.place(of: n, .right))
  }
}

// MARK: Order

/// How a regional table is sorted.
package enum RegionOrder: String, Sendable, CaseIterable {
  /// By the lower, the higher side in per cent of the reference.
  case lowest, highest
  /// By |asymmetry index|, the largest first.
  case asymmetry
  /// As the atlas numbers them.
  case atlas
}

/// One side of a region.
package struct RegionSide: Sendable, Equatable {
  package let name: String
  package let side: Side
  package let percent: Double
  package let z: Double?
  /// The mean of its voxels' z, where only these were compared with normals: no z of the region.
  package let meanVoxelZ: Double?
  /// Whether it lies at the edge of the brain or of the field of view.
  package let isAtEdge: Bool
}

extension RegionRow {
  /// Whether a side is a fragment of what lies on the other: a label that reaches a little over the middle.
  func isFragment(_ side: Side) -> Bool {
    let (own, other) = side == .left ? (leftVoxels, rightVoxels) : (rightVoxels, leftVoxels)
    return isCut && 20 * own < other
  }

  /// Both sides that have data, and are no fragments.
  package var sides: [RegionSide] {
    [
      RegionSide(
        name: name, side: .left, percent: percent.left, z: left?.z, meanVoxelZ: meanZ?.left,
        isAtEdge: leftEdge?.isAtEdge ?? false),
      RegionSide(
        name: name, side: .right, percent: percent.right, z: right?.z, meanVoxelZ: meanZ?.right,
        isAtEdge: rightEdge?.isAtEdge ?? false),
    ].filter { $0.percent.isFinite && !isFragment($0.side) }
  }

  /// The side that has less, and the one that has more.
  package var lower: RegionSide? { sides.min { $0.percent < $1.percent } }
  package var higher: RegionSide? { sides.max { $0.percent < $1.percent } }
}

extension [RegionRow] {
  /// The rows in another order; what has no data comes last, ties stay as the atlas has them.
  package func sorted(by order: RegionOrder) -> [RegionRow] {
    func key(_ row: RegionRow) -> Double {
      let key: Double? =
        switch order {
        case .lowest: row.lower?.percent
        case .highest: row.higher.map { -$0.percent }
        case .asymmetry: row.index.isFinite ? -abs(row.index) : nil
        case .atlas: 0
        }
      return key ?? .infinity
    }
    return enumerated().map { (key($0.element), $0.offset, $0.element) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
  }

  /// The lowest and the highest side of all.
  package var lowest: RegionSide? {
    compactMap(\.lower).min { $0.percent < $1.percent }
  }
  package var highest: RegionSide? {
    compactMap(\.higher).max { $0.percent < $1.percent }
  }

  /// All sides with data that do not lie at the edge of the brain or of the field of view.
  package var sidesInside: [RegionSide] { flatMap(\.sides).filter { !$0.isAtEdge } }
}
