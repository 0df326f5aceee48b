import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Files made from bytes, by each format's description.
private enum Made {
  static func big<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
    withUnsafeBytes(of: x.bigEndian) { Array($0) }
  }
  static func big(_ x: Float) -> [UInt8] { big(x.bitPattern) }
  static func little<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
    withUnsafeBytes(of: x.littleEndian) { Array($0) }
  }

  /// An MGH image of shorts, 3 × 4 × 5, whose value is x + 10 y + 100 z + 1000 t.
  static func mgh(
    directions: [Float] = [-1, 0, 0, 0, 0, -1, 0, 1, 0], good: Int16 = 1, frames: Int32 = 2,
    type: Int32 = 4, size: [Float] = [2, 3, 4], centre: [Float] = [10, -20, 30],
    tail: [UInt8] = big(Float(2000))
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    for n in [1, 3, 4, 5, frames, type, 0] as [Int32] { bytes += big(n) }
    bytes += big(good)
    for x in size { bytes += big(x) }
    for x in directions + centre { bytes += big(x) }
    bytes += [UInt8](repeating: 0, count: 284 - bytes.count)
    for t in 0..<Int(frames) {
      for z in 0..<5 {
        for y in 0..<4 {
          for x in 0..<3 { bytes += big(Int16(x + 10 * y + 100 * z + 1000 * t)) }
        }
      }
    }
    return bytes + tail
  }

  /// The text of an AFNI header for the same values.
  static func afni(
    real: String? = nil, orient: [Int] = [0, 3, 4], delta: [Double] = [2, 3, 4],
    order: String = "LSB_FIRST~", factors: String = "0 0", scene: Int = 0
  ) -> String {
    func numbers(_ name: String, _ kind: String, _ values: [String]) -> String {
      "\ntype  = \(kind)-attribute\nname  = \(name)\ncount = \(values.count)\n "
        + values.joined(separator: " ") + "\n"
    }
    var text = "\ntype = string-attribute\nname = BYTEORDER_STRING\ncount = \(order.utf8.count)\n'"
    text += order + "\n"
    text += "\ntype = string-attribute\nname = HISTORY_NOTE\ncount = 13\n'Doe^Jane = 1~\n"
    text += numbers("DATASET_RANK", "integer", ["3", "2", "0"])
    text += numbers("DATASET_DIMENSIONS", "integer", ["3", "4", "5", "0", "0"])
    text += numbers("ORIENT_SPECIFIC", "integer", orient.map(String.init))
    text += numbers("ORIGIN", "float", ["-5", "7", "9"])
    text += numbers("DELTA", "float", delta.map { "\($0)" })
    text += numbers("BRICK_TYPES", "integer", ["1", "1"])
    text += numbers("BRICK_FLOAT_FACS", "float", factors.split(separator: " ").map(String.init))
    text += numbers("SCENE_DATA", "integer", ["\(scene)", "0", "0"])
    text += numbers("TAXIS_NUMS", "integer", ["2", "0", "77001"])
    text += numbers("TAXIS_FLOATS", "float", ["0", "1500"])
    if let real {
      text += numbers("IJK_TO_DICOM_REAL", "float", real.split(separator: " ").map(String.init))
    }
    return text
  }

  static var brick: [UInt8] {
    var bytes: [UInt8] = []
    for t in 0..<2 {
      for z in 0..<5 {
        for y in 0..<4 {
          for x in 0..<3 { bytes += little(Int16(x + 10 * y + 100 * z + 1000 * t)) }
        }
      }
    }
    return bytes
  }

  /// A CIFTI-2 series of three moments: four points of the cortex, then voxels (1,2,3) and (2,0,1) of a volume of
  /// 4 × 5 × 6; the value is 10 row + moment.
  static func cifti(
    voxels: String = "1 2 3 2 0 1", rows: Int = 6, offset: Int = 4, version: String = "2",
    points: Int = 3
  ) -> [UInt8] {
    let xml = """
      <?xml version="1.0" encoding="UTF-8"?><CIFTI Version="\(version)"><Matrix>
      <MatrixIndicesMap AppliesToMatrixDimension="0" IndicesMapToDataType="CIFTI_INDEX_TYPE_SERIES"
       NumberOfSeriesPoints="\(points)" SeriesExponent="-3" SeriesStart="0" SeriesStep="720" SeriesUnit="SECOND"/>
      <MatrixIndicesMap AppliesToMatrixDimension="1" IndicesMapToDataType="CIFTI_INDEX_TYPE_BRAIN_MODELS">
      <Volume VolumeDimensions="4,5,6"><TransformationMatrixVoxelIndicesIJKtoXYZ MeterExponent="-3">
      -2 0 0 90  0 2 0 -126  0 0 2 -72  0 0 0 1</TransformationMatrixVoxelIndicesIJKtoXYZ></Volume>
      <BrainModel IndexOffset="0" IndexCount="4" ModelType="CIFTI_MODEL_TYPE_SURFACE"
       BrainStructure="CIFTI_STRUCTURE_CORTEX_LEFT" SurfaceNumberOfVertices="9"><VertexIndices>0 1 2 3</VertexIndices></BrainModel>
      <BrainModel IndexOffset="\(offset)" IndexCount="2" ModelType="CIFTI_MODEL_TYPE_VOXELS"
       BrainStructure="CIFTI_STRUCTURE_THALAMUS_LEFT"><VoxelIndicesIJK>\(voxels)</VoxelIndicesIJK></BrainModel>
      </MatrixIndicesMap></Matrix></CIFTI>
      """
    var text = Array(xml.utf8)
    text += [UInt8](repeating: 0, count: (16 - (text.count + 8) % 16) % 16)
    let begin = 544 + 8 + text.count
    var bytes =
      little(Int32(540)) + Array("n+2\0\r\n\u{1a}\n".utf8) + little(Int16(16)) + little(Int16(32))
    for n in [6, 1, 1, 1, 1, 3, rows, 1] { bytes += little(Int64(n)) }
    bytes += [UInt8](repeating: 0, count: 540 - bytes.count)
    bytes.replaceSubrange(168..<176, with: little(Int64(begin)))
    bytes.replaceSubrange(504..<508, with: little(Int32(3002)))
    bytes += [1, 0, 0, 0] + little(Int32(8 + text.count)) + little(Int32(32)) + text
    for row in 0..<rows {
      for t in 0..<3 { bytes += little(Float(10 * row + t).bitPattern) }
    }
    return bytes
  }
}

@Suite("Formats beside NIfTI: values and millimetres as their descriptions say")
struct FormatTests {
  private func file(_ folder: String, _ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  private func value(
    _ found: (description: ImageDescription, samples: SampleStore), _ p: WorldPoint
  )
    -> Double?
  {
    let v = Volume(
      grid: found.description.grid,
      values: found.samples.floats(0..<found.description.grid.count))
    return Double(v.nearest(p))
  }

  private func refusal(_ path: String) -> String {
    let problem = #expect(throws: Problem.self) { _ = try ImageReader.read(path) }
    return problem?.sentence ?? ""
  }

  @Test func anMGHImageLiesWhereItsCentreSays() throws {
    try withTemporaryFolder { folder in
      let found = try ImageReader.read(try file(folder, "a.mgh", Made.mgh()))
      let d = found.description
      #expect(d.shape == [3, 4, 5, 2] && d.laterality == .known && d.formCode == 1)
      #expect(d.headerRepetitionTimeSeconds == 2)
      #expect(d.orientation == "LIA")
      // x runs to the left, y down, z forward; the centre is the place of index (1.5, 2, 2.5).
      let p = WorldPoint(10 + 2 * 1.5, -20 - 4 * 2.5, 30 + 3 * 2)
      #expect(value(found, p) == 0)
      #expect(value(found, WorldPoint(p.x - 4, p.y + 4, p.z - 3)) == 112)
      #expect(found.samples.floats(60..<61) == [1000])
    }
  }

  /// As `gzip` writes it.
  private func zipped(_ path: String) throws -> String {
    let zip = Process()
    zip.executableURL = URL(filePath: "/usr/bin/gzip")
    zip.arguments = [path]
    try zip.run()
    zip.waitUntilExit()
    return path + ".gz"
  }

  @Test func compressedFilesOpenToTheirEnd() throws {
    try withTemporaryFolder { folder in
      let packed = try zipped(try file(folder, "a.mgh", Made.mgh()))
      let short = folder + "/b.mgz"
      try FileManager.default.copyItem(atPath: packed, toPath: short)
      for path in [packed, short] {
        let found = try ImageReader.read(path)
        #expect(found.samples.floats(60..<61) == [1000])
        #expect(found.description.headerRepetitionTimeSeconds == 2)
      }
      let head = try afni(folder, "a+orig", Made.afni())
      _ = try zipped(folder + "/a+orig.BRIK")
      #expect(try ImageReader.read(head).samples.floats(60..<61) == [1000])
      // What follows the compressed image is told in every format.
      for name in ["/b.mgz", "/a+orig.BRIK.gz"] {
        let handle = try #require(FileHandle(forWritingAtPath: folder + name))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("junk".utf8))
        try handle.close()
      }
      for path in [short, head] {
        #expect(try ImageReader.describe(path).findings.map(\.code).contains("trailing-junk"))
      }
    }
  }

  @Test func aSidecarOfACIFTISeriesIsCompared() throws {
    try withTemporaryFolder { folder in
      let path = try file(folder, "a.dtseries.nii", Made.cifti())
      _ = try file(folder, "a.json", Array("{\"RepetitionTime\": 2.0}".utf8))
      #expect(try ImageReader.describe(path).blockingTime != nil)
    }
  }

  @Test func anMGHImageWithoutDirectionsHasNoSides() throws {
    try withTemporaryFolder { folder in
      let d = try ImageReader.describe(try file(folder, "a.mgh", Made.mgh(good: 0)))
      #expect(d.laterality == .unknown && d.affine == nil && d.form == .none)
      #expect(d.findings.contains { $0.code == "laterality-unknown" })
    }
  }

  @Test func oddMGHImagesAreRefused() throws {
    try withTemporaryFolder { folder in
      let long: [Float] = [-2, 0, 0, 0, 0, -1, 0, 1, 0]
      let flat: [Float] = [1, 0, 0, 1, 0, 0, 0, 1, 0]
      let slanted: [Float] = [-1, 0, 0, 0.6, 0, -0.8, 0, 1, 0]
      let nan: [Float] = [.nan, 0, 0, 0, 0, -1, 0, 1, 0]
      let cases: [(bytes: [UInt8], word: String)] = [
        (Made.mgh(directions: long), "length 2"),
        (Made.mgh(directions: flat), "right angles"),
        (Made.mgh(directions: slanted), "right angles"),
        (Made.mgh(size: [-2, 3, 4]), "positive sizes"),
        (Made.mgh(centre: [10, 1e33, 30]), "within a kilometre"),
        (Made.mgh(directions: nan), "not finite"), (Made.mgh(type: 2), "code 2"),
        (Array(Made.mgh().prefix(400)), "more than its 400 bytes"),
        (Array(Made.mgh().prefix(100)), "ends after 100"), ([], "empty"),
      ]
      for (n, one) in cases.enumerated() {
        let words = refusal(try file(folder, "\(n).mgh", one.bytes))
        #expect(words.contains(one.word), "\(n): \(words)")
      }
    }
  }

  private func afni(
    _ folder: String, _ name: String, _ text: String, _ brick: [UInt8] = Made.brick
  ) throws -> String {
    _ = try file(folder, name + ".BRIK", brick)
    return try file(folder, name + ".HEAD", Array(text.utf8))
  }

  /// What a workspace looks at beside an image, so that a changed half of it is no image of before.
  @Test func whatIsReadAlongWithAnImageIsItsOtherHalf() throws {
    try withTemporaryFolder { folder in
      let head = try afni(folder, "a+orig", Made.afni())
      #expect(fileReadAlong(with: head) == folder + "/a+orig.BRIK")
      #expect(fileReadAlong(with: folder + "/a+orig.BRIK") == head)
      for name in ["p.hdr", "p.img", "q.HDR", "q.IMG", "s.nii.gz", "s.json", "alone.nii"] {
        _ = try file(folder, name, [0])
      }
      for (name, other) in [
        ("p.hdr", "p.img"), ("p.img", "p.hdr"), ("q.HDR", "q.IMG"), ("s.nii.gz", "s.json"),
      ] {
        #expect(fileReadAlong(with: folder + "/" + name) == folder + "/" + other, "\(name)")
      }
      for name in ["alone.nii", "s.json"] {
        #expect(fileReadAlong(with: folder + "/" + name) == nil, "\(name)")
      }
    }
  }

  @Test func anAFNIImageIsTurnedFromDICOMToRAS() throws {
    try withTemporaryFolder { folder in
      let path = try afni(folder, "a+orig", Made.afni())
      for one in [path, folder + "/a+orig.BRIK"] {
        let found = try ImageReader.read(one)
        let d = found.description
        #expect(d.orientation == "LPS" && d.laterality == .known && d.formCode == 1)
        #expect(d.headerRepetitionTimeSeconds == 1.5)
        // DICOM (-5 + 2 x, 7 + 3 y, 9 + 4 z).
        #expect(value(found, WorldPoint(5 - 4, -7 - 3, 9 + 16)) == 412)
      }
      #expect(
        !(try ImageReader.identify(path).header.findings.map(\.text).joined()).contains("Doe"))
    }
  }

  @Test func theObliqueMatrixOfAnAFNIImageIsUsedAndItsHandednessCompared() throws {
    try withTemporaryFolder { folder in
      let same = try afni(folder, "a+orig", Made.afni(real: "2 0 0 -5 0 3 0 7.5 0 0 4 9"))
      #expect(try ImageReader.describe(same).affine?.rows[1] == [0, -3, 0, -7.5])
      let larger = try afni(folder, "c+orig", Made.afni(real: "4 0 0 -5 0 3 0 7 0 0 4 9"))
      #expect(try ImageReader.describe(larger).findings.map(\.code) == ["spacing-differs"])
      let mirrored = try afni(folder, "b+orig", Made.afni(real: "-2 0 0 -5 0 3 0 7 0 0 4 9"))
      let d = try ImageReader.describe(mirrored)
      #expect(d.laterality == .unknown)
      #expect(d.findings.contains { $0.code == "forms-mirror" && $0.severity == .blocking })
    }
  }

  @Test func factorsOfSubBricksAreApplied() throws {
    try withTemporaryFolder { folder in
      let alike = try ImageReader.read(try afni(folder, "a+orig", Made.afni(factors: "0.5 0.5")))
      #expect(alike.description.slope == 0.5 && alike.samples.floats(61..<62) == [500.5])
      let unlike = try ImageReader.read(try afni(folder, "b+orig", Made.afni(factors: "0 0.5")))
      #expect(unlike.description.type == .float32)
      #expect(unlike.samples.floats(1..<2) == [1] && unlike.samples.floats(61..<62) == [500.5])
    }
  }

  @Test func theWorldOfAnAFNIImageIsWhatItStates() throws {
    try withTemporaryFolder { folder in
      let acpc = try afni(folder, "a+acpc", Made.afni(scene: 1))
      let tlrc = try afni(folder, "a+tlrc", Made.afni(scene: 2))
      #expect(try ImageReader.describe(acpc).formCode == 2)
      #expect(try ImageReader.describe(tlrc).formCode == 3)
    }
  }

  @Test func doubtfulAFNIImagesAreRefused() throws {
    try withTemporaryFolder { folder in
      let cases: [(text: String, brick: [UInt8], word: String)] = [
        (Made.afni(delta: [-2, 3, 4]), Made.brick, "different directions"),
        (Made.afni(orient: [0, 1, 4], delta: [2, -3, 4]), Made.brick, "cannot be inverted"),
        (Made.afni(order: "~"), Made.brick, "order of its bytes"),
        (Made.afni(factors: "-1 1"), Made.brick, "negative"),
        (Made.afni(), Array(Made.brick.dropLast(2)), "can hold"),
        (Made.afni().replacing("DATASET_RANK", with: "OTHER"), Made.brick, "no DATASET_RANK"),
        (String(Made.afni().prefix(300)), Made.brick, "+orig.HEAD"),
        ("", Made.brick, "no attributes"),
      ]
      for (n, one) in cases.enumerated() {
        let words = refusal(try afni(folder, "\(n)+orig", one.text, one.brick))
        #expect(words.contains(one.word), "\(n): \(words)")
      }
      let leak = Made.afni().replacing(
        "string-attribute\nname = HISTORY", with: "float-attribute\nname = HISTORY")
      let short = Made.afni().replacing("count = 13", with: "count = 9")
      for (n, text) in [leak, short].enumerated() {
        let words = refusal(try afni(folder, "leak\(n)+orig", text))
        #expect(!words.contains("Doe") && !words.isEmpty, "\(words)")
      }
      let two = try afni(folder, "two+orig", Made.afni())
      _ = try file(folder, "two+orig.BRIK.gz", [])
      #expect(refusal(two).contains("2 files of voxels"))
    }
  }

  @Test func theVolumePartOfACIFTIFileIsAnImage() throws {
    try withTemporaryFolder { folder in
      let found = try ImageReader.read(try file(folder, "a.dtseries.nii", Made.cifti()))
      let d = found.description
      #expect(d.shape == [4, 5, 6, 3] && d.orientation == "LAS" && d.formCode == 5)
      #expect(d.headerRepetitionTimeSeconds.map { abs($0 - 0.72) < 1e-9 } == true)
      let about = d.findings.first { $0.code == "cifti-volume" }?.text ?? ""
      #expect(about.contains("4 points of CORTEX_LEFT") && about.contains("2 voxels"))
      #expect(value(found, WorldPoint(90 - 2, -126 + 4, -72 + 6)) == 40)
      #expect(value(found, WorldPoint(90 - 4, -126, -72 + 2)) == 50)
      let all = found.samples.floats(0..<360)
      #expect(all.filter { $0 != 0 } == [50, 40, 51, 41, 52, 42])
    }
  }

  @Test func damagedCIFTIFilesAreRefused() throws {
    try withTemporaryFolder { folder in
      let bomb = Array(Made.cifti())
      let cases: [(bytes: [UInt8], word: String)] = [
        (Made.cifti(voxels: "1 2 3 1 2 3"), "twice"),
        (Made.cifti(voxels: "1 2 3 4 0 1"), "outside"),
        (Made.cifti(voxels: "1 2 3 2 0"), "triples"), (Made.cifti(voxels: "1 2 3"), "lists 1"),
        (Made.cifti(offset: 5), "do not follow"), (Made.cifti(rows: 7), "its matrix 7"),
        (Made.cifti(version: "1"), "version '1'"), (Array(bomb.dropLast(5)), "can hold"),
        (Array(bomb.prefix(900)), "inside its XML"), (Made.cifti(points: 4), "4 points"),
      ]
      for (n, one) in cases.enumerated() {
        let words = refusal(try file(folder, "\(n).dtseries.nii", one.bytes))
        #expect(words.contains(one.word), "\(n): \(words)")
      }
    }
  }

  @Test func aGIFTIFileIsNamedByWhatItHolds() throws {
    let text = """
      <?xml version="1.0"?><GIFTI Version="1.0" NumberOfDataArrays="2">
      <DataArray Intent="NIFTI_INTENT_POINTSET" Dim0="32492" Dim1="3"><MetaData><MD>
      <Name>AnatomicalStructurePrimary</Name><Value>CortexLeft</Value></MD></MetaData><Data>AAAA</Data></DataArray>
      <DataArray Intent="NIFTI_INTENT_TRIANGLE" Dim0="64980" Dim1="3"><Data>AAAA</Data></DataArray></GIFTI>
      """
    try withTemporaryFolder { folder in
      let words = refusal(try file(folder, "lh.surf.gii", Array(text.utf8)))
      #expect(words.contains("32492 points and 64980 triangles, CortexLeft"), "\(words)")
      #expect(refusal(try file(folder, "b.gii", Array(text.utf8.prefix(200)))).contains("damaged"))
      let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><GIFTI>&b;</GIFTI>"
      #expect(refusal(try file(folder, "c.gii", Array(bomb.utf8))).contains("entities"))
    }
  }
}
