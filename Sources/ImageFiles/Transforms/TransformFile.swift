package import Basics
import Foundation
package import Imaging

/// A transform's two files: the 4×4 matrix as text, and beside it the JSON that says between which images
/// it is. One without the other is not used.
package enum TransformFile {
  /// Either of the two kinds that we keep.
  package enum Either: Sendable {
    case matrix(Transform)
    case warp(WarpFile)
  }

  /// What either is, as JSON.
  package static func json(_ kept: Either, version: String) -> JSON {
    switch kept {
    case .matrix(let transform): json(transform, version: version)
    case .warp(let file): file.json(version: version)
    }
  }

  /// Writes either kind.
  package static func write(
    _ path: String, _ kept: Either, version: String, overwrite: Bool
  ) throws(Problem) {
    switch kept {
    case .matrix(let t): try write(path, t, version: version, overwrite: overwrite)
    case .warp(let file): try file.write(path, version: version, overwrite: overwrite)
    }
  }

  /// The same the other way round.
  package static func inverted(_ kept: Either, file: String) throws(Problem) -> Either {
    switch kept {
    case .matrix(let t):
      return .matrix(
        try Transform(
          fixedFromMoving: t.movingFromFixed, moving: t.fixed, fixed: t.moving,
          origin: "inverse of: " + t.origin, isAccepted: t.isAccepted, figures: t.figures,
          warnings: t.warnings, acceptedBecause: t.acceptedBecause, file: file))
    case .warp(let found): return .warp(try found.inverted(file: file))
    }
  }

  /// The matrix of one that is to be accepted.
  package static func matrix(of kept: Either, file: String) throws(Problem) -> Transform {
    guard case .matrix(let t) = kept else {
      throw Problem(
        .data, file, "of a warp no picture is made yet, and nothing is accepted unseen",
        expected: "a matrix", remedy: "It can be used as it is; results say NOT ACCEPTED")
    }
    return t
  }

  /// The same with what a person said of it.
  package static func accepted(
    _ kept: Either, _ isAccepted: Bool, because: String? = nil, doubts: [String] = []
  ) -> Either {
    switch kept {
    case .matrix(var transform):
      transform.isAccepted = isAccepted
      transform.acceptedBecause = isAccepted ? because : nil
      transform.warnings += doubts.filter { !transform.warnings.contains($0) }
      return .matrix(transform)
    case .warp(var file):
      file.warp.isAccepted = isAccepted
      return .warp(file)
    }
  }

  /// A matrix (`.txt`), or a warp (`.json`).
  package static func readEither(_ path: String) throws(Problem) -> Either {
    if WarpFile.isOne(path) { return .warp(try WarpFile.read(path)) }
    return .matrix(try read(path))
  }

  package static func sidecar(_ path: String) -> String {
    path.hasSuffix(".txt") ? String(path.dropLast(4)) + ".json" : path + ".json"
  }

  /// The hash of a matrix' text file.
  package static func matrixSHA256(_ m: Affine) -> String { sha256(of: Array(text(m).utf8)) }

  /// What the text file holds, with full precision.
  package static func text(_ m: Affine) -> String {
    (m.rows + [[0, 0, 0, 1]]).map { row in row.map { "\($0)" }.joined(separator: " ") }
      .joined(separator: "\n") + "\n"
  }

  /// - Parameter matrixSHA256: of the text file beside it; nil where there is none.
  package static func json(_ t: Transform, version: String, matrixSHA256: String? = nil) -> JSON {
    func end(_ e: Transform.End) -> JSON {
      .object([
        ("sha256", .string(e.sha256)), ("space", .string(e.space.rawValue)),
        ("template", .optional(e.template)),
      ])
    }
    let own = matrixSHA256.map { [("matrix_sha256", JSON.string($0))] } ?? []
    return .object(
      [
        ("GeneratedBy", .string("boldspect")), ("version", .string(version)),
        ("kind", .string("transform")),
        ("maps", .string("points of MOVING to FIXED, world RAS+ mm, column vectors")),
        ("matrix", .array((t.fixedFromMoving.rows + [[0, 0, 0, 1]]).map(JSON.numbers))),
        ("moving", end(t.moving)), ("fixed", end(t.fixed)), ("origin", .string(t.origin)),
        ("accepted", t.isAccepted.map(JSON.bool) ?? .null),
        ("figures", .object(t.figures.map { ($0.name, .number($0.value)) })),
        ("warnings", .array(t.warnings.map(JSON.string))),
        ("accepted_because", .optional(t.acceptedBecause)),
      ] + own)
  }

  /// Refuses early what would be refused at the end.
  package static func check(_ path: String, overwrite: Bool) throws(Problem) {
    guard path.hasSuffix(".txt") else {
      throw Problem(
        .usage, fileName(path), "transforms are written as .txt with a .json beside it",
        expected: "such a name")
    }
    try AtomicFile.checkFree(path, overwrite: overwrite)
    try AtomicFile.checkFree(sidecar(path), overwrite: overwrite)
  }

  /// Writes both files and reads them back before anybody is told that they are there.
  package static func write(
    _ path: String, _ transform: Transform, version: String, overwrite: Bool
  ) throws(Problem) {
    try check(path, overwrite: overwrite)
    let set = FileSet(overwrite: overwrite)
    let hash = try set.add(path, text(transform.fixedFromMoving))
    let about = json(transform, version: version, matrixSHA256: hash)
    try set.add(sidecar(path), about.text + "\n")
    try set.commit(last: path)
    guard try read(path).isReadBack(as: transform) else {
      throw Problem(
        .inputOutput, fileName(path), "what was read back differs from what was written")
    }
  }

  /// - Throws: a matrix without its sidecar, two that disagree, anything that is no transform.
  package static func read(_ path: String) throws(Problem) -> Transform {
    let name = fileName(path)
    guard !WarpFile.isOne(path) else {
      throw Problem(
        .data, name, "it is a warp", expected: "a rigid or affine transform here",
        remedy: "Put the image on FIXED's grid with `boldspect resample --transform`")
    }
    try refuseForeign(path)
    let content = try readTextFile(path)
    let matrix = try matrix4(content, file: name)
    let side = sidecar(path)
    guard FileManager.default.fileExists(atPath: side) else {
      throw Problem(
        .data, name,
        "the file \(fileName(side)) that says between which images it is does not exist",
        expected: "a transform of boldspect",
        remedy: "Bring another program's matrix in with `boldspect transform import`")
    }
    let broken = Problem(
      .data, fileName(side), "it does not describe a transform",
      expected: "what `boldspect transform import` or `register` writes")
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(try readTextFile(side).utf8))
        as? [String: Any], object["kind"] as? String == "transform",
      let rows = object["matrix"] as? [[NSNumber]], rows.count == 4,
      rows.allSatisfy({ $0.count == 4 }), let origin = object["origin"] as? String
    else { throw broken }
    let described = Affine(rows: rows.prefix(3).map { $0.map(\.doubleValue) })
    guard
      zip(described.rows.joined(), matrix.rows.joined()).allSatisfy({ abs($0 - $1) < 1e-9 })
    else {
      throw Problem(
        .data, name, "its numbers differ from those in \(fileName(side))",
        expected: "two files that belong together",
        remedy: "One of them was changed; make the transform anew")
    }
    if let hash = object["matrix_sha256"] as? String, hash != sha256(of: Array(content.utf8)) {
      throw Problem(
        .data, name, "it is not the file that \(fileName(side)) was written with",
        expected: "two files of one save", remedy: "Make the transform anew")
    }
    func end(_ key: String) throws(Problem) -> Transform.End {
      guard let e = object[key] as? [String: Any], let hash = e["sha256"] as? String,
        hash.count == 64, hash.allSatisfy(\.isHexDigit),
        let space = (e["space"] as? String).flatMap(Space.init(rawValue:))
      else { throw broken }
      return Transform.End(
        sha256: hash, space: space,
        template: (e["template"] as? String).map { visibleText($0, limit: 60) })
    }
    var found = try Transform(
      fixedFromMoving: matrix, moving: try end("moving"), fixed: try end("fixed"),
      origin: visibleText(origin), isAccepted: object["accepted"] as? Bool, file: name)
    takeStory(of: object, into: &found)
    return found
  }

  /// What stands in the JSON beside matrix and ends.
  private static func takeStory(of object: [String: Any], into t: inout Transform) {
    let figures = (object["figures"] as? [String: NSNumber]) ?? [:]
    t.figures = figures.sorted { $0.key < $1.key }.map {
      (visibleText($0.key, limit: 60), $0.value.doubleValue)
    }
    t.warnings = (object["warnings"] as? [String] ?? []).prefix(20).map {
      visibleText($0, limit: 400)
    }
    t.acceptedBecause = (object["accepted_because"] as? String).map { visibleText($0, limit: 400) }
  }
}

extension TransformFile {
  /// Another program's transform says nothing of the images that it is between: what it looks like and how it
  /// comes in is told before it is taken for a damaged one of ours.
  private static func refuseForeign(_ path: String) throws(Problem) {
    let source = try FileSource(path)
    var head = [UInt8](repeating: 0, count: 512)
    let count = try source.readByte(into: &head)
    let text = String(decoding: head.prefix(count), as: UTF8.self)
    let lower = path.lowercased()
    let found: (what: String, format: String)? =
      if head.starts(with: HDF5File.mark) {
        ("a composite transform in HDF5", "itk")
      } else if text.hasPrefix("#Insight Transform") {
        ("a transform of ITK", "itk")
      } else if text.contains("nxforms") {
        ("a transform of FreeSurfer", "lta")
      } else if lower.hasSuffix(".aff12.1d") {
        ("a matrix of AFNI", "afni")
      } else if FileNames.isNIfTI(path) {
        ("an image or a field of displacements", "itk or fsl")
      } else {
        nil
      }
    guard let found else { return }
    throw Problem(
      .data, source.name, "it is \(found.what), which does not say between which images it is",
      expected: "a transform of boldspect",
      remedy: "Bring it in with `boldspect transform import F --format \(found.format) --moving A "
        + "--fixed B -o O`")
  }
}

/// A 4×4 matrix from text: four rows of four numbers, lines beginning with # left out.
func matrix4(_ text: String, file: String) throws(Problem) -> Affine {
  var rows: [[Double]] = []
  for line in text.split(whereSeparator: \.isNewline) {
    let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," })
    guard let first = words.first, !first.hasPrefix("#") else { continue }
    let numbers = words.compactMap { Double($0) }
    guard numbers.count == words.count, numbers.count == 4, numbers.allSatisfy(\.isFinite) else {
      throw Problem(
        .data, file, "a line of it is not four numbers", expected: "a 4×4 matrix as text")
    }
    rows.append(numbers)
  }
  guard rows.count == 4, zip(rows[3], [0, 0, 0, 1]).allSatisfy({ abs($0 - $1) < 1e-9 }) else {
    throw Problem(
      .data, file,
      rows.count == 4 ? "its last row is not 0 0 0 1" : "it has \(rows.count) rows of numbers",
      expected: "a 4×4 matrix as text")
  }
  return Affine(rows: Array(rows.prefix(3)))
}
