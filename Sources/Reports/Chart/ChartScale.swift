import Basics
package import CellUI
import Imaging

/// How values become colours in a figure, and what its bar says of that.
package struct ChartScale {
  package enum Look {
    /// Both signs beyond a threshold; what lies between shows the background.
    case signed(threshold: Double, ceiling: Double)
    /// From a lowest to a highest value, dark to light.
    case range(low: Double, high: Double)
  }

  package var look: Look
  /// Such as `r` or `% of the mean of all regions`.
  package var unit: String

  package init(look: Look, unit: String) { (self.look, self.unit) = (look, unit) }

  private static let hot = [
    Colour(0, 0, 4), Colour(66, 10, 104), Colour(147, 38, 103), Colour(221, 81, 58),
    Colour(252, 165, 10), Colour(252, 255, 164),
  ]
  private static let positive = [
    Colour(150, 20, 0), Colour(215, 55, 0), Colour(255, 125, 0), Colour(255, 225, 60),
  ]
  private static let negative = [
    Colour(0, 45, 165), Colour(20, 95, 225), Colour(70, 165, 255), Colour(175, 232, 255),
  ]

  /// The colour of a value; nil where the background is to be seen.
  package func colour(_ value: Float) -> Colour? {
    let x = Double(value)
    guard x.isFinite else { return nil }
    switch look {
    case .signed(let threshold, let ceiling):
      guard abs(x) >= threshold else { return nil }
      let part = (abs(x) - threshold) / max(1e-9, ceiling - threshold)
      return Self.ramp(part, x < 0 ? Self.negative : Self.positive)
    case .range(let low, let high):
      return Self.ramp((x - low) / max(1e-9, high - low), Self.hot)
    }
  }

  private static func ramp(_ part: Double, _ stops: [Colour]) -> Colour {
    let place = max(0, min(1, part)) * Double(stops.count - 1)
    let low = min(stops.count - 2, Int(place))
    return stops[low].mixed(with: stops[low + 1], place - Double(low))
  }

  /// The values at the left end, the middle and the right end of the bar.
  var ticks: [Double] {
    switch look {
    case .signed(_, let ceiling): [-ceiling, 0, ceiling]
    case .range(let low, let high): [low, (low + high) / 2, high]
    }
  }

  /// What is not seen in the colours themselves.
  var words: String {
    switch look {
    case .signed(let threshold, let ceiling):
      "\(unit): shown from ±\(fixed(threshold, 2)) to ±\(fixed(ceiling, 2)) and beyond"
    case .range(let low, let high):
      "\(unit): \(plainNumber(low, 2)) to \(plainNumber(high, 2)) and beyond"
    }
  }

  /// A range from 0 to a round number that nearly all values stay below.
  static func upTo(_ values: [Float], unit: String) -> ChartScale {
    let top = Double(boldspectPercentile(values.filter(\.isFinite), 99.5) ?? 1)
    var step = 1.0
    while step * 20 < top { step *= 10 }
    while step > 1e-9, step * 2 > top { step /= 10 }
    return ChartScale(
      look: .range(low: 0, high: max(step, (top / step).rounded(.up) * step)), unit: unit)
  }
}
