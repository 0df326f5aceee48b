/// CIEDE2000 around one colour: its ellipsoid of equal difference there, as a quadratic form in L*, a* and b*.
///
/// The weights are those that the formula has at the colour itself (Sharma, Wu, Dalal 2005), so that the square of
/// a small difference costs four products. Halfway between two colours (`Looks.squared`) it is the formula's.
package struct NearDifference: Sendable {
  let l: Double
  let aa: Double
  let ab: Double
  let bb: Double

  /// ΔE*ab of CIE 1976: the same everywhere.
  static let plain = NearDifference(l: 1, aa: 1, ab: 0, bb: 1)

  private init(l: Double, aa: Double, ab: Double, bb: Double) {
    (self.l, self.aa, self.ab, self.bb) = (l, aa, ab, bb)
  }

  package init(around lab: Lab) {
    let plain = (lab.a * lab.a + lab.b * lab.b).squareRoot()
    let stretch = 1 + 0.5 * (1 - saturation(plain))
    let a = stretch * lab.a
    let chroma = (a * a + lab.b * lab.b).squareRoot()
    let hue =
      chroma > 0
      ? Direction(cosine: a / chroma, sine: lab.b / chroma) : Direction(cosine: 1, sine: 0)
    let twice = hue + hue
    let t =
      1 - 0.17 * (hue - .degrees30).cosine + 0.24 * twice.cosine
      + 0.32 * (twice + hue + .degrees6).cosine - 0.2 * (twice + twice - .degrees63).cosine
    let fromMiddle = (lab.lightness - 50) * (lab.lightness - 50)
    let sl = 1 + 0.015 * fromMiddle / (20 + fromMiddle).squareRoot()
    let (sc, sh) = (1 + 0.045 * chroma, 1 + 0.015 * chroma * t)
    let rotation = -2 * saturation(chroma) * sineOfTwiceTheTurn(hue - .degrees275)
    let (p, r, s) = (1 / (sc * sc), 1 / (sh * sh), rotation / (sc * sh))
    let (c, n) = (hue.cosine, hue.sine)
    l = 1 / (sl * sl)
    aa = stretch * stretch * (p * c * c + r * n * n - s * c * n)
    ab = stretch * (2 * (p - r) * c * n + s * (c * c - n * n))
    bb = p * n * n + r * c * c + s * c * n
  }

  /// The square of the difference of another colour from the one that it is around.
  package func squared(_ own: Lab, _ other: Lab) -> Double {
    let (x, y, z) = (own.lightness - other.lightness, own.a - other.a, own.b - other.b)
    return l * x * x + aa * y * y + ab * y * z + bb * z * z
  }
}

/// An angle, without a C library to ask for it.
private struct Direction {
  var cosine: Double
  var sine: Double

  static let degrees6 = Direction(cosine: 0.994_521_895_368, sine: 0.104_528_463_268)
  static let degrees30 = Direction(cosine: 0.866_025_403_784, sine: 0.5)
  static let degrees63 = Direction(cosine: 0.453_990_499_740, sine: 0.891_006_524_188)
  static let degrees275 = Direction(cosine: 0.087_155_742_748, sine: -0.996_194_698_092)

  static func + (a: Direction, b: Direction) -> Direction {
    Direction(
      cosine: a.cosine * b.cosine - a.sine * b.sine, sine: a.sine * b.cosine + a.cosine * b.sine)
  }

  static func - (a: Direction, b: Direction) -> Direction {
    a + Direction(cosine: b.cosine, sine: -b.sine)
  }

  /// In radians, where it points forward.
  var angle: Double {
    let half = sine / (1 + cosine)
    let x = half / (1 + (1 + half * half).squareRoot())
    let y = x * x
    return 4 * x * (1 - y * (1 / 3.0 - y * (1 / 5.0 - y * (1 / 7.0 - y / 9))))
  }
}

/// √(C⁷ / (C⁷ + 25⁷)).
private func saturation(_ chroma: Double) -> Double {
  let part = chroma / 25
  let cubed = part * part * part
  let seventh = cubed * cubed * part
  return (seventh / (seventh + 1)).squareRoot()
}

/// sin 2Δθ of the formula's turn of blue, for a hue as seen from 275°.
private func sineOfTwiceTheTurn(_ hue: Direction) -> Double {
  guard hue.cosine > 0 else { return 0 }
  let far = hue.angle * 180 / .pi / 25
  // exp(−far²) by its limit.
  var bell = 1 - far * far / 1024
  for _ in 0..<10 { bell *= bell }
  let x = 60 * .pi / 180 * bell
  let y = x * x
  return x * (1 - y / 6 * (1 - y / 20 * (1 - y / 42)))
}
