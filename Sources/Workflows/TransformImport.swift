package import Basics
package import ImageFiles
package import Imaging
import Registration
import Study

/// Another program's transform, taken over between two images.
package struct TransformImport {
  /// One file; of ITK several, in the order of `antsApplyTransforms -t`.
  package var files: [String]
  package var format: ForeignTransform
  /// Nil where the files must prove it.
  package var direction: ForeignTransform.Direction?
  package var moving: String
  package var fixed: String
  package var movingSpace: String?
  package var fixedSpace: String?
  package var allowsMixedPeople: Bool

  package init(
    files: [String], format: ForeignTransform, direction: ForeignTransform.Direction?,
    moving: String, fixed: String, movingSpace: String?, fixedSpace: String?,
    allowsMixedPeople: Bool
  ) {
    (self.files, self.format, self.direction) = (files, format, direction)
    (self.moving, self.fixed) = (moving, fixed)
    (self.movingSpace, self.fixedSpace) = (movingSpace, fixedSpace)
    self.allowsMixedPeople = allowsMixedPeople
  }

  /// What came of it.
  package struct Answer {
    package var kept: TransformFile.Either
    package var moving: ImageDescription
    package var fixed: ImageDescription
    package var findings: [Finding]
    package var direction: ForeignTransform.Direction
    package var isProven: Bool
    /// The middle of MOVING, and where it comes to lie: whether that makes sense is a person's judgement.
    package var middle: WorldPoint
    package var there: WorldPoint?

    package var isInside: Bool { there.flatMap { fixed.grid.nearestVoxel($0) } != nil }
  }

  /// Reads images and files and writes the transform: `.txt` for a matrix, `.json` for a warp.
  package func write(to output: String, version: String, overwrite: Bool) throws(Problem) -> Answer
  {
    let (m, f) = (try ImageReader.identify(moving), try ImageReader.identify(fixed))
    for image in [m, f] { try image.requireOwnGeometry(for: "a transform") }
    for d in [m, f] { try requireKnownSides(d, for: "a transform") }
    var study = LoadedStudy(allowsMixedPeople: allowsMixedPeople)
    try study.admit(m, moving, as: .moving)
    try study.admit(f, fixed, as: .fixed)
    let found = try format.read(files, direction: direction, moving: m.grid, fixed: f.grid)
    let ends = (
      transformEnd(m, stated: try stated(movingSpace, by: "--moving-space")),
      transformEnd(f, stated: try stated(fixedSpace, by: "--fixed-space"))
    )
    let origin = "imported from \(format.rawValue), \(found.direction.rawValue)"
    let name = fileName(files[0])
    var findings = m.findings + f.findings + study.findings
    let kept: TransformFile.Either
    let push: SpatialMap
    if let out = found.fixedFromMoving.affine {
      let doubts = HumanRange.warnings(out, about: m.grid.middle)
      let transform = try Transform(
        fixedFromMoving: out, moving: ends.0, fixed: ends.1, origin: origin, warnings: doubts,
        file: name)
      findings += doubts.map { Finding("transform-warned", .warning, $0 + ".").of(name) }
      try TransformFile.write(output, transform, version: version, overwrite: overwrite)
      (kept, push) = (.matrix(transform), SpatialMap([.affine(out)]))
    } else {
      var warp = try Warp(
        movingFromFixed: found.movingFromFixed, moving: ends.0, movingGrid: m.grid, fixed: ends.1,
        fixedGrid: f.grid, origin: origin, file: name)
      let told = Self.tryOut(&warp, name)
      findings += told
      warp.warnings = told.filter { $0.severity > .note }.map(\.text)
      var parts: [WarpFile.Part] = []
      for path in files {
        parts.append(WarpFile.Part(path: path, sha256: try sha256(ofFile: path)))
      }
      let file = WarpFile(warp: warp, format: format, direction: found.direction, parts: parts)
      try file.write(output, version: version, overwrite: overwrite)
      (kept, push) = (.warp(file), warp.fixedFromMoving)
    }
    findings.append(
      Finding(
        "direction", .note,
        found.isProven
          ? "The file's own geometry says \(found.direction.rawValue)."
          : "That it leads \(found.direction.rawValue) was stated; nothing in the file proves it."
      ).of(name))
    let middle = m.grid.middle
    return Answer(
      kept: kept, moving: m, fixed: f, findings: findings, direction: found.direction,
      isProven: found.isProven, middle: middle, there: push.applied(to: middle))
  }

  /// There and back again, once: what it is worth is kept with it.
  private static func tryOut(_ warp: inout Warp, _ name: String) -> [Finding] {
    let trip = warp.roundTrip
    warp.figures = [
      ("places_lost", Double(trip.lost)), ("places_tried", Double(trip.tried)),
      ("round_trip_mm", trip.worstMillimetres),
    ]
    guard trip.lost > 0 else { return [] }
    return [
      Finding(
        "inverse-lost", 20 * trip.lost > trip.tried ? .warning : .note,
        "At \(trip.lost) of \(trip.tried) places no way back is found: the field ends or folds there."
      ).of(name)
    ]
  }
}

/// A place carried from one of a transform's two worlds to the other.
///
/// - Parameter isForward: from MOVING to FIXED.
/// - Throws: places outside of a field, and those where its inverse is not found.
package func carriedPlace(
  _ p: WorldPoint, by kept: TransformFile.Either, isForward: Bool, file: String
) throws(Problem) -> (there: WorldPoint, end: Transform.End) {
  switch kept {
  case .matrix(let t):
    return (
      (isForward ? t.fixedFromMoving : t.movingFromFixed).applied(to: p),
      isForward ? t.fixed : t.moving
    )
  case .warp(let found):
    let warp = found.warp
    guard let there = (isForward ? warp.fixedFromMoving : warp.movingFromFixed).applied(to: p)
    else {
      throw Problem(
        .data, file, "it leads \(millimetres(p)) mm nowhere: its field ends or folds there",
        expected: "a place within the images")
    }
    return (there, isForward ? warp.fixed : warp.moving)
  }
}

/// Matrices as one, in the order that their ends prove, else in the order of the files.
package func composedTransform(
  _ files: [String], isSameWorld: Bool
) throws(Problem) -> (transform: Transform, inputs: [Provenance]) {
  guard files.count >= 2 else {
    throw Problem(
      .usage, "compose", "there is one transform", expected: "two or more, to make one of them")
  }
  let given = try TransformRequest(transform: files, sameWorld: isSameWorld).read()
  guard case .matrix(let whole) = try given.whole() else {
    throw Problem(
      .data, fileName(files[0]), "a warp is in the chain, and only matrices are written as one",
      expected: "rigid or affine transforms",
      remedy: "Give the parts with --transform, in any command that takes an image")
  }
  var transform = whole.transform
  if isSameWorld {
    // A statement is no look: the whole is for a person to accept anew.
    transform.isAccepted = nil
    transform.origin += "; the worlds between its parts were stated to be one"
  }
  return (transform, given.inputs)
}
