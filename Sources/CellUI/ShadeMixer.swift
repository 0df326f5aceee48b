/// Pictures from eight or sixteen colours: a cell is two pixels in the nearest of them, or a shade
/// of one on another for both, whichever looks nearer.
///
/// Green is for what is green. Dots of it on brown come nearest to a bright yellow by their light, and would give the
/// strongest values the cursor's colour.
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
    let all: Choice
    let withoutGreen: Choice

    init(_ table: ColourTable) {
      all = Choice(table.colours)
      withoutGreen = Choice(table.colours.filter { !isGreen(Lab($0)) })
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
    let (forA, forB) = (choice(labA), choice(labB))
    let (upper, lower) = (forA.nearest(labA), forB.nearest(labB))
    var best = (
      upper.colour == lower.colour
        ? Cell(" ", foreground: upper.colour, background: upper.colour, style: .picture)
        : Cell("▀", foreground: upper.colour, background: lower.colour, style: .picture),
      upper.distance + lower.distance
    )
    let both = isGreen(labA) && isGreen(labB) ? choices.all : choices.withoutGreen
    for m in both.mixtures {
      let d = labA.distance(to: m.lab) + labB.distance(to: m.lab)
      if d < best.1 { best = (m.cell, d) }
    }
    return best.0
  }

  private func choice(_ lab: Lab) -> Choice { isGreen(lab) ? choices.all : choices.withoutGreen }
}

/// Whether a colour is more green than anything else: yellows, greys and blues that lean to it are not.
private func isGreen(_ lab: Lab) -> Bool { lab.a < -35 && lab.b > 0.3 * abs(lab.a) }

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
