import Basics
package import ImageFiles
import Imaging

/// What a transform is, for a person to read.
package func transformText(_ kept: TransformFile.Either) -> String {
  switch kept {
  case .matrix(let t): return transformText(t)
  case .warp(let found):
    let (warp, grid) = (found.warp, found.warp.fixedGrid)
    var lines = heading(warp.moving, warp.fixed, warp.origin, warp.isAccepted, warp.figures)
    lines.append("a warp; images are put on FIXED's grid of \(grid.nx)×\(grid.ny)×\(grid.nz)")
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
  lines.append("points of MOVING to FIXED, RAS+ mm:")
  lines += TransformFile.text(t.fixedFromMoving).split(separator: "\n").map(String.init)
  return lines.joined(separator: "\n")
}
