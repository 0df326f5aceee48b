import Basics
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// A SPECT that a transform carries comes through the door where it comes to lie.
@Suite struct CarriedPerfusionTests {
  static let shift = Affine(rows: [[1, 0, 0, 5], [0, 1, 0, 0], [0, 0, 1, 0]])

  /// A transform 5 mm along x, between two files or from one to MNI space.
  static func transform(
    _ name: String, _ moving: String, to fixed: String?, in folder: String, isAccepted: Bool? = nil
  ) throws -> String {
    let path = folder + "/" + name
    let there =
      try fixed.map {
        Transform.End(sha256: try sha256(ofFile: $0), space: .native, template: nil)
      }
      ?? Transform.End(
        sha256: String(repeating: "f", count: 64), space: .mni152, template: "MNI152NLin6Asym")
    let t = try Transform(
      fixedFromMoving: shift,
      moving: Transform.End(sha256: try sha256(ofFile: moving), space: .native, template: nil),
      fixed: there, origin: "a test", isAccepted: isAccepted, file: name)
    try TransformFile.write(path, t, version: "t", overwrite: false)
    return path
  }

  @Test(arguments: [true, nil]) func oneScanIsJudgedWhereItLies(_ isAccepted: Bool?) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let scan = try files.image("spect.nii", formCode: 1)
      let path = try Self.transform("t.txt", scan, to: nil, in: folder, isAccepted: isAccepted)
      var found = try LoadedPerfusion(scan, role: "spect", by: [path], into: LoadedStudy())
      let file = try #require(found.study.files.last)
      #expect(file.space == .mni152 && file.storedSpace == .native && found.space == .mni152)
      #expect(file.grid.matches(found.volume.grid) && file.grid.world(at: 0).x == -25)
      #expect(file.alignment != .sameWorld && file.alignment != .notRegistered)
      #expect(found.inputs.map(\.role) == ["spect", "transform"])
      let codes = isAccepted == true ? ["carried"] : ["not-accepted", "carried"]
      #expect(found.findings.map(\.code) == codes)
      found.gatherFindings()
      #expect(found.findings.map(\.code) == codes)
      // A mask in MNI space lies over it now, and a native one on another grid does not.
      _ = try found.givenBrain(try files.image("mask_space-MNI152.nii") { _ in 1 })
      let native = try files.image("mask.nii", files.other, formCode: 1) { _ in 1 }
      #expect(throws: Problem.self) { try found.givenBrain(native) }
      let other = try files.image("other.nii", files.other, formCode: 1)
      #expect(throws: Problem.self) {
        try LoadedPerfusion(other, role: "spect", by: [path], into: LoadedStudy())
      }
    }
  }

  @Test func aPairIsLaidOnEachOtherEitherWayRound() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let a = try files.image("a.nii", formCode: 1)
      let b = try files.image("b.nii", files.other, formCode: 1)
      func pair(_ paths: [String]) throws -> LoadedPair {
        try LoadedPair(
          (a, "ictal", .spect), (b, "interictal", .interictal), by: paths, into: LoadedStudy())
      }
      let plain = try pair([])
      #expect(plain.registration == nil && plain.second.study.files.count == 2)
      #expect(plain.second.volume.grid.world(at: 0).x == -28)
      let ways = [
        (try Self.transform("ba.txt", b, to: a, in: folder), -23.0),
        (try Self.transform("ab.txt", a, to: b, in: folder), -33.0),
      ]
      for (path, x) in ways {
        let found = try pair([path])
        #expect(found.second.volume.grid.world(at: 0).x == x)
        #expect(found.first.volume.grid.world(at: 0).x == -30)
        #expect(found.registration?.contains("NOT ACCEPTED") == true)
        let file = try #require(found.second.study.files.last)
        #expect(file.alignment.words.contains("NOT ACCEPTED"))
        #expect(found.second.findings.map(\.code) == ["not-accepted", "carried"])
      }
      // Each to a third image.
      let both = try pair([
        try Self.transform("b.txt", b, to: nil, in: folder, isAccepted: true),
        try Self.transform("a.txt", a, to: nil, in: folder, isAccepted: true),
      ])
      #expect(both.first.space == .mni152 && both.second.space == .mni152)
      #expect(both.second.findings.map(\.code) == ["carried"])
      for wrong in [[ways[0].0, ways[1].0], [ways[0].0, ways[0].0, ways[0].0]] {
        #expect(throws: Problem.self) { try pair(wrong) }
      }
      let stranger = try files.image("c.nii", files.far, formCode: 1)
      let far = try Self.transform("c.txt", stranger, to: a, in: folder)
      #expect(throws: Problem.self) { try pair([far]) }
      #expect(throws: Problem.self) {
        try LoadedPair(
          (a, "ictal", .spect), (a, "interictal", .interictal), by: [], into: LoadedStudy())
      }
    }
  }
}
