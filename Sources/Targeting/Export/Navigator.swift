package import Basics
package import Imaging

/// A navigator or planner that reads targets from a file.
package enum Navigator: String, Sendable, CaseIterable {
  case brainsight, localite, simnibs, slicer

  package var fileEnding: String {
    switch self {
    case .brainsight: ".txt"
    case .localite: ".xml"
    case .simnibs: ".csv"
    case .slicer: ".mrk.json"
    }
  }
}

/// A place or a pose as it was read from a navigator's file, in RAS+ mm.
package struct NavigatedPoint: Sendable, Equatable {
  package enum Role: String, Sendable {
    /// A place in the brain, on the scalp, or a coil.
    case target, entry, coil
  }

  package var name: String
  package var role: Role
  package var point: WorldPoint
  /// With a coil only.
  package var pose: CoilPose?

  package init(name: String, role: Role, point: WorldPoint, pose: CoilPose? = nil) {
    self.name = name
    self.role = role
    self.point = point
    self.pose = pose
  }
}

extension CoilPlan {
  /// What every format carries: the target, the scalp point and the coil.
  package var points: [NavigatedPoint] {
    [
      NavigatedPoint(name: name, role: .target, point: cortex),
      NavigatedPoint(name: name, role: .entry, point: scalp),
      NavigatedPoint(name: name, role: .coil, point: pose.centre, pose: pose),
    ]
  }
}

/// How far two lists of the same points are from each other: mm, and the largest difference of a
/// direction; nil when they are not the same points.
package func largestDifference(
  _ a: [NavigatedPoint], _ b: [NavigatedPoint]
) -> (millimetres: Double, direction: Double)? {
  guard a.count == b.count else { return nil }
  var out = (millimetres: 0.0, direction: 0.0)
  for (p, q) in zip(a, b) {
    guard p.name == q.name, p.role == q.role, (p.pose == nil) == (q.pose == nil) else { return nil }
    out.millimetres = max(out.millimetres, p.point.distance(to: q.point))
    if let first = p.pose, let second = q.pose {
      let d = first.difference(to: second)
      out = (max(out.millimetres, d.millimetres), max(out.direction, d.direction))
    }
  }
  return out
}

/// How long names in navigators' files may be.
package enum NavigatorNames {
  /// The longest name of a target that is written.
  package static let longest = 100
  /// What is read back: the name with its side and what the point is.
  static let longestRead = longest + "-SIDE UNKNOWN_target".count

  /// Refuses a target whose name is too long, before anything is planned.
  package static func require(_ record: TargetRecord) throws(Problem) {
    let count = plainName(record.name).count
    guard count <= longest else {
      throw Problem(
        .data, visibleText(record.name, limit: 40),
        "the target's name has \(count) characters, more than goes into a navigator's file",
        expected: "\(longest) at most", remedy: "Save the target under a shorter name")
    }
  }
}

/// A name for a file of another program: letters, digits, - _ and . only.
package func plainName(_ name: String) -> String {
  let out = name.unicodeScalars.map { s -> Character in
    let isPlain = s.isASCII && (s.properties.isAlphabetic || ("0"..."9").contains(s))
    return isPlain || s == "-" || s == "_" || s == "." ? Character(s) : "-"
  }
  return out.isEmpty ? "target" : String(out)
}

/// A number with a point and exactly so many decimals.
func decimals(_ value: Double, _ count: Int) -> String {
  let text = fixed(value, count)
  return text.hasPrefix("−") ? "-" + text.dropFirst() : text
}

func foreignProblem(_ file: String, _ navigator: Navigator, _ found: String) -> Problem {
  Problem(
    .data, file, found, expected: "targets as \(navigator.rawValue) writes them")
}
