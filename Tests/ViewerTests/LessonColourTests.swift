import CellUI
import Foundation
import TestSupport
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

  @Test(arguments: Eyes.allCases) func everyPairOfMeaningsIsToldApart(_ eyes: Eyes) {
    let labs = LessonInk.all.map(eyes.lab)
    var least = Double.infinity
    for i in labs.indices {
      for j in labs.indices where j > i {
        least = min(least, ciede2000(labs[i], labs[j]))
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
        #expect(ciede2000(own, grey) >= 10, "\(ink) on \(level)")
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
