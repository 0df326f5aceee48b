import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// Chains that their ends prove, warps, and what rides with a run.
@Suite struct TransformChainTests {
  static func end(_ letter: Character, _ space: Space = .native) -> Transform.End {
    let isHash = letter.isLetter && letter.isLowercase
    return Transform.End(
      sha256: isHash ? String(repeating: letter, count: 64) : "", space: space, template: nil)
  }

  static func link(
    _ from: Transform.End, _ to: Transform.End, right millimetres: Double,
    isAccepted: Bool? = true
  ) throws -> GivenTransforms.Link {
    let file = "\(from.sha256.prefix(1))\(to.sha256.prefix(1)).txt"
    return .matrix(
      GivenTransforms.One(
        file: file,
        transform: try Transform(
          fixedFromMoving: Affine(
            rows: [[1, 0, 0, millimetres], [0, 1, 0, 0], [0, 0, 1, 0]]),
          moving: from, fixed: to, origin: "a test, \(file)", isAccepted: isAccepted, file: file),
        sha256: "of " + file))
  }

  /// A warp that leads points `millimetres` to the right, onto a grid.
  static func bend(
    _ from: Transform.End, _ to: Transform.End, right millimetres: Float, _ moving: Grid,
    _ fixed: Grid, isAccepted: Bool? = true
  ) throws -> GivenTransforms.Link {
    let wide = Small.grid(
      30, 30, 30, spacing: (5, 5, 5), origin: WorldPoint(-75, -75, -75))
    let values = (0..<3 * wide.count).map { $0 % 3 == 0 ? -millimetres : 0 }
    let field = try DisplacementField(grid: wide, values: values, file: "w")
    let warp = try Warp(
      movingFromFixed: SpatialMap([.field(field)]), moving: from, movingGrid: moving, fixed: to,
      fixedGrid: fixed, origin: "a warp, a test", isAccepted: isAccepted, file: "w.json")
    return .bent(
      GivenTransforms.Bent(
        file: "w.json", warp: warp,
        inputs: [Provenance("transform", path: "w.json", sha256: "of w")]))
  }

  static func given(
    _ links: [GivenTransforms.Link], _ isSameWorld: Bool = false
  ) throws -> GivenTransforms {
    try GivenTransforms(links: links, isSameWorld: isSameWorld)
  }

  @Test func hashesProveTheOrder() throws {
    let (epi, t1, mni) = (Self.end("e"), Self.end("t"), Self.end("m", .mni152))
    let (a, b) = (
      try Self.link(epi, t1, right: 3), try Self.link(t1, mni, right: 4, isAccepted: nil)
    )
    for links in [[a, b], [b, a]] {
      guard case .matrix(let whole) = try Self.given(links).whole() else {
        Issue.record("no matrix")
        return
      }
      let t = whole.transform
      #expect(t.moving == epi && t.fixed == mni && whole.file == "et.txt then tm.txt")
      #expect(t.fixedFromMoving.applied(to: WorldPoint(0, 0, 0)) == WorldPoint(7, 0, 0))
      #expect(t.warning?.contains("NOT ACCEPTED") == true && whole.inputs.count == 2)
      #expect(t.origin.contains("et.txt") && t.origin.contains("tm.txt"))
    }
  }

  @Test func whatProvesNoOrderIsRefused() throws {
    let (a, b, c) = (Self.end("a"), Self.end("b"), Self.end("c", .mni152))
    func refusal(_ links: [GivenTransforms.Link], _ isSame: Bool = false) -> String {
      do throws(Problem) {
        _ = try GivenTransforms(links: links, isSameWorld: isSame).whole()
        return ""
      } catch { return error.sentence }
    }
    let (ab, ba) = (try Self.link(a, b, right: 1), try Self.link(b, a, right: 1))
    #expect(refusal([ab, ba]).contains("lead back to where they began"))
    #expect(refusal([ab, try Self.link(a, c, right: 1)]).contains("begins at the same image"))
    // The second one the wrong way round.
    #expect(
      refusal([ab, try Self.link(c, b, right: 1)]).contains("`boldspect transform invert`"))
    // Two that do not meet: a person may say that they do, and then their order counts.
    let dc = try Self.link(Self.end("d"), c, right: 5)
    #expect(refusal([ab, dc]).contains("--same-world"))
    #expect(refusal([ab, dc], true).isEmpty && !refusal([dc, ab], true).isEmpty)
    let other = try Self.link(Self.end("b", .mni152), Self.end("x"), right: 1)
    #expect(refusal([ab, other]).contains("begins in MNI152 space"))
  }

  @Test func anImageIsCarriedByTheWholeChainAndEachLinkCounts() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let native = try files.image("native.nii", files.other, formCode: 1)
      let hash = try sha256(ofFile: native)
      let start = Transform.End(sha256: hash, space: .native, template: nil)
      let a = try Self.link(start, Self.end("t"), right: 3)
      let b = try Self.link(Self.end("t"), Self.end("m", .mni152), right: 4)
      var study = LoadedStudy(transforms: try Self.given([b, a]))
      let found = try study.read(native, as: .anatomy)
      #expect(abs((found.description.affine?.rows[0][3] ?? 0) - (-28 + 7)) < 1e-9)
      #expect(study.files[0].space == .mni152 && study.files[0].storedSpace == .native)
      try study.requireTransformsUsed()
      // One more, which nothing goes through.
      study.transforms = try Self.given([b, a, Self.link(Self.end("x"), Self.end("y"), right: 1)])
      #expect(throws: Problem.self) { try study.requireTransformsUsed() }
    }
  }

  @Test(arguments: [(Role.anatomy, false), (.gm, false), (.mask, true), (.seedImage, true)])
  func aWarpPutsVolumesOnItsFixedGrid(_ role: Role, _ isNearest: Bool) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      // A plane between two voxels: between 0 and 1 there is nothing for a mask.
      let native = try files.image("native.nii", files.other, formCode: 1) { $0.i < 7 ? 0 : 1 }
      let hash = try sha256(ofFile: native)
      let link = try Self.bend(
        Transform.End(sha256: hash, space: .native, template: nil), Self.end("m", .mni152),
        right: 6, files.other, files.grid, isAccepted: nil)
      var study = LoadedStudy(transforms: try Self.given([link]))
      let (d, volume) = try study.read(native, as: role)
      #expect(volume.grid == files.grid && d.grid == files.grid && d.formCode == 4)
      let inner = Set(volume.values.filter(\.isFinite))
      #expect(isNearest ? inner == [0, 1] : inner.count > 2, "\(inner)")
      // The step at x = −2 went 6 mm to the right.
      let y = WorldPoint(0, 0, 0)
      #expect(volume.nearest(WorldPoint(0, y.y, y.z)) == 0)
      #expect(volume.nearest(WorldPoint(10, y.y, y.z)) == 1)
      #expect(study.findings.contains { $0.text.contains("NOT ACCEPTED") })
      #expect(study.findings.contains { $0.text.contains("FIXED's grid of 12×12×12") })
      try study.requireTransformsUsed()
    }
  }

  @Test func aScanIsNotResampledByTheWay() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let native = try files.image("native.nii", files.other, formCode: 1)
      let start = Transform.End(sha256: try sha256(ofFile: native), space: .native, template: nil)
      let link = try Self.bend(
        start, Self.end("m", .mni152), right: 6, files.other, files.grid)
      for role in [Role.spect, .interictal] {
        var study = LoadedStudy(transforms: try Self.given([link]))
        #expect {
          try study.read(native, as: role)
        } throws: {
          ($0 as? Problem)?.sentence.contains("resample SPECT --like FIXED --transform w.json")
            == true
        }
      }
      let (d, _) = try ImageReader.readVolume(native)
      #expect(throws: Problem.self) {
        try Self.given([link]).requireUnbent(d, space: .native)
      }
    }
  }

  /// The run stays where it is; the atlas comes, label by label.
  @Test func anAtlasComesToANativeRunByItsWarp() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.image("mean.nii", files.other, formCode: 1)
      let atlas = try files.image("atlas_space-MNI152_dseg.nii") { $0.i < 6 ? 1 : 2 }
      let start = Transform.End(sha256: try sha256(ofFile: run), space: .native, template: nil)
      let link = try Self.bend(
        start, Self.end("m", .mni152), right: 6, files.other, files.grid, isAccepted: nil)
      var study = LoadedStudy()
      let d = try ImageReader.readVolume(run).description
      try study.admit(d, run, as: .bold)
      study.transforms = try Self.given([link])
      #expect(throws: Problem.self) { try study.requireTransformsUsed() }
      let map = try study.readAtlas(atlas, as: .atlas)
      #expect(map.grid.matches(files.other) && study.files[0].space == .native)
      // Labels change at x = −2.5 of MNI, which is −8.5 of the run.
      #expect(map.label(at: WorldPoint(-12, 0, 0)) == 1)
      #expect(map.label(at: WorldPoint(-4, 0, 0)) == 2)
      #expect(study.findings.contains { $0.text.contains("NOT ACCEPTED") })
      try study.requireTransformsUsed()
    }
  }

  /// A label map on the run's own voxels goes where the run goes; one of another grid does not.
  @Test func aNativeAtlasRidesWithItsRun() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.image("mean.nii", files.other, formCode: 1)
      let atlas = try files.image("dseg.nii", files.other, formCode: 1) { $0.i < 7 ? 1 : 2 }
      let alien = try files.image("alien.nii", formCode: 1) { $0.i < 7 ? 1 : 2 }
      let silent = try files.image("silent.nii", files.other, formCode: 4) { $0.i < 7 ? 1 : 2 }
      let d = try ImageReader.readVolume(run).description
      let start = Transform.End(sha256: d.sha256, space: .native, template: nil)
      let link = try Self.link(start, Self.end("m", .mni152), right: 9)
      var study = LoadedStudy(transforms: try Self.given([link]))
      _ = try study.read(run, as: .bold)
      let map = try study.readAtlas(atlas, as: .atlas)
      #expect(map.label(at: WorldPoint(5, 0, 0)) == 1 && map.label(at: WorldPoint(9, 0, 0)) == 2)
      #expect(study.files.last?.storedSpace == .native && study.files.last?.space == .mni152)
      #expect(throws: Problem.self) { try study.readAtlas(alien, as: .atlas) }
      // What says MNI is taken by its own millimetres.
      let own = try study.readAtlas(silent, as: .atlas)
      #expect(own.label(at: WorldPoint(-4, 0, 0)) == 1 && own.label(at: WorldPoint(1, 0, 0)) == 2)
    }
  }
}
