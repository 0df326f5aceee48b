import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What `Tests/Reference/warps_reference.py` made: files of other programs, and where those carry points.
struct WarpReference {
  struct Case {
    var name: String
    var format: ForeignTransform
    var file: String
    var bytes: Data
    var moving: Grid
    var points: [WorldPoint]
    var carried: [WorldPoint]

    func write(in folder: String) throws -> String {
      try TransformTests.write(bytes, file, in: folder)
    }
  }

  var fixed: Grid
  var moving: Grid
  var cases: [String: Case]
  var coefficients: Data

  init() throws {
    let url = RealData.project.appending(path: "Tests/Reference/warps.json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let grids = try #require(object["grids"] as? [String: [String: Any]])
    func grid(_ key: String) throws -> Grid {
      let g = try #require(grids[key])
      let n = try #require(g["shape"] as? [Int])
      return try #require(
        Grid(
          dimensions: (n[0], n[1], n[2]),
          worldFromVoxel: try TransformTests.affine(g["affine"])))
    }
    func data(_ any: Any?) throws -> Data {
      try #require(Data(base64Encoded: any as? String ?? ""))
    }
    fixed = try grid("fixed")
    moving = try grid("moving")
    coefficients = try data(object["coefficients"])
    cases = [:]
    for (name, c) in try #require(object["cases"] as? [String: [String: Any]]) {
      func points(_ key: String) throws -> [WorldPoint] {
        try #require(c[key] as? [[Double]]).map { WorldPoint($0[0], $0[1], $0[2]) }
      }
      cases[name] = Case(
        name: name, format: try #require(ForeignTransform(rawValue: c["format"] as? String ?? "")),
        file: try #require(c["file"] as? String), bytes: try data(c["bytes"]),
        moving: try grid(try #require(c["moving"] as? String)), points: try points("points"),
        carried: try points("carried"))
    }
  }

  func one(_ name: String) throws -> Case { try #require(cases[name]) }
}
