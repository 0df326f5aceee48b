package import Imaging

/// Left and right of one place or region.
package struct Asymmetry: Sendable, Equatable {
  /// Means on the two sides, in the unit of what was measured.
  package let left: Double
  package let right: Double
  /// 200 (L − R)/(L + R) per cent: negative where LEFT has less.
  package var index: Double { asymmetryIndex(left: left, right: right) }

  package init(left: Double, right: Double) {
    self.left = left
    self.right = right
  }
}

/// The asymmetry index at every voxel of a mask: 200 (L − R)/(L + R) per cent, where L is the value on
/// the person's left and R the one at the mirrored place, whichever of the two the voxel is.
///
/// So the map is the same on both sides and its sign means the same everywhere: negative, LEFT has
/// less. NaN outside the mask, within 1 mm of the plane, where a place or the mirrored one has no data, and where
/// neither has counts: where one of them has none the index is ±200.
/// - Parameter image: any unit; the index is a ratio.
package func asymmetryMap(of image: Volume, in mask: Mask, at plane: MirrorPlane) -> Volume {
  let sampler = Sampler(image, .linear)
  let values = mask.offsets.map { offset -> Float in
    let here = Double(image.values[Int(offset)])
    let w = mask.grid.world(at: Int(offset))
    let there = Double(sampler.value(at: plane.mirrored(w)))
    guard here.isFinite, there.isFinite else { return .nan }
    // Filtered back projection dips a little below 0 where there is nothing.
    let (own, other) = (max(0, here), max(0, there))
    switch plane.side(of: w) {
    case .left: return Float(asymmetryIndex(left: own, right: other))
    case .right: return Float(asymmetryIndex(left: other, right: own))
    default: return .nan
    }
  }
  return mask.volume(values)
}

/// Mean of a sphere and of the sphere at the mirrored place.
///
/// - Parameters:
///   - centre: RAS+ mm; a place within 1 mm of the plane has no other side and gives nil.
///   - radius: mm; voxel centres within it (≤) count.
/// - Returns: nil also when either sphere catches no data.
package func asymmetry(
  of image: Volume, around centre: WorldPoint, radius: Double, at plane: MirrorPlane
) -> Asymmetry? {
  let everywhere = Mask(grid: image.grid, origin: "image") { image.values[$0].isFinite }
  func mean(_ place: WorldPoint) -> Double? {
    // Nothing of the other side, where the sphere reaches over the plane.
    let own = plane.side(of: place)
    let places = everywhere.places(around: place, radius: radius).filter {
      plane.side(of: image.grid.world(at: Int(everywhere.offsets[$0]))) == own
    }
    guard !places.isEmpty else { return nil }
    return places.reduce(0.0) { $0 + Double(image.values[Int(everywhere.offsets[$1])]) }
      / Double(places.count)
  }
  guard let here = mean(centre), let there = mean(plane.mirrored(centre)) else { return nil }
  switch plane.side(of: centre) {
  case .left: return Asymmetry(left: here, right: there)
  case .right: return Asymmetry(left: there, right: here)
  default: return nil
  }
}

/// Per cent of the mirrored place: 100 v(x)/v(x mirrored); NaN where that has no data or is not
/// positive.
package func percentOfContralateral(
  _ image: Volume, in mask: Mask, at plane: MirrorPlane
) -> Volume {
  let sampler = Sampler(image, .linear)
  return mask.volume(
    mask.offsets.map { offset in
      let w = mask.grid.world(at: Int(offset))
      let there = Double(sampler.value(at: plane.mirrored(w)))
      return there > 0 ? Float(100 * Double(image.values[Int(offset)]) / there) : .nan
    })
}

/// Which of two unequal sides is shown: between seizures a focus is on the lower one, during a seizure on
/// the higher one.
package enum AsymmetrySide: String, Sendable, CaseIterable {
  case lower, higher
}

/// An asymmetry map on one of two unequal sides only: −|AI| where a place has less than the one mirrored to
/// it, or |AI| where it has more; NaN on the other side.
///
/// - Parameter map: of `asymmetryMap`, negative where LEFT has less.
package func sidedAsymmetry(
  _ map: Volume, _ wanted: AsymmetrySide, at plane: MirrorPlane
) -> Volume {
  let sign: Float = wanted == .lower ? -1 : 1
  return Volume(
    grid: map.grid,
    values: map.values.indices.map { n in
      // What this place has more than its mirror, in per cent.
      let own: Float =
        switch plane.side(of: map.grid.world(at: n)) {
        case .left: map.values[n]
        case .right: -map.values[n]
        default: .nan
        }
      return own * sign > 0 ? own : .nan
    })
}

extension Mask {
  /// The brain with what it lacks on one side alone: a defect without counts is no background.
  ///
  /// The gap is closed from all sides, so that what lies beside the brain on the other side, as a gland does, is none.
  package func withDefects(at plane: MirrorPlane) -> Mask {
    let reach: Float = 15
    let near = distances(toSet: places.map { $0 >= 0 }, grid).map { $0 <= reach }
    let closed = distances(toSet: near.map { !$0 }, grid).map { $0 > reach }
    return Mask(grid: grid, origin: origin) { offset in
      if places[offset] >= 0 { return true }
      guard closed[offset],
        let there = grid.nearestVoxel(plane.mirrored(grid.world(at: offset)))
      else { return false }
      return places[grid.offset(there)] >= 0
    }
  }

  /// Where the two sides of a brain may be held against each other: its voxels farther than `rim` from
  /// what lies outside, whose mirrored places are too.
  ///
  /// A camera spreads the edge of the brain over its own resolution, and no head is its own mirror
  /// image: nearer to the edge the index is of the outline, not of perfusion.
  /// - Parameter rim: mm; 0 keeps all.
  package func withoutRim(_ rim: Double, at plane: MirrorPlane) -> Mask {
    guard rim > 0 else { return self }
    let depth = distances(toSet: places.map { $0 < 0 }, grid)
    func isDeep(_ offset: Int) -> Bool { places[offset] >= 0 && Double(depth[offset]) > rim }
    return Mask(
      grid: grid,
      offsets: offsets.filter { offset in
        guard isDeep(Int(offset)) else { return false }
        let there = grid.nearestVoxel(plane.mirrored(grid.world(at: Int(offset))))
        return there.map { isDeep(grid.offset($0)) } ?? false
      }, origin: origin)
  }
}

/// The rim that is left out of asymmetry, in mm: about the resolution of a SPECT camera's images of the
/// brain (7 to 10 mm FWHM, EANM guideline 2009).
package let asymmetryRim = 8.0
