import Basics

/// A map of space in parts, the first of which a point goes through first.
package struct SpatialMap: Sendable {
  package enum Part: Sendable {
    case affine(Affine)
    /// A point goes to itself plus the field's shift there.
    case field(DisplacementField)
    /// The way back, found by iteration.
    case inverseField(DisplacementField)
  }

  package var parts: [Part]

  package init(_ parts: [Part]) { self.parts = parts }

  /// Where a point goes; nil where a field does not reach, and where its inverse is not found.
  package func applied(to p: WorldPoint) -> WorldPoint? {
    var at = SIMD3(p.x, p.y, p.z)
    for part in parts {
      switch part {
      case .affine(let m):
        let w = m.applied(at.x, at.y, at.z)
        at = SIMD3(w.0, w.1, w.2)
      case .field(let field):
        guard let next = field.shifted(at) else { return nil }
        at = next
      case .inverseField(let field):
        guard let next = field.unshifted(at) else { return nil }
        at = next
      }
    }
    return at.x.isFinite && at.y.isFinite && at.z.isFinite ? WorldPoint(at.x, at.y, at.z) : nil
  }

  /// The same way back; nil where an affine part has none.
  package var inverse: SpatialMap? {
    var out: [Part] = []
    for part in parts.reversed() {
      switch part {
      case .affine(let m):
        guard let back = m.inverse, back.isFinite else { return nil }
        out.append(.affine(back))
      case .field(let field): out.append(.inverseField(field))
      case .inverseField(let field): out.append(.field(field))
      }
    }
    return SpatialMap(out)
  }

  /// This map first, and `next` of where it led.
  package func followed(by next: SpatialMap) -> SpatialMap { SpatialMap(parts + next.parts) }

  /// The whole map as one matrix; nil where a part is none.
  package var affine: Affine? {
    var out = Affine.identity
    for part in parts {
      guard case .affine(let m) = part else { return nil }
      out = m.composed(after: out)
    }
    return out
  }

  /// How the map changes lengths around a point, by differences over 1 mm; nil where it leads nowhere.
  func slope(at p: WorldPoint) -> Affine? {
    var columns: [[Double]] = []
    for axis in 0..<3 {
      var (low, high) = (p, p)
      low[axis] -= 0.5
      high[axis] += 0.5
      guard let a = applied(to: low), let b = applied(to: high) else { return nil }
      columns.append([b.x - a.x, b.y - a.y, b.z - a.z])
    }
    return Affine(rows: (0..<3).map { r in (0..<3).map { columns[$0][r] } + [0] })
  }
}

/// Where each voxel of a grid finds its value in another image, in that image's voxels; NaN for nowhere.
package struct SampledPlaces: Sendable {
  package let target: Grid
  private let places: [Float]

  /// - Parameter map: points of the target's world to those of the other image's.
  package init(of target: Grid, in source: Grid, through map: SpatialMap) {
    self.target = target
    let (nx, ny) = (target.nx, target.ny)
    places = [Float](count: 3 * target.count, filledByChunksOf: ny * target.nz, grain: 16) {
      rows, out in
      for row in rows {
        for i in 0..<nx {
          let here = target.world(VoxelIndex(i, row % ny, row / ny))
          let v = map.applied(to: here).map(source.voxel)
          let at = 3 * (row * nx + i)
          out[at] = Float(v?.x ?? .nan)
          out[at + 1] = Float(v?.y ?? .nan)
          out[at + 2] = Float(v?.z ?? .nan)
        }
      }
    }
  }

  /// An image on the target's grid; it lies on the grid that the places were made for.
  package func values(of volume: Volume, _ interpolation: Interpolation) -> Volume {
    let sampler = Sampler(volume, interpolation)
    let values = [Float](count: target.count, filledByChunksOf: target.count, grain: 1 << 14) {
      chunk, out in
      for n in chunk {
        let (x, y, z) = (places[3 * n], places[3 * n + 1], places[3 * n + 2])
        out[n] = x.isNaN ? .nan : sampler.value(Double(x), Double(y), Double(z))
      }
    }
    return Volume(grid: target, values: values)
  }
}
