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

/// The asymmetry index in per cent: 200 (L − R) / (L + R); NaN where the sum is not above 0: its sign would say the
/// wrong side.
package func asymmetryIndex(left: Double, right: Double) -> Double {
  left + right > 0 ? 200 * (left - right) / (left + right) : .nan
}

/// How many per cent the lower side has less than the higher one, of an asymmetry index of either sign: 33.3 of ±40.
package func percentLess(ofIndex index: Double) -> Double {
  let size = min(200, abs(index))
  return 200 * size / (200 + size)
}

/// How many per cent the higher side has more than the lower one: 50 of ±40; infinite where that has nothing.
package func percentMore(ofIndex index: Double) -> Double {
  let size = min(200, abs(index))
  return size < 200 ? 200 * size / (200 - size) : .infinity
}

/// "30.4 % less (|AI| 35.9)": what a side has less or more than the other in per cent of that, and the index, which is
/// no such per cent. Without the index's sign: that says LEFT, here it would say less.
///
/// - Parameter value: of `sidedAsymmetry`, negative for less.
package func asymmetryAmount(_ value: Double) -> String {
  let percent = value < 0 ? percentLess(ofIndex: value) : percentMore(ofIndex: value)
  let words =
    percent.isFinite
    ? "\(fixed(percent, 1)) % \(value < 0 ? "less" : "more")" : "all, the other side nothing"
  return "\(words) (|AI| \(fixed(abs(value), 1)))"
}
