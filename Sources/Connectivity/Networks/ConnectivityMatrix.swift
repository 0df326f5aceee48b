package import Basics
import Imaging

/// Correlations between the mean series of regions.
package struct ConnectivityMatrix: Sendable {
  package let parcels: [Parcel]
  /// Pearson r, row by row; NaN for a region without data.
  package let r: [Double]
  package let degreesOfFreedom: Int
  package let secondsKept: Double?
  package let denoising: Denoising

  package init(
    parcels: [Parcel], r: [Double], degreesOfFreedom: Int, secondsKept: Double?,
    denoising: Denoising
  ) {
    precondition(r.count == parcels.count * parcels.count)
    self.parcels = parcels
    self.r = r
    self.degreesOfFreedom = degreesOfFreedom
    self.secondsKept = secondsKept
    self.denoising = denoising
  }

  package var count: Int { parcels.count }
  package subscript(_ row: Int, _ column: Int) -> Double { r[row * count + column] }
  package func z(_ row: Int, _ column: Int) -> Double { fisherZ(self[row, column]) }
}

extension ReducedSeries {
  /// The matrix of regions, in the basis: as many products as there are degrees of freedom.
  ///
  /// - Throws: no region, and more of them than memory has room for.
  package func matrix(of parcels: [Parcel]) throws(Problem) -> ConnectivityMatrix {
    try Self.checkSize(parcels, degreesOfFreedom)
    let d = degreesOfFreedom
    let count = parcels.count
    var means = [Double](repeating: 0, count: count * d)
    forEachChunk(of: count, into: &means) { part, out in
      for p in part {
        guard let mean = coordinates(ofMean: parcels[p].places) else { continue }
        let length = mean.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
        for row in 0..<d { out[p * d + row] = mean[row] / length }
      }
    }
    var r = LinearAlgebra.productTransposed(means, count, d, means, count)
    let isEmpty = (0..<count).map { p in
      !(means[p * d..<(p + 1) * d].contains { $0 != 0 })
    }
    for at in r.indices { r[at] = max(-1, min(1, r[at])) }
    for a in 0..<count {
      for b in 0..<count where isEmpty[a] || isEmpty[b] { r[a * count + b] = .nan }
    }
    return ConnectivityMatrix(
      parcels: parcels, r: r, degreesOfFreedom: d, secondsKept: secondsKept, denoising: denoising)
  }

  /// More than 5792 regions, or 2048 networks, are voxels rather than regions; nobody reads such a matrix.
  private static let mostBytes = 1 << 28

  private static func checkSize(_ parcels: [Parcel], _ d: Int) throws(Problem) {
    guard !parcels.isEmpty else {
      throw Problem(
        .data, "regions", "no region shares a voxel with the brain mask",
        expected: "an atlas of the same space")
    }
    let n = parcels.count
    let remedy = "Take an atlas with fewer regions"
    try MemoryBudget.require(
      MemoryBudget.product(8, n, n), of: "regions", for: "a matrix of \(n) regions",
      most: mostBytes,
      remedy: remedy)
    try MemoryBudget.require(
      MemoryBudget.product(8, n, d), of: "regions", for: "the mean series of \(n) regions",
      remedy: remedy)
    // What is summed up by pairs of networks takes eight numbers for each.
    let networks = Set(parcels.map(\.network)).count
    try MemoryBudget.require(
      MemoryBudget.product(64, networks, networks), of: "networks",
      for: "a summary of \(networks) networks", most: mostBytes,
      remedy: "Take a map with fewer networks")
  }
}
