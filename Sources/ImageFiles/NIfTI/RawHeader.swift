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

  var byteCount: Int { version == 1 ? 348 : 540 }
  /// Where voxels may begin in a single file: after the header and the extension flag.
  var leastOffset: Int { version == 1 ? 352 : 544 }

  /// The first 348 or 540 bytes of a file, with what a person sees when they are something else.
  init(_ bytes: [UInt8], name: String) throws(Problem) {
    guard bytes.count >= 348 else {
      throw Problem(
        .data, name, "it ends after \(bytes.count) bytes", expected: "a NIfTI header of 348")
    }
    let first = load(bytes, 0, Int32.self, swapped: false)
    let swappedFirst = first.byteSwapped
    let version: Int
    let swapped: Bool
    switch (first, swappedFirst) {
    case (348, _): (version, swapped) = (1, false)
    case (_, 348): (version, swapped) = (1, true)
    case (540, _): (version, swapped) = (2, false)
    case (_, 540): (version, swapped) = (2, true)
    default:
      throw Problem(
        .data, name, "it does not begin like a NIfTI file: \(Self.lookAlike(bytes))",
        expected: "a header size of 348 or 540")
    }
    guard version == 1 || bytes.count >= 540 else {
      throw Problem(
        .data, name, "it ends after \(bytes.count) bytes", expected: "a NIfTI-2 header of 540")
    }
    self.version = version
    isSwapped = swapped
    func int16(_ at: Int) -> Int { Int(load(bytes, at, Int16.self, swapped: swapped)) }
    func int32(_ at: Int) -> Int { Int(load(bytes, at, Int32.self, swapped: swapped)) }
    func int64(_ at: Int) -> Int64 { load(bytes, at, Int64.self, swapped: swapped) }
    func float(_ at: Int) -> Double {
      Double(Float(bitPattern: load(bytes, at, UInt32.self, swapped: swapped)))
    }
    func double(_ at: Int) -> Double {
      Double(bitPattern: load(bytes, at, UInt64.self, swapped: swapped))
    }
    let magic: [UInt8]
    if version == 1 {
      magic = Array(bytes[344..<348])
      dim = (0..<8).map { Int64(int16(40 + 2 * $0)) }
      datatype = int16(70)
      bitsPerVoxel = int16(72)
      pixdim = (0..<8).map { float(76 + 4 * $0) }
      offset = float(108)
      slope = float(112)
      intercept = float(116)
      units = Int(bytes[123])
      qformCode = int16(252)
      sformCode = int16(254)
      quaternion = (0..<3).map { float(256 + 4 * $0) }
      qoffset = (0..<3).map { float(268 + 4 * $0) }
      srow = (0..<3).map { r in (0..<4).map { float(280 + 16 * r + 4 * $0) } }
    } else {
      magic = Array(bytes[4..<12])
      dim = (0..<8).map { int64(16 + 8 * $0) }
      datatype = int16(12)
      bitsPerVoxel = int16(14)
      pixdim = (0..<8).map { double(104 + 8 * $0) }
      offset = Double(int64(168))
      slope = double(176)
      intercept = double(184)
      units = int32(500)
      qformCode = int32(344)
      sformCode = int32(348)
      quaternion = (0..<3).map { double(352 + 8 * $0) }
      qoffset = (0..<3).map { double(376 + 8 * $0) }
      srow = (0..<3).map { r in (0..<4).map { double(400 + 32 * r + 8 * $0) } }
    }
    let text = version == 1 ? 148 : 240
    isMarkedSimulated = bytes[text...].starts(with: Array("SIMULATED".utf8))
    let letter = UInt8(ascii: version == 1 ? "1" : "2")
    let tail: [UInt8] = version == 1 ? [0] : [0, 13, 10, 26, 10]
    let n = UInt8(ascii: "n")
    switch magic {
    case [n, UInt8(ascii: "+"), letter] + tail: isSingleFile = true
    case [n, UInt8(ascii: "i"), letter] + tail: isSingleFile = false
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

/// One integer from raw bytes.
private func load<T: FixedWidthInteger & BitwiseCopyable>(
  _ bytes: [UInt8], _ at: Int, _: T.Type, swapped: Bool
) -> T {
  precondition(at + MemoryLayout<T>.size <= bytes.count)
  let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: T.self) }
  return swapped ? raw.byteSwapped : raw
}
