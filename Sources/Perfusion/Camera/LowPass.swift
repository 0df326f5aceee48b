package import Basics
import Glibc
import Imaging

/// The low-pass that goes with the ramp of a filtered back projection.
package enum LowPass: Sendable, Equatable {
  /// The ramp alone, up to the pixel's own limit.
  case none
  /// Butterworth along columns and along rows: cut-off in cycles per centimetre, order, convention.
  case butterworth(cutoff: Double, order: Double, Convention = .amplitude)

  /// What a cut-off means; vendors differ, and some count 2n as the order.
  package enum Convention: String, Sendable, CaseIterable {
    /// 1 / √(1 + (f/fc)^2n): 0.707 at the cut-off.
    case amplitude
    /// 1 / (1 + (f/fc)^2n): 0.5 at the cut-off.
    case power

    package var formula: String {
      switch self {
      case .amplitude: "1/sqrt(1+(f/fc)^2n)"
      case .power: "1/(1+(f/fc)^2n)"
      }
    }
  }

  /// What is usual for a brain: 0.5 per cm, order 5.
  package static let usual = LowPass.butterworth(cutoff: 0.5, order: 5)

  /// The factor at a frequency in cycles per centimetre.
  package func gain(_ frequency: Double) -> Double {
    switch self {
    case .none: return 1
    case .butterworth(let cutoff, let order, let convention):
      let power = 1 + pow(frequency / cutoff, 2 * order)
      return convention == .amplitude ? 1 / power.squareRoot() : 1 / power
    }
  }

  /// For the screen and the sidecar.
  package var title: String {
    switch self {
    case .none: return "ramp"
    case .butterworth(let cutoff, let order, let convention):
      return "ramp x Butterworth \(plainNumber(cutoff, 3))/cm order \(plainNumber(order, 2)), "
        + "\(convention.rawValue) \(convention.formula)"
    }
  }

  /// - Throws: a cut-off or an order that is no filter.
  package func check() throws(Problem) {
    guard case .butterworth(let cutoff, let order, _) = self else { return }
    guard cutoff.isFinite, (0.01...50).contains(cutoff) else {
      throw Problem(
        .usage, "--cutoff", "\(plainNumber(cutoff)) per cm is no useful cut-off",
        expected: "0.01 to 50 cycles per cm")
    }
    guard order.isFinite, (0.5...50).contains(order) else {
      throw Problem(
        .usage, "--order", "\(plainNumber(order)) is no useful order", expected: "0.5 to 50")
    }
  }

  /// Half kernel in space (0, 1, … `reach` pixels away) of this low-pass, with the band-limited ramp
  /// (Ramachandran and Lakshminarayanan 1971: 1/4 at 0, −1/(πk)² at odd k) or without.
  ///
  /// The response is taken on a frequency grid four times as long as the reach, so that nothing
  /// comes round from the other side.
  func kernel(pixelCentimetres pixel: Double, reach: Int, ramp: Bool) -> [Float] {
    let length = 4 * max(16, reach + 1)
    let step = 2 * Double.pi / Double(length)
    // cos(2π j k / length) by the place j k in one period.
    let cosine = (0..<length).map { cos(step * Double($0)) }
    let response = (0..<length).map { k in
      let nearest = min(k, length - k)
      var value = gain(Double(nearest) / (Double(length) * pixel))
      if ramp {
        var sum = 0.25
        for j in Swift.stride(from: 1, to: length / 2, by: 2) {
          sum -= 2 * cosine[j * k % length] / (Double.pi * Double.pi * Double(j * j))
        }
        value *= sum
      }
      return value
    }
    return (0...reach).map { j in
      var sum = 0.0
      for k in 0..<length { sum += response[k] * cosine[j * k % length] }
      return Float(sum / Double(length))
    }
  }
}
