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
  /// Whether a person looked at it and accepted it; nil when nobody said.
  package var isAccepted: Bool?
  /// Figures of its making, such as the metric before and after.
  package var figures: [(name: String, value: Double)]

  /// - Parameter file: the name that an error speaks of.
  /// - Throws: a matrix that mirrors, cannot be inverted, or changes the size of a head beyond reason.
  package init(
    fixedFromMoving: Affine, moving: End, fixed: End, origin: String, isAccepted: Bool? = nil,
    figures: [(name: String, value: Double)] = [], file: String
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
    guard d >= 0.2, d <= 5 else {
      throw Problem(
        .data, file, "its matrix changes volumes by a factor of \(plainNumber(d, 3))",
        expected: "0.2 to 5, as between two heads")
    }
    self.fixedFromMoving = fixedFromMoving
    movingFromFixed = back
    self.moving = moving
    self.fixed = fixed
    self.origin = origin
    self.isAccepted = isAccepted
    self.figures = figures
  }

  /// The first word of how it came about: elastix, a hand, an import.
  package var maker: String { String(origin.prefix { $0 != "," }) }

  /// The way from the world of the other image to that of the image with this hash, and what the other
  /// one is; nil when neither end is that image.
  package func toImage(withSHA256 hash: String) -> (affine: Affine, other: End)? {
    if hash == moving.sha256 { return (movingFromFixed, fixed) }
    if hash == fixed.sha256 { return (fixedFromMoving, moving) }
    return nil
  }

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
  }
}

extension Affine {
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
