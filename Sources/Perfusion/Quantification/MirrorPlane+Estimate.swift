package import Basics
package import Imaging

extension MirrorPlane {
  /// Below this similarity an image has no plane that left and right can be told apart by.
  package static let leastSimilarity = 0.6

  /// The plane at which an image is most like its own mirror image.
  ///
  /// Maximises Pearson's r between the values in the mask and those at the mirrored places over three
  /// numbers (shift, yaw, roll), on an image smoothed by 8 mm so that a focus weighs little. Left and
  /// right come from the header: the normal stays within 30° of +x. What lies outside of the image
  /// counts as no counts. Deterministic.
  /// - Parameters:
  ///   - image: in world space with known sides.
  ///   - brain: voxels of the same grid.
  /// - Throws: an image without a plane of symmetry.
  package static func estimated(
    from image: Volume, in brain: Mask, fileName: String
  ) throws(Problem) -> MirrorPlane {
    let smooth = image.smoothed(fwhm: 8, noData: .zero)
    let sampler = Sampler(smooth, .linear)
    let centre = brain.centre
    let coarse = places(of: brain, atMost: 3000)
    let fine = places(of: brain, atMost: 20_000)
    func score(_ p: SIMD3<Double>, _ at: [WorldPoint]) -> Double {
      let plane = MirrorPlane(
        yaw: p.y, roll: p.z, x: p.x, centre: centre, origin: "", similarity: nil)
      return similarity(of: sampler, at: at, mirroredAt: plane)
    }
    // Six degrees are 0.105 as a tangent; a coarse net first, because r has several hills.
    var best = SIMD3<Double>(0, 0, 0)
    var bestScore = score(best, coarse)
    for shift in stride(from: -24.0, through: 24, by: 8) {
      for yaw in stride(from: -0.42, through: 0.42, by: 0.105) {
        for roll in stride(from: -0.42, through: 0.42, by: 0.105) {
          let candidate = SIMD3(shift, yaw, roll)
          let s = score(candidate, coarse)
          if s > bestScore { (best, bestScore) = (candidate, s) }
        }
      }
    }
    var step = SIMD3<Double>(4, 0.05, 0.05)
    bestScore = score(best, fine)
    while step.x > 0.005 {
      var moved = false
      for axis in 0..<3 {
        for sign in [-1.0, 1] {
          var candidate = best
          candidate[axis] += sign * step[axis]
          // Beyond 30° a plane would be no left–right plane any more.
          guard abs(candidate.y) < 0.58, abs(candidate.z) < 0.58 else { continue }
          let s = score(candidate, fine)
          if s > bestScore { (best, bestScore, moved) = (candidate, s, true) }
        }
      }
      if !moved { step /= 2 }
    }
    guard bestScore >= leastSimilarity else {
      throw Problem(
        .data, fileName,
        "no plane makes its left and right alike (r \(fixed(bestScore, 2)) at best)",
        expected: "r of \(fixed(leastSimilarity, 1)) and more",
        remedy: "Give an image in MNI space, or a brain mask with --mask")
    }
    return MirrorPlane(
      yaw: best.y, roll: best.z, x: best.x, centre: centre,
      origin: "estimated from the image", similarity: bestScore)
  }

  /// Places of a mask, thinned evenly.
  private static func places(of mask: Mask, atMost most: Int) -> [WorldPoint] {
    let step = max(1, mask.count / most)
    return stride(from: 0, to: mask.count, by: step).map {
      mask.grid.world(at: Int(mask.offsets[$0]))
    }
  }

  /// Pearson r of values and mirrored values; 0 where one side does not vary.
  private static func similarity(
    of image: Sampler, at places: [WorldPoint], mirroredAt plane: MirrorPlane
  ) -> Double {
    var (n, sx, sy, sxx, syy, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for w in places {
      let x = Double(image.value(at: w))
      let other = Double(image.value(at: plane.mirrored(w)))
      let y = other.isFinite ? other : 0
      guard x.isFinite else { continue }
      n += 1
      sx += x
      sy += y
      sxx += x * x
      syy += y * y
      sxy += x * y
    }
    let variances = (sxx - sx * sx / n) * (syy - sy * sy / n)
    return n > 1 && variances > 0 ? (sxy - sx * sy / n) / variances.squareRoot() : 0
  }
}
