import Basics
import Imaging

/// The fields of a NIfTI header as they stand in the file, before anything is believed.
struct RawHeader {
  /// 1 or 2.
  let version: Int
  let isSwapped: Bool
  /// A header and its voxels in one file.
  let isSingleFile: Bool
  let dim: [Int64]
  let datatype: Int
  /// What its values are, by the header (nifti1.h, NIFTI_INTENT).
  let intent: Int
  /// What the intent's values are called, in printable ASCII.
  let intentName: String
  let bitsPerVoxel: Int
  let pixdim: [Double]
  let offset: Double
  let slope: Double
  let intercept: Double
  let units: Int
  let qformCode: Int
  let sformCode: Int
  let quaternion: [Double]
  let qoffset: [Double]
  let srow: [[Double]]
  /// Whether the free text begins with our own mark of images that are no measurement. Nothing else
  /// of the text is kept: it may name a person.
  let isMarkedSimulated: Bool
  /// Whether that mark is the one of the synthetic sample person.
  let isMarkedSynthetic: Bool
  /// Whether its description says that boldspect wrote it.
  let isMarkedOurs: Bool

  var byteCount: Int { version == 1 ? 348 : 540 }
  /// Where voxels may begin in a single file: after the header and the extension flag.
  var leastOffset: Int { version == 1 ? 352 : 544 }

  /// The first 348 or 540 bytes of a file, with what a person sees when they are something else.
  init(_ bytes: [UInt8], name: String) throws(Problem) {
    guard bytes.count >= 348 else {
      throw Problem(
        .data, name, "it ends after \(bytes.count) bytes", expected: "a NIfTI header of 348")
    }
    let (version, isSwapped) = try Self.versionAndOrder(bytes, name)
    guard version == 1 || bytes.count >= 540 else {
      throw Problem(
        .data, name, "it ends after \(bytes.count) bytes", expected: "a NIfTI-2 header of 540")
    }
    self.version = version
    self.isSwapped = isSwapped
    let field = FieldReader(bytes: bytes, isSwapped: isSwapped)
    if version == 1 {
      dim = (0..<8).map { Int64(field.int16(40 + 2 * $0)) }
      (intent, intentName) = (field.int16(68), Self.name(bytes[328..<344]))
      datatype = field.int16(70)
      bitsPerVoxel = field.int16(72)
      pixdim = field.floats(8, at: 76)
      offset = field.float(108)
      slope = field.float(112)
      intercept = field.float(116)
      units = Int(bytes[123])
      qformCode = field.int16(252)
      sformCode = field.int16(254)
      quaternion = field.floats(3, at: 256)
      qoffset = field.floats(3, at: 268)
      srow = (0..<3).map { field.floats(4, at: 280 + 16 * $0) }
    } else {
      dim = (0..<8).map { field.int64(16 + 8 * $0) }
      (intent, intentName) = (field.int32(504), Self.name(bytes[508..<524]))
      datatype = field.int16(12)
      bitsPerVoxel = field.int16(14)
      pixdim = field.doubles(8, at: 104)
      offset = Double(field.int64(168))
      slope = field.double(176)
      intercept = field.double(184)
      units = field.int32(500)
      qformCode = field.int32(344)
      sformCode = field.int32(348)
      quaternion = field.doubles(3, at: 352)
      qoffset = field.doubles(3, at: 376)
      srow = (0..<3).map { field.doubles(4, at: 400 + 32 * $0) }
    }
    let text = version == 1 ? 148 : 240
    isMarkedSimulated = bytes[text...].starts(with: Array("SIMULATED".utf8))
    isMarkedOurs = String(decoding: bytes[text..<text + 80], as: UTF8.self).contains("boldspect ")
    isMarkedSynthetic = bytes[text...].starts(with: Array(syntheticPersonMark.utf8))
    isSingleFile = try Self.isSingleFile(bytes, version: version, name)
  }

  /// The header of a file that begins here, 348 bytes or 540; fewer where it ends before.
  static func bytes(_ stream: VoxelStream) throws(Problem) -> [UInt8] {
    let head = try stream.bytes(348)
    let isSecond =
      head.count == 348 && (head[0] == 0x1c && head[1] == 2 || head[2] == 2 && head[3] == 0x1c)
    return isSecond ? head + (try stream.bytes(192)) : head
  }

  /// Whether a file begins with the size of a NIfTI header, in either byte order.
  static func begins(_ head: [UInt8]) -> Bool {
    guard head.count >= 4 else { return false }
    let size = load(head, 0, Int32.self, swapped: false)
    return [348, 540].contains(size) || [348, 540].contains(size.byteSwapped)
  }

  private static func name(_ bytes: ArraySlice<UInt8>) -> String {
    let text = bytes.prefix { $0 != 0 }
    return text.allSatisfy { (32..<127).contains($0) } ? String(decoding: text, as: UTF8.self) : ""
  }

  /// 1 or 2, and whether numbers stand in the other byte order, by the header's size in its first bytes.
  private static func versionAndOrder(
    _ bytes: [UInt8], _ name: String
  ) throws(Problem) -> (version: Int, isSwapped: Bool) {
    let size = load(bytes, 0, Int32.self, swapped: false)
    switch (size, size.byteSwapped) {
    case (348, _): return (1, false)
    case (_, 348): return (1, true)
    case (540, _): return (2, false)
    case (_, 540): return (2, true)
    default:
      throw Problem(
        .data, name, "it does not begin like a NIfTI file: \(lookAlike(bytes))",
        expected: "a header size of 348 or 540")
    }
  }

  /// What the header's mark says: "n+" before voxels in the same file, "ni" before voxels in one of their own.
  private static func isSingleFile(
    _ bytes: [UInt8], version: Int, _ name: String
  ) throws(Problem) -> Bool {
    let magic = Array(version == 1 ? bytes[344..<348] : bytes[4..<12])
    let ending = Array(version == 1 ? "1\0".utf8 : "2\0\r\n\u{1a}\n".utf8)
    switch magic {
    case Array("n+".utf8) + ending: return true
    case Array("ni".utf8) + ending: return false
    case let m where version == 1 && m.allSatisfy { $0 == 0 }:
      throw Problem(
        .data, name, "it is an Analyze 7.5 header, which does not say what is left and right",
        expected: "a NIfTI header", remedy: "Convert it with a tool that knows its orientation")
    default:
      throw Problem(
        .data, name, "its NIfTI mark (magic) is damaged",
        expected: version == 1 ? "n+1 or ni1" : "n+2 or ni2")
    }
  }

  /// What a file looks like that is no NIfTI.
  static func lookAlike(_ bytes: [UInt8]) -> String {
    func begins(_ text: String) -> Bool { bytes.starts(with: Array(text.utf8)) }
    if bytes.starts(with: [0x1f, 0x8b]) {
      return "it is gzip-compressed although its name does not end in .gz"
    }
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return "it is a PNG picture" }
    if bytes.count > 132, Array(bytes[128..<132]) == Array("DICM".utf8) { return "it is DICOM" }
    if begins("<nifti_image") { return "it is the ASCII form of NIfTI, which is not read" }
    if begins("version https://git-lfs") { return "it is a Git LFS pointer, not the file itself" }
    if begins("<") || begins("\n<") { return "it looks like a web page or XML" }
    if bytes.allSatisfy({ $0 == 0 }) { return "it is all zeros" }
    return "its first four bytes are no header size"
  }
}

/// Numbers of a header by the byte that they begin at.
private struct FieldReader {
  let bytes: [UInt8]
  let isSwapped: Bool

  func int16(_ at: Int) -> Int { Int(load(bytes, at, Int16.self, swapped: isSwapped)) }
  func int32(_ at: Int) -> Int { Int(load(bytes, at, Int32.self, swapped: isSwapped)) }
  func int64(_ at: Int) -> Int64 { load(bytes, at, Int64.self, swapped: isSwapped) }
  func float(_ at: Int) -> Double {
    Double(Float(bitPattern: load(bytes, at, UInt32.self, swapped: isSwapped)))
  }
  func double(_ at: Int) -> Double {
    Double(bitPattern: load(bytes, at, UInt64.self, swapped: isSwapped))
  }
  func floats(_ count: Int, at: Int) -> [Double] { (0..<count).map { float(at + 4 * $0) } }
  func doubles(_ count: Int, at: Int) -> [Double] { (0..<count).map { double(at + 8 * $0) } }
}

/// One integer from raw bytes.
private func load<T: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: [UInt8], _ at: Int, _: T.Type, swapped: Bool
) -> T {
  precondition(at + MemoryLayout<T>.size <= bytes.count)
  let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: T.self) }
  return swapped ? raw.byteSwapped : raw
}
