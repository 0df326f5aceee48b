package import CellUI

/// Colours by value; each takes 0…1.
enum ColourMaps {
  /// Positive correlations: dark red to yellow.
  static func positive(_ t: Double) -> Colour {
    ramp(t, [Colour(150, 20, 0), Colour(215, 55, 0), Colour(255, 125, 0), Colour(255, 225, 60)])
  }

  /// Negative correlations: dark blue to light blue.
  static func negative(_ t: Double) -> Colour {
    ramp(t, [Colour(0, 45, 165), Colour(20, 95, 225), Colour(70, 165, 255), Colour(175, 232, 255)])
  }

  /// Anatomy: kept below white so that overlays stand out.
  ///
  /// - Parameter brightest: of the scale's white.
  static func grey(
    _ t: Double, gamma: Double = 0.5, brightest: UInt8 = usualBrightestGrey
  ) -> Colour {
    let part = max(0, min(1, t))
    // A square root lifts the dark grey matter apart from the darker ventricles.
    let v = UInt8((gamma == 0.5 ? part.squareRoot() : power(part, gamma)) * Double(brightest))
    return Colour(v, v, v)
  }

  /// White of the anatomy: maps over it are brighter.
  static let usualBrightestGrey: UInt8 = 175

  /// Perfusion where there are no colours: the brighter the more, whatever the palette.
  static func monochrome(_ t: Double) -> Colour {
    let v = UInt8(max(0, min(1, t)) * 199)
    return Colour(v, v, v)
  }

  /// Zero, and what lies beyond an image.
  static let noData = Colour(0, 0, 0)
  /// Voxels of an image that have no data: told apart from zero by a breath of blue.
  static let outsideField = Colour(14, 14, 24)

  static func ramp(_ t: Double, _ stops: [Colour]) -> Colour {
    let place = max(0, min(1, t)) * Double(stops.count - 1)
    let low = min(stops.count - 2, Int(place))
    return stops[low].mixed(with: stops[low + 1], place - Double(low))
  }
}

/// x to a power between 0 and 4, for x from 0 to 1, by square roots alone: good to a five-hundredth,
/// which no grey shows.
func power(_ x: Double, _ exponent: Double) -> Double {
  guard x > 0 else { return 0 }
  var out = 1.0
  var rest = exponent
  while rest >= 1 {
    out *= x
    rest -= 1
  }
  var root = x
  for _ in 0..<12 {
    root = root.squareRoot()
    rest *= 2
    if rest >= 1 {
      out *= root
      rest -= 1
    }
  }
  return out
}

/// The colours of text and marks.
package enum Ink {
  static let text = Colour(215, 215, 215)
  static let strong = Colour(255, 255, 255)
  static let dim = Colour(138, 138, 138)
  static let blue = Colour(95, 175, 255)
  static let amber = Colour(255, 175, 0)
  static let red = Colour(255, 95, 95)
  static let cursor = Colour(95, 255, 135)
  static let bar = Colour(38, 38, 38)
  static let selected = Colour(0, 55, 95)
  static let black = Colour(0, 0, 0)

  /// The cursor on what is bright.
  package static let darkCursor = Colour(0, 50, 25)

  /// The cursor where it lies on a colour: dark where the bright one would hardly be seen.
  package static func cursor(on colour: Colour) -> Colour {
    cursor.contrast(with: colour) >= 3 ? cursor : darkCursor
  }

  static let all = [text, strong, dim, blue, amber, red, cursor, bar, selected, black]
}
