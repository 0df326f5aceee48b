package import Basics
package import Imaging

/// A perfusion image in per cent of the mean over a reference region.
package struct Uptake: Sendable {
  /// Per cent of the reference, on the image's grid; NaN without data.
  package let percent: Volume
  /// Mean of the stored values over the reference.
  package let referenceMean: Double
  /// The name of the reference, for the screen.
  package let reference: String

  /// - Parameters:
  ///   - image: uptake in any unit.
  ///   - reference: voxels of the same grid; those without data do not count.
  /// - Throws: a reference without data or whose mean is not positive.
  package init(_ image: Volume, reference: Mask, name: String) throws(Problem) {
    precondition(image.grid.count == reference.grid.count)
    var sum = 0.0
    var count = 0
    for offset in reference.offsets {
      let v = Double(image.values[Int(offset)])
      if v.isFinite {
        sum += v
        count += 1
      }
    }
    guard count > 0, sum > 0 else {
      throw Problem(
        .data, name, "the reference region has no perfusion data in it",
        expected: "a region that the image covers")
    }
    try self.init(image, mean: sum / Double(count), name: name)
  }

  /// - Parameter mean: of the stored values over the reference, above 0.
  package init(_ image: Volume, mean: Double, name: String) throws(Problem) {
    guard mean > 0, mean.isFinite else {
      throw Problem(
        .data, name, "the reference region has no perfusion in it",
        expected: "a region whose mean is above 0")
    }
    percent = Volume(
      grid: image.grid, values: image.values.map { Float(Double($0) / mean * 100) })
    referenceMean = mean
    self.reference = name
  }
}

/// The asymmetry index in per cent: 200 (L − R) / (L + R); NaN where the sum is 0.
package func asymmetryIndex(left: Double, right: Double) -> Double {
  left + right == 0 ? .nan : 200 * (left - right) / (left + right)
}
