import Basics
import Imaging

/// NIfTI-1 and -2: the gate first, then libnifti's opinion of the header, then the voxels.
enum NIfTIFormat: ImageFormat {
  static let name = "NIfTI"

  static func recognises(_ path: String, head: [UInt8]) -> Bool { FileNames.isNIfTI(path) }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    try NIfTIImage(path, wantsVoxels: wantsVoxels)
  }
}

/// A NIfTI file or pair between its header and its last byte.
private final class NIfTIImage: OpenImage {
  private let names: FileNames
  private var checked: CheckedHeader
  private let voxelSource: FileSource
  private let voxelStream: VoxelStream
  private let frames: FrameReader
  private let wantsVoxels: Bool

  var header: ImageHeader { checked.description }
  var frameBytes: Int { frames.frameBytes }

  init(_ path: String, wantsVoxels: Bool) throws(Problem) {
    self.wantsVoxels = wantsVoxels
    names = try FileNames(path)
    let headerSource = try FileSource(names.header)
    let name = headerSource.name
    let headerStream = try VoxelStream(headerSource, gzip: names.isCompressed)
    guard headerSource.size > 0 else {
      throw Problem(.data, name, "it is empty", expected: "a NIfTI image")
    }
    var head = try Self.readUpTo(348, headerStream)
    if head.count == 348, head[0] == 0x1c && head[1] == 2 || head[2] == 2 && head[3] == 0x1c {
      head += try Self.readUpTo(192, headerStream)
    }
    if names.isCompressed, headerStream.position == 0 {
      throw Problem(.data, name, "its gzip content is empty", expected: "a NIfTI image")
    }
    let raw = try RawHeader(head, name: name)
    try raw.requireNoCoefficients(name)
    checked = try Gate.check(raw, path: path, name: fileName(path))
    guard raw.isSingleFile == names.isSingleFile else {
      throw Problem(
        .data, name,
        raw.isSingleFile
          ? "its mark says header and voxels in one file, its name says a pair"
          : "its mark says a pair of files, its name says one file",
        expected: "name and mark that agree")
    }
    if raw.isSingleFile {
      voxelSource = headerSource
      voxelStream = headerStream
      try Self.walkExtensions(&checked, head, headerStream, name)
    } else {
      voxelSource = try FileSource(names.voxels)
      voxelStream = try VoxelStream(voxelSource, gzip: names.isCompressed)
      try Self.skip(checked.offset, voxelStream)
    }
    if names.isCompressed {
      try Self.checkClaim(checked, voxelSource)
    } else {
      try Self.checkSize(&checked, voxelSource)
    }
    try Library.confirm(checked, path: names.header, dataPath: names.voxels)
    ImageReader.sidecarCheck(&checked.description, stem: names.stem)
    frames = FrameReader(
      checked.description, isSwapped: raw.isSwapped, voxelStream, voxelSource.name)
  }

  func next(into buffer: inout [UInt8]) throws(Problem) { try frames.next(into: &buffer) }

  func finish() throws(Problem) {
    if names.isCompressed {
      try frames.skipRest()
      let extra = try voxelStream.drain(limit: Gate.mostTrailing)
      try Self.checkTrailing(&checked, extra, voxelStream, voxelSource.name)
    } else if wantsVoxels {
      try frames.skipRest()
    }
  }

  func sha256() throws(Problem) -> String {
    // The hash is the file's only once its last byte was read.
    var rest = [UInt8](repeating: 0, count: 1 << 16)
    while try voxelSource.readByte(into: &rest) > 0 {}
    let hash = voxelSource.digest()
    try ImageReader.requireOwnSidecar(header, sha256: hash, names)
    return hash
  }

  private static func readUpTo(_ count: Int, _ stream: VoxelStream) throws(Problem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try stream.read(into: &bytes)
    return Array(bytes.prefix(got))
  }

  /// Walks over bytes that nobody asked for, as far as the file reaches.
  private static func skip(_ count: Int, _ stream: VoxelStream) throws(Problem) {
    var left = count
    while left > 0 {
      let got = try readUpTo(min(left, 1 << 20), stream).count
      if got == 0 { return }
      left -= got
    }
  }

  /// Bytes between header and voxels: bounded, walked, never interpreted.
  private static func walkExtensions(
    _ checked: inout CheckedHeader, _ head: [UInt8], _ stream: VoxelStream, _ name: String
  ) throws(Problem) {
    let room = checked.offset - head.count
    guard room <= 16 << 20 else {
      throw Problem(
        .data, name, "its header extensions take \(room) bytes", expected: "at most 16 MiB")
    }
    let bytes = try readUpTo(room, stream)
    guard bytes.count == room else {
      throw Problem(
        .data, name, "it ends inside its header extensions",
        expected: "voxels from byte \(checked.offset)")
    }
    guard bytes.count >= 4, bytes[0] != 0 else { return }
    var at = 4
    var count = 0
    while at + 8 <= bytes.count {
      let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int32.self) }
      let size = Int(checked.raw.isSwapped ? raw.byteSwapped : raw)
      guard size >= 16, size <= bytes.count - at else {
        checked.description.findings.append(
          Finding(
            "extension-odd", .warning, "A header extension claims \(size) bytes; it is ignored."))
        return
      }
      count += 1
      guard count <= 1000 else {
        throw Problem(
          .data, name, "it has more than 1000 header extensions", expected: "at most 1000")
      }
      at += size
    }
    if count > 0 {
      checked.description.findings.append(
        Finding(
          "extension", .note,
          "\(count) header extension\(count == 1 ? "" : "s"), not read (may name a person)."))
    } else {
      checked.description.findings.append(
        Finding("extension-none", .note, "The extension flag is set, but there is no extension."))
    }
  }

  private static func checkSize(_ checked: inout CheckedHeader, _ source: FileSource)
    throws(Problem)
  {
    let (end, over) = checked.offset.addingReportingOverflow(checked.voxelBytes)
    guard !over, end <= source.size else {
      throw Problem(
        .data, source.name,
        "its header claims \(checked.voxelBytes) bytes of voxels from byte \(checked.offset), but it "
          + "ends after \(source.size)", expected: "a complete file")
    }
    if source.size > end {
      checked.description.findings.append(
        Finding(
          "trailing-data", .warning,
          "\(source.size - end) bytes follow the voxels; they are ignored."))
    }
  }

  /// Refuses a claim that no gzip file of this size can hold, before memory is taken for it: deflate writes at
  /// most 258 bytes for two bits.
  private static func checkClaim(_ checked: CheckedHeader, _ source: FileSource) throws(Problem) {
    let most = MemoryBudget.sum(MemoryBudget.product(source.size, 1032), 1 << 16)
    guard checked.voxelBytes <= most else {
      throw Problem(
        .data, source.name,
        "its header claims \(checked.voxelBytes) bytes of voxels, more than \(source.size) compressed "
          + "bytes can hold", expected: "a complete file", remedy: "Copy or download it again")
    }
  }

  private static func checkTrailing(
    _ checked: inout CheckedHeader, _ extra: Int, _ stream: VoxelStream, _ name: String
  ) throws(Problem) {
    guard extra <= Gate.mostTrailing else {
      throw Problem(
        .data, name, "it inflates to far more than its header claims",
        expected: "at most 1 MiB more")
    }
    if extra > 0 {
      checked.description.findings.append(
        Finding("trailing-data", .warning, "\(extra) bytes follow the voxels; they are ignored."))
    }
    if stream.trailingBytes > 0 {
      checked.description.findings.append(
        Finding(
          "trailing-junk", .warning,
          "\(stream.trailingBytes) bytes that are no gzip follow the compressed image; they are "
            + "ignored."))
    }
    if stream.members > 1 {
      checked.description.findings.append(
        Finding("gzip-members", .note, "The file consists of \(stream.members) gzip members."))
    }
  }
}
