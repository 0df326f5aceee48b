import Basics

/// How a value between voxel centres is found.
package enum Interpolation: String, Sendable, CaseIterable {
  case nearest, linear
  /// Cubic B-spline through the voxels (prefiltered, mirrored at the edge).
  case cubic
}

/// Finds values of one image at any place.
///
/// A place beyond the outermost voxel centres (nearest: half a voxel more) has no data. A NaN among
/// the voxels that weigh in makes NaN; a weight of zero does not count. For cubic the prefilter sees
/// the nearest number of the line where the image is NaN.
package struct Sampler: Sendable {
  let grid: Grid
  let values: [Float]
  /// Spline coefficients, for cubic only.
  let coefficients: [Float]
  package let interpolation: Interpolation
  /// For nearest only: what `Grid.nearestVoxel` adds before it rounds, in voxels of this grid.
  private let tieShift: (Double, Double, Double)

  package init(_ volume: Volume, _ interpolation: Interpolation) {
    grid = volume.grid
    // What is infinite is no number to a spline.
    values =
      interpolation == .cubic && volume.values.contains(where: \.isInfinite)
      ? volume.values.map { $0.isFinite ? $0 : .nan } : volume.values
    self.interpolation = interpolation
    let (here, there) = (grid.voxel(WorldPoint(0, 0, 0)), grid.voxel(Grid.tieShift))
    tieShift = (there.x - here.x, there.y - here.y, there.z - here.z)
    coefficients =
      interpolation == .cubic ? splineCoefficients(of: volume.values, volume.grid) : []
  }

  /// Rounding of arithmetic, in voxels: a part smaller than this carries no weight.
  static let edge = 1e-6
  /// Slack beyond the outermost centres, in voxels: affines are stored in single precision, which puts a plane
  /// of a head off by up to about 1e-5 of a voxel.
  static let outerEdge = 1e-4

  /// The value at a world point, NaN for no data.
  package func value(at w: WorldPoint) -> Float {
    let v = grid.voxel(w)
    return value(v.x, v.y, v.z)
  }

  /// Whether a world point lies within the image, by the rule of the interpolation.
  package func isInside(_ w: WorldPoint) -> Bool {
    let v = grid.voxel(w)
    return interpolation == .nearest
      ? grid.nearestVoxel(w) != nil : Sampler.covers(v, grid)
  }

  static func covers(_ v: VoxelPoint, _ grid: Grid) -> Bool {
    let e = outerEdge
    return v.x >= -e && v.x <= Double(grid.nx - 1) + e && v.y >= -e
      && v.y <= Double(grid.ny - 1) + e && v.z >= -e && v.z <= Double(grid.nz - 1) + e
  }

  /// The value at a place in voxel units.
  func value(_ x: Double, _ y: Double, _ z: Double) -> Float {
    switch interpolation {
    case .nearest:
      guard abs(x) < 1e9, abs(y) < 1e9, abs(z) < 1e9 else { return .nan }
      let v = VoxelPoint(x + tieShift.0, y + tieShift.1, z + tieShift.2).rounded
      return grid.contains(v) ? values[grid.offset(v)] : .nan
    case .linear: return linear(x, y, z)
    case .cubic: return cubic(x, y, z)
    }
  }

  /// Splits a coordinate into a voxel and the part beyond it, clamped to the outermost centres.
  private func split(_ x: Double, _ n: Int) -> (Int, Double)? {
    guard x >= -Sampler.outerEdge, x <= Double(n - 1) + Sampler.outerEdge else { return nil }
    let clamped = min(max(x, 0), Double(n - 1))
    var whole = clamped.rounded(.down)
    var part = clamped - whole
    // Rounding noise of the affine must not pull in a neighbour that carries no weight.
    if part < Sampler.edge {
      part = 0
    } else if part > 1 - Sampler.edge {
      whole += 1
      part = 0
    }
    return (Int(whole), part)
  }

  private func linear(_ x: Double, _ y: Double, _ z: Double) -> Float {
    guard let (i, fx) = split(x, grid.nx), let (j, fy) = split(y, grid.ny),
      let (k, fz) = split(z, grid.nz)
    else { return .nan }
    var sum = 0.0
    for dk in 0...(fz > 0 ? 1 : 0) {
      let wz = dk == 0 ? 1 - fz : fz
      for dj in 0...(fy > 0 ? 1 : 0) {
        let wyz = wz * (dj == 0 ? 1 - fy : fy)
        let row = grid.nx * (j + dj + grid.ny * (k + dk)) + i
        sum += wyz * (1 - fx) * Double(values[row])
        if fx > 0 { sum += wyz * fx * Double(values[row + 1]) }
      }
    }
    return Float(sum)
  }

  private func cubic(_ x: Double, _ y: Double, _ z: Double) -> Float {
    guard let (i, fx) = split(x, grid.nx), let (j, fy) = split(y, grid.ny),
      let (k, fz) = split(z, grid.nz)
    else { return .nan }
    let wx = splineWeights(fx)
    let wy = splineWeights(fy)
    let wz = splineWeights(fz)
    var sum = 0.0
    for dk in 0..<4 where wz[dk] != 0 {
      let kk = mirrored(k + dk - 1, grid.nz)
      for dj in 0..<4 where wy[dj] != 0 {
        let jj = mirrored(j + dj - 1, grid.ny)
        let row = grid.nx * (jj + grid.ny * kk)
        for di in 0..<4 where wx[di] != 0 {
          let at = row + mirrored(i + di - 1, grid.nx)
          if values[at].isNaN { return .nan }
          sum += wz[dk] * wy[dj] * wx[di] * Double(coefficients[at])
        }
      }
    }
    return Float(sum)
  }
}

/// Cubic B-spline weights of the four voxels around a place `f` (0…1) beyond the second of them.
func splineWeights(_ f: Double) -> SIMD4<Double> {
  let g = 1 - f
  return SIMD4(
    g * g * g / 6, 2.0 / 3 - f * f * (2 - f) / 2, 2.0 / 3 - g * g * (2 - g) / 2, f * f * f / 6)
}

/// An index reflected about the outermost voxel centres.
func mirrored(_ i: Int, _ n: Int) -> Int {
  if n == 1 { return 0 }
  let period = 2 * (n - 1)
  let m = ((i % period) + period) % period
  return m < n ? m : period - m
}

extension Volume {
  /// This image on another grid.
  package func resampled(to target: Grid, _ interpolation: Interpolation) -> Volume {
    Sampler(self, interpolation).resampled(to: target)
  }
}

extension Sampler {
  /// The whole image on another grid, through the two affines.
  package func resampled(to target: Grid) -> Volume {
    let step = grid.voxelFromWorld.composed(after: target.worldFromVoxel)
    let rowsOfStep = step.rows
    let (a, b, c) = (rowsOfStep[0], rowsOfStep[1], rowsOfStep[2])
    let values = [Float](
      count: target.count, filledByChunksOf: target.ny * target.nz, grain: 64
    ) { rows, out in
      for row in rows {
        let j = Double(row % target.ny)
        let k = Double(row / target.ny)
        let base = (
          a[1] * j + a[2] * k + a[3], b[1] * j + b[2] * k + b[3], c[1] * j + c[2] * k + c[3]
        )
        for i in 0..<target.nx {
          let x = Double(i)
          out[row * target.nx + i] = self.value(
            base.0 + a[0] * x, base.1 + b[0] * x, base.2 + c[0] * x)
        }
      }
    }
    return Volume(grid: target, values: values)
  }
}
