import Basics
import CellUI
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct NearDifferenceTests {
  @Test func theDifferenceIsTheOneOfTheTestData() {
    // Pairs 1, 7 and 17 of the published test data.
    for (p, q, wanted) in [
      ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
      ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
      ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ] {
      let found = ciede2000((p.0, p.1, p.2), (q.0, q.1, q.2))
      #expect(abs(found - wanted) < 1e-4)
    }
  }

  private func difference(_ p: Lab, _ q: Lab) -> Double {
    ciede2000((p.lightness, p.a, p.b), (q.lightness, q.a, q.b))
  }

  /// Small differences of all colours that a screen has, blue and nearly grey ones among them.
  @Test func aSmallDifferenceIsTheFormulas() {
    var generator = SeededGenerator(seed: 5)
    var worst = 0.0
    var count = 0
    while count < 20_000 {
      func byte() -> UInt8 { UInt8.random(in: 0...255, using: &generator) }
      func near(_ v: UInt8) -> UInt8 {
        UInt8(max(0, min(255, Int(v) + Int.random(in: -8...8, using: &generator))))
      }
      let isGrey = count % 3 == 0
      let first = byte()
      let own = isGrey ? Colour(first, first, first) : Colour(first, byte(), byte())
      let other = Colour(near(own.red), near(own.green), near(own.blue))
      let looks = Looks(own)
      let exact = difference(looks.lab, Lab(other))
      guard exact <= 2.5 else { continue }
      let found = looks.squared(to: Looks(other)).squareRoot()
      // What is taken for alike differs by less than 2.
      if found <= ChosenColours.alike { #expect(exact <= 2, "\(own) \(other) \(exact)") }
      worst = max(worst, abs(found - exact))
      count += 1
    }
    print("near differences: worst \(worst)")
    #expect(worst < 0.15)
  }
}
