import Foundation
import ImageFiles
import Imaging
import TestSupport

/// Small files that are right, for libFuzzer to change.
enum Seeds {
  static func little<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
    withUnsafeBytes(of: x.littleEndian) { Array($0) }
  }
  static func big<T: FixedWidthInteger>(_ x: T) -> [UInt8] {
    withUnsafeBytes(of: x.bigEndian) { Array($0) }
  }

  private static func put(_ bytes: inout [UInt8], _ value: [UInt8], _ at: Int) {
    bytes.replaceSubrange(at..<at + value.count, with: value)
  }

  /// A NIfTI-1 header of 3 × 4 × 5 and its voxels.
  static func nifti1(
    frames: Int = 1, type: Int16 = 4, bits: Int16 = 16, isBig: Bool = false, qform: Bool = false
  ) -> [UInt8] {
    func whole<T: FixedWidthInteger>(_ x: T) -> [UInt8] { isBig ? big(x) : little(x) }
    func real(_ x: Float) -> [UInt8] { whole(x.bitPattern) }
    let count = 60 * frames * Int(bits) / 8
    var b = [UInt8](repeating: 0, count: 352)
    put(&b, whole(Int32(348)), 0)
    let shape = [frames > 1 ? 4 : 3, 3, 4, 5, frames, 1, 1, 1]
    for (n, d) in shape.enumerated() { put(&b, whole(Int16(d)), 40 + 2 * n) }
    put(&b, whole(type), 70)
    put(&b, whole(bits), 72)
    for (n, p) in [1, 2, 2, 2, 2, 0, 0, 0].enumerated() { put(&b, real(Float(p)), 76 + 4 * n) }
    put(&b, real(352), 108)
    put(&b, real(0.5), 112)
    b[123] = 10
    put(&b, whole(Int16(qform ? 1 : 0)), 252)
    put(&b, whole(Int16(1)), 254)
    let rows: [Float] = [2, 0, 0, -3, 0, 2, 0, -4, 0, 0, 2, -5]
    for (n, v) in [rows[3], rows[7], rows[11]].enumerated() { put(&b, real(v), 268 + 4 * n) }
    for (n, v) in rows.enumerated() { put(&b, real(v), 280 + 4 * n) }
    put(&b, Array("n+1\0".utf8), 344)
    return b + (0..<count).map { UInt8($0 & 0x3f) }
  }

  static var nifti2: [UInt8] {
    var b = [UInt8](repeating: 0, count: 544)
    put(&b, little(Int32(540)) + Array("n+2\0\r\n\u{1a}\n".utf8) + little(Int16(16)), 0)
    put(&b, little(Int16(32)), 14)
    for (n, d) in [3, 3, 4, 5, 1, 1, 1, 1].enumerated() { put(&b, little(Int64(d)), 16 + 8 * n) }
    for n in 0..<4 { put(&b, little((n == 0 ? 1.0 : 2.0).bitPattern), 104 + 8 * n) }
    put(&b, little(Int64(544)), 168)
    put(&b, little(Int32(2)), 348)
    let rows = [2.0, 0, 0, -3, 0, 2, 0, -4, 0, 0, 2, -5]
    for (n, v) in rows.enumerated() { put(&b, little(v.bitPattern), 400 + 8 * n) }
    put(&b, little(Int32(2)), 500)
    return b + [UInt8](repeating: 0x3f, count: 240)
  }

  static var nifti: [[UInt8]] {
    var extended = nifti1()
    put(&extended, [1, 0, 0, 0], 348)
    put(&extended, little(Float(384).bitPattern), 108)
    let extra = little(Int32(32)) + little(Int32(6)) + [UInt8](repeating: 65, count: 24)
    extended.insert(contentsOf: extra, at: 352)
    return [
      nifti1(), nifti1(frames: 3), nifti1(type: 16, bits: 32, isBig: true), nifti1(qform: true),
      nifti1(type: 64, bits: 64), nifti2, extended,
    ]
  }

  static var series: [UInt8] { nifti1(frames: 3) }

  /// The same as the program packs it.
  static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
    let plain = Scratch.file("seed.nii", bytes)
    let packed = Scratch.root + "/seed.nii.gz"
    guard let (d, volume) = try? ImageReader.readVolume(plain) else { return nil }
    let content = ImageWriter.Content(grid: d.grid, formCode: d.formCode, frameCount: 1, note: "")
    try? ImageWriter.write(packed, content, overwrite: true) { _ in volume.values }
    return (try? Data(contentsOf: URL(filePath: packed))).map { Array($0) }
  }

  static let sidecars: [[UInt8]] = [
    #"{"RepetitionTime": 2.0, "RepetitionTimeExcitation": 1.5, "Sources": ["bids::a.nii"]}"#,
    #"{"RepetitionTime": 2000, "RawSources": "x.nii"}"#,
    #"{"GeneratedBy": "boldspect", "image": {"sha256": "00", "compressed": false}, "inputs": [{"role": "bold", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}], "ancestors": [], "findings": [{"code": "not-accepted", "severity": "blocking", "text": "t"}], "RepetitionTime": 2}"#,
  ].map { Array($0.utf8) }

  /// MGH of 3 × 4 × 5 shorts, as FormatTests has it.
  static var mgh: [[UInt8]] {
    [Int32(4), 3, 0].map { type in
      var bytes: [UInt8] = []
      for n in [1, 3, 4, 5, 2, type, 0] { bytes += big(n) }
      bytes += big(Int16(1))
      let numbers: [Float] = [2, 3, 4, -1, 0, 0, 0, 0, -1, 0, 1, 0, 10, -20, 30]
      for x in numbers { bytes += big(x.bitPattern) }
      bytes += [UInt8](repeating: 0, count: 284 - bytes.count)
      let width = type == 4 ? 2 : type == 3 ? 4 : 1
      return bytes + [UInt8](repeating: 1, count: 120 * width) + big(Float(2000).bitPattern)
    }
  }

  static var afni: [[UInt8]] {
    func numbers(_ name: String, _ kind: String, _ values: String) -> String {
      "\ntype  = \(kind)-attribute\nname  = \(name)\ncount = \(values.split(separator: " ").count)\n "
        + values + "\n"
    }
    let text =
      "\ntype = string-attribute\nname = BYTEORDER_STRING\ncount = 10\n'LSB_FIRST~\n"
      + numbers("DATASET_RANK", "integer", "3 2 0")
      + numbers("DATASET_DIMENSIONS", "integer", "3 4 5 0 0")
      + numbers("ORIENT_SPECIFIC", "integer", "0 3 4") + numbers("ORIGIN", "float", "-5 7 9")
      + numbers("DELTA", "float", "2 3 4") + numbers("BRICK_TYPES", "integer", "1 1")
      + numbers("BRICK_FLOAT_FACS", "float", "0 0") + numbers("SCENE_DATA", "integer", "0 0 0")
      + numbers("TAXIS_NUMS", "integer", "2 0 77001") + numbers("TAXIS_FLOATS", "float", "0 1500")
    let real = numbers("IJK_TO_DICOM_REAL", "float", "2 0 0 -5 0 3 0 7 0 0 4 9")
    return [text, text + real].map { Array($0.utf8) }
  }

  /// A CIFTI-2 series of three moments, as FormatTests has it.
  static func cifti() -> [UInt8] {
    let xml = """
      <?xml version="1.0" encoding="UTF-8"?><CIFTI Version="2"><Matrix>
      <MatrixIndicesMap AppliesToMatrixDimension="0" IndicesMapToDataType="CIFTI_INDEX_TYPE_SERIES"
       NumberOfSeriesPoints="3" SeriesExponent="-3" SeriesStart="0" SeriesStep="720" SeriesUnit="SECOND"/>
      <MatrixIndicesMap AppliesToMatrixDimension="1" IndicesMapToDataType="CIFTI_INDEX_TYPE_BRAIN_MODELS">
      <Volume VolumeDimensions="4,5,6"><TransformationMatrixVoxelIndicesIJKtoXYZ MeterExponent="-3">
      -2 0 0 90  0 2 0 -126  0 0 2 -72  0 0 0 1</TransformationMatrixVoxelIndicesIJKtoXYZ></Volume>
      <BrainModel IndexOffset="0" IndexCount="4" ModelType="CIFTI_MODEL_TYPE_SURFACE"
       BrainStructure="CIFTI_STRUCTURE_CORTEX_LEFT" SurfaceNumberOfVertices="9"><VertexIndices>0 1 2 3</VertexIndices></BrainModel>
      <BrainModel IndexOffset="4" IndexCount="2" ModelType="CIFTI_MODEL_TYPE_VOXELS"
       BrainStructure="CIFTI_STRUCTURE_THALAMUS_LEFT"><VoxelIndicesIJK>1 2 3 2 0 1</VoxelIndicesIJK></BrainModel>
      </MatrixIndicesMap></Matrix></CIFTI>
      """
    var words = Array(xml.utf8)
    words += [UInt8](repeating: 0, count: (16 - (words.count + 8) % 16) % 16)
    var bytes =
      little(Int32(540)) + Array("n+2\0\r\n\u{1a}\n".utf8) + little(Int16(16)) + little(Int16(32))
    for n in [6, 1, 1, 1, 1, 3, 6, 1] { bytes += little(Int64(n)) }
    bytes += [UInt8](repeating: 0, count: 540 - bytes.count)
    put(&bytes, little(Int64(552 + words.count)), 168)
    put(&bytes, little(Int32(3002)), 504)
    bytes += [1, 0, 0, 0] + little(Int32(8 + words.count)) + little(Int32(32)) + words
    for n in 0..<18 { bytes += little(Float(n).bitPattern) }
    return bytes
  }

  static let gifti: [[UInt8]] = [
    """
    <?xml version="1.0" encoding="UTF-8"?><!DOCTYPE GIFTI SYSTEM "http://www.nitrc.org/frs/download.php/115/gifti.dtd">
    <GIFTI Version="1.0" NumberOfDataArrays="1"><MetaData><MD><Name>AnatomicalStructurePrimary</Name>
    <Value><![CDATA[CortexLeft]]></Value></MD></MetaData><DataArray Intent="NIFTI_INTENT_TIME_SERIES"
    DataType="NIFTI_TYPE_FLOAT32" Dimensionality="1" Dim0="4" Encoding="ASCII"><Data>1 2 3 4</Data></DataArray></GIFTI>
    """
  ].map { Array($0.utf8) }

  static let otherFiles: [[UInt8]] = [
    [0] + Array("ObjectType = Image\nNDims = 3".utf8), [6] + Array("BZh91AY&SY".utf8),
    [7, 0x28, 0xb5, 0x2f, 0xfd, 4, 0], [1] + Array("<nifti_image\n".utf8),
    [2, 0x5c, 1, 0, 0], [4] + Array("mrtrix image\ndim: 1,1,1\n".utf8), [5, 0x1f, 0x8b, 8],
    [8, 0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10], [9] + Array("PK\u{3}\u{4}".utf8),
  ]
}
