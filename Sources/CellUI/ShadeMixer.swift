/// Pictures from eight or sixteen colours: a cell is two pixels in the nearest of them, or a shade
/// of one on another for both, whichever looks nearer.
///
/// Hues say something: green is the cursor, blue below, and red, yellow and white above. Dots of green on brown come
/// nearest to a bright yellow by their light, and white to a light blue; so each hue is made of its own colours.
struct ShadeMixer {
  /// One set of colours with what can be mixed of it.
  private struct Choice {
    let colours: [(colour: Colour, lab: Lab)]
    let mixtures: [(cell: Cell, lab: Lab)]

    init(_ colours: [Colour]) {
      self.colours = colours.map { ($0, Lab($0)) }
      mixtures = colours.flatMap { back in
        colours.filter { $0 != back }.flatMap { front in
          ([("░", 0.25), ("▒", 0.5)] as [(Unicode.Scalar, Double)]).map { glyph, part in
            (
              Cell(glyph, foreground: front, background: back, style: .picture),
              Lab(back.lit(by: front, part))
            )
          }
        }
      }
    }

    func nearest(_ lab: Lab) -> (colour: Colour, distance: Double) {
      var best = (colour: colours[0].colour, distance: Double.infinity)
      for one in colours {
        let d = lab.distance(to: one.lab)
        if d < best.distance { best = (one.colour, d) }
      }
      return best
    }
  }

  private struct Choices {
    private let green: Choice
    private let blue: Choice
    private let other: Choice

    init(_ table: ColourTable) {
      let dark = [Colour(0, 0, 0)]
      green = Choice(dark + table.colours.filter { Hue(Lab($0)) == .green })
      // Cyan is one of them.
      blue = Choice(dark + table.colours.filter { $0.blue > $0.red && $0.blue >= $0.green })
      other = Choice(table.colours.filter { $0.red >= $0.green && $0.red >= $0.blue })
    }

    func choice(_ hue: Hue) -> Choice {
      switch hue {
      case .green: green
      case .blue: blue
      case .other: other
      }
    }
  }

  private static let sixteen = Choices(.sixteen)
  private static let eight = Choices(.eight)

  private let choices: Choices

  init?(_ colours: Capabilities.Colours) {
    switch colours {
    case .sixteen: choices = Self.sixteen
    case .eight: choices = Self.eight
    case .direct, .indexed, .none: return nil
    }
  }

  func cell(_ a: Colour, _ b: Colour) -> Cell {
    let (labA, labB) = (Lab(a), Lab(b))
    let (hueA, hueB) = (Hue(labA), Hue(labB))
    let (upper, lower) = (
      choices.choice(hueA).nearest(labA), choices.choice(hueB).nearest(labB)
    )
    var best = (
      upper.colour == lower.colour
        ? Cell(" ", foreground: upper.colour, background: upper.colour, style: .picture)
        : Cell("▀", foreground: upper.colour, background: lower.colour, style: .picture),
      upper.distance + lower.distance
    )
    // A shade of both would have one hue.
    guard hueA == hueB else { return best.0 }
    for m in choices.choice(hueA).mixtures {
      let d = labA.distance(to: m.lab) + labB.distance(to: m.lab)
      if d < best.1 { best = (m.cell, d) }
    }
    return best.0
  }
}

private enum Hue {
  case green, blue, other

  /// Yellows and greys that lean to green or blue are neither.
  init(_ lab: Lab) {
    if lab.a < -35, lab.b > 0.3 * abs(lab.a) {
      self = .green
    } else if lab.b < -8 {
      // Down to the lightest of a map's blues, which is nearly cyan.
      self = .blue
    } else {
      self = .other
    }
  }
}

extension Colour {
  /// What the eye makes of small dots of another colour: light is averaged, not bytes.
  fileprivate func lit(by other: Colour, _ part: Double) -> Colour {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      let light = linearLight[Int(a)] * (1 - part) + linearLight[Int(b)] * part
      return UInt8(linearLight.firstIndex { $0 >= light } ?? 255)
    }
    return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
