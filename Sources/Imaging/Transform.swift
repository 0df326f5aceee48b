package import Basics
import Glibc

/// A rigid or affine map between the worlds of two images: a point of MOVING, RAS+ mm, goes to the same
/// place in FIXED, RAS+ mm.
package struct Transform: Sendable, Equatable {
  /// One of the two images.
  package struct End: Sendable, Equatable {
    /// SHA-256 of the file.
    package var sha256: String
    package var space: Space
    /// The template's own name where the file states it, such as MNI152NLin2009cAsym.
    package var template: String?

    package init(sha256: String, space: Space, template: String?) {
      self.sha256 = sha256
      self.space = space
      self.template = template
    }
  }

  package var fixedFromMoving: Affine
  package let movingFromFixed: Affine
  package var moving: End
  package var fixed: End
  /// How it came about, in words.
  package var origin: String
  /// Whether a person looked at it: true accepted, false rejected; nil when nobody said.
  package var isAccepted: Bool?
  /// Figures of its making, such as the metric before and after.
  package var figures: [(name: String, value: Double)]
  /// What spoke against it when it was made or looked at.
  package var warnings: [String]
  /// Why a person accepted it in spite of those.
  package var acceptedBecause: String?

  /// - Parameter file: the name that an error speaks of.
  /// - Throws: a matrix that mirrors, cannot be inverted, or changes the size of a head beyond reason.
  package init(
    fixedFromMoving: Affine, moving: End, fixed: End, origin: String, isAccepted: Bool? = nil,
    figures: [(name: String, value: Double)] = [], warnings: [String] = [],
    acceptedBecause: String? = nil, file: String
  ) throws(Problem) {
    let d = fixedFromMoving.determinant
    guard fixedFromMoving.isFinite, d != 0, let back = fixedFromMoving.inverse, back.isFinite else {
      throw Problem(
        .data, file, "its matrix cannot be inverted", expected: "a rigid or affine transform")
    }
    guard d > 0 else {
      throw Problem(
        .data, file, "its matrix mirrors left and right (determinant \(plainNumber(d, 4)))",
        expected: "a transform that keeps sides",
        remedy: "State the right format and direction, or register anew")
    }
    let (least, most) = fixedFromMoving.stretches
    guard least >= 0.6, most <= 1.67 else {
      throw Problem(
        .data, file,
        "its matrix stretches lengths by \(plainNumber(least, 2)) to \(plainNumber(most, 2)), which no two heads need",
        expected: "0.6 to 1.67", remedy: "Look at both images, format and direction")
    }
    guard fixedFromMoving.rows.allSatisfy({ abs($0[3]) <= 1000 }) else {
      throw Problem(
        .data, file, "its matrix moves images by more than a metre", expected: "millimetres")
    }
    self.fixedFromMoving = fixedFromMoving
    movingFromFixed = back
    self.moving = moving
    self.fixed = fixed
    self.origin = origin
    self.isAccepted = isAccepted
    self.figures = figures
    self.warnings = warnings
    self.acceptedBecause = acceptedBecause
  }

  /// Refuses one that a person looked at and found wrong.
  package func requireNotRejected(file: String) throws(Problem) {
    try requireNotRejectedByPerson(isAccepted, file: file)
  }

  /// What every use of it must say; nil once a person accepted it and nothing spoke against it.
  package var warning: String? {
    transformWarning(isAccepted, origin, warnings, because: acceptedBecause)
  }

  /// The first word of how it came about: elastix, a hand, an import.
  package var maker: String { String(origin.prefix { $0 != "," }) }

  /// Whether this is the same transform as one that was read back: JSON readers may lose the last bit of a
  /// figure, the matrix none.
  package func isReadBack(as other: Transform) -> Bool {
    var mine = self
    mine.figures = other.figures
    return mine == other && figures.count == other.figures.count
      && zip(figures, other.figures).allSatisfy {
        $0.name == $1.name && abs($0.value - $1.value) <= 1e-12 * max(1, abs($1.value))
      }
  }

  package static func == (a: Transform, b: Transform) -> Bool {
    a.fixedFromMoving == b.fixedFromMoving && a.moving == b.moving && a.fixed == b.fixed
      && a.origin == b.origin && a.isAccepted == b.isAccepted
      && a.figures.elementsEqual(b.figures) { $0.name == $1.name && $0.value == $1.value }
      && a.warnings == b.warnings && a.acceptedBecause == b.acceptedBecause
  }
}

/// What every use of a transform must say.
package func transformWarning(
  _ isAccepted: Bool?, _ origin: String, _ warnings: [String], because: String?
) -> String? {
  let doubts = warnings.isEmpty ? "" : ", with warnings: " + warnings.joined(separator: "; ")
  if isAccepted != true { return "transform NOT ACCEPTED by a person (\(origin))" + doubts }
  if warnings.isEmpty { return nil }
  return "transform accepted" + doubts + (because.map { " (accepted because: \($0))" } ?? "")
}

/// Refuses a transform that a person looked at and found wrong.
func requireNotRejectedByPerson(_ isAccepted: Bool?, file: String) throws(Problem) {
  guard isAccepted != false else {
    throw Problem(
      .data, file, "a person looked at this transform and rejected it",
      expected: "one that was not",
      remedy: "Register anew, or take it back with `boldspect transform accept`")
  }
}

extension Transform {
  /// This one first and `next` after it: from MOVING of the one to FIXED of the other.
  ///
  /// It counts as accepted where a person accepted both.
  package func followed(by next: Transform, file: String) throws(Problem) -> Transform {
    try Transform(
      fixedFromMoving: next.fixedFromMoving.composed(after: fixedFromMoving), moving: moving,
      fixed: next.fixed, origin: chainOrigin(origin, next.origin),
      isAccepted: isAccepted == true && next.isAccepted == true ? true : nil,
      warnings: warnings + next.warnings.filter { !warnings.contains($0) },
      acceptedBecause: joinedReasons(acceptedBecause, next.acceptedBecause), file: file)
  }
}

/// The reasons of two transforms that make a chain.
package func joinedReasons(_ a: String?, _ b: String?) -> String? {
  let all = [a, b].compactMap { $0 }
  return all.isEmpty ? nil : all.joined(separator: "; ")
}

/// How a chain of two came about; its first word are the makers of both.
package func chainOrigin(_ a: String, _ b: String) -> String {
  func maker(_ origin: String) -> String { String(origin.prefix { $0 != "," }) }
  return "\(maker(a)) then \(maker(b)), a chain of: \(a); then: \(b)"
}

extension Affine {
  /// The least and the largest factor by which a length changes: the singular values of the 3×3 part, by
  /// Jacobi turns of AᵀA.
  package var stretches: (least: Double, most: Double) {
    let m = rows
    var a = (0..<3).map { r in
      (0..<3).map { c in (0..<3).reduce(0.0) { $0 + m[$1][r] * m[$1][c] } }
    }
    for _ in 0..<30 {
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where abs(a[p][q]) > 1e-15 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta >= 0 ? 1.0 : -1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<3 {
          let (x, y) = (a[k][p], a[k][q])
          (a[k][p], a[k][q]) = (c * x - s * y, s * x + c * y)
        }
        for k in 0..<3 {
          let (x, y) = (a[p][k], a[q][k])
          (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y)
        }
      }
    }
    let values = (0..<3).map { max(0, a[$0][$0]).squareRoot() }
    return (values.min() ?? 0, values.max() ?? 0)
  }

  /// The place that a point goes to.
  package func applied(to p: WorldPoint) -> WorldPoint {
    let w = applied(p.x, p.y, p.z)
    return WorldPoint(w.0, w.1, w.2)
  }

  /// The map of directions, without the offset.
  package func turned(_ d: WorldPoint) -> WorldPoint {
    let (w, zero) = (applied(d.x, d.y, d.z), applied(0, 0, 0))
    return WorldPoint(w.0 - zero.0, w.1 - zero.1, w.2 - zero.2)
  }

  /// How far from right angles the map takes the axes, in degrees.
  package var shearDegrees: Double {
    let m = rows
    let norms = [columnNorms.0, columnNorms.1, columnNorms.2]
    return [(0, 1), (0, 2), (1, 2)].reduce(0.0) { worst, pair in
      let (a, b) = pair
      let cosine = (0..<3).reduce(0.0) { $0 + m[$1][a] * m[$1][b] } / (norms[a] * norms[b])
      return max(worst, abs(asin(max(-1, min(1, cosine)))) * 180 / .pi)
    }
  }

  /// Changes between RAS+ and LPS+ millimetres on both sides of a map.
  package var withFlippedXY: Affine {
    let m = rows
    let sign = [-1.0, -1, 1, 1]
    return Affine(rows: (0..<3).map { r in (0..<4).map { c in sign[r] * m[r][c] * sign[c] } })
  }
}

/// The template that a file's name says it is in, after BIDS: `space-MNI152NLin6Asym`, `tpl-…`.
package func templateName(ofFileNamed name: String) -> String? {
  for part in name.split(whereSeparator: { "_.".contains($0) }) {
    for key in ["space-", "tpl-"] where part.hasPrefix(key) {
      let value = part.dropFirst(key.count)
      if value.hasPrefix("MNI") { return String(value) }
    }
  }
  return nil
}
