import CellUI

/// Colours of an overlay by name: a pair for both signs, or a palette whose negative side is blue.
package enum OverlayColours: Hashable, Sendable {
  case redBlue, greenPurple, tealBrown, yellowViolet
  case palette(Palette)

  package static let all: [OverlayColours] =
    [.redBlue, .greenPurple, .tealBrown, .yellowViolet] + Palette.allCases.map(Self.palette)

  package var name: String {
    switch self {
    case .redBlue: "red-blue"
    case .greenPurple: "green-purple"
    case .tealBrown: "teal-brown"
    case .yellowViolet: "yellow-violet"
    case .palette(let palette): palette.rawValue
    }
  }

  /// The colours that a typed name begins.
  package init?(typed: String) {
    let wanted = String(typed.lowercased().map { $0 == " " || $0 == "_" ? "-" : $0 })
    guard !wanted.isEmpty else { return nil }
    if let found = Self.all.first(where: { $0.name == wanted })
      ?? Self.all.first(where: { $0.name.hasPrefix(wanted) })
    {
      self = found
    } else if let palette = Palette(typed: typed) {
      self = .palette(palette)
    } else {
      return nil
    }
  }

  func positive(_ t: Double) -> Colour {
    switch self {
    case .redBlue: ColourMaps.positive(t)
    case .greenPurple:
      ColourMaps.ramp(
        t, [Colour(0, 70, 30), Colour(20, 130, 50), Colour(90, 200, 90), Colour(205, 250, 170)])
    case .tealBrown:
      ColourMaps.ramp(
        t, [Colour(0, 70, 70), Colour(0, 130, 125), Colour(60, 195, 185), Colour(195, 245, 235)])
    case .yellowViolet:
      ColourMaps.ramp(
        t, [Colour(90, 75, 0), Colour(160, 135, 0), Colour(225, 200, 30), Colour(255, 250, 170)])
    // The darkest quarter of a palette is lost on dark anatomy.
    case .palette(let palette): palette.colour(0.25 + 0.75 * max(0, min(1, t)))
    }
  }

  func negative(_ t: Double) -> Colour {
    switch self {
    case .redBlue, .palette: ColourMaps.negative(t)
    case .greenPurple:
      ColourMaps.ramp(
        t, [Colour(70, 10, 90), Colour(125, 45, 150), Colour(185, 110, 210), Colour(240, 205, 250)])
    case .tealBrown:
      ColourMaps.ramp(
        t, [Colour(85, 45, 0), Colour(140, 85, 15), Colour(200, 150, 70), Colour(245, 225, 180)])
    case .yellowViolet:
      ColourMaps.ramp(
        t,
        [Colour(60, 20, 110), Colour(105, 60, 180), Colour(155, 120, 230), Colour(215, 200, 255)])
    }
  }
}
