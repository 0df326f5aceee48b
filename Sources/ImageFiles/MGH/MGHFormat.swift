import Basics
import Imaging

/// FreeSurfer's MGH images, `.mgh`, and gzipped `.mgz`.
///
/// Layout from FreeSurfer's description of the format: big-endian, 284 bytes of header, voxels with x fastest and
/// frames last, then a repetition time in ms and free text, of which nothing is kept.
enum MGHFormat: ImageFormat {
  static let name = "FreeSurfer .mgh and .mgz"

  static func recognises(_ path: String, head: [UInt8]) -> Bool {
    let lower = path.lowercased()
    return [".mgh", ".mgz", ".mgh.gz"].contains { lower.hasSuffix($0) }
  }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    try MGHImage(path, wantsVoxels: wantsVoxels)
  }
}

/// The fields of an MGH header as they stand in the file.
private struct MGHHeader {
  static let byteCount = 284

  let shape: [Int]
  let typeCode: Int
  let isPlaced: Bool
  let size: [Double]
  /// Directions of x, y and z in RAS, and the place of the voxel at half of each size.
  let directions: [[Double]]
  let centre: [Double]

  init(_ bytes: [UInt8], _ name: String) throws(Problem) {
    guard bytes.count == Self.byteCount else {
      throw Problem(
        .data, name, "it ends after \(bytes.count) bytes", expected: "an MGH header of 284")
    }
    func int32(_ at: Int) -> Int {
      Int(Int32(bitPattern: bytes[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }
    func float(_ at: Int) -> Double {
      Double(Float(bitPattern: bytes[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }
    guard int32(0) == 1 else {
      throw Problem(
        .data, name, "it says version \(int32(0)) of the format", expected: "version 1 of MGH")
    }
    shape = (0..<4).map { int32(4 + 4 * $0) }
    typeCode = int32(20)
    isPlaced = Int(bytes[28]) << 8 | Int(bytes[29]) == 1
    size = (0..<3).map { float(30 + 4 * $0) }
    directions = (0..<3).map { axis in (0..<3).map { float(42 + 12 * axis + 4 * $0) } }
    centre = (0..<3).map { float(78 + 4 * $0) }
  }

  func type(_ name: String) throws(Problem) -> SampleType {
    switch typeCode {
    case 0: return .uint8
    case 1: return .int32
    case 3: return .float32
    case 4: return .int16
    case 10: return .uint16
    default:
      throw Problem(
        .data, name, "its data type has the code \(typeCode)",
        expected: "0, 1, 3, 4 or 10 (bytes, whole numbers or floats)")
    }
  }

  /// Voxel to RAS+ mm; nil where the file says that its directions are not set.
  func matrix(_ name: String) throws(Problem) -> Affine? {
    guard isPlaced else { return nil }
    guard (size + directions.joined() + centre).allSatisfy(\.isFinite) else {
      throw Problem(.data, name, "its geometry holds a number that is not finite")
    }
    for (axis, d) in zip("xyz", directions) {
      let length = d.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard abs(length - 1) <= 0.01 else {
        throw Problem(
          .data, name, "its direction of \(axis) has length \(plainNumber(length, 3))",
          expected: "1")
      }
    }
    guard size.allSatisfy({ $0 > 0 }) else {
      throw Problem(
        .data, name,
        "its voxel size is \(size.map { plainNumber($0) }.joined(separator: " × ")) mm",
        expected: "positive sizes; directions alone say which side is which")
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      let cosine = (0..<3).reduce(0.0) { $0 + directions[a][$1] * directions[b][$1] }
      guard abs(cosine) <= 0.01 else {
        throw Problem(
          .data, name, "its directions are not at right angles (cosine \(plainNumber(cosine, 3)))",
          expected: "three directions at right angles")
      }
    }
    let rows = (0..<3).map { r -> [Double] in
      let part = (0..<3).map { directions[$0][r] * size[$0] }
      let half = (0..<3).reduce(0.0) { $0 + part[$1] * (Double(shape[$1]) / 2) }
      return part + [centre[r] - half]
    }
    return Affine(rows: rows)
  }
}

private final class MGHImage: OpenImage {
  private(set) var header: ImageHeader
  private let source: FileSource
  private let stream: VoxelStream
  private let frames: FrameReader
  private let wantsVoxels: Bool
  private var isWalked = false

  var frameBytes: Int { frames.frameBytes }

  init(_ path: String, wantsVoxels: Bool) throws(Problem) {
    self.wantsVoxels = wantsVoxels
    source = try FileSource(path)
    let isCompressed = !path.lowercased().hasSuffix(".mgh")
    stream = try VoxelStream(source, gzip: isCompressed)
    let name = source.name
    guard source.size > 0 else {
      throw Problem(.data, name, "it is empty", expected: "an MGH image")
    }
    let raw = try MGHHeader(try stream.bytes(MGHHeader.byteCount), name)
    let type = try raw.type(name)
    guard raw.shape[1] != 1 || raw.shape[2] != 1 else {
      throw Problem(
        .data, name, "it holds values along a surface (\(raw.shape[0]) × 1 × 1), not a volume",
        expected: "an image with three sides")
    }
    var findings: [Finding] = []
    let frameCount = raw.shape[3]
    var header = try ImageHeader(
      path: path, shape: raw.shape, type: type, matrix: try raw.matrix(name),
      sizeMillimetres: raw.size, formCode: 1, findings: findings)
    let voxelBytes = MemoryBudget.product(
      header.grid.count, MemoryBudget.product(frameCount, type.byteCount))
    try VoxelEnd.checkClaim(
      voxelBytes, from: MGHHeader.byteCount, source, compressed: isCompressed)
    if frameCount > 1 {
      let end = MGHHeader.byteCount + voxelBytes
      // Packed voxels that nobody asked for are walked once, here.
      isWalked = isCompressed && !wantsVoxels
      let seconds =
        isWalked
        ? try Self.secondsBehind(stream, after: voxelBytes)
        : try isCompressed
          ? Self.secondsBehind(
            try VoxelStream(try FileSource(path), gzip: true), after: end)
          : Self.seconds(try FileSource(path).bytes(4, at: end))
      header.headerRepetitionTimeSeconds = ImageHeader.plausibleTime(
        seconds, frames: frameCount, &findings)
      header.noticed += findings
      ImageReader.sidecarCheck(&header, stem: Self.stem(path))
    }
    self.header = header
    frames = FrameReader(header, isSwapped: true, stream, name)
  }

  private static func stem(_ path: String) -> String {
    String(path.dropLast(path.lowercased().hasSuffix(".gz") ? 7 : 4))
  }

  /// The repetition time, which stands in ms behind the voxels; nil where none is stated.
  private static func secondsBehind(
    _ stream: VoxelStream, after bytes: Int
  ) throws(Problem) -> Double? {
    var left = bytes
    while left > 0 {
      let got = try stream.bytes(min(left, 1 << 20)).count
      if got == 0 { return nil }
      left -= got
    }
    return seconds(try stream.bytes(4))
  }

  private static func seconds(_ field: [UInt8]) -> Double? {
    guard field.count == 4 else { return nil }
    let milliseconds = Double(Float(bitPattern: field.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    return milliseconds == 0 ? nil : milliseconds / 1000
  }

  func next(into buffer: inout [UInt8]) throws(Problem) { try frames.next(into: &buffer) }

  func finish() throws(Problem) {
    guard wantsVoxels || stream.isCompressed else { return }
    if !isWalked { try frames.skipRest() }
    // Free text follows, such as the commands that made the file: walked, never read.
    header.noticed += try VoxelEnd.findings(stream, source.name, isTextExpected: true)
  }

  func sha256() throws(Problem) -> String { try source.wholeDigest() }
}
