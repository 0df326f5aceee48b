package import Basics
package import Connectivity
package import Imaging

/// Other places of the same brain from which a seed series can be taken, for asking how strong a coupling this
/// brain gives by itself.
package struct ControlSeeds: Sendable {
  package let centres: [WorldPoint]
  /// Their mean series in the projection's coordinates, each of length 1.
  package let series: [[Float]]
  /// Places all over the brain but not in the search region, at which a map's spread is measured.
  package let sample: [Int]
  package let samplePoints: [WorldPoint]

  /// Edge of the lattice on which places are taken, in mm.
  private static let latticeStep = 8.0
  /// A sphere of which less than this lies in the mask is no seed.
  private static let leastFilled = 0.15
  /// Between a control seed's sphere and the seed or the region, in mm: a smoothing kernel and a voxel.
  private static let gap = 8.0
  private static let most = 300

  /// - Parameters:
  ///   - seed: voxels of the protocol's seed; a seed of more than 200 cm³ is kept away from by nothing.
  ///   - region: places of the search region.
  package init(
    _ reduced: ReducedSeries, seed: [Int], region: [Int], progress: WorkProgress
  ) throws(Problem) {
    let mask = reduced.mask
    func point(_ place: Int) -> WorldPoint { mask.grid.world(at: Int(mask.offsets[place])) }
    let voxel = mask.grid.voxelVolume
    let volume = Double(seed.count) * voxel
    // A control is a sphere of the seed's volume.
    let radius = min(15, max(4, Self.radius(ofVolume: volume)))
    let isRegion = Set(region)
    let lattice = Self.lattice(mask)
    let sampled = lattice.map { (place: $0, point: point($0)) }
      .filter { !isRegion.contains($0.place) && reduced.norms[$0.place].isFinite }
    sample = sampled.map(\.place)
    samplePoints = sampled.map(\.point)
    let near = NearPoints(region.map(point), reach: radius + Self.gap)
    let nearSeed = NearPoints(
      volume <= 200_000 ? seed.map(point) : [], reach: radius + Self.gap)
    let least = max(3, Self.leastFilled * 4.18879 * radius * radius * radius / voxel)
    var found: [(point: WorldPoint, places: [Int])] = []
    for one in sampled where !near.contains(one.point) && !nearSeed.contains(one.point) {
      let places = mask.places(around: one.point, radius: radius)
        .filter { reduced.norms[$0].isFinite }
      if Double(places.count) >= least { found.append((one.point, places)) }
    }
    try progress.check()
    let step = max(1, Double(found.count) / Double(Self.most))
    var centres: [WorldPoint] = []
    var series: [[Float]] = []
    for n in 0..<min(found.count, Self.most) {
      let one = found[min(found.count - 1, Int(Double(n) * step))]
      guard let mean = reduced.coordinates(ofMean: one.places), let unit = unitLength(mean) else {
        continue
      }
      centres.append(one.point)
      series.append(unit)
      if n % 32 == 0 { try progress.check() }
    }
    self.centres = centres
    self.series = series
  }

  private static func radius(ofVolume volume: Double) -> Double {
    // The cube root by Newton's rule: a sphere of 1 mm³ to 1 dm³.
    let cube = volume / 4.18879
    var x = 10.0
    for _ in 0..<40 { x = (2 * x + cube / (x * x)) / 3 }
    return x
  }

  /// The voxels nearest to a lattice of the world, whatever order the file stores them in.
  private static func lattice(_ mask: Mask) -> [Int] {
    guard let (low, high) = mask.bounds else { return [] }
    func steps(_ axis: Int) -> [Double] {
      let first = (low[axis] / latticeStep).rounded(.up) * latticeStep
      return Array(stride(from: first, through: high[axis], by: latticeStep))
    }
    var out: [Int] = []
    for z in steps(2) {
      for y in steps(1) {
        for x in steps(0) {
          guard let v = mask.grid.nearestVoxel(WorldPoint(x, y, z)), mask.contains(v) else {
            continue
          }
          out.append(Int(mask.places[mask.grid.offset(v)]))
        }
      }
    }
    return out
  }
}

/// Whether anything of a cloud of points lies within reach, by boxes as wide as the reach.
private struct NearPoints {
  private struct Box: Hashable { var x, y, z: Int }
  private let reach: Double
  private var boxes: [Box: [WorldPoint]] = [:]

  init(_ points: [WorldPoint], reach: Double) {
    self.reach = reach
    for p in points { boxes[box(p), default: []].append(p) }
  }

  private func box(_ p: WorldPoint) -> Box {
    func at(_ x: Double) -> Int { wholeNumber((x / reach).rounded(.down), in: -100_000...100_000) }
    return Box(x: at(p.x), y: at(p.y), z: at(p.z))
  }

  func contains(_ p: WorldPoint) -> Bool {
    let b = box(p)
    for n in 0..<27 {
      let there = Box(x: b.x + n % 3 - 1, y: b.y + n / 3 % 3 - 1, z: b.z + n / 9 - 1)
      if boxes[there]?.contains(where: { $0.distance(to: p) <= reach }) == true { return true }
    }
    return false
  }
}
