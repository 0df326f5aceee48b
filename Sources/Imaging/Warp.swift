package import Basics

/// A map between the worlds of two images that is no matrix: it carries points, and volumes onto the grid of FIXED.
package struct Warp: Sendable {
  /// Points of FIXED, RAS+ mm, to those of MOVING: where a voxel of FIXED's grid finds its value.
  package let movingFromFixed: SpatialMap
  package let fixedFromMoving: SpatialMap
  package var moving: Transform.End
  package var fixed: Transform.End
  /// The voxels of FIXED, which images are put on.
  package let fixedGrid: Grid
  package let movingGrid: Grid
  package var origin: String
  package var isAccepted: Bool?
  package var figures: [(name: String, value: Double)]
  /// What spoke against it when it was made, and why a person accepted it in spite of that.
  package var warnings: [String] = []
  package var acceptedBecause: String?

  /// - Throws: a map that mirrors, folds, stretches heads beyond reason, or leads from FIXED past MOVING.
  package init(
    movingFromFixed: SpatialMap, moving: Transform.End, movingGrid: Grid, fixed: Transform.End,
    fixedGrid: Grid, origin: String, isAccepted: Bool? = nil,
    figures: [(name: String, value: Double)] = [], file: String
  ) throws(Problem) {
    guard let back = movingFromFixed.inverse else {
      throw Problem(
        .data, file, "a part of it cannot be inverted", expected: "a map between two heads")
    }
    self.movingFromFixed = movingFromFixed
    fixedFromMoving = back
    (self.moving, self.movingGrid) = (moving, movingGrid)
    (self.fixed, self.fixedGrid) = (fixed, fixedGrid)
    (self.origin, self.isAccepted, self.figures) = (origin, isAccepted, figures)
    try requireSense(file)
  }

  /// Looks at the map where FIXED's grid lies.
  private func requireSense(_ file: String) throws(Problem) {
    let samples = Self.places(in: fixedGrid)
    var (reached, within, folded) = (0, 0, 0)
    var sum = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for p in samples {
      guard let there = movingFromFixed.applied(to: p), let slope = movingFromFixed.slope(at: p)
      else { continue }
      reached += 1
      if movingGrid.nearestVoxel(there) != nil { within += 1 }
      if slope.determinant <= 0 { folded += 1 }
      for r in 0..<3 { for c in 0..<3 { sum[r][c] += slope.rows[r][c] } }
    }
    guard 10 * reached >= samples.count else {
      throw Problem(
        .data, file,
        "it says nothing of \(samples.count - reached) of \(samples.count) places in FIXED",
        expected: "a warp between these two images", remedy: "Look at format and direction")
    }
    let n = Double(reached)
    let mean = Affine(rows: sum.map { $0.map { $0 / n } })
    // The same bounds as for a matrix: mirrored, stretched, flattened.
    let end = Transform.End(sha256: "", space: .native, template: nil)
    _ = try Transform(fixedFromMoving: mean, moving: end, fixed: end, origin: "", file: file)
    guard 50 * folded <= reached else {
      throw Problem(
        .data, file, "it folds at \(folded) of \(reached) places",
        expected: "a warp that keeps neighbours beside each other")
    }
    guard 20 * within >= reached else {
      throw Problem(
        .data, file, "it leads from FIXED past MOVING: \(within) of \(reached) places lie in it",
        expected: "a warp between these two images", remedy: "Look at format and direction")
    }
  }

  /// A thousand places all over a grid, none at its rim.
  package static func places(in grid: Grid) -> [WorldPoint] {
    func steps(_ n: Int) -> [Double] { (1...10).map { Double(n - 1) * (Double($0) - 0.5) / 10 } }
    return steps(grid.nz).flatMap { z in
      steps(grid.ny).flatMap { y in
        steps(grid.nx).map { x in
          let w = grid.worldFromVoxel.applied(x, y, z)
          return WorldPoint(w.0, w.1, w.2)
        }
      }
    }
  }

  /// There and back again: the largest distance from where it began, and how many places found no way.
  package var roundTrip: (worstMillimetres: Double, lost: Int, tried: Int) {
    var (worst, lost, tried) = (0.0, 0, 0)
    for p in Self.places(in: fixedGrid) {
      guard let there = movingFromFixed.applied(to: p) else { continue }
      tried += 1
      if let back = fixedFromMoving.applied(to: there) {
        worst = max(worst, back.distance(to: p))
      } else {
        lost += 1
      }
    }
    return (worst, lost, tried)
  }

  package var warning: String? {
    transformWarning(isAccepted, origin, warnings, because: acceptedBecause)
  }

  package var maker: String { String(origin.prefix { $0 != "," }) }

  package func requireNotRejected(file: String) throws(Problem) {
    try requireNotRejectedByPerson(isAccepted, file: file)
  }

  /// An image of MOVING's world on FIXED's grid.
  package func carried(_ volume: Volume, _ interpolation: Interpolation) -> Volume {
    SampledPlaces(of: fixedGrid, in: volume.grid, through: movingFromFixed)
      .values(of: volume, interpolation)
  }

  /// A label map of FIXED's world on voxels of MOVING's.
  package func broughtBack(_ map: LabelMap, onto grid: Grid) -> LabelMap {
    let (nx, ny) = (grid.nx, grid.ny)
    let labels = [Int32](count: grid.count, filledByChunksOf: ny * grid.nz, grain: 16) {
      rows, out in
      for row in rows {
        for i in 0..<nx {
          let here = grid.world(VoxelIndex(i, row % ny, row / ny))
          out[row * nx + i] = fixedFromMoving.applied(to: here).map(map.label) ?? 0
        }
      }
    }
    return LabelMap(grid: grid, labels: labels, names: map.names, title: map.title)
  }
}
