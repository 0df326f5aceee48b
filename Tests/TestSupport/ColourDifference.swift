import Foundation

/// The difference CIEDE2000 of two colours in CIELAB (Sharma, Wu, Dalal 2005).
package func ciede2000(
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
