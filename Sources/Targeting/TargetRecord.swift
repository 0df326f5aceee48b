package import Basics
import Foundation
package import Imaging

/// What a person decided about a place.
package enum TargetDecision: String, Sendable { case accepted, rejected }

/// Who decided, and when.
package struct Decider: Sendable, Equatable {
  /// As the system knows the person.
  package var name: String
  /// UTC, ISO 8601.
  package var time: String

  package init(name: String, time: String) { (self.name, self.time) = (name, time) }

  /// "on 2026-03-01 by mk".
  package var words: String { "on \(time.prefix(10)) by \(visibleText(name, limit: 40))" }
}

/// The same place in the native world of an image.
package struct NativePlace: Sendable, Equatable {
  /// RAS+ mm.
  package var point: WorldPoint
  package var imageSHA256: String

  package init(point: WorldPoint, imageSHA256: String) {
    self.point = point
    self.imageSHA256 = imageSHA256
  }

  /// "−30.1 +44.0 +61.2 mm RAS+, native (image 12ab34cd56ef)".
  package var words: String {
    [point.x, point.y, point.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
      + " mm RAS+, native (image \(imageSHA256.prefix(12)))"
  }
}

/// A chosen target as it is kept: a TSV row for people and tools, and JSON with all that led to it.
package struct TargetRecord: Sendable, Equatable {
  package var name: String
  /// What a person wrote about it.
  package var note: String
  /// RAS+ mm in `space`.
  package var point: WorldPoint
  package var space: Space
  /// The template's own name where the image states it.
  package var template: String?
  package var side: Side
  package var label: String?
  package var r: Double?
  package var method: String
  package var decision: TargetDecision? {
    didSet { if decision != oldValue { decider = nil } }
  }
  /// Nil until the decision is written, and in files of 0.1.
  package var decider: Decider?
  /// What stood on the screen beside it when it was saved.
  package var warnings: [String]
  /// Whether a person confirmed it with those warnings in view.
  package var isAcknowledged: Bool
  /// SHA-256 of the image whose world `point` is in.
  package var imageSHA256: String?
  /// What its voxels are known by in whatever file, and the hashes of what it was made of.
  package var imageOrigin: [String] = []
  /// The same place in a native world, where a transform was given.
  package var native: NativePlace?
  /// `sub-` and `ses-` of the image's name, "sub-01 ses-1"; nil where it says nobody.
  package var person: String?

  package init(
    name: String, note: String, point: WorldPoint, space: Space, template: String? = nil,
    side: Side, label: String?, r: Double?, method: String, decision: TargetDecision? = nil,
    warnings: [String] = [], isAcknowledged: Bool = false, imageSHA256: String? = nil,
    imageOrigin: [String] = [], native: NativePlace? = nil
  ) {
    self.name = name
    self.note = note
    self.point = point
    self.space = space
    self.template = template
    self.side = side
    self.label = label
    self.r = r
    self.method = method
    self.decision = decision
    self.warnings = warnings
    self.isAcknowledged = isAcknowledged
    self.imageSHA256 = imageSHA256
    self.imageOrigin = imageOrigin
    self.native = native
  }

  /// Whether it was made as another person's, or of another visit, whose file holds the same bytes.
  package func isOfAnother(than here: String?) -> Bool {
    guard let person, let here else { return false }
    return person != here
  }

  /// The space by its most exact name.
  package var spaceName: String { template ?? space.rawValue }

  /// "accepted on 2026-03-01 by mk"; nil where nobody decided.
  package var decisionWords: String? {
    decision.map { $0.rawValue + (decider.map { " " + $0.words } ?? "") }
  }

  /// Whether this is the same target as one that was read back: JSON readers may lose the last bit of
  /// a number. Who decided is told by whoever writes it, and says nothing of the target.
  package func isReadBack(as other: TargetRecord) -> Bool {
    var mine = self
    var theirs = other
    guard point.distance(to: other.point) < 1e-6, (r == nil) == (other.r == nil),
      abs((r ?? 0) - (other.r ?? 0)) < 1e-9
    else { return false }
    guard (native == nil) == (other.native == nil),
      native.map({ n in other.native.map { n.point.distance(to: $0.point) < 1e-6 } ?? false })
        ?? true
    else { return false }
    mine.native = other.native
    mine.point = other.point
    mine.r = other.r
    mine.decider = other.decider
    theirs.r = other.r
    return mine == theirs
  }

  /// The first ten are the columns of NIBS-BIDS markers; a coil is known once a target was exported.
  static let header = [
    "MarkerID", "target_x", "target_y", "target_z", "coil_x", "coil_y", "coil_z", "direction_x",
    "direction_y", "direction_z", "space", "side", "label", "r", "decision", "method", "note",
    "warnings",
  ]

  /// Table text, RAS+ mm, after NIBS-BIDS markers; missing is n/a.
  ///
  /// - Parameter coil: centre, and direction of the handle's prolongation, in the same world.
  package static func tsv(_ records: [TargetRecord], coil: CoilPose? = nil) -> String {
    func numbers(_ p: WorldPoint) -> [String] { [p.x, p.y, p.z].map { plainNumber($0, 4) } }
    let pose =
      coil.map { numbers($0.centre) + numbers($0.y) } ?? [String](repeating: "n/a", count: 6)
    let rows = records.map { t in
      ([tableCell(t.name)] + numbers(t.point) + pose + [
        t.spaceName, t.side.rawValue, tableCell(t.label ?? "n/a"),
        t.r.map { plainNumber($0, 4) } ?? "n/a", t.decision?.rawValue ?? "n/a", tableCell(t.method),
        tableCell(t.note), tableCell(t.warnings.joined(separator: "; ")),
      ]).joined(separator: "\t")
    }
    return ([header.joined(separator: "\t")] + rows).joined(separator: "\n") + "\n"
  }

  /// The same records with who decided now, where that is not known yet.
  ///
  /// - Parameter kept: what was written before: the same decision about the same place stays whose it was.
  package static func decided(
    _ records: [TargetRecord], by decider: Decider, kept: [TargetRecord] = []
  ) -> [TargetRecord] {
    records.map { record in
      guard record.decision != nil, record.decider == nil else { return record }
      var out = record
      let before = kept.first {
        $0.decision == record.decision && $0.point.distance(to: record.point) < 1e-6
      }
      out.decider = before?.decider ?? decider
      return out
    }
  }

  package var json: JSON {
    .object([
      ("name", .string(name)), ("person", .optional(person)), ("note", .string(note)),
      ("mm", .point(point)),
      ("space", .string(space.rawValue)), ("template", .optional(template)),
      ("side", .string(side.rawValue)), ("label", .optional(label)), ("r", .optional(r)),
      ("method", .string(method)), ("decision", .optional(decision?.rawValue)),
      ("decided_by", .optional(decider?.name)), ("decided_at", .optional(decider?.time)),
      ("warnings", .array(warnings.map(JSON.string))), ("acknowledged", .bool(isAcknowledged)),
      ("image_sha256", .optional(imageSHA256)),
      ("image_origin", .array(imageOrigin.map(JSON.string))),
      (
        "native",
        native.map {
          .object([("mm", .point($0.point)), ("image_sha256", .string($0.imageSHA256))])
        } ?? .null
      ),
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
      if let decision = item["decision"] as? String, TargetDecision(rawValue: decision) == nil {
        throw broken
      }
      guard let name = item["name"] as? String, let mm = item["mm"] as? [Double], mm.count == 3,
        mm.allSatisfy({ abs($0) <= 1e4 }),
        let space = (item["space"] as? String).flatMap(Space.init(rawValue:)),
        let side = (item["side"] as? String).flatMap(Side.init(rawValue:))
      else { throw broken }
      let point = WorldPoint(mm[0], mm[1], mm[2])
      var native: NativePlace?
      if let n = item["native"] as? [String: Any] {
        guard let mm = n["mm"] as? [Double], mm.count == 3, mm.allSatisfy({ abs($0) <= 1e4 }),
          let hash = n["image_sha256"] as? String
        else { throw broken }
        native = NativePlace(point: WorldPoint(mm[0], mm[1], mm[2]), imageSHA256: hash)
      }
      if space == .mni152, SideRule.mni.side(of: point) != side {
        throw Problem(
          .data, file,
          "target \(name) says \(side.rawValue) but its x is \(plainNumber(mm[0], 1)) mm",
          expected: "a side that agrees with the coordinate")
      }
      var record = TargetRecord(
        name: name, note: item["note"] as? String ?? "", point: point, space: space,
        template: item["template"] as? String, side: side, label: item["label"] as? String,
        r: item["r"] as? Double, method: item["method"] as? String ?? "",
        decision: (item["decision"] as? String).flatMap(TargetDecision.init(rawValue:)),
        warnings: item["warnings"] as? [String] ?? [],
        isAcknowledged: item["acknowledged"] as? Bool ?? false,
        imageSHA256: item["image_sha256"] as? String,
        imageOrigin: item["image_origin"] as? [String] ?? [], native: native)
      record.person = item["person"] as? String
      if record.decision != nil, let name = item["decided_by"] as? String,
        let time = item["decided_at"] as? String
      {
        record.decider = Decider(name: name, time: time)
      }
      out.append(record)
    }
    return out
  }
}
