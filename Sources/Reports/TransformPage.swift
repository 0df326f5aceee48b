package import Basics
package import ImageFiles
import Imaging
package import Workflows

/// What a transform is, for a person to read.
package func transformText(_ kept: TransformFile.Either) -> String {
  switch kept {
  case .matrix(let t): return transformText(t)
  case .warp(let found):
    let (warp, grid) = (found.warp, found.warp.fixedGrid)
    var lines = heading(warp.moving, warp.fixed, warp.origin, warp.isAccepted, warp.figures)
    lines.append("a warp; images are put on FIXED's grid of \(grid.nx)×\(grid.ny)×\(grid.nz)")
    lines += warp.warnings.map { "WARNING: " + $0 }
    lines += found.parts.map {
      "of \(visibleText(fileName($0.path))), sha256 \($0.sha256.prefix(12))…"
    }
    return lines.joined(separator: "\n")
  }
}

private func heading(
  _ moving: Transform.End, _ fixed: Transform.End, _ origin: String, _ isAccepted: Bool?,
  _ figures: [(name: String, value: Double)]
) -> [String] {
  func end(_ e: Transform.End) -> String {
    "\(e.template ?? e.space.rawValue), sha256 \(e.sha256.prefix(12))…"
  }
  return [
    "MOVING \(end(moving))", "FIXED  \(end(fixed))", origin,
    isAccepted.map { $0 ? "accepted by a person" : "REJECTED by a person" }
      ?? "nobody said that it was looked at",
  ] + figures.map { "\($0.name) \(plainNumber($0.value))" }
}

private func transformText(_ t: Transform) -> String {
  var lines = heading(t.moving, t.fixed, t.origin, t.isAccepted, t.figures)
  lines += t.warnings.map { "WARNING: " + $0 }
  if let because = t.acceptedBecause { lines.append("accepted because: " + because) }
  lines.append("points of MOVING to FIXED, RAS+ mm:")
  lines += TransformFile.text(t.fixedFromMoving).split(separator: "\n").map(String.init)
  return lines.joined(separator: "\n")
}

/// What came of another program's transform.
package func importedTransform(_ found: TransformImport.Answer) -> [(String, JSON)] {
  [
    ("direction", .string(found.direction.rawValue)), ("direction_proven", .bool(found.isProven)),
    ("middle_of_moving_mm", .point(found.middle)),
    ("in_fixed_mm", found.there.map(JSON.point) ?? .null), ("inside_fixed", .bool(found.isInside)),
    ("transform", TransformFile.json(found.kept, version: boldspectVersion)),
  ]
}

/// Whether it makes sense is a person's judgement; where the head ends up is said at once.
package func importedTransformText(_ found: TransformImport.Answer) -> String {
  "the middle of MOVING (\(millimetres(found.middle))) goes to (\(found.there.map(millimetres) ?? "nowhere")) mm of FIXED, "
    + (found.isInside ? "inside it" : "OUTSIDE of it: look at format and direction")
}
