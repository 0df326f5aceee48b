/// A colour as the eye has it: CIELAB under D65.
package struct Lab: Equatable, Sendable {
  package var lightness: Double
  package var a: Double
  package var b: Double

  package init(_ lightness: Double, _ a: Double, _ b: Double) {
    self.lightness = lightness
    self.a = a
    self.b = b
  }

  package init(_ colour: Colour) {
    let r = linearLight[Int(colour.red)]
    let g = linearLight[Int(colour.green)]
    let bl = linearLight[Int(colour.blue)]
    let x = bent((0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * bl) / whiteX)
    let y = bent(0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * bl)
    let z = bent((0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * bl) / whiteZ)
    self.init(116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  /// The difference ΔE*ab of CIE 1976.
  package func distance(to other: Lab) -> Double { squaredDistance(to: other).squareRoot() }

  func squaredDistance(to other: Lab) -> Double {
    let (l, p, q) = (lightness - other.lightness, a - other.a, b - other.b)
    return l * l + p * p + q * q
  }

  /// The nearest colour of 24 bits.
  package var colour: Colour {
    let fy = (lightness + 16) / 116
    let x = whiteX * straight(fy + a / 500)
    let y = straight(fy)
    let z = whiteZ * straight(fy - b / 200)
    return Colour(
      byte(3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z),
      byte(-0.969_266_0 * x + 1.876_010_8 * y + 0.041_556_0 * z),
      byte(0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z))
  }
}

extension Colour {
  /// Relative luminance, 0 to 1 (WCAG 2.2, from linear sRGB).
  package var relativeLuminance: Double {
    0.2126 * linearLight[Int(red)] + 0.7152 * linearLight[Int(green)]
      + 0.0722 * linearLight[Int(blue)]
  }

  /// Contrast of two colours, 1 to 21 (WCAG 2.2).
  package func contrast(with other: Colour) -> Double {
    let (a, b) = (relativeLuminance, other.relativeLuminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}

private let whiteX = 0.950_47
private let whiteZ = 1.088_83

/// Light of each sRGB byte, 0…1.
let linearLight: [Double] = (0...255).map { n in
  let v = Double(n) / 255
  guard v > 0.040_45 else { return v / 12.92 }
  let t = (v + 0.055) / 1.055
  let fifth = root(t, 5)
  // t to the power of 2.4
  return t * t * fifth * fifth
}

/// The byte whose light is nearest.
private func byte(_ light: Double) -> UInt8 {
  let above = linearLight.firstIndex { $0 >= light } ?? 255
  guard above > 0 else { return 0 }
  return UInt8(
    light - linearLight[above - 1] < linearLight[above] - light ? above - 1 : above)
}

/// Newton's way down to the n-th root of a number from 0 to about 1; no C library here.
private func root(_ x: Double, _ n: Int) -> Double {
  guard x > 0 else { return 0 }
  var y = max(1, x)
  while true {
    var power = 1.0
    for _ in 1..<n { power *= y }
    let next = y - (y - x / power) / Double(n)
    if next >= y { return y }
    y = next
  }
}

private let bend = 6.0 / 29

private func bent(_ t: Double) -> Double {
  t > bend * bend * bend ? root(t, 3) : t / (3 * bend * bend) + 4.0 / 29
}

private func straight(_ t: Double) -> Double {
  t > bend ? t * t * t : 3 * bend * bend * (t - 4.0 / 29)
}
