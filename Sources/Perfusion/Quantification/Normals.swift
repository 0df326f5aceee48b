package import Basics
package import Imaging

/// Perfusion of normal people: mean and standard deviation at every voxel, in per cent of the reference
/// that the person's image is in per cent of too.
///
/// Kept in double precision: z is a small difference of large numbers.
package struct Normals: Sendable {
  package let grid: Grid
  private let means: [Double]
  private let deviations: [Double]
  /// How many people; nil where it was not stated.
  package let count: Int?

  /// The fewest people that a standard deviation is taken of.
  package static let leastCount = leastReferencePeople
  /// Below this a warning goes with every z.
  package static let fewCount = 15

  /// From people on one grid. Sample SD (n − 1); a voxel needs data of everybody.
  /// - Parameter percent: a person's voxel in per cent of the reference; NaN without data.
  /// - Throws: fewer than five people.
  package init(
    count: Int, grid: Grid, percent: (_ person: Int, _ voxel: Int) -> Double
  ) throws(Problem) {
    try Self.require(count)
    let n = Double(count)
    var means = [Double](repeating: .nan, count: grid.count)
    var deviations = means
    var row = [Double](repeating: 0, count: count)
    for v in 0..<grid.count {
      for p in 0..<count { row[p] = percent(p, v) }
      let mean = row.reduce(0, +) / n
      guard mean.isFinite else { continue }
      means[v] = mean
      deviations[v] = (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    }
    self.grid = grid
    self.means = means
    self.deviations = deviations
    self.count = count
  }

  /// Refuses fewer people than a standard deviation can be taken of.
  package static func require(_ count: Int) throws(Problem) {
    guard count >= leastCount else {
      throw Problem(
        .data, "normals", "there \(count == 1 ? "is" : "are") \(count) of them",
        expected: "at least \(leastCount) people")
    }
  }

  /// From a mean and an SD image of one grid and one unit: both are divided by the mean image's own mean
  /// over the reference.
  /// - Throws: an SD that is negative, or a reference without data.
  package init(
    mean: Volume, standardDeviation: Volume, count: Int?, reference: Mask, name: String
  ) throws(Problem) {
    precondition(mean.grid.count == standardDeviation.grid.count)
    guard !standardDeviation.values.contains(where: { $0 < 0 }) else {
      throw Problem(
        .data, "normals", "the image of standard deviations holds negative numbers",
        expected: "a mean image, then one of standard deviations")
    }
    let scale = try Uptake(mean, reference: reference, name: name).referenceMean
    grid = mean.grid
    means = mean.values.map { 100 * Double($0) / scale }
    deviations = standardDeviation.values.map { 100 * Double($0) / scale }
    self.count = count
  }

  package var mean: Volume { Volume(grid: grid, values: means.map(Float.init)) }
  package var standardDeviation: Volume { Volume(grid: grid, values: deviations.map(Float.init)) }

  /// z at every voxel of a mask, negative where the person has less. NaN where the SD is 0 or there is
  /// no data. (eZIS and 3D-SSP write the opposite sign.)
  ///
  /// With a known number of normals Crawford and Howell's t as a z (`CrawfordHowell`), so that |z| > 2 is
  /// as rare in a healthy person as of a normal distribution; without one plainly (person − mean)/SD.
  /// - Parameter percent: the person's voxel in per cent of the same reference.
  package func z(in mask: Mask, percent: (_ voxel: Int) -> Double) -> Volume {
    precondition(mask.grid.count == grid.count)
    let small = count.flatMap { $0 >= 2 ? CrawfordHowell(count: $0) : nil }
    return mask.volume(
      mask.offsets.map { offset in
        let at = Int(offset)
        guard deviations[at] > 1e-9 * abs(means[at]) else { return .nan }
        let deviation = (percent(at) - means[at]) / deviations[at]
        return Float(small?.z(ofDeviation: deviation) ?? deviation)
      })
  }

  /// What stands beside every z of so many normals; nil where they are enough.
  package static func warning(count: Int?) -> String? {
    guard let count else {
      return
        "how many people the mean and SD come from was not stated: z is too large if they were few (of a "
        + "healthy person 10 % instead of 5 % lie beyond ±2 with 8 normals); state --normals-count"
    }
    guard count < fewCount else { return nil }
    return
      "\(count) normals are few: z allows for it (\(count - 1) degrees of freedom), so only large differences reach "
      + "a threshold; where people differ with heavy tails, up to \(count < 7 ? 9 : 6) % of a healthy brain lie beyond "
      + "±2 instead of 5 %"
  }

  /// How z was made, for the screen and for files.
  package var zWords: String {
    guard let count, count >= 2 else {
      return "z = (person − mean)/SD as if both were exact: how many normals is not known"
    }
    return "z by Crawford and Howell's t of one person against \(count), "
      + "\(count - 1) degrees of freedom"
  }
}
