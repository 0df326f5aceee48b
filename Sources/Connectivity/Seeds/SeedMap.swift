package import Basics
package import Imaging

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
  /// Coordinates of the seed's own series.
  package let coordinates: [Double]

  package init(
    seed: Seed, r: [Float], mask: Mask, degreesOfFreedom: Int, secondsKept: Double?,
    seedVoxelCount: Int, denoising: Denoising, coordinates: [Double]
  ) {
    self.seed = seed
    self.r = r
    self.mask = mask
    self.degreesOfFreedom = degreesOfFreedom
    self.secondsKept = secondsKept
    self.seedVoxelCount = seedVoxelCount
    self.denoising = denoising
    self.coordinates = coordinates
  }

  /// r on the whole grid, NaN outside the mask.
  package var volume: Volume { mask.volume(r) }

  /// Fisher z on the whole grid.
  package var zVolume: Volume {
    mask.volume(r.map { $0.isFinite ? Float(fisherZ(Double($0))) : .nan })
  }

  /// What a person must know before reading anything into the map.
  package var warnings: [String] {
    DataAmount(seconds: secondsKept, degreesOfFreedom: degreesOfFreedom).shortage.map { [$0] } ?? []
  }
}

/// How much data stands behind a number, and whether that is enough to choose a target by.
package struct DataAmount: Sendable, Equatable {
  /// No target below this many seconds of kept data…
  package static let leastSeconds = 240.0
  /// …or this many residual degrees of freedom (targeting.md 8, after XCP-D).
  package static let leastDegreesOfFreedom = 30

  package var seconds: Double?
  package var degreesOfFreedom: Int

  package init(seconds: Double?, degreesOfFreedom: Int) {
    self.seconds = seconds
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Why it is too little; nil when it is enough.
  package var shortage: String? {
    guard let seconds else { return "the repetition time is unknown" }
    if seconds < Self.leastSeconds {
      return
        "\(plainNumber(seconds, 0)) s of data, at least \(plainNumber(Self.leastSeconds, 0)) s are "
        + "needed"
    }
    if degreesOfFreedom < Self.leastDegreesOfFreedom {
      return "\(degreesOfFreedom) degrees of freedom, at least \(Self.leastDegreesOfFreedom) are "
        + "needed"
    }
    return nil
  }
}

extension ReducedSeries {
  /// Coordinates of a seed's mean series; weighted where the seed is.
  package func coordinates(of seed: Seed) throws(Problem) -> [Double] {
    let voxels = try seed.weightedPlaces(in: mask).filter { norms[$0.place].isFinite }
    let total = voxels.reduce(0) { $0 + abs($1.weight) }
    guard total > 0 else {
      throw Problem(
        .data, "--seed", "no voxel of \(seed.title) has a usable series",
        expected: "a seed with data")
    }
    let n = voxelCount
    return (0..<degreesOfFreedom).map { d in
      voxels.reduce(0.0) {
        $0 + Double(unit[d * n + $1.place]) * Double(norms[$1.place]) * $1.weight
      } / total
    }
  }

  /// The map of Pearson r with the series of a seed.
  package func seedMap(_ seed: Seed) throws(Problem) -> SeedMap {
    let coordinates = try coordinates(of: seed)
    return SeedMap(
      seed: seed, r: correlations(with: coordinates), mask: mask,
      degreesOfFreedom: degreesOfFreedom, secondsKept: secondsKept,
      seedVoxelCount: try seed.weightedPlaces(in: mask).count, denoising: denoising,
      coordinates: coordinates)
  }
}
