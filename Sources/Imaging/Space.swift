/// The space that world coordinates are in.
package enum Space: String, Sendable {
  /// The template space of the MNI152 family.
  case mni152 = "MNI152"
  /// The person's own scanner space, or another that nothing names.
  case native = "native"

  /// What a person may write after `--space`.
  package init?(named name: String) {
    switch name.lowercased() {
    case "mni152", "mni", "mni152nlin6asym", "mni152nlin2009casym": self = .mni152
    case "native", "scanner", "t1w": self = .native
    default: return nil
    }
  }
}

/// Whether left and right of an image are known from its header.
package enum Laterality: String, Sendable {
  case known, unknown
}

/// A side of the body, as a word in capitals wherever it is shown.
package enum Side: String, Sendable {
  case left = "LEFT"
  case right = "RIGHT"
  case midline = "MIDLINE"
  case unknown = "SIDE UNKNOWN"

  /// The side of an x coordinate relative to a mid-plane; within `tolerance` mm it is the midline.
  package init(x: Double, midline: Double = 0, tolerance: Double) {
    let d = x - midline
    self = abs(d) <= tolerance ? .midline : d < 0 ? .left : .right
  }
}

/// How the side word of a coordinate is decided.
package enum SideRule: Equatable, Sendable {
  /// MNI x; within 1 mm MIDLINE.
  case mni
  /// The mid-plane of the brain mask at this x (mm); within 5 mm MIDLINE, and it is said.
  case maskMidplane(x: Double)
  /// Nothing tells left from right.
  case unknown

  package func side(of w: WorldPoint) -> Side {
    switch self {
    case .mni: Side(x: w.x, tolerance: 1)
    case .maskMidplane(let x): Side(x: w.x, midline: x, tolerance: 5)
    case .unknown: .unknown
    }
  }
}
