package import Basics
import Foundation
package import Imaging

/// Where a person accepted an image to lie over another one, kept for the next time that both are opened.
package struct KeptRegistration: Equatable, Sendable {
  package var transform: Transform
  package var rater: String
  package var time: String

  package init(_ transform: Transform, rater: String = NSUserName(), time: String = utcNow()) {
    self.transform = transform
    self.rater = rater
    self.time = time
  }

  package var json: JSON {
    func end(_ e: Transform.End) -> JSON {
      .object([
        ("sha256", .string(e.sha256)), ("space", .string(e.space.rawValue)),
        ("template", .optional(e.template)),
      ])
    }
    return .object([
      ("moving", end(transform.moving)), ("fixed", end(transform.fixed)),
      ("fixed_from_moving", .array(transform.fixedFromMoving.rows.map(JSON.numbers))),
      ("origin", .string(transform.origin)), ("accepted", .bool(transform.isAccepted == true)),
      ("warnings", .array(transform.warnings.map(JSON.string))),
      ("accepted_because", .optional(transform.acceptedBecause)),
      ("rater", .string(rater)), ("time", .string(time)),
    ])
  }

  init?(_ json: JSON) {
    func end(_ json: JSON?) -> Transform.End? {
      guard let hash = json?["sha256"]?.asString,
        let space = json?["space"]?.asString.flatMap(Space.init(rawValue:))
      else { return nil }
      return Transform.End(sha256: hash, space: space, template: json?["template"]?.asString)
    }
    let rows = (json["fixed_from_moving"]?.items ?? []).map {
      ($0.items ?? []).compactMap(\.number)
    }
    guard rows.count == 3, rows.allSatisfy({ $0.count == 4 }), let moving = end(json["moving"]),
      let fixed = end(json["fixed"]), let rater = json["rater"]?.asString,
      let time = json["time"]?.asString, let origin = json["origin"]?.asString,
      let made = try? Transform(
        fixedFromMoving: Affine(rows: rows), moving: moving, fixed: fixed, origin: origin,
        isAccepted: json["accepted"] == .bool(true),
        warnings: (json["warnings"]?.items ?? []).compactMap(\.asString),
        acceptedBecause: json["accepted_because"]?.asString, file: "registration")
    else { return nil }
    self.init(made, rater: rater, time: time)
  }
}

/// What was accepted for one image; the newest for each other image counts.
///
/// - Parameter sha256: of the image that is moved.
package func registrationFile(
  of sha256: String, in folder: RecordsFolder
) -> StateFile<KeptRegistration> {
  StateFile(
    "registered-\(sha256.prefix(32))", in: folder.path, isShared: folder.isShared,
    StateForm(
      what: "registrations", member: "registrations", json: \.json,
      item: { KeptRegistration($0) }, expected: "two images and a matrix", isSame: ==))
}
