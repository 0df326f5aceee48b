/// Places of colours in CIELAB, eight beside each other so that a search goes through them eight at a time.
struct LabTable: Sendable {
  private typealias Lanes = SIMD8<Double>
  private var lightness: [Lanes] = []
  private var a: [Lanes] = []
  private var b: [Lanes] = []

  init(_ labs: [Lab]) {
    for start in stride(from: 0, to: labs.count, by: 8) {
      // What fills the last eight is nearest to nothing.
      func lanes(_ part: (Lab) -> Double) -> Lanes {
        var out = Lanes(repeating: 1e9)
        for n in start..<min(start + 8, labs.count) { out[n - start] = part(labs[n]) }
        return out
      }
      lightness.append(lanes(\.lightness))
      a.append(lanes(\.a))
      b.append(lanes(\.b))
    }
  }

  /// The first of those that are nearest by ΔE*ab.
  func nearest(to lab: Lab) -> Int { nearest(to: lab, .plain) }

  /// The first of those that differ least by CIEDE2000 as it is around the colour.
  func nearest(to looks: Looks) -> Int { nearest(to: looks.lab, looks.near) }

  private func nearest(to lab: Lab, _ near: NearDifference) -> Int {
    var best = Lanes(repeating: .infinity)
    var blocks = Lanes(repeating: 0)
    for n in lightness.indices {
      let (l, p, q) = (lightness[n] - lab.lightness, a[n] - lab.a, b[n] - lab.b)
      let distance = near.l * l * l + near.aa * p * p + near.ab * p * q + near.bb * q * q
      let isNearer = distance .< best
      best.replace(with: distance, where: isNearer)
      blocks.replace(with: Lanes(repeating: Double(n)), where: isNearer)
    }
    var out = (place: 0, distance: Double.infinity)
    for lane in 0..<8 {
      let place = Int(blocks[lane]) * 8 + lane
      if best[lane] < out.distance || best[lane] == out.distance && place < out.place {
        out = (place, best[lane])
      }
    }
    return out.place
  }
}
