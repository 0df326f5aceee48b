package import Imaging

/// Where a seed series is taken from.
package enum Seed: Sendable, Equatable {
  /// All mask voxels whose centres lie within `radius` mm (≤) of a point.
  case sphere(centre: WorldPoint, radius: Double, name: String?)
  /// Voxels of a mask file, as places on the run's grid.
  case region(offsets: [Int32], name: String)

  /// What the screen and the sidecar call it.
  package var title: String {
    switch self {
    case .sphere(let c, let radius, let name):
      let place = "\(plainNumber(c.x, 1)), \(plainNumber(c.y, 1)), \(plainNumber(c.z, 1))"
      return (name.map { "\($0) (\(place))" } ?? "(\(place))") + " r \(plainNumber(radius, 1)) mm"
    case .region(_, let name): return name
    }
  }

  /// The name, or the place when there is none, with the radius.
  package var shortTitle: String {
    if case .sphere(_, let radius, let name?) = self {
      return "\(name) r \(plainNumber(radius, 1)) mm"
    }
    return title
  }

  /// The places of the seed's voxels in a mask.
  ///
  /// A sphere that catches no voxel centre takes the voxel that contains the point when that is in
  /// the mask; otherwise the distance to the mask is named.
  package func places(in mask: Mask) throws(Problem) -> [Int] {
    switch self {
    case .sphere(let centre, let radius, _):
      let found = mask.places(around: centre, radius: radius)
      if !found.isEmpty { return found }
      if let v = mask.grid.nearestVoxel(centre), mask.contains(v) {
        return [Int(mask.places[mask.grid.offset(v)])]
      }
      throw Problem(
        .data, "--seed",
        "\(title) catches no voxel; the mask is \(fixed(mask.distance(to: centre), 1)) mm away",
        expected: "a seed inside the mask")
    case .region(let offsets, let name):
      let found = offsets.compactMap { offset -> Int? in
        let place = mask.places[Int(offset)]
        return place >= 0 ? Int(place) : nil
      }
      guard !found.isEmpty else {
        throw Problem(.data, name, "it shares no voxel with the brain mask", expected: "an overlap")
      }
      return found
    }
  }
}

/// A seed map with what is needed to read it.
package struct SeedMap: Sendable {
  package let seed: Seed
  /// Pearson r per mask voxel; NaN without data.
  package let r: [Float]
  package let mask: Mask
  package let degreesOfFreedom: Int
  package let secondsKept: Double?
  package let seedVoxelCount: Int
  package let denoising: Denoising
  package let frames: Range<Int>

  /// r on the whole grid, NaN outside the mask.
  package var volume: Volume { mask.volume(r) }

  /// Fisher z on the whole grid.
  package var zVolume: Volume {
    mask.volume(r.map { $0.isFinite ? Float(fisherZ(Double($0))) : .nan })
  }
}

extension ReducedSeries {
  /// The map of Pearson r with the mean series of a seed.
  package func seedMap(_ seed: Seed) throws(Problem) -> SeedMap {
    let places = try seed.places(in: mask)
    guard let coordinates = coordinates(ofMean: places) else {
      throw Problem(
        .data, "--seed", "none of the \(places.count) voxels of \(seed.title) has a usable series",
        expected: "a seed with data")
    }
    return SeedMap(
      seed: seed, r: correlations(with: coordinates), mask: mask,
      degreesOfFreedom: degreesOfFreedom, secondsKept: secondsKept,
      seedVoxelCount: places.count, denoising: denoising, frames: projection.frames)
  }
}
