package import Basics
import Foundation
import Imaging

/// 3D Slicer's markups (`.mrk.json`, schema 1.0.3): LPS+ mm, orientation row by row with the axes as columns.
package enum SlicerMarkups {
  private static let schema =
    "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/"
    + "markups-schema-v1.0.3.json#"

  package static func json(_ plan: CoilPlan, note: String) -> JSON {
    let points = plan.points.enumerated().map { n, p -> JSON in
      // Only the world turns from RAS to LPS, not the coil's own axes.
      let turned = zip(plan.pose.matrix.rows, [-1.0, -1, 1]).flatMap { row, s in
        row.prefix(3).map { s * $0 }
      }
      return .object([
        ("id", .string("\(n + 1)")), ("label", .string("\(plan.name)_\(p.role.rawValue)")),
        ("description", .string(note)), ("associatedNodeID", .string("")),
        ("position", .numbers([-p.point.x, -p.point.y, p.point.z])),
        ("orientation", .numbers(p.pose == nil ? identity : turned)),
        ("selected", .bool(true)), ("locked", .bool(true)), ("visibility", .bool(true)),
        ("positionStatus", .string("defined")),
      ])
    }
    return .object([
      ("@schema", .string(schema)),
      (
        "markups",
        .array([
          .object([
            ("type", .string("Fiducial")), ("coordinateSystem", .string("LPS")),
            ("coordinateUnits", .string("mm")), ("controlPoints", .array(points)),
          ])
        ])
      ),
    ])
  }

  /// No turn in RAS, as Slicer writes it in LPS.
  private static let identity: [Double] = [-1, 0, 0, 0, -1, 0, 0, 0, 1]

  package static func read(_ text: String, file: String) throws(Problem) -> [NavigatedPoint] {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let lists = object["markups"] as? [[String: Any]]
    else { throw foreignProblem(file, .slicer, "it is no markups file") }
    var out: [NavigatedPoint] = []
    for list in lists {
      // Slicer leaves it out for LPS; what stands there and is no word must not be guessed, because it flips.
      let stated = list["coordinateSystem"] ?? "LPS"
      let system = stated as? String
      guard let system, system == "LPS" || system == "RAS" else {
        throw foreignProblem(
          file, .slicer, "its coordinate system is \(visibleText("\(stated)", limit: 20))")
      }
      let s = system == "LPS" ? -1.0 : 1
      let units = list["coordinateUnits"] ?? "mm"
      guard units as? String == "mm" || units as? [String] == ["mm", "mm", "mm"] else {
        throw foreignProblem(
          file, .slicer, "its coordinates are in \(visibleText("\(units)", limit: 20)), not in mm")
      }
      for item in list["controlPoints"] as? [[String: Any]] ?? [] {
        out.append(try point(item, sign: s, file: file))
      }
    }
    return out
  }

  /// - Parameter s: −1 where x and y point the other way than in RAS.
  private static func point(
    _ item: [String: Any], sign s: Double, file: String
  ) throws(Problem) -> NavigatedPoint {
    guard let p = (item["position"] as? [NSNumber])?.map(\.doubleValue), p.count == 3,
      p.allSatisfy(\.isFinite)
    else { throw foreignProblem(file, .slicer, "a control point has no position") }
    // What Slicer has not placed yet has a position all the same, 0 or where the mouse was.
    let status = item["positionStatus"] as? String ?? "defined"
    guard status == "defined" else {
      let label = visibleText(item["label"] as? String ?? "a control point", limit: 40)
      throw foreignProblem(
        file, .slicer,
        "\(label) has the status \(visibleText(status, limit: 20)): it was never placed")
    }
    let point = WorldPoint(s * p[0], s * p[1], p[2])
    let full = visibleText(
      item["label"] as? String ?? "", limit: NavigatorNames.longestRead)
    let role = NavigatedPoint.Role.allNames.first { full.hasSuffix("_" + $0.rawValue) }
    let name = role.map { String(full.dropLast($0.rawValue.count + 1)) } ?? full
    var pose: CoilPose?
    if role == .coil, let o = (item["orientation"] as? [NSNumber])?.map(\.doubleValue),
      o.count == 9
    {
      let m = (0..<3).map { r in
        (0..<3).map { c in (r < 2 ? s : 1) * o[3 * r + c] } + [point[r]]
      }
      pose = try CoilPose(matrix: Affine(rows: m), name: name)
    }
    return NavigatedPoint(name: name, role: role ?? .target, point: point, pose: pose)
  }
}
