import Basics
import ImageFiles
package import Imaging

/// What a transform is, for a person to read.
package func transformText(_ t: Transform) -> String {
  func end(_ e: Transform.End) -> String {
    "\(e.template ?? e.space.rawValue), sha256 \(e.sha256.prefix(12))…"
  }
  var lines = [
    "MOVING \(end(t.moving))", "FIXED  \(end(t.fixed))", t.origin,
    t.isAccepted.map { $0 ? "accepted by a person" : "REJECTED by a person" }
      ?? "nobody said that it was looked at",
  ]
  lines += t.figures.map { "\($0.name) \(plainNumber($0.value))" }
  lines.append("points of MOVING to FIXED, RAS+ mm:")
  lines += TransformFile.text(t.fixedFromMoving).split(separator: "\n").map(String.init)
  return lines.joined(separator: "\n")
}
