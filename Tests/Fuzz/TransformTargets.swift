import Basics
import Foundation
import ImageFiles
import Imaging
import Registration
import Study
import TestSupport

/// Files of other programs that `Tests/Reference` made.
private enum Reference {
  static func files(_ ending: String) throws -> [[UInt8]] {
    let url = RealData.project.appending(path: "Tests/Reference/warps.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let cases = object?["cases"] as? [String: [String: Any]] ?? [:]
    return cases.sorted { $0.key < $1.key }.compactMap { _, one in
      guard (one["file"] as? String)?.hasSuffix(ending) == true,
        let data = Data(base64Encoded: one["bytes"] as? String ?? "")
      else { return nil }
      return Array(data)
    }
  }

  static func text(_ key: String) throws -> [[UInt8]] {
    let url = RealData.project.appending(path: "Tests/Reference/transforms.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let text = object?[key] as? String ?? ""
    return [key.hasSuffix("base64") ? Array(Data(base64Encoded: text) ?? Data()) : Array(text.utf8)]
  }
}

private let moving = Small.grid(6, 7, 5, spacing: (3, 3, 4), origin: WorldPoint(-8, -9, -10))
private let fixed = Small.grid(8, 9, 7, spacing: (2, 2, 2), origin: WorldPoint(-7, -8, -6))

/// Points of what was let through are numbers, or there are none.
private func readForeign(_ format: ForeignTransform, _ path: String) throws(Problem) {
  for direction in [nil, ForeignTransform.Direction.forward] {
    guard
      let found = attempt({ () throws(Problem) in
        try format.read([path], direction: direction, moving: moving, fixed: fixed)
      })
    else { continue }
    for point in [WorldPoint(0, 0, 0), WorldPoint(-30, 12, 44)] {
      guard let there = found.movingFromFixed.applied(to: point) else { continue }
      require(there.x.isFinite && there.y.isFinite && there.z.isFinite, "a place that is no number")
    }
  }
}

private func foreign(
  _ name: String, _ format: ForeignTransform, _ file: String, most: Int = 4096,
  words: [String] = [],
  _ seeds: @escaping @Sendable () throws -> [[UInt8]]
) -> FuzzTarget {
  FuzzTarget(name: name, most: most, words: words, seeds: seeds) { (bytes) throws(Problem) in
    try readForeign(format, Scratch.file(file, bytes))
  }
}

private let hash = String(repeating: "0123456789abcdef", count: 4)
private let ownMatrix = "1.0 0.0 0.0 2.0\n0.0 1.0 0.0 3.0\n0.0 0.0 1.0 4.0\n0.0 0.0 0.0 1.0\n"
private let ownSidecar =
  #"{"GeneratedBy": "boldspect", "kind": "transform", "matrix": [[1.0, 0.0, 0.0, 2.0], [0.0, 1.0, 0.0, 3.0], [0.0, 0.0, 1.0, 4.0], [0, 0, 0, 1]], "moving": {"sha256": ""#
  + hash + #"", "space": "native", "template": null}, "fixed": {"sha256": ""# + hash
  + #"", "space": "MNI152", "template": "t"}, "origin": "hand", "accepted": true, "figures": {"a": 1.0}, "warnings": [], "accepted_because": null}"#

let transformTargets: [FuzzTarget] = [
  foreign(
    "itk-text", .itk, "t.txt",
    words: [
      "#Insight Transform File", "Transform: ", "Parameters: ", "FixedParameters: ",
      "AffineTransform_double_3_3",
      "Euler3DTransform_double_3_3", "VersorRigid3DTransform_double_3_3",
      "CompositeTransform_double_3_3",
    ]
  ) { try Reference.text("itk_text") + Reference.files(".tfm") },
  foreign("itk-mat", .itk, "t.mat", words: ["AffineTransform_double_3_3", "fixed\0"]) {
    try Reference.text("itk_mat_base64")
  },
  foreign("itk-field", .itk, "f.nii.gz", most: 8192) { try Reference.files("1Warp.nii.gz") },
  foreign(
    "h5", .itk, "t.h5", most: 20_000, words: ["/TransformGroup/0", "OHDR", "TREE", "HEAP", "SNOD"]
  ) {
    try Reference.files(".h5")
  },
  foreign("fsl-matrix", .fsl, "m.mat") { try Reference.text("flirt") },
  foreign("fsl-field", .fsl, "f.nii.gz", most: 8192) { try Reference.files("absolute.nii.gz") },
  foreign(
    "lta", .lta, "t.lta",
    words: [
      "type      = 1", "nxforms   = 1", "src volume info", "dst volume info", "valid = 1",
      "volume = ",
      "voxelsize = ", "xras   = ", "cras   = ",
    ]
  ) { try Reference.files(".lta") },
  foreign("aff12", .afni, "a.aff12.1D") { try Reference.files(".aff12.1D") },
  foreign("matrix4", .matrix, "m.txt") { [Array(ownMatrix.utf8)] },
  FuzzTarget(
    name: "elastix",
    words: [
      "(TransformParameters ", "(CenterOfRotationPoint ", "(Transform \"EulerTransform\")",
      "(Transform \"AffineTransform\")", "(ComputeZYX \"true\")",
    ],
    seeds: FuzzTarget.texts(
      "(Transform \"EulerTransform\")\n(TransformParameters 0.1 0.2 0.3 1 2 3)\n(CenterOfRotationPoint 1 2 3)\n(ComputeZYX \"true\")\n",
      "(Transform \"AffineTransform\")\n(TransformParameters 1 0 0 0 1 0 0 0 1 1 2 3)\n(CenterOfRotationPoint 1 2 3)\n"
    )
  ) { (bytes) throws(Problem) in
    let matrix = try ElastixResult.affine(text(bytes))
    require(matrix.isFinite, "a matrix that is not finite")
  },
  FuzzTarget(
    name: "own-transform",
    words: [
      "\"kind\"", "\"transform\"", "\"warp\"", "\"matrix\"", "\"moving\"", "\"fixed\"", "\"space\"",
      "\"sha256\"", "\"parts\"",
    ],
    seeds: FuzzTarget.texts(ownMatrix + "\n----\n" + ownSidecar)
  ) { (bytes) throws(Problem) in
    // Matrix and sidecar, and the sidecar alone as if it were a warp.
    let both = parts(bytes)
    let path = Scratch.file("own/t.txt", both[0])
    let sidecar = Scratch.file("own/t.json", both.count > 1 ? both[1] : [])
    attempt { () throws(Problem) in _ = try GivenTransforms.link(sidecar) }
    attempt { () throws(Problem) in
      _ = try TransformFile.inverted(TransformFile.readEither(path), file: "t")
    }
    _ = try TransformRequest(transform: [path]).read()
  },
]
