package import Basics
package import ImageFiles
package import Imaging
package import Study
package import Targeting
import Workflows

/// What a navigator's file holds: where each point is in its own T1, and in the world of another image where
/// a transform leads there.
package struct NavigatorTargets {
  /// A point in the T1 and in the world that is asked for.
  private struct Placed {
    var own: NavigatedPoint
    var there: WorldPoint
    var side: Side
  }
  private let points: [Placed]
  private let note: String
  private let from: Navigator
  private let anatomyName: String
  private let isCarried: Bool
  private let space: Transform.End
  /// Whose the T1 is by its name.
  private let person: String?

  /// - Parameters:
  ///   - stated: the T1's space, when it does not say it.
  ///   - given: a transform between the T1 and another image, alone or a chain.
  /// - Throws: when the points are no places of this T1, or a name and its side disagree.
  package init(
    _ path: String, _ from: Navigator, anatomy d: ImageDescription, stated: Space?,
    transform given: GivenTransforms.Link?
  ) throws(Problem) {
    try requireKnownSides(d, for: "a target")
    let way = given?.toImage(withSHA256: d.sha256)
    if let given, way == nil {
      throw Problem(
        .data, given.file, "it was made for other images than \(d.name)",
        expected: "a transform of this T1")
    }
    let (found, note) = try NavigationFiles.read(path, from, anatomy: d)
    let space = way?.other ?? transformEnd(d, stated: stated)
    let rule: SideRule = space.space == .mni152 ? .mni : .unknown
    // From the T1 to the other image.
    let push = way.flatMap { $0.map.inverse }
    var points: [Placed] = []
    for p in found {
      guard let there = push.map({ $0.applied(to: p.point) }) ?? p.point else {
        throw Problem(
          .data, given?.file ?? p.name, "it leads \(p.name) nowhere: its field ends or folds there",
          expected: "a place within the images")
      }
      points.append(Placed(own: p, there: there, side: rule.side(of: there)))
    }
    self.points = points
    self.note = note
    self.from = from
    self.space = space
    anatomyName = visibleText(d.name)
    person = BIDSWords(d.path).person
    isCarried = way != nil
    for p in points {
      try Self.require(p, file: fileName(path))
      try Self.require(p.own, in: d, file: fileName(path))
    }
  }

  /// A coil may lie above a scalp that the image's edge cuts, and no farther off: such numbers are of something else.
  private static let farthestOutsideMillimetres = 30.0

  private static func require(
    _ p: NavigatedPoint, in d: ImageDescription, file: String
  ) throws(Problem) {
    let (v, s) = (d.grid.voxel(p.point), d.grid.spacing)
    func beyond(_ at: Double, _ count: Int, _ spacing: Double) -> Double {
      max(-at, at - Double(count - 1)) * spacing
    }
    let outside = max(
      beyond(v.x, d.grid.nx, s.0), beyond(v.y, d.grid.ny, s.1), beyond(v.z, d.grid.nz, s.2))
    guard outside > farthestOutsideMillimetres else { return }
    throw Problem(
      .data, file,
      "\(p.name) lies at \(millimetres(p.point)) mm, \(fixed(outside, 0)) mm outside of \(d.name)",
      expected: "millimetres of this T1",
      remedy: "They may be voxel numbers, or of another image")
  }

  private static func require(_ p: Placed, file: String) throws(Problem) {
    guard
      [p.own.point, p.there].allSatisfy({ abs($0.x) < 300 && abs($0.y) < 300 && abs($0.z) < 300 })
    else {
      throw Problem(
        .data, file, "\(p.own.name) lies at \(millimetres(p.own.point)) mm, in no head",
        expected: "millimetres of this T1")
    }
    try SideInName.require(
      p.own.name, side: p.side, subject: file,
      remedy: "Look at the file's axes and at the T1; where only the name is wrong, rename it there"
    )
  }

  /// The targets, or all points where none is called one.
  package var records: [TargetRecord] {
    let targets = points.filter { $0.own.role == .target }
    return (targets.isEmpty ? points : targets).map { p in
      var record = TargetRecord(
        name: plainName(p.own.name), note: note, point: p.there, space: space.space,
        template: space.template, side: p.side, label: nil, r: nil,
        method: "imported from \(from.rawValue)", imageSHA256: space.sha256)
      record.person = person
      return record
    }
  }

  private var spaceName: String { space.template ?? space.space.rawValue }

  package var result: [(String, JSON)] {
    [("points", .array(points.map(json))), ("note", .string(note))]
  }

  private func json(_ p: Placed) -> JSON {
    .object([
      ("name", .string(p.own.name)), ("role", .string(p.own.role.rawValue)),
      ("anat_mm", .point(p.own.point)), ("mm", .point(p.there)), ("space", .string(spaceName)),
      ("side", .string(p.side.rawValue)),
      (
        "pose",
        p.own.pose.map { .array(($0.matrix.rows + [[0, 0, 0, 1]]).map(JSON.numbers)) } ?? .null
      ), ("handle", .optional(p.own.pose?.handleWords)),
    ])
  }

  /// What is kept beside the table of targets.
  package func document(inputs: [Provenance], findings: [Finding]) -> JSON {
    .object(
      result + [
        ("inputs", inputsJSON(inputs)), ("findings", findingsJSON(findings)),
        ("version", .string(boldspectVersion)),
        ("notice", .string(researchUse)),
      ])
  }

  package var text: String {
    (points.map(row) + [note]).joined(separator: "\n")
  }

  private func row(_ p: Placed) -> String {
    var cells = [
      tableCell(p.own.name), p.own.role.rawValue, p.side.rawValue,
      "\(millimetres(p.own.point)) mm of \(anatomyName)",
    ]
    if isCarried { cells.append("\(millimetres(p.there)) mm \(spaceName)") }
    if let pose = p.own.pose { cells.append("handle points \(pose.handleWords)") }
    return cells.joined(separator: "\t")
  }
}
