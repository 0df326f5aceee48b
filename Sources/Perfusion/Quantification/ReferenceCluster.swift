package import Basics
import Glibc
package import Imaging

/// A data-driven reference: tissue whose perfusion stands to that of normals as the person's least
/// affected tissue does.
///
/// A mean over the whole brain falls when a large part of it is diseased, hides part of the decrease
/// and makes false increases; a reference made of unaffected voxels recovers 65–95 % of a simulated
/// decrease (Borghammer 2009, NeuroImage 46:981). Here the voxel-wise ratio of person to normals, both
/// smoothed by 10 mm, is searched for its upper mode (mean shift from the 80th percentile with a
/// Gaussian of 4 %, about the SD between normal people of 4.8 %, Van Laere 2001), and the reference is
/// what lies within 5 % of that mode. True changes are taken to be decreases. When much of the brain is
/// lowered the mode may be that of the lowered tissue: then a good part of the brain lies above it, where
/// no increase is expected, and the cluster says so (`raisedShare`). When about all of the brain is
/// affected no such method can know.
package struct ReferenceCluster: Sendable {
  /// The voxels of the reference.
  package let mask: Mask
  /// Ratio of person to normals at the mode, in the ratio's own unit.
  package let ratio: Double
  /// Mean of the person's image over the brain by that of the normals, by `ratio`: below 1 where the
  /// whole brain has less than its unaffected tissue.
  package let brainShare: Double
  /// Share of the brain that has 8 % less, and 8 % more, than the mode.
  package let loweredShare: Double
  package let raisedShare: Double

  /// Above this share with more than it, a cluster is no tissue that can be called unaffected.
  package static let mostRaised = 0.15
  /// Above this share with less than it, it is said how much rests on it.
  package static let muchLowered = 0.5

  /// Refuses a cluster that would take lowered tissue as normal.
  package func requireUnaffected() throws(Problem) {
    guard raisedShare > Self.mostRaised else { return }
    throw Problem(
      .data, "reference cluster",
      "\(fixed(100 * raisedShare, 0)) % of the brain has more than it, by the normals: much of the brain may "
        + "be lowered, and the cluster with it",
      expected: "at most \(fixed(100 * Self.mostRaised, 0)) %",
      remedy: "Take a region that is known to be spared, as --reference cerebellum or pons")
  }

  /// - Parameters:
  ///   - image, normal: any units, one grid.
  ///   - brain: where to look.
  /// - Throws: too little brain with data in both.
  package init(_ image: Volume, normal: Volume, in brain: Mask) throws(Problem) {
    precondition(image.values.count == normal.values.count)
    let common = Mask(grid: brain.grid, origin: "brain") {
      brain.places[$0] >= 0 && image.values[$0].isFinite && normal.values[$0] > 0
    }
    guard common.count >= 100 else {
      throw Problem(
        .data, "reference cluster", "person and normals share \(common.count) voxels of brain",
        expected: "images of one space that overlap")
    }
    func smooth(_ v: Volume) -> [Float] {
      let inside = common.volume(common.offsets.map { v.values[Int($0)] })
      let out = inside.smoothed(fwhm: 10)
      return common.offsets.map { out.values[Int($0)] }
    }
    let ratios = zip(smooth(image), smooth(normal)).map { $0 / $1 }
    guard let start = boldspectPercentile(ratios.filter(\.isFinite), 80), start > 0 else {
      throw Problem(
        .data, "reference cluster", "the image holds no counts in the brain", expected: "perfusion")
    }
    let mode = Self.upperMode(ratios, from: Double(start))
    let places = common.offsets.indices.filter { abs(Double(ratios[$0]) / mode - 1) <= 0.05 }
    let mask = Mask(
      grid: brain.grid, offsets: places.map { common.offsets[$0] }, origin: "data-driven cluster")
    guard mask.count >= 100 else {
      throw Problem(
        .data, "reference cluster",
        "only \(mask.count) voxels stand to the normals as the mode does", expected: "at least 100")
    }
    self.mask = mask
    ratio = mode
    let known = ratios.filter(\.isFinite).map { Double($0) / mode }
    loweredShare = Double(known.count { $0 < 0.92 }) / Double(known.count)
    raisedShare = Double(known.count { $0 > 1.08 }) / Double(known.count)
    brainShare = meanRatio(image, normal, over: common) / meanRatio(image, normal, over: mask)
  }

  /// The mode that a mean shift from `start` climbs to; relative bandwidth 4 %.
  static func upperMode(_ ratios: [Float], from start: Double) -> Double {
    var at = start
    for _ in 0..<200 {
      var (sum, weights) = (0.0, 0.0)
      for r in ratios where r.isFinite {
        let d = (Double(r) - at) / (0.04 * at)
        guard abs(d) < 4 else { continue }
        let w = exp(-0.5 * d * d)
        sum += w * Double(r)
        weights += w
      }
      guard weights > 0 else { return at }
      let next = sum / weights
      if abs(next - at) < 1e-6 * at { return next }
      at = next
    }
    return at
  }
}

/// Mean of one image over a mask by that of another, where both have data.
package func meanRatio(_ a: Volume, _ b: Volume, over mask: Mask) -> Double {
  var (x, y) = (0.0, 0.0)
  for offset in mask.offsets {
    let (p, q) = (Double(a.values[Int(offset)]), Double(b.values[Int(offset)]))
    if p.isFinite, q.isFinite {
      x += p
      y += q
    }
  }
  return x / y
}
