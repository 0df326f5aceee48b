package import Basics
import Glibc
package import Imaging

/// How far the site may lie from the printed place.
///
/// The map is redrawn by adding a part of null maps of this brain to what the seed does not explain, r + λ (n − r ·
/// r(n, seed)), and searched anew, snapping aside: what chance and structure do to the place is seen with the search in
/// it. The map holds its own noise already, and all of it once more would make the search jump where it did not; so
/// λ is `part`, and the way of the centres is taken `wayPart` times. To that come the way from the centre to the printed
/// voxel, which is known, and a normal error of √((voxelPart · voxel)² + floor²) mm along each axis for what no redrawing
/// shows: the grid, noise that differs over the site, the region's border. The radius is the 95th percentile of the sum.
package struct TargetRadius: Sendable {
  package let millimetres: Double?
  /// The fewest redrawn maps that give a radius. Among so many draws the largest lies beyond the 95 % quantile in 95
  /// of 100 cases: 1 − 0.95^59 = 0.951 (order statistics, Wilks 1941). Of fewer nothing says where that quantile lies.
  package static let fewestMaps = 59
  /// Redrawn maps that there are at most.
  package static let mostMaps = 200

  package let redrawn: [WorldPoint]
  package let foundFraction: Double
  package let count: Int

  /// Chosen on made-up people of known truth (`boldspect-bench honesty targets`, the structures that are not held
  /// out) so that 95 % of the radii hold the site.
  static let part: Float = 0.6
  static let wayPart = 1.2
  static let voxelPart = 0.1
  static let floor = 0.8
  /// Normal errors drawn for each redrawn centre.
  private static let drawsEach = 5

  /// Refuses a number of redrawn maps that gives no radius which holds, or that is not made.
  ///
  /// - Parameter subject: the option or file that says it.
  package static func require(
    maps count: Int, kind: Problem.Kind, subject: String
  ) throws(Problem) {
    let isTooMany = count > mostMaps
    guard count != 0, isTooMany || count < fewestMaps else { return }
    throw Problem(
      kind, subject,
      isTooMany
        ? "more redrawn maps (\(count)) than are made"
        : "too few redrawn maps (\(count)) for a 95 % radius: of fewer than \(fewestMaps) even the largest "
          + "distance may lie below the 95 % quantile",
      expected: "\(fewestMaps) to \(mostMaps), or 0 for no radius")
  }

  package init(
    map r: [Float], region: RegionMap, null: OwnBrainNull,
    target: (printed: WorldPoint, centre: WorldPoint), voxel: (Double, Double, Double), count: Int,
    randomSeed: UInt64, progress: WorkProgress
  ) throws(Problem) {
    let maps = null.maps.prefix(count)
    var redrawn: [WorldPoint] = []
    for (number, one) in maps.enumerated() {
      try progress.check()
      let again = r.indices.map { r[$0] + Self.part * (one.values[$0] - r[$0] * one.rWithSeed) }
      if let found = region.search(again).first?.centre { redrawn.append(found) }
      progress.report("redrawn maps", Double(number + 1) / Double(maps.count))
    }
    self.redrawn = redrawn
    self.count = maps.count
    foundFraction = maps.isEmpty ? 0 : Double(redrawn.count) / Double(maps.count)
    guard maps.count >= Self.fewestMaps else {
      millimetres = nil
      return
    }
    var random = SeededGenerator(seed: randomSeed)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    func sd(_ voxel: Double) -> Double {
      let part = Self.voxelPart * voxel
      return (part * part + Self.floor * Self.floor).squareRoot()
    }
    let (c, p) = (target.centre, target.printed)
    var distances: [Float] = []
    for one in redrawn {
      for _ in 0..<Self.drawsEach {
        let x = p.x - c.x + Self.wayPart * (one.x - c.x) + sd(voxel.0) * normal()
        let y = p.y - c.y + Self.wayPart * (one.y - c.y) + sd(voxel.1) * normal()
        let z = p.z - c.z + Self.wayPart * (one.z - c.z) + sd(voxel.2) * normal()
        distances.append(Float((x * x + y * y + z * z).squareRoot()))
      }
    }
    // A redrawn map without a target could have had it anywhere.
    let lost = (maps.count - redrawn.count) * Self.drawsEach
    distances += [Float](repeating: Float(region.chanceMillimetres), count: lost)
    millimetres = boldspectPercentile(distances, 95).map(Double.init)
  }
}
