import Foundation
package import Imaging

/// A chosen target as it is kept: a TSV row for people and tools, and JSON with all that led to it.
package struct TargetRecord: Sendable, Equatable {
  package var name: String
  package var note: String
  package var point: WorldPoint
  package var space: Space
  package var side: Side
  package var label: String?
  package var r: Double?
  package var method: String

  package init(
    name: String, note: String, point: WorldPoint, space: Space, side: Side, label: String?,
    r: Double?, method: String
  ) {
    self.name = name
    self.note = note
    self.point = point
    self.space = space
    self.side = side
    self.label = label
    self.r = r
    self.method = method
  }

  /// Whether this is the same target as one that was read back: JSON readers may lose the last bit of
  /// a number.
  package func isReadBack(as other: TargetRecord) -> Bool {
    var mine = self
    var theirs = other
    guard point.distance(to: other.point) < 1e-6, (r == nil) == (other.r == nil),
      abs((r ?? 0) - (other.r ?? 0)) < 1e-9
    else { return false }
    mine.point = other.point
    mine.r = other.r
    theirs.r = other.r
    return mine == theirs
  }

  static let header = [
    "MarkerID", "target_x", "target_y", "target_z", "space", "side", "label", "r", "method", "note",
  ]

  /// Table text, RAS+ mm, after NIBS-BIDS markers; missing is n/a.
  package static func tsv(_ records: [TargetRecord]) -> String {
    let rows = records.map { t in
      [
        cell(t.name), plainNumber(t.point.x, 4), plainNumber(t.point.y, 4),
        plainNumber(t.point.z, 4), t.space.rawValue, t.side.rawValue, cell(t.label ?? "n/a"),
        t.r.map { plainNumber($0, 4) } ?? "n/a", cell(t.method), cell(t.note),
      ].joined(separator: "\t")
    }
    return ([header.joined(separator: "\t")] + rows).joined(separator: "\n") + "\n"
  }

  /// A cell without tabs, line ends or a beginning that a spreadsheet would run.
  private static func cell(_ text: String) -> String {
    let safe = visibleText(text)
    if safe.isEmpty { return "n/a" }
    return "=+-@".contains(safe.first ?? " ") ? "'" + safe : safe
  }

  package var json: JSON {
    .object([
      ("name", .string(name)), ("note", .string(note)), ("mm", .point(point)),
      ("space", .string(space.rawValue)), ("side", .string(side.rawValue)),
      ("label", .optional(label)), ("r", .optional(r)), ("method", .string(method)),
    ])
  }

  /// Targets from the text of a file that `json` was written into under "targets".
  package static func load(_ text: String, file: String) throws(Problem) -> [TargetRecord] {
    let broken = Problem(
      .data, file, "it is not a target file of boldspect", expected: "JSON with a list of targets")
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let list = object["targets"] as? [[String: Any]]
    else { throw broken }
    var out: [TargetRecord] = []
    for item in list {
      guard let name = item["name"] as? String, let mm = item["mm"] as? [Double], mm.count == 3,
        mm.allSatisfy(\.isFinite),
        let space = (item["space"] as? String).flatMap(Space.init(rawValue:)),
        let side = (item["side"] as? String).flatMap(Side.init(rawValue:))
      else { throw broken }
      let point = WorldPoint(mm[0], mm[1], mm[2])
      if space == .mni152, SideRule.mni.side(of: point) != side {
        throw Problem(
          .data, file,
          "target \(name) says \(side.rawValue) but its x is \(plainNumber(mm[0], 1)) mm",
          expected: "a side that agrees with the coordinate")
      }
      out.append(
        TargetRecord(
          name: name, note: item["note"] as? String ?? "", point: point, space: space, side: side,
          label: item["label"] as? String, r: item["r"] as? Double,
          method: item["method"] as? String ?? ""))
    }
    return out
  }
}
