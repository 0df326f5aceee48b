import Basics
import Glibc
package import Imaging

extension Acquisition {
  /// The camera's image in the world: its axes are x, y and z, its middle lies at `centre`.
  package func grid(centre: WorldPoint) -> Grid {
    let half = Double(matrix - 1) / 2 * pixel
    let origin = WorldPoint(
      centre.x - half, centre.y - half, centre.z - Double(slices - 1) / 2 * pixel)
    let affine = Affine(spacing: (pixel, pixel, pixel), origin: origin)
    guard let grid = Grid(dimensions: (matrix, matrix, slices), worldFromVoxel: affine) else {
      preconditionFailure("a checked acquisition has a grid")
    }
    return grid
  }
}

extension Volume {
  /// Means over the voxels of a coarser grid, so that nothing is left out between them; no data
  /// counts as zero.
  ///
  /// As many places along each axis are averaged as voxels fit in, at most four. Between voxels the
  /// value is linear where two or more fit, else cubic, which blurs less; what a spline undershoots
  /// below an image that is nowhere negative counts as zero.
  package func averaged(over target: Grid) -> [Float] {
    let (s, t) = (grid.spacing, target.spacing)
    let fit = min(t.0, t.1, t.2) / min(s.0, s.1, s.2)
    let places = wholeNumber(fit.rounded(.up), in: 2...4)
    let clean = Volume(grid: grid, values: values.map { $0.isFinite ? $0 : 0 })
    let sampler = Sampler(clean, fit >= 1.99 ? .linear : .cubic)
    let floor = (clean.range?.low ?? 0) >= 0 ? Float(0) : -.infinity
    let steps = (0..<places).map { (Double($0) + 0.5) / Double(places) - 0.5 }
    let scale = 1 / Float(places * places * places)
    return [Float](
      count: target.count, filledByChunksOf: target.ny * target.nz, grain: 16
    ) { rows, out in
      for row in rows {
        for i in 0..<target.nx {
          let voxel = (Double(i), Double(row % target.ny), Double(row / target.ny))
          let sum = sampler.sum(around: voxel, of: target, steps: steps, floor: floor)
          out[row * target.nx + i] = sum * scale
        }
      }
    }
  }

  /// World box around the outer faces of the voxels that `isInside` takes; nil when it takes none.
  package func worldBox(where isInside: (Float) -> Bool) -> (low: WorldPoint, high: WorldPoint)? {
    var low = WorldPoint(.infinity, .infinity, .infinity)
    var high = WorldPoint(-.infinity, -.infinity, -.infinity)
    for n in values.indices where isInside(values[n]) {
      let w = grid.world(at: n)
      for axis in 0..<3 {
        low[axis] = min(low[axis], w[axis])
        high[axis] = max(high[axis], w[axis])
      }
    }
    guard low.x <= high.x else { return nil }
    let rows = grid.worldFromVoxel.rows
    for axis in 0..<3 {
      let half = (abs(rows[axis][0]) + abs(rows[axis][1]) + abs(rows[axis][2])) / 2
      low[axis] -= half
      high[axis] += half
    }
    return (low, high)
  }
}

extension Sampler {
  /// The sum of the values within a voxel of another grid, at every step along each of its axes; nothing
  /// below `floor`, and nothing where there is no data.
  @inline(__always)
  fileprivate func sum(
    around voxel: (Double, Double, Double), of target: Grid, steps: [Double], floor: Float
  ) -> Float {
    var sum: Float = 0
    for dz in steps {
      for dy in steps {
        for dx in steps {
          let w = target.worldFromVoxel.applied(voxel.0 + dx, voxel.1 + dy, voxel.2 + dz)
          let value = value(at: WorldPoint(w.0, w.1, w.2))
          if value.isFinite { sum += max(floor, value) }
        }
      }
    }
    return sum
  }
}
