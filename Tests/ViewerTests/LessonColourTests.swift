import CellUI
import Foundation
import Testing
import Viewer

/// Colours of the lesson as other eyes have them.
@Suite struct LessonColourTests {
  /// Linear light of a colour seen with a deficiency of the whole receptor (Machado, Oliveira, Fernandes 2009,
  /// severity 1.0), or without any colour.
  enum Eyes: String, CaseIterable {
    case usual, protanopia, deuteranopia, tritanopia, grey

    private var rows: [[Double]] {
      switch self {
      case .usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      case .protanopia:
        [
          [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
          [-0.003882, -0.048116, 1.051998],
        ]
      case .deuteranopia:
        [
          [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
          [-0.011820, 0.042940, 0.968881],
        ]
      case .tritanopia:
        [
          [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
          [0.004733, 0.691367, 0.303900],
        ]
      case .grey: [[Double]](repeating: [0.2126, 0.7152, 0.0722], count: 3)
      }
    }

    func lab(_ c: Colour) -> (l: Double, a: Double, b: Double) {
      let light = [c.red, c.green, c.blue].map { byte -> Double in
        let v = Double(byte) / 255
        return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
      }
      let seen = rows.map { row in
        max(0, min(1, zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }))
      }
      func f(_ t: Double) -> Double {
        t > pow(6.0 / 29, 3) ? cbrt(t) : t / (3 * pow(6.0 / 29, 2)) + 4.0 / 29
      }
      let x = f((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047)
      let y = f(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2])
      let z = f((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883)
      return (116 * y - 16, 500 * (x - y), 200 * (y - z))
    }
  }

  /// CIEDE2000 (Sharma, Wu, Dalal 2005).
  static func difference(
    _ p: (l: Double, a: Double, b: Double), _ q: (l: Double, a: Double, b: Double)
  ) -> Double {
    func degrees(_ a: Double, _ b: Double) -> Double {
      let h = atan2(b, a) * 180 / .pi
      return a == 0 && b == 0 ? 0 : h < 0 ? h + 360 : h
    }
    func cosine(_ d: Double) -> Double { cos(d * .pi / 180) }
    let mean = (hypot(p.a, p.b) + hypot(q.a, q.b)) / 2
    let g = 0.5 * (1 - (pow(mean, 7) / (pow(mean, 7) + pow(25, 7))).squareRoot())
    let (a1, a2) = ((1 + g) * p.a, (1 + g) * q.a)
    let (c1, c2) = (hypot(a1, p.b), hypot(a2, q.b))
    let (h1, h2) = (degrees(a1, p.b), degrees(a2, q.b))
    var dh = h2 - h1
    var sum = h1 + h2
    if c1 * c2 == 0 {
      dh = 0
    } else {
      if abs(h1 - h2) > 180 { sum += sum < 360 ? 360 : -360 }
      if dh > 180 { dh -= 360 } else if dh < -180 { dh += 360 }
      sum /= 2
    }
    let big = 2 * (c1 * c2).squareRoot() * sin(dh / 2 * .pi / 180)
    let (l, c) = ((p.l + q.l) / 2, (c1 + c2) / 2)
    let t =
      1 - 0.17 * cosine(sum - 30) + 0.24 * cosine(2 * sum) + 0.32 * cosine(3 * sum + 6)
      - 0.2 * cosine(4 * sum - 63)
    let sl = 1 + 0.015 * pow(l - 50, 2) / (20 + pow(l - 50, 2)).squareRoot()
    let (sc, sh) = (1 + 0.045 * c, 1 + 0.015 * c * t)
    let turn = 30 * exp(-pow((sum - 275) / 25, 2))
    let rc = 2 * (pow(c, 7) / (pow(c, 7) + pow(25, 7))).squareRoot()
    let rt = -sin(2 * turn * .pi / 180) * rc
    let (x, y, z) = ((q.l - p.l) / sl, (c2 - c1) / sc, big / sh)
    return (x * x + y * y + z * z + rt * y * z).squareRoot()
  }

  @Test func theDifferenceIsTheOneOfTheTestData() {
    // Pairs 1, 7 and 17 of the published test data.
    for (p, q, wanted) in [
      ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
      ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
      ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ] {
      let found = Self.difference((p.0, p.1, p.2), (q.0, q.1, q.2))
      #expect(abs(found - wanted) < 1e-4)
    }
  }

  @Test(arguments: Eyes.allCases) func everyPairOfMeaningsIsToldApart(_ eyes: Eyes) {
    let labs = LessonInk.all.map(eyes.lab)
    var least = Double.infinity
    for i in labs.indices {
      for j in labs.indices where j > i {
        least = min(least, Self.difference(labs[i], labs[j]))
      }
    }
    print("lesson colours, \(eyes): least ΔE \(least)")
    #expect(least >= 10)
  }

  /// Networks cover the anatomy: no grey of it may be taken for one of them.
  @Test(arguments: Eyes.allCases) func noNetworkHasAGreyOfTheAnatomy(_ eyes: Eyes) {
    for ink in LessonInk.networks {
      let own = eyes.lab(ink)
      for level in UInt8.min...LessonInk.brightestBelow {
        let grey = eyes.lab(Colour(level, level, level))
        #expect(Self.difference(own, grey) >= 10, "\(ink) on \(level)")
        #expect(own.l - grey.l >= 15, "\(ink) on \(level)")
      }
    }
  }
}

/// The cursor is seen on every colour that a picture has.
@Suite struct CursorContrastTests {
  @Test(arguments: Palette.allCases) func theCursorIsSeenOnEveryPalette(_ palette: Palette) {
    let least = palette.entries.map { Ink.cursor(on: $0).contrast(with: $0) }.min() ?? 0
    print("cursor on \(palette.title): least contrast \(least)")
    #expect(least >= 3)
  }

  @Test func contrastIsTheOneOfTheGuideline() {
    #expect(abs(Colour(0, 0, 0).contrast(with: Colour(255, 255, 255)) - 21) < 1e-9)
    // #777777 on white is the well-known near miss of 4.5.
    #expect(abs(Colour(119, 119, 119).contrast(with: Colour(255, 255, 255)) - 4.48) < 0.01)
    for grey in UInt8.min...UInt8.max {
      let under = Colour(grey, grey, grey)
      #expect(Ink.cursor(on: under).contrast(with: under) >= 3)
    }
  }
}
