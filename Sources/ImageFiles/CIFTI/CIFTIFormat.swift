import Basics
import Imaging

/// CIFTI-2: values of the cortex and of the voxels below it in one matrix. The voxels are an image; the cortex
/// stays in the file, and is named.
enum CIFTIFormat: ImageFormat {
  static let name = "CIFTI-2"

  static func recognises(_ path: String, head: [UInt8]) -> Bool {
    guard head.count >= 540, RawHeader.begins(head),
      let raw = try? RawHeader(Array(head.prefix(540)), name: "")
    else {
      return false
    }
    return raw.version == 2 && isIntent(raw.intent)
  }

  /// NIfTI keeps 3000 to 3099 for CIFTI.
  static func isIntent(_ code: Int) -> Bool { (3000...3099).contains(code) }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    try CIFTIImage(path, wantsVoxels: wantsVoxels)
  }
}

private final class CIFTIImage: OpenImage {
  private(set) var header: ImageHeader
  private let source: FileSource
  private let stream: VoxelStream
  private let cifti: CIFTIHeader
  private let isSwapped: Bool
  private let frameCount: Int
  private let wantsVoxels: Bool
  /// The stored values of the voxels, one frame after the other; filled by the first frame asked for.
  private var values: [UInt8] = []
  /// Where each of them lies in the volume.
  private let offsets: [Int]
  private var done = 0
  private var isRead = false

  private var width: Int { header.type.byteCount }
  var frameBytes: Int { header.grid.count * header.type.byteCount }

  init(_ path: String, wantsVoxels: Bool) throws(Problem) {
    self.wantsVoxels = wantsVoxels
    source = try FileSource(path)
    stream = try VoxelStream(source, gzip: false)
    let name = source.name
    let raw = try RawHeader(try stream.bytes(540), name: name)
    isSwapped = raw.isSwapped
    guard raw.dim[0] == 6, raw.dim[1...4].allSatisfy({ $0 == 1 }),
      (1..<Int64(Gate.mostElements)).contains(raw.dim[5]),
      (1..<Int64(Gate.mostElements)).contains(raw.dim[6])
    else {
      throw Problem(
        .data, name, "its header does not have the sizes of a CIFTI matrix",
        expected: "1 × 1 × 1 × 1 × columns × rows")
    }
    guard let type = SampleType(niftiCode: raw.datatype) else {
      throw Problem(
        .data, name, "its data type is \(SampleType.niftiName(raw.datatype))",
        expected: "one of the ten scalar types")
    }
    guard raw.slope == 0 || raw.slope == 1 && raw.intercept == 0 else {
      throw Problem(.data, name, "its values are scaled", expected: "plain values, as CIFTI has")
    }
    let columns = Int(raw.dim[5])
    let rows = Int(raw.dim[6])
    frameCount = columns
    cifti = try CIFTIHeader(try Self.xml(raw, stream, name), name: name)
    guard cifti.rowCount == rows else {
      throw Problem(
        .data, name, "its models have \(cifti.rowCount) rows and its matrix \(rows)",
        expected: "as many")
    }
    if let points = cifti.seriesPoints, points != columns {
      throw Problem(
        .data, name, "its series has \(points) points and its matrix \(columns) columns",
        expected: "as many")
    }
    let matrixBytes = MemoryBudget.product(rows, MemoryBudget.product(columns, type.byteCount))
    try VoxelEnd.checkClaim(matrixBytes, from: stream.position, source, compressed: false)
    guard let size = cifti.dimensions else { throw Problem(.data, name, "it has no volume") }
    var findings = [Self.about(cifti)]
    let time =
      cifti.isSeries
      ? ImageHeader.plausibleTime(cifti.repetitionTimeSeconds, frames: columns, &findings) : nil
    var header = try ImageHeader(
      path: path, shape: size + [columns], type: type, matrix: cifti.matrix, sizeMillimetres: [],
      formCode: 5, repetitionTimeSeconds: time, findings: findings)
    if cifti.isSeries { ImageReader.sidecarCheck(&header, stem: Self.stem(path)) }
    self.header = header
    offsets = cifti.voxels.flatMap { v in
      (0..<v.count).map { n in
        (v.ijk[3 * n + 2] * size[1] + v.ijk[3 * n + 1]) * size[0] + v.ijk[3 * n]
      }
    }
  }

  /// Of `x.dtseries.nii` `x`, of which a sidecar speaks.
  private static func stem(_ path: String) -> String {
    let plain = String(path.dropLast(path.lowercased().hasSuffix(".nii") ? 4 : 0))
    return plain.lowercased().hasSuffix(".dtseries") ? String(plain.dropLast(9)) : plain
  }

  private static func about(_ cifti: CIFTIHeader) -> Finding {
    let count = cifti.voxels.reduce(0) { $0 + $1.count }
    let vertices = cifti.surfaces.reduce(0) { $0 + $1.rows }
    let cortex =
      vertices == 0
      ? ""
      : " \(vertices) points of \(cifti.surfaces.map(\.structure).joined(separator: ", ")) stay in the file: surfaces are not drawn."
    return Finding(
      "cifti-volume", .warning,
      "The volume part is shown: \(count) voxels of \(cifti.voxels.count) structures, 0 elsewhere.\(cortex) "
        + "The file does not say which space it is in; state --space MNI152 where it is.")
  }

  /// The header extension of code 32, where the XML stands.
  private static func xml(
    _ raw: RawHeader, _ stream: VoxelStream, _ name: String
  ) throws(Problem) -> [UInt8] {
    let most = 256 << 20
    guard raw.offset >= 544, raw.offset == raw.offset.rounded(), raw.offset < Double(most) else {
      throw Problem(
        .data, name, "its matrix begins at byte \(plainNumber(raw.offset))",
        expected: "544 or more, below 256 MiB")
    }
    let room = Int(raw.offset) - 540
    try MemoryBudget.require(room, of: name, for: "its XML")
    let bytes = try stream.bytes(room)
    guard bytes.count == room else {
      throw Problem(.data, name, "it ends inside its XML", expected: "a complete file")
    }
    func int32(_ at: Int) -> Int {
      let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int32.self) }
      return Int(raw.isSwapped ? value.byteSwapped : value)
    }
    var at = 4
    while bytes[0] != 0, at + 8 <= bytes.count {
      let size = int32(at)
      guard size >= 16, size <= bytes.count - at else { break }
      if int32(at + 4) == 32 {
        return Array(bytes[at + 8..<at + size].prefix { $0 != 0 })
      }
      at += size
    }
    throw Problem(.data, name, "it has no CIFTI XML", expected: "a header extension of code 32")
  }

  /// All rows once; those of voxels are turned from place by time to time by place.
  private func readMatrix() throws(Problem) {
    let rowBytes = frameCount * width
    try MemoryBudget.require(
      MemoryBudget.product(rowBytes, offsets.count), of: source.name, for: "its volume part")
    values = [UInt8](repeating: 0, count: rowBytes * offsets.count)
    var row = [UInt8](repeating: 0, count: rowBytes)
    var next = 0
    let total = cifti.rowCount
    let starts = cifti.voxels.map { ($0.firstRow, $0.firstRow + $0.count) }
    var model = 0
    for r in 0..<total {
      guard try stream.read(into: &row) == rowBytes else {
        throw Problem(
          .data, source.name, "it ends in row \(r) of \(total)", expected: "a complete file",
          remedy: "Copy or download it again")
      }
      while model < starts.count, r >= starts[model].1 { model += 1 }
      guard model < starts.count, r >= starts[model].0 else { continue }
      if isSwapped { swapBytes(&row, width) }
      for t in 0..<frameCount {
        let to = (t * offsets.count + next) * width
        for b in 0..<width { values[to + b] = row[t * width + b] }
      }
      next += 1
    }
    isRead = true
  }

  func next(into buffer: inout [UInt8]) throws(Problem) {
    if !isRead { try readMatrix() }
    let width = width
    let first = done * offsets.count
    values.withUnsafeBytes { from in
      buffer.withUnsafeMutableBytes { to in
        to.initializeMemory(as: UInt8.self, repeating: 0)
        for (n, offset) in offsets.enumerated() {
          for b in 0..<width { to[offset * width + b] = from[(first + n) * width + b] }
        }
      }
    }
    done += 1
  }

  func finish() throws(Problem) {
    guard wantsVoxels else { return }
    if !isRead { try readMatrix() }
    values = []
    header.noticed += try VoxelEnd.findings(stream, source.name)
  }

  func sha256() throws(Problem) -> String { try source.wholeDigest() }
}
