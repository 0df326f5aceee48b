import Basics
import Imaging
package import Perfusion

/// The region with the smallest number that does not lie at the edge, and the one that has less still but does.
struct RegionExtreme {
  let inside: RegionSide?
  /// Nil where nothing at the edge is beyond what lies inside.
  let atEdge: RegionSide?

  init(_ table: [RegionRow], by key: (RegionSide) -> Double?) {
    func number(_ side: RegionSide) -> Double { key(side) ?? .infinity }
    func smallest(_ sides: [RegionSide]) -> RegionSide? {
      sides.filter { key($0)?.isFinite == true }.min { number($0) < number($1) }
    }
    inside = smallest(table.sidesInside)
    let any = smallest(table.flatMap(\.sides))
    atEdge = any?.isAtEdge == true ? any : nil
  }

  /// Nil where no side has a number.
  func words(_ of: (RegionSide) -> String) -> String? {
    let edge = atEdge.map {
      "at the edge of the brain or the field of view, not compared: \(of($0))"
    }
    guard let inside else { return edge.map { "none inside (\($0))" } }
    return of(inside) + (edge.map { " (\($0))" } ?? "")
  }
}

/// What stands out in a regional table: one thing in one place, for the command's text and for a page.
package struct RegionExtremes {
  let lowest: RegionExtreme
  let highest: RegionExtreme
  private let farthest: RegionExtreme
  private let leastMean: RegionExtreme

  package init(_ table: [RegionRow]) {
    lowest = RegionExtreme(table) { $0.percent }
    highest = RegionExtreme(table) { -$0.percent }
    farthest = RegionExtreme(table) { $0.z }
    leastMean = RegionExtreme(table) { $0.meanVoxelZ }
  }

  package var lowestWords: String? { lowest.words(Self.percent) }
  package var highestWords: String? { highest.words(Self.percent) }
  /// The side that lies farthest below the normals; nil without any.
  package var farthestWords: String? {
    farthest.words { "\($0.name) \($0.side.rawValue) z \(fixed($0.z ?? .nan, 1, signed: true))" }
  }

  /// The side whose voxels lie lowest on the whole, where only voxels were compared with normals.
  package var leastMeanWords: String? {
    leastMean.words {
      "\($0.name) \($0.side.rawValue) \(fixed($0.meanVoxelZ ?? .nan, 1, signed: true))"
    }
  }

  /// All in one line; nil of a table without data.
  package var line: String? {
    guard let low = lowestWords, let high = highestWords else { return nil }
    return "lowest: \(low); highest: \(high)"
      + (farthestWords.map { "; farthest below the normals: \($0)" } ?? "")
      + (leastMeanWords.map { "; lowest mean of the voxels' z: \($0)" } ?? "")
  }

  private static func percent(_ side: RegionSide) -> String {
    "\(side.name) \(side.side.rawValue) \(fixed(side.percent, 1)) %"
  }
}
