import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite struct TransformTests {
  struct Truth {
    var moving: Grid
    var fixed: Grid
    var fixedFromMoving: Affine
    var points: [WorldPoint]
    var carried: [WorldPoint]
    var object: [String: Any]
  }

  static func affine(_ rows: Any?) throws -> Affine {
    Affine(rows: Array(try #require(rows as? [[Double]]).prefix(3)))
  }

  /// What `Tests/Reference/transforms_reference.py` made.
  static func truth() throws -> Truth {
    let url = RealData.project.appending(path: "Tests/Reference/transforms.json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    func grid(_ key: String) throws -> Grid {
      let g = try #require(object[key] as? [String: Any])
      let n = try #require(g["shape"] as? [Int])
      return try #require(
        Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: try affine(g["affine"])))
    }
    func points(_ key: String) throws -> [WorldPoint] {
      try #require(object[key] as? [[Double]]).map { WorldPoint($0[0], $0[1], $0[2]) }
    }
    return Truth(
      moving: try grid("moving"), fixed: try grid("fixed"),
      fixedFromMoving: try affine(object["fixed_from_moving"]), points: try points("points"),
      carried: try points("carried"), object: object)
  }

  static func write(_ bytes: Data, _ name: String, in folder: String) throws -> String {
    let path = folder + "/" + name
    try bytes.write(to: URL(filePath: path))
    return path
  }

  static func check(_ affine: Affine, _ from: [WorldPoint], _ to: [WorldPoint]) {
    for (p, q) in zip(from, to) { #expect(affine.applied(to: p).distance(to: q) < 1e-6) }
  }

  @Test func matricesOfOtherProgramsCarryPointsWhereTheyBelong() throws {
    let t = try Self.truth()
    try withTemporaryFolder { folder in
      let flirtText = try #require(t.object["flirt"] as? String)
      let itkText = try #require(t.object["itk_text"] as? String)
      let encoded = try #require(t.object["itk_mat_base64"] as? String)
      let bytes = try #require(Data(base64Encoded: encoded))
      let flirt = try Self.write(Data(flirtText.utf8), "f.mat", in: folder)
      let text = try Self.write(Data(itkText.utf8), "a.txt", in: folder)
      let mat = try Self.write(bytes, "0GenericAffine.mat", in: folder)
      let plain = try Self.write(
        Data(TransformFile.text(t.fixedFromMoving).utf8), "m.txt", in: folder)
      for (format, path) in [
        (ForeignTransform.fsl, flirt), (.itk, text), (.itk, mat), (.matrix, plain),
      ] {
        Self.check(
          try format.fixedFromMoving(path, direction: .forward, moving: t.moving, fixed: t.fixed),
          t.points, t.carried)
        // The same file, said to lead the other way between the images in exchanged roles.
        Self.check(
          try format.fixedFromMoving(path, direction: .backward, moving: t.fixed, fixed: t.moving),
          t.carried, t.points)
      }
    }
  }

  @Test func whatIsNoMatrixIsRefused() throws {
    let t = try Self.truth()
    try withTemporaryFolder { folder in
      for (format, text) in [
        (ForeignTransform.matrix, ""), (.matrix, "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 2\n"),
        (.matrix, "1 0 0\n"), (.matrix, "a b c d\n"), (.fsl, "1 0 0 nan\n"),
        (.matrix, "0 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n"),
        (.itk, "#Insight Transform File V1.0\nTransform: Euler3DTransform_double_3_3\n"),
        (
          .itk,
          "#Insight Transform File V1.0\nTransform: AffineTransform_double_3_3\nParameters: 1 2\nFixedParameters: 0 0 0\n"
        ), (.itk, "nothing"), (.itk, String(repeating: "\u{0}", count: 60)),
      ] {
        let path = try Self.write(Data(text.utf8), "x.txt", in: folder)
        #expect(throws: Problem.self, "\(format) \(text)") {
          _ = try format.fixedFromMoving(
            path, direction: .backward, moving: t.moving, fixed: t.fixed)
        }
      }
    }
  }

  @Test func whatNoHeadNeedsIsRefused() throws {
    func make(_ rows: [[Double]]) throws -> Transform {
      let end = Transform.End(
        sha256: String(repeating: "1", count: 64), space: .native, template: nil)
      return try Transform(
        fixedFromMoving: Affine(rows: rows), moving: end, fixed: end, origin: "t", file: "m.txt")
    }
    let (least, most) = Affine(rows: [[2, 0, 0, 0], [0, 3, 0, 0], [0, 0, 0.5, 0]]).stretches
    #expect(abs(least - 0.5) < 1e-12 && abs(most - 3) < 1e-12)
    // A rotation changes no length.
    let turn = Affine(rows: [[0.6, -0.8, 0, 0], [0.8, 0.6, 0, 0], [0, 0, 1, 0]]).stretches
    #expect(abs(turn.least - 1) < 1e-12 && abs(turn.most - 1) < 1e-12)
    for rows in [
      [[1.0, 1.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
      [[2.1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
      [[1, 0, 0, 1e30], [0, 1, 0, 0], [0, 0, 1, 0]],
    ] { #expect(throws: Problem.self) { try make(rows) } }
    var good = try make([[1.1, 0, 0, 5], [0, 0.95, 0.1, 0], [0, 0, 1, 0]])
    #expect(good.warning?.contains("NOT ACCEPTED") == true)
    #expect(throws: Never.self) { try good.requireNotRejected(file: "m.txt") }
    good.isAccepted = true
    #expect(good.warning == nil)
    good.isAccepted = false
    #expect(throws: Problem.self) { try good.requireNotRejected(file: "m.txt") }
  }

  @Test func aTransformIsKeptWithWhatItIsBetween() throws {
    let t = try Self.truth()
    let made = try Transform(
      fixedFromMoving: t.fixedFromMoving,
      moving: .init(sha256: String(repeating: "1", count: 64), space: .native, template: nil),
      fixed: .init(
        sha256: String(repeating: "2", count: 64), space: .mni152, template: "MNI152NLin6Asym"),
      origin: "made by hand", isAccepted: true, figures: [("metric_after", -0.7)], file: "m.txt")
    try withTemporaryFolder { folder in
      let path = folder + "/m.txt"
      try TransformFile.write(path, made, version: "0", overwrite: false)
      #expect(try TransformFile.read(path) == made)
      #expect(throws: Problem.self) {
        try TransformFile.write(path, made, version: "0", overwrite: false)
      }
      // One sign in one of the two files.
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let first = try #require(text.split(separator: " ").first)
      let changed = text.replacingOccurrences(of: first, with: "-" + first)
      try changed.write(toFile: path, atomically: true, encoding: .utf8)
      #expect {
        try TransformFile.read(path)
      } throws: { ($0 as? Problem)?.sentence.contains("differ") == true }
      try FileManager.default.removeItem(atPath: folder + "/m.json")
      #expect {
        try TransformFile.read(path)
      } throws: { ($0 as? Problem)?.sentence.contains("transform import") == true }
    }
    #expect(
      templateName(ofFileNamed: "sub-1_space-MNI152NLin2009cAsym_T1w.nii.gz")
        == "MNI152NLin2009cAsym")
    #expect(templateName(ofFileNamed: "tpl-MNI152NLin6Asym_T1w.nii.gz") == "MNI152NLin6Asym")
    #expect(templateName(ofFileNamed: "sub-1_space-T1w.nii") == nil)
  }
}
