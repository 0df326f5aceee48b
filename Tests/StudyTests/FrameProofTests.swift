import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// Which images are known to lie in the frame of reference of a DICOM object.
@Suite struct FrameProofTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "boldspect-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(SmallDICOM.source()).write(to: URL(filePath: folder + "/source.dcm"))
  }

  private static let grid = Small.grid(
    4, 4, 4, spacing: (2, 3, 4), origin: WorldPoint(10, 20, 30))

  /// Writes an image and, where it is given, what stands beside it.
  private func image(
    _ name: String, _ sidecar: [(String, JSON)]? = nil, grid: Grid = Self.grid, formCode: Int = 1,
    note: String = "test", value: Float = 1
  ) throws -> (ImageDescription, String) {
    let path = folder + "/" + name
    try ImageWriter.write(
      path, Small.volume(grid) { Float($0.i) + value }, formCode: formCode, note: note,
      overwrite: true)
    if let sidecar {
      try JSON.object(sidecar).text.write(
        toFile: sidecarPath(path), atomically: true, encoding: .utf8)
    }
    return (try ImageReader.identify(path), path)
  }

  private func frame(
    imported: [String] = [], isStated: Bool = false, source: String = "source.dcm"
  ) throws -> SourceFrame {
    let path = folder + "/" + source
    return try SourceFrame(
      try ExportSource(path), path: path, imported: imported,
      statement: isStated ? "seen beside each other" : nil)
  }

  private func proof(
    _ image: (ImageDescription, String), imported: [String] = [], isStated: Bool = false
  ) throws -> FrameProof {
    let volume = try ImageReader.readVolume(image.1).volume
    return try frame(imported: imported, isStated: isStated).proof(of: image.0, volume, image.1)
  }

  private static let own: [(String, JSON)] = [
    ("FrameOfReferenceUID", .string(SmallDICOM.frame)), ("PatientID", .string("PAT-007")),
  ]

  @Test func aSidecarProvesAndNothingDoesNot() throws {
    #expect(try proof(try image("a.nii", Self.own)) == .frame)
    let series = [("SeriesInstanceUID", JSON.string(SmallDICOM.series))]
    #expect(try proof(try image("b.nii", series)) == .series)
    // Another series of the frame or not: who knows.
    let other = [("SeriesInstanceUID", JSON.string("1.2.3"))]
    for sidecar in [other, [], nil] {
      let plain = try image("c\(sidecar?.count ?? 9).nii", sidecar)
      #expect(throws: Problem.self) { try proof(plain) }
      #expect(try proof(plain, isStated: true) == .stated)
    }
  }

  @Test func aWordAgainstItCannotBeOverruled() throws {
    for (key, value) in [
      ("FrameOfReferenceUID", "1.2.3"), ("PatientID", "PAT-008"), ("StudyInstanceUID", "1.2.3"),
    ] {
      let image = try image("a.nii", [(key, .string(value))])
      for isStated in [false, true] {
        #expect(throws: Problem.self, "\(key)") { try proof(image, isStated: isStated) }
      }
    }
    let of = JSON.object([("sha256", .string(String(repeating: "0", count: 64)))])
    let foreign = try image("b.nii", Self.own + [("image", of)])
    #expect(throws: Problem.self) { try proof(foreign, isStated: true) }
    // A person far away from the source's slice.
    let far = try image(
      "c.nii", grid: Small.grid(4, 4, 4, origin: WorldPoint(500, 20, 30)))
    #expect(throws: Problem.self) { try proof(far, isStated: true) }
  }

  @Test func templatesAndUnknownSidesNeverGoOut() throws {
    let space = [("space", JSON.string("MNI152"))]
    for image in [
      try image("a.nii", Self.own, formCode: 4), try image("b.nii", Self.own, formCode: 3),
      try image("c.nii", Self.own, formCode: 5), try image("d.nii", Self.own, formCode: 0),
      try image("x_space-MNI152NLin6Asym_map.nii", Self.own),
      try image("x_space-fsaverage_map.nii", Self.own), try image("e.nii", Self.own + space),
    ] {
      #expect(throws: Problem.self, "\(image.1)") { try proof(image, isStated: true) }
    }
    #expect(try proof(try image("x_space-T1w_map.nii", Self.own, formCode: 2)) == .frame)
  }

  /// A map's sidecar as the program writes it.
  private func made(
    of inputs: [(String, String)], _ d: ImageDescription, space: String = "native"
  ) -> [(String, JSON)] {
    [
      ("GeneratedBy", .string("boldspect")), ("command", .string("seedmap")),
      ("space", .string(space)),
      (
        "inputs",
        .array(
          inputs.map { .object([("role", .string($0.0)), ("sha256", .string($0.1))]) })
      ), ("image", .object([("sha256", .string(d.sha256))])),
    ]
  }

  @Test func aMapFollowsTheImageThatItWasMadeOf() throws {
    let origin = try image("run.nii", Self.own)
    let other = try image("other.nii", value: 7)
    let hash = origin.0.sha256
    let plain = try image("map.nii", value: 3)
    func proven(_ inputs: [(String, String)], grid: Grid = Self.grid) throws -> FrameProof {
      let (d, _) = try image("map.nii", grid: grid, value: 3)
      return try proof(
        try image("map.nii", made(of: inputs, d), grid: grid, value: 3), imported: [origin.1])
    }
    let chain = FrameProof.chain(imageSHA256: hash, ofSeries: false)
    #expect(try proven([("bold", hash), ("mask", other.0.sha256)]) == chain)
    #expect(chain.words.contains(hash.prefix(12)))
    for inputs in [
      [], [("mask", hash)], [("like", hash), ("image", other.0.sha256)],
      [("bold", other.0.sha256)], [("bold", hash), ("transform", other.0.sha256)],
      [("bold", hash), ("bold", other.0.sha256)],
    ] {
      #expect(throws: Problem.self, "\(inputs.map(\.0))") { try proven(inputs) }
    }
    let shifted = Small.grid(4, 4, 4, spacing: (2, 3, 4), origin: WorldPoint(10, 20, 30.01))
    #expect(throws: Problem.self) { try proven([("bold", hash)], grid: shifted) }
    // The image at the beginning of the chain must be known to lie there itself.
    let sidecar = made(of: [("bold", other.0.sha256)], plain.0)
    let orphan = try image("map.nii", sidecar, value: 3)
    #expect(throws: Problem.self) { try proof(orphan, imported: [other.1]) }
  }

  @Test func aPlaceFollowsItsImage() throws {
    let origin = try image("run.nii", Self.own)
    let frame = try frame(imported: [origin.1])
    #expect(
      try frame.proof(ofPlaceIn: origin.0.sha256, among: [], name: "t")
        == .chain(imageSHA256: origin.0.sha256, ofSeries: false))
    #expect(try frame.proof(ofPlaceIn: "ab", among: [("ab", .series)], name: "t") == .series)
    for hash in ["cd", nil] {
      #expect(throws: Problem.self) { try frame.proof(ofPlaceIn: hash, among: [], name: "t") }
    }
    let stated = try self.frame(isStated: true)
    #expect(try stated.proof(ofPlaceIn: nil, among: [], name: "t") == .stated)
  }

  /// A series of two slices, one file each, and the same numbers in the axes of another program.
  @Test func aSeriesProvesWhatWasMadeOfIt() throws {
    let dicom = folder + "/series"
    try FileManager.default.createDirectory(atPath: dicom, withIntermediateDirectories: true)
    for n in 0..<2 {
      let pixels: [UInt8] = (1...4).flatMap { pixel -> [UInt8] in [UInt8(10 * n + pixel), 0] }
      let file = SmallDICOM.source([
        SmallDICOM.text(0x0008_0018, "UI", "1.2.826.0.1.9\(n)"),
        SmallDICOM.text(0x0020_0013, "IS", "\(n + 1)"),
        SmallDICOM.text(0x0020_0032, "DS", "-10\\-20\\\(30 + 4 * n)"),
        (0x7fe0_0010, "OW", pixels),
      ])
      try Data(file).write(to: URL(filePath: dicom + "/\(n).dcm"))
    }
    let (d, volume) = try ImageReader.readVolume(dicom + "/0.dcm")
    #expect(volume.grid.count == 8)
    // The reader turns no axes; here i runs to the right, whichever way it runs there.
    let grid = Small.grid(2, 2, 2, spacing: (2, 3, 4), origin: WorldPoint(10, 20, 30))
    func copy(_ name: String, _ change: Float, shift: Double = 0) throws -> (
      ImageDescription, String
    ) {
      let place = Small.grid(
        2, 2, 2, spacing: (2, 3, 4), origin: WorldPoint(10 + shift, 20, 30))
      let path = folder + "/" + name
      try ImageWriter.write(
        path,
        Small.volume(place) { v in
          volume.nearest(grid.world(v)) + (v.i == 1 && v.j == 1 && v.k == 1 ? change : 0)
        }, formCode: 1, note: "copy", overwrite: true)
      return (try ImageReader.identify(path), path)
    }
    func proven(_ image: (ImageDescription, String)) throws -> FrameProof {
      try frame(source: "series/0.dcm").proof(
        of: image.0, try ImageReader.readVolume(image.1).volume, image.1)
    }
    #expect(
      try proven(try copy("same.nii", 0)) == .sameVoxels(imageSHA256: d.sha256, ofSeries: true))
    let changed = try copy("changed.nii", 1)
    #expect(throws: Problem.self) { try proven(changed) }
    let shifted = try copy("shifted.nii", 0, shift: 0.02)
    #expect(throws: Problem.self) { try proven(shifted) }
    // A map of the series itself.
    let plain = try image("map.nii", grid: grid)
    let map = try image("map.nii", made(of: [("bold", d.sha256)], plain.0), grid: grid)
    #expect(try proven(map) == .chain(imageSHA256: d.sha256, ofSeries: true))
    // What `import` writes names the series by its hash, and itself.
    func imported(_ series: String, _ own: String) throws -> (ImageDescription, String) {
      try image(
        "map.nii",
        [
          ("GeneratedBy", .string("boldspect")), ("SourcesSHA256", .string(series)),
          ("image", .object([("sha256", .string(own))])),
        ], grid: grid)
    }
    #expect(
      try proven(try imported(d.sha256, plain.0.sha256))
        == .chain(imageSHA256: d.sha256, ofSeries: true))
    for (series, own) in [("ab", plain.0.sha256), (d.sha256, "ab")] {
      let foreign = try imported(series, own)
      #expect(throws: Problem.self) { try proven(foreign) }
    }
    // Another series of the frame is known by its name; one of another person is refused.
    #expect(
      try frame(imported: [dicom]).proof(ofPlaceIn: d.sha256, among: [], name: "t")
        == .chain(imageSHA256: d.sha256, ofSeries: true))
    let stranger = SmallDICOM.source([SmallDICOM.text(0x0010_0020, "LO", "PAT-008")])
    try Data(stranger).write(to: URL(filePath: folder + "/stranger.dcm"))
    #expect(throws: Problem.self) { try frame(imported: [dicom], source: "stranger.dcm") }
  }

  @Test func theSyntheticPersonHasNoDICOM() throws {
    let plain = try image("a.nii", Self.own)
    #expect(try proof(plain) == .frame)
    let sample = try image("a.nii", Self.own, note: syntheticPersonMark)
    #expect(throws: Problem.self) { try proof(sample, isStated: true) }
  }
}
