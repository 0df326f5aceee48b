package import Basics
package import Imaging

/// Where a seed series is taken from.
package indirect enum Seed: Sendable, Equatable {
  /// All mask voxels whose centres lie within `radius` mm (≤) of a point.
  case sphere(centre: WorldPoint, radius: Double, name: String?)
  /// All mask voxels whose centres lie within half an edge (≤) of a point, along the world axes.
  case box(centre: WorldPoint, edges: WorldPoint)
  /// Voxels of a mask file or a label, as places on the run's grid.
  case region(offsets: [Int32], name: String)
  /// A weighted map: the seed series is Σ w·x / Σ|w|, so that a map whose weights add up to about
  /// nothing keeps its sign.
  case weighted(offsets: [Int32], weights: [Float], name: String)
  /// The voxels of all of them, each once.
  case union([Seed])

  /// What the screen and the sidecar call it.
  package var title: String {
    func place(_ c: WorldPoint) -> String {
      "\(plainNumber(c.x, 1)), \(plainNumber(c.y, 1)), \(plainNumber(c.z, 1))"
    }
    switch self {
    case .sphere(let c, let radius, let name):
      return (name.map { "\($0) (\(place(c)))" } ?? "(\(place(c)))")
        + " r \(plainNumber(radius, 1)) mm"
    case .box(let c, let edges): return "box (\(place(c))) of \(place(edges)) mm"
    case .region(_, let name): return name
    case .weighted(_, _, let name): return "weighted by \(name)"
    case .union(let parts): return parts.map(\.title).joined(separator: " + ")
    }
  }

  /// The name, or the place when there is none, with the radius.
  package var shortTitle: String {
    switch self {
    case .sphere(_, let radius, let name?): "\(name) r \(plainNumber(radius, 1)) mm"
    case .union(let parts): parts.map(\.shortTitle).joined(separator: " + ")
    default: title
    }
  }

  /// A weighted map without some voxels, whose own series it must not contain; other seeds stay.
  package func without(_ offsets: [Int32]) -> Seed {
    guard case .weighted(let own, let weights, let name) = self else { return self }
    let out = Set(offsets)
    let kept = own.indices.filter { !out.contains(own[$0]) }
    return .weighted(
      offsets: kept.map { own[$0] }, weights: kept.map { weights[$0] }, name: name)
  }

  /// Where it lies, for a cursor; nil for what has no one place.
  package var centre: WorldPoint? {
    switch self {
    case .sphere(let centre, _, _), .box(let centre, _): centre
    case .union(let parts): parts.first?.centre
    case .region, .weighted: nil
    }
  }

  /// The places of the seed's voxels in a mask.
  ///
  /// A sphere or box that catches no voxel centre takes the voxel that contains the point when that
  /// is in the mask; otherwise the distance to the mask is named.
  package func places(in mask: Mask) throws(Problem) -> [Int] {
    try weightedPlaces(in: mask).map(\.place)
  }

  /// The places of the seed's voxels in a mask with their weights, which are 1 but for a weighted map.
  package func weightedPlaces(
    in mask: Mask
  ) throws(Problem) -> [(place: Int, weight: Double)] {
    switch self {
    case .sphere(let centre, let radius, _):
      return try near(centre, mask.places(around: centre, radius: radius), mask)
    case .box(let centre, let edges):
      let reach = (edges.x * edges.x + edges.y * edges.y + edges.z * edges.z).squareRoot() / 2
      let found = mask.places(around: centre, radius: reach).filter { place in
        let w = mask.grid.world(at: Int(mask.offsets[place]))
        return (0..<3).allSatisfy { abs(w[$0] - centre[$0]) <= edges[$0] / 2 + 1e-9 }
      }
      return try near(centre, found, mask)
    case .region(let offsets, let name):
      return try shared(offsets.map { ($0, 1) }, name, mask)
    case .weighted(let offsets, let weights, let name):
      return try shared(zip(offsets, weights).map { ($0, Double($1)) }, name, mask)
    case .union(let parts):
      var seen: Set<Int> = []
      var out: [(place: Int, weight: Double)] = []
      for part in parts {
        for found in try part.weightedPlaces(in: mask) where seen.insert(found.place).inserted {
          out.append(found)
        }
      }
      return out
    }
  }

  private func near(
    _ centre: WorldPoint, _ found: [Int], _ mask: Mask
  ) throws(Problem) -> [(place: Int, weight: Double)] {
    if !found.isEmpty { return found.map { ($0, 1) } }
    if let v = mask.grid.nearestVoxel(centre), mask.contains(v) {
      return [(Int(mask.places[mask.grid.offset(v)]), 1)]
    }
    throw Problem(
      .data, "--seed",
      "\(title) catches no voxel; the mask is \(fixed(mask.distance(to: centre), 1)) mm away",
      expected: "a seed inside the mask")
  }

  private func shared(
    _ voxels: [(Int32, Double)], _ name: String, _ mask: Mask
  ) throws(Problem) -> [(place: Int, weight: Double)] {
    let found = voxels.compactMap { offset, weight -> (place: Int, weight: Double)? in
      let place = mask.places[Int(offset)]
      return place >= 0 && weight != 0 ? (Int(place), weight) : nil
    }
    guard !found.isEmpty else {
      throw Problem(.data, name, "it shares no voxel with the brain mask", expected: "an overlap")
    }
    return found
  }
}
