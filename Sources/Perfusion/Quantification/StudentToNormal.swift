import Glibc

/// The standard normal z that has the tail probability of a Student t, so that one threshold means
/// the same however few people a standard deviation was taken of.
package struct StudentToNormal: Sendable {
  private static let manyDegrees = 2000
  private let degrees: Int
  /// Γ((ν + 1)/2)/(Γ(ν/2) √π), the front of the tail's series.
  private let front: Double

  /// - Parameter degrees: of freedom, 1 and more.
  package init(degreesOfFreedom degrees: Int) {
    precondition(degrees >= 1)
    self.degrees = degrees
    let v = Double(degrees)
    front = exp(lgamma((v + 1) / 2) - lgamma(v / 2)) / Double.pi.squareRoot()
  }

  /// z = Φ⁻¹(T(t)); beyond 1e-290 of a tail, where no number is left, ±36.
  package func z(_ t: Double) -> Double {
    guard t.isFinite else { return t.isNaN ? .nan : t > 0 ? 36 : -36 }
    if degrees > Self.manyDegrees {
      // Wallace 1959 (Ann Math Stat 30, 1121): off by the order of 1/ν², which no printed digit shows; the sums below
      // have a term for every second degree.
      let v = Double(degrees)
      let z = min(36, (8 * v + 1) / (8 * v + 3) * (v * log1p(t * t / v)).squareRoot())
      return t < 0 ? -z : z
    }
    let z = upperNormalQuantile(upperTail(abs(t)))
    return t < 0 ? -z : z
  }

  /// P(T > t) for t ≥ 0.
  func upperTail(_ t: Double) -> Double {
    let inside = 1 - centralShare(t)
    // Where the difference from 1 loses its digits the tail has a series of its own.
    return inside > 1e-3 ? inside / 2 : tailSeries(t)
  }

  /// P(−t < T < t) for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
  private func centralShare(_ t: Double) -> Double {
    let angle = atan(t / Double(degrees).squareRoot())
    let (s, c) = (sin(angle), cos(angle))
    var sum = 0.0
    if degrees % 2 == 0 {
      var term = 1.0
      for k in stride(from: 0, to: degrees, by: 2) {
        sum += term
        term *= c * c * Double(k + 1) / Double(k + 2)
      }
      return s * sum
    }
    var term = c
    for k in stride(from: 1, to: degrees, by: 2) {
      sum += term
      term *= c * c * Double(k + 1) / Double(k + 2)
    }
    return 2 / Double.pi * (angle + s * sum)
  }

  /// Half of Iₓ(ν/2, 1/2), x = ν/(ν + t²), by the series of DLMF 8.17.8: all of its terms are positive.
  private func tailSeries(_ t: Double) -> Double {
    let a = Double(degrees) / 2
    let x = Double(degrees) / (Double(degrees) + t * t)
    let y = t * t / (Double(degrees) + t * t)
    var (term, sum) = (1.0, 1.0)
    for n in 0..<100_000 {
      term *= (a + 0.5 + Double(n)) / (a + 1 + Double(n)) * x
      sum += term
      if term < 1e-16 * sum { break }
    }
    return 0.5 * front * pow(x, a) * y.squareRoot() / a * sum
  }
}

/// The z that a standard normal number exceeds with probability p ≤ 1/2.
///
/// Acklam's rational approximation (relative error 1.15e-9), made exact by one step of Halley's.
func upperNormalQuantile(_ p: Double) -> Double {
  guard p < 0.5 else { return 0 }
  guard p > 1e-290 else { return 36 }
  var z: Double
  if p < 0.02425 {
    let q = (-2 * log(p)).squareRoot()
    let c = [
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734,
      4.374664141464968, 2.938163982698783,
    ]
    let d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416]
    z = -c.reduce(0) { $0 * q + $1 } / (d.reduce(0) { $0 * q + $1 } * q + 1)
  } else {
    let q = 0.5 - p
    let r = q * q
    let a = [
      -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
      -3.066479806614716e+01, 2.506628277459239,
    ]
    let b = [
      -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
      -1.328068155288572e+01,
    ]
    z = a.reduce(0) { $0 * r + $1 } * q / (b.reduce(0) { $0 * r + $1 } * r + 1)
  }
  let error = 0.5 * erfc(z / 2.0.squareRoot()) - p
  let step = error * (2 * Double.pi).squareRoot() * exp(z * z / 2)
  z += step / (1 - z * step / 2)
  return z
}

/// One person against `count` others: Crawford and Howell's t (1998), (x − mean)/(SD √((n + 1)/n)) with
/// n − 1 degrees of freedom, as the z of the same tail probability.
package struct CrawfordHowell: Sendable {
  package let count: Int
  private let student: StudentToNormal
  private let widening: Double

  /// - Parameter count: of normals, 2 and more.
  package init(count: Int) {
    precondition(count >= 2)
    self.count = count
    student = StudentToNormal(degreesOfFreedom: count - 1)
    widening = (Double(count + 1) / Double(count)).squareRoot()
  }

  package var degreesOfFreedom: Int { count - 1 }

  /// - Parameter deviation: (x − mean)/SD.
  package func z(ofDeviation deviation: Double) -> Double { student.z(deviation / widening) }
}
