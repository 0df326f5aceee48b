import Basics
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
  package func matrix(of parcels: [Parcel]) -> ConnectivityMatrix {
    let d = degreesOfFreedom
    let n = voxelCount
    let count = parcels.count
    var means = [Double](repeating: 0, count: count * d)
    means.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      inParallel(count) { part in
        for p in part {
          let usable = parcels[p].places.filter { norms[$0].isFinite }
          guard !usable.isEmpty else { continue }
          for row in 0..<d {
            var sum = 0.0
            for place in usable { sum += Double(unit[row * n + place]) * Double(norms[place]) }
            out[p * d + row] = sum
          }
          let length = (0..<d).reduce(0.0) { $0 + out[p * d + $1] * out[p * d + $1] }.squareRoot()
          for row in 0..<d { out[p * d + row] /= length }
        }
      }
    }
    let product = LinearAlgebra.productTransposed(means, count, d, means, count)
    let isEmpty = (0..<count).map { p in
      !(means[p * d..<(p + 1) * d].contains { $0 != 0 })
    }
    var r = product.map { max(-1, min(1, $0)) }
    for a in 0..<count {
      for b in 0..<count where isEmpty[a] || isEmpty[b] { r[a * count + b] = .nan }
    }
    return ConnectivityMatrix(
      parcels: parcels, r: r, degreesOfFreedom: d, secondsKept: secondsKept, denoising: denoising)
  }
}
