package import Basics
import Foundation
package import Imaging

/// A warp's own file: a JSON that says between which images it is and of which files of another program it is
/// made, each with its hash. Those files stay where they are; they are read anew each time and hashed.
package struct WarpFile: Sendable {
  package struct Part: Sendable {
    package var path: String
    package var sha256: String

    package init(path: String, sha256: String) {
      (self.path, self.sha256) = (path, sha256)
    }
  }

  package var warp: Warp
  package var format: ForeignTransform
  package var direction: ForeignTransform.Direction
  package var parts: [Part]

  package init(
    warp: Warp, format: ForeignTransform, direction: ForeignTransform.Direction, parts: [Part]
  ) {
    self.warp = warp
    self.format = format
    self.direction = direction
    self.parts = parts
  }

  /// The same the other way round.
  package func inverted(file: String) throws(Problem) -> WarpFile {
    var back = try Warp(
      movingFromFixed: warp.fixedFromMoving, moving: warp.fixed, movingGrid: warp.fixedGrid,
      fixed: warp.moving, fixedGrid: warp.movingGrid, origin: "inverse of: " + warp.origin,
      isAccepted: warp.isAccepted, figures: warp.figures, file: file)
    back.warnings = warp.warnings
    return WarpFile(warp: back, format: format, direction: direction.reversed, parts: parts)
  }

  /// - Parameter folder: paths within it are written as seen from there, others whole.
  package func json(version: String, folder: String? = nil) -> JSON {
    func end(_ e: Transform.End, _ grid: Grid) -> JSON {
      .object([
        ("sha256", .string(e.sha256)), ("space", .string(e.space.rawValue)),
        ("template", .optional(e.template)),
        ("dimensions", .array([grid.nx, grid.ny, grid.nz].map(JSON.int))),
        ("world_from_voxel", .array(grid.worldFromVoxel.rows.map(JSON.numbers))),
      ])
    }
    return .object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(version)),
      ("kind", .string("warp")),
      (
        "maps",
        .string("points of MOVING to FIXED and back, world RAS+ mm, by the files named here")
      ),
      ("format", .string(format.rawValue)), ("direction", .string(direction.rawValue)),
      (
        "files",
        .array(
          parts.map {
            .object([
              ("path", .string(Self.shortened($0.path, folder))), ("sha256", .string($0.sha256)),
            ])
          })
      ),
      ("moving", end(warp.moving, warp.movingGrid)), ("fixed", end(warp.fixed, warp.fixedGrid)),
      ("origin", .string(warp.origin)), ("accepted", warp.isAccepted.map(JSON.bool) ?? .null),
      ("figures", .object(warp.figures.map { ($0.name, .number($0.value)) })),
      ("warnings", .array(warp.warnings.map(JSON.string))),
    ])
  }

  private static func shortened(_ path: String, _ folder: String?) -> String {
    let whole = absolutePath(path)
    guard let folder, whole.hasPrefix(folder + "/") else { return whole }
    return String(whole.dropFirst(folder.count + 1))
  }

  private static func folder(of path: String) -> String {
    URL(fileURLWithPath: absolutePath(path)).deletingLastPathComponent().path
  }

  /// Refuses early what would be refused at the end.
  package static func check(_ path: String, overwrite: Bool) throws(Problem) {
    guard path.hasSuffix(".json") else {
      throw Problem(
        .usage, fileName(path), "it holds a field of displacements, and warps are written as .json",
        expected: "such a name")
    }
    try AtomicFile.checkFree(path, overwrite: overwrite)
  }

  package func write(_ path: String, version: String, overwrite: Bool) throws(Problem) {
    try Self.check(path, overwrite: overwrite)
    let set = FileSet(overwrite: overwrite)
    try set.add(path, json(version: version, folder: Self.folder(of: path)).text + "\n")
    try set.commit(last: path)
    let back = try Self.read(path)
    guard back.warp.moving == warp.moving, back.warp.fixed == warp.fixed,
      back.warp.fixedGrid == warp.fixedGrid, back.warp.movingGrid == warp.movingGrid,
      back.warp.isAccepted == warp.isAccepted
    else {
      throw Problem(
        .inputOutput, fileName(path), "what was read back differs from what was written")
    }
  }

  /// Whether a file says that it is a warp of ours.
  package static func isOne(_ path: String) -> Bool {
    guard path.hasSuffix(".json"), let text = try? readTextFile(path),
      let json = try? JSON.parse(text).value
    else { return false }
    return json["kind"]?.asString == "warp"
  }

  /// The files that a warp is made of; none where a file is no warp.
  package static func partPaths(of path: String) -> [String] {
    guard isOne(path), let text = try? readTextFile(path),
      let listed = (try? JSON.parse(text).value)?["files"]?.items
    else { return [] }
    return listed.compactMap { $0["path"]?.asString }.map {
      $0.hasPrefix("/") ? $0 : folder(of: path) + "/" + $0
    }
  }

  /// - Throws: files that are not there or were changed since, and what reading them refuses.
  package static func read(_ path: String) throws(Problem) -> WarpFile {
    let name = fileName(path)
    let broken = Problem(
      .data, name, "it does not describe a warp",
      expected: "what `boldspect transform import` writes"
    )
    guard let json = try? JSON.parse(try readTextFile(path)).value,
      json["kind"]?.asString == "warp",
      let format = json["format"]?.asString.flatMap(ForeignTransform.init(rawValue:)),
      let direction = json["direction"]?.asString
        .flatMap(ForeignTransform.Direction.init(rawValue:)),
      let listed = json["files"]?.items, (1...16).contains(listed.count),
      let origin = json["origin"]?.asString, let moving = end(json["moving"]),
      let fixed = end(json["fixed"])
    else { throw broken }
    var parts: [Part] = []
    for one in listed {
      guard let file = one["path"]?.asString, !file.isEmpty, let hash = one["sha256"]?.asString
      else { throw broken }
      let place = file.hasPrefix("/") ? file : folder(of: path) + "/" + file
      guard try sha256(ofFile: place) == hash else {
        throw Problem(
          .data, fileName(place), "it is not the file that \(name) was made of",
          expected: "the same bytes", remedy: "Import it anew")
      }
      parts.append(Part(path: place, sha256: hash))
    }
    let found = try format.read(
      parts.map(\.path), direction: direction, moving: moving.grid, fixed: fixed.grid)
    var isAccepted: Bool?
    if case .bool(let said)? = json["accepted"] { isAccepted = said }
    let figures = (json["figures"]?.members ?? []).compactMap { member in
      member.1.number.map { (name: visibleText(member.0, limit: 60), value: $0) }
    }
    var warp = try Warp(
      movingFromFixed: found.movingFromFixed, moving: moving.end, movingGrid: moving.grid,
      fixed: fixed.end, fixedGrid: fixed.grid, origin: visibleText(origin),
      isAccepted: isAccepted, figures: figures, file: name)
    warp.warnings = (json["warnings"]?.items ?? []).prefix(20).compactMap(\.asString)
      .map { visibleText($0, limit: 400) }
    return WarpFile(warp: warp, format: format, direction: direction, parts: parts)
  }

  private static func end(_ json: JSON?) -> (end: Transform.End, grid: Grid)? {
    guard let json, let hash = json["sha256"]?.asString, hash.count == 64,
      hash.allSatisfy(\.isHexDigit),
      let space = json["space"]?.asString.flatMap(Space.init(rawValue:)),
      let n = json["dimensions"]?.items?.compactMap(\.number), n.count == 3,
      n.allSatisfy({ $0 == $0.rounded() && $0 >= 1 && $0 <= 32767 }),
      let rows = json["world_from_voxel"]?.items?.map({ ($0.items ?? []).compactMap(\.number) }),
      rows.count == 3, rows.allSatisfy({ $0.count == 4 }),
      let grid = Grid(
        dimensions: (Int(n[0]), Int(n[1]), Int(n[2])), worldFromVoxel: Affine(rows: rows)),
      grid.count < 1 << 31
    else { return nil }
    let template = json["template"]?.asString.map { visibleText($0, limit: 60) }
    return (Transform.End(sha256: hash, space: space, template: template), grid)
  }
}
