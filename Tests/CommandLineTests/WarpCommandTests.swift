import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// From another program's composite to numbers: imported, turned round, used, and refused where it does not belong.
@Suite struct WarpCommandTests {
  /// A native T1 and a run on their own grids, a template, and ITK's file between T1 and template.
  struct Files {
    var folder: String
    var t1: String
    var template: String
    var composite: String
    var points: [WorldPoint]
    var carried: [WorldPoint]

    init(_ folder: String) throws {
      self.folder = folder
      let url = RealData.project.appending(path: "Tests/Reference/warps.json")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
      let grids = try #require(object["grids"] as? [String: [String: Any]])
      func grid(_ key: String) throws -> Grid {
        let n = try #require(grids[key]?["shape"] as? [Int])
        let rows = try #require(grids[key]?["affine"] as? [[Double]])
        return try #require(
          Grid(
            dimensions: (n[0], n[1], n[2]), worldFromVoxel: Affine(rows: Array(rows.prefix(3)))))
      }
      let files = SmallStudy(folder)
      t1 = try files.image("sub-01_T1w.nii", try grid("moving"), formCode: 1)
      template = try files.image(
        "sub-01_space-MNI152NLin6Asym_T1w.nii", try grid("fixed"), formCode: 4)
      let cases = try #require(object["cases"] as? [String: [String: Any]])
      let one = try #require(cases["composite"])
      composite = folder + "/Composite.h5"
      try #require(Data(base64Encoded: one["bytes"] as? String ?? ""))
        .write(to: URL(filePath: composite))
      func read(_ key: String) throws -> [WorldPoint] {
        try #require(one[key] as? [[Double]]).map { WorldPoint($0[0], $0[1], $0[2]) }
      }
      (points, carried) = (try read("points"), try read("carried"))
    }

    func bring(_ more: [String], to name: String) throws -> Program.Result {
      try Program.run(
        [
          "transform", "import", composite, "--format", "itk", "--moving", t1, "--fixed",
          template, "-o", folder + "/" + name, "--json",
        ] + more)
    }
  }

  @Test func aCompositeComesInAndCarriesPoints() throws {
    try withTemporaryFolder { folder in
      let files = try Files(folder)
      let wrong = try files.bring(["--direction", "fixed-to-moving"], to: "w.json")
      #expect(wrong.status == 65 && wrong.errors.contains("geometry says moving-to-fixed"))
      let name = try files.bring([], to: "w.txt")
      #expect(name.status == 64 && name.errors.contains("warps are written as .json"))
      let good = try files.bring([], to: "w.json")
      #expect(good.status == 0 && good.output.contains("\"direction_proven\": true"))
      let warp = folder + "/w.json"
      let back = try Program.run(["transform", "invert", warp, "-o", folder + "/i.json"])
      #expect(back.status == 0, "\(back.errors)")
      for (p, q) in zip(files.points, files.carried).prefix(3) {
        for (file, from) in [(warp, "fixed"), (folder + "/i.json", "moving")] {
          let there = try Program.run([
            "transform", "point", file, "--at=\(p.x),\(p.y),\(p.z)", "--from", from, "--json",
          ])
          let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(there.output.utf8)) as? [String: Any])
          let result = try #require(answer["result"] as? [String: Any])
          let mm = try #require(result["mm"] as? [Double])
          #expect(WorldPoint(mm[0], mm[1], mm[2]).distance(to: q) < 1e-3)
        }
      }
      let nowhere = try Program.run([
        "transform", "point", warp, "--at=900,0,0", "--from", "fixed",
      ])
      #expect(nowhere.status == 65 && nowhere.errors.contains("nowhere"))
      let shown = try Program.run(["transform", "show", warp])
      #expect(shown.output.contains("a warp") && shown.output.contains("Composite.h5"))
      // What a warp is made of is an input of whatever uses it.
      let over = try Program.run([
        "transform", "invert", warp, "-o", folder + "/w.json", "--force",
      ])
      #expect(over.status == 64 && over.errors.contains("it is an input"), "\(over.errors)")
      let joined = try Program.run([
        "transform", "compose", warp, warp, "-o", folder + "/c.txt",
      ])
      #expect(joined.status == 65)
    }
  }

  @Test func resamplingGoesThroughAChainToTheRightWorld() throws {
    try withTemporaryFolder { folder in
      let files = try Files(folder)
      #expect(try files.bring([], to: "w.json").status == 0)
      let small = SmallStudy(folder)
      let epi = try small.run("sub-01_bold.nii", small.other, formCode: 1)
      func end(_ path: String) throws -> Transform.End {
        Transform.End(sha256: try sha256(ofFile: path), space: .native, template: nil)
      }
      let first = try Transform(
        fixedFromMoving: Affine(rows: [[1, 0, 0, 2], [0, 1, 0, 0], [0, 0, 1, 0]]),
        moving: try end(epi), fixed: try end(files.t1), origin: "a test", file: "a.txt")
      try TransformFile.write(folder + "/a.txt", first, version: "t", overwrite: false)
      func resample(_ like: String, _ transforms: [String], _ out: String) throws
        -> Program.Result
      {
        try Program.run(
          ["resample", epi, "--like", like, "-o", folder + "/" + out]
            + transforms.flatMap { ["--transform", folder + "/" + $0] })
      }
      let done = try resample(files.template, ["w.json", "a.txt"], "out.nii")
      #expect(done.status == 0, "\(done.errors)")
      let d = try ImageReader.describe(folder + "/out.nii")
      #expect(d.frameCount == 60 && d.formCode == 4)
      #expect(try readTextFile(folder + "/out.json").contains("NOT ACCEPTED"))
      // A grid of another world, a chain that does not begin here, one that is not gone through.
      let native = try resample(epi, ["w.json", "a.txt"], "x.nii")
      #expect(native.status == 65 && native.errors.contains("leads to MNI152NLin6Asym"))
      let late = try resample(files.template, ["w.json"], "x.nii")
      #expect(late.status == 65 && late.errors.contains("made for another image"))
      let unused = try Program.run([
        "resample", files.t1, "--like", files.template, "--transform", folder + "/w.json",
        "--transform", folder + "/a.txt", "-o", folder + "/x.nii",
      ])
      #expect(unused.status == 65, "\(unused.errors)")
      // The run itself is not bent while it is read; an atlas comes to it.
      let seed = try Program.run([
        "seedmap", epi, "--seed", "0,0,0", "--transform", folder + "/a.txt", "--transform",
        folder + "/w.json", "-o", folder + "/x.nii",
      ])
      #expect(seed.status == 65 && seed.errors.contains("resample RUN --like FIXED"))
      let stranger = try Program.run([
        "matrix", epi, "--transform", folder + "/w.json", "--space", "native", "--json",
      ])
      #expect(stranger.status == 65, "\(stranger.errors)")
      let mask = try small.image("mask.nii", small.other, formCode: 1) { _ in 1 }
      let atlas = try small.image("atlas_space-MNI152_dseg.nii") { $0.i < 6 ? 1 : 2 }
      let matrix = try Program.run([
        "matrix", epi, "--mask", mask, "--atlas", atlas, "--transform", folder + "/a.txt",
        "--transform", folder + "/w.json", "--json",
      ])
      #expect(matrix.status == 0, "\(matrix.errors)")
      #expect(matrix.output.contains("\"space\": \"native\""))
      #expect(matrix.output.contains("NOT ACCEPTED") && matrix.output.contains("\"warp\""))
    }
  }

  @Test func matricesAreComposedInEitherOrder() throws {
    try withTemporaryFolder { folder in
      let hashes = ["1", "2", "3"].map { String(repeating: $0, count: 64) }
      for (n, name) in ["a.txt", "b.txt"].enumerated() {
        func end(_ k: Int) -> Transform.End {
          Transform.End(sha256: hashes[k], space: k == 2 ? .mni152 : .native, template: nil)
        }
        let t = try Transform(
          fixedFromMoving: Affine(
            rows: n == 0
              ? [[1, 0, 0, 5], [0, 1, 0, 0], [0, 0, 1, 0]]
              : [[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]), moving: end(n), fixed: end(n + 1),
          origin: "t", isAccepted: true, file: name)
        try TransformFile.write(folder + "/" + name, t, version: "t", overwrite: false)
      }
      for (n, names) in [["a.txt", "b.txt"], ["b.txt", "a.txt"]].enumerated() {
        let out = folder + "/c\(n).txt"
        let result = try Program.run(
          ["transform", "compose"] + names.map { folder + "/" + $0 } + ["-o", out])
        #expect(result.status == 0, "\(result.errors)")
        let whole = try TransformFile.read(out)
        #expect(whole.moving.sha256 == hashes[0] && whole.fixed.sha256 == hashes[2])
        // 5 mm to the right first, a quarter turn then.
        #expect(
          whole.fixedFromMoving.applied(to: WorldPoint(1, 0, 0)).distance(to: WorldPoint(0, 6, 0))
            < 1e-9)
        #expect(whole.isAccepted == true)
      }
      let one = try Program.run([
        "transform", "compose", folder + "/a.txt", "-o", folder + "/d.txt",
      ])
      #expect(one.status == 64)
    }
  }
}
