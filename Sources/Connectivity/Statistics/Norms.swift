package import Basics
import Imaging

/// How one person's number stands among others.
package struct NormScore: Sendable, Equatable {
  package let t: Double
  /// What a t of 1 is in the number's own unit.
  package let standardError: Double
  package let degreesOfFreedom: Double
  /// Two-sided.
  package let p: Double
  /// Per cent of people below.
  package let percentile: Double
  package let n: Int

  /// Crawford and Howell 1998: (x − μ)/(σ·√(1 + 1/n)), t with n − 1 degrees of freedom.
  package init(_ x: Double, mean: Double, sd: Double, n: Int) {
    let error = sd * (1 + 1 / Double(n)).squareRoot()
    self.init(
      t: (x - mean) / error, standardError: error, degreesOfFreedom: Double(n - 1), n: n)
  }

  /// (x − x̂)/(σ √(1 + h)), x̂ from a regression on covariates and h the person's leverage on it: t of one further
  /// person with n − k − 1 degrees of freedom (Crawford, Garthwaite 2006, Neuropsychology 20:259). Without covariates
  /// h is 1/n, and this is Crawford and Howell's t.
  ///
  /// - Parameters:
  ///   - values, covariates: of the reference people, one row each.
  ///   - own: the person's covariates.
  /// - Throws: too few people, covariates that depend on each other.
  package init(
    _ x: Double, values: [Double], covariates: [[Double]], own: [Double]
  ) throws(Problem) {
    let n = values.count
    let k = own.count
    guard n > k + 2, covariates.count == n, covariates.allSatisfy({ $0.count == k }) else {
      throw Problem(
        .data, "the reference", "it has \(n) people for \(k) covariates",
        expected: "at least \(k + 3)")
    }
    let columns =
      [[Double](repeating: 1, count: n)] + (0..<k).map { c in covariates.map { $0[c] } }
    let beta = try LinearAlgebra.leastSquares(columns, values)
    func predicted(_ row: [Double]) -> Double {
      beta[0] + zip(beta.dropFirst(), row).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let squares = zip(values, covariates).reduce(0.0) { sum, pair in
      let left = pair.0 - predicted(pair.1)
      return sum + left * left
    }
    let degrees = Double(n - k - 1)
    let error = (squares / degrees * (1 + leverage(of: [1] + own, on: columns))).squareRoot()
    self.init(
      t: (x - predicted(own)) / error, standardError: error, degreesOfFreedom: degrees, n: n)
  }

  /// One of several numbers against the others, by Crawford and Howell's t; nil with fewer than three others
  /// or when they do not differ.
  package init?(amongOthers n: Int, _ all: [Double]) {
    let others = all.indices.filter { $0 != n && all[$0].isFinite }.map { all[$0] }
    guard all[n].isFinite, others.count >= 3 else { return nil }
    let mean = others.reduce(0, +) / Double(others.count)
    let squares = others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let sd = (squares / Double(others.count - 1)).squareRoot()
    guard sd > 0 else { return nil }
    self.init(all[n], mean: mean, sd: sd, n: others.count)
  }

  /// The same with another t.
  func shifted(by shift: Double) -> NormScore {
    NormScore(
      t: t + shift, standardError: standardError, degreesOfFreedom: degreesOfFreedom, n: n)
  }

  private init(t: Double, standardError: Double, degreesOfFreedom: Double, n: Int) {
    self.t = t
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    self.n = n
    p = studentTwoSidedP(t, degreesOfFreedom: degreesOfFreedom)
    percentile = studentPercentile(t, degreesOfFreedom: degreesOfFreedom)
  }
}

/// x₀ᵀ(XᵀX)⁻¹x₀ of a further row on a regression's columns, by the columns made orthonormal one after the other.
private func leverage(of row: [Double], on columns: [[Double]]) -> Double {
  var basis: [[Double]] = []
  var mine: [Double] = []
  for (column, own) in zip(columns, row) {
    var (v, x) = (column, own)
    // Twice: columns such as years of birth are nearly constant.
    for _ in 0..<2 {
      for (q, z) in zip(basis, mine) {
        let part = zip(q, v).reduce(0) { $0 + $1.0 * $1.1 }
        for n in v.indices { v[n] -= part * q[n] }
        x -= part * z
      }
    }
    let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { continue }
    basis.append(v.map { $0 / length })
    mine.append(x / length)
  }
  return mine.reduce(0) { $0 + $1 * $1 }
}
