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
    let head = try RawHeader.bytes(headerStream)
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
      try VoxelEnd.checkClaim(checked.voxelBytes, from: 0, voxelSource, compressed: true)
    } else {
      try Self.checkSize(&checked, voxelSource)
    }
    try Library.confirm(checked, path: names.header, dataPath: names.voxels)
    ImageReader.sidecarCheck(&checked.description, stem: names.stem)
    checked.description.lineage = Lineage(ofFile: path)
    checked.description.noticed += checked.description.lineage.inherited
    frames = FrameReader(
      checked.description, isSwapped: raw.isSwapped, voxelStream, voxelSource.name)
  }

  func next(into buffer: inout [UInt8]) throws(Problem) { try frames.next(into: &buffer) }

  func finish() throws(Problem) {
    if names.isCompressed {
      try frames.skipRest()
      checked.description.noticed += try VoxelEnd.findings(voxelStream, voxelSource.name)
    } else if wantsVoxels {
      try frames.skipRest()
    }
  }

  func sha256() throws(Problem) -> String {
    let hash = try voxelSource.wholeDigest()
    try ImageReader.requireOwnSidecar(header, sha256: hash, names)
    return hash
  }

  /// Walks over bytes that nobody asked for, as far as the file reaches.
  private static func skip(_ count: Int, _ stream: VoxelStream) throws(Problem) {
    var left = count
    while left > 0 {
      let got = try stream.bytes(min(left, 1 << 20)).count
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
    let bytes = try stream.bytes(room)
    guard bytes.count == room else {
      throw Problem(
        .data, name, "it ends inside its header extensions",
        expected: "voxels from byte \(checked.offset)")
    }
    guard bytes.count >= 4, bytes[0] != 0 else { return }
    var at = 4
    var (walked, count) = (0, 0)
    while at + 8 <= bytes.count {
      let raw = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: Int32.self) }
      let size = Int(checked.raw.isSwapped ? raw.byteSwapped : raw)
      guard size >= 16, size <= bytes.count - at else {
        checked.description.findings.append(
          Finding(
            "extension-odd", .warning, "A header extension claims \(size) bytes; it is ignored."))
        return
      }
      let code = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at + 4, as: Int32.self) }
      walked += 1
      // What boldspect wrote there is read (Lineage), and names nobody.
      let isOwn =
        LineageExtension.members(
          ofCode: checked.raw.isSwapped ? code.byteSwapped : code, bytes[at + 8..<at + size]) != nil
      if !isOwn { count += 1 }
      guard walked <= 1000 else {
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
    } else if walked == 0 {
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
}
