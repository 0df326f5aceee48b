package import Imaging

/// Small images for tests.
package enum Small {
  /// A grid of given size with spacing in mm and its first voxel centre at `origin`.
  package static func grid(
    _ nx: Int, _ ny: Int, _ nz: Int, spacing: (Double, Double, Double) = (1, 1, 1),
    origin: WorldPoint = WorldPoint(0, 0, 0)
  ) -> Grid {
    guard
      let grid = Grid(
        dimensions: (nx, ny, nz), worldFromVoxel: Affine(spacing: spacing, origin: origin))
    else { preconditionFailure("a test's own grid is valid") }
    return grid
  }

  /// Values made from the voxel's place.
  package static func volume(_ grid: Grid, _ value: (VoxelIndex) -> Float) -> Volume {
    Volume(grid: grid, values: (0..<grid.count).map { value(grid.index(at: $0)) })
  }

  /// A run whose every voxel is in the mask.
  package static func run(
    _ grid: Grid, frames: Int, tr: Double?, value: (Int, Int) -> Float
  ) -> Run {
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    var floats: [Float] = []
    for t in 0..<frames { for v in 0..<grid.count { floats.append(value(t, v)) } }
    let mean = (0..<grid.count).map { v in
      (0..<frames).reduce(Float(0)) { $0 + value($1, v) } / Float(frames)
    }
    return Run(
      mask: mask, frameCount: frames, repetitionTimeSeconds: tr,
      samples: SampleStore(floats: floats), mean: Volume(grid: grid, values: mean))
  }
}
