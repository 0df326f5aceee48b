package import Basics
import Dispatch
import Glibc
package import Imaging

/// Reads NIfTI images: the gate first, then libnifti's opinion of the header, then one pass over
/// the voxels, which are inflated once and checked to the last byte.
package enum ImageReader {
  /// What a file says of itself; a compressed file is walked to its end.
  package static func describe(_ path: String) throws(Problem) -> ImageHeader {
    try walk(path, wantsVoxels: false) { (_, _) throws(Problem) in }.header
  }

  /// The same with the file's hash, for which all of it is read.
  package static func identify(_ path: String) throws(Problem) -> ImageDescription {
    try pass(path) { (_, _) throws(Problem) in }.0
  }

  /// A whole file in its own number type.
  package static func read(
    _ path: String, progress: WorkProgress = .silent
  ) throws(Problem) -> (description: ImageDescription, samples: SampleStore) {
    let (description, samples) = try pass(path) {
      (checked, frames) throws(Problem) -> SampleStore in
      let d = checked.description
      // The stored voxels, one frame more on the way, and a frame as numbers.
      try MemoryBudget.require(
        MemoryBudget.sum(
          checked.voxelBytes, d.frameCount > 1 ? frames.frameBytes : 0,
          MemoryBudget.product(4, d.grid.count)), of: d.name, for: "reading it")
      var bytes = [UInt8]()
      if d.frameCount == 1 {
        try progress.check()
        bytes = [UInt8](repeating: 0, count: frames.frameBytes)
        try frames.next(into: &bytes)
        progress.report("reading", 1)
      } else {
        bytes.reserveCapacity(checked.voxelBytes)
        var buffer = [UInt8](repeating: 0, count: frames.frameBytes)
        for t in 0..<d.frameCount {
          try progress.check()
          try frames.next(into: &buffer)
          bytes.append(contentsOf: buffer)
          progress.report("reading", Double(t + 1) / Double(d.frameCount))
        }
      }
      return SampleStore(
        type: checked.description.type, slope: checked.description.slope,
        intercept: checked.description.intercept, bytes: bytes)
    }
    return (description, samples)
  }

  /// One volume: the only one of a 3-D file, or one frame of a series.
  package static func readVolume(
    _ path: String, frame: Int = 0
  ) throws(Problem) -> (description: ImageDescription, volume: Volume) {
    let (description, samples) = try read(path)
    let count = description.grid.count
    guard frame >= 0, frame < description.frameCount else {
      throw Problem(
        .usage, "--frame", "there is no frame \(frame)",
        expected: "0 to \(description.frameCount - 1)")
    }
    return (
      description,
      Volume(
        grid: description.grid, values: samples.floats(frame * count..<(frame + 1) * count))
    )
  }

  /// Runs `body` between a checked header and the end of the file.
  static func pass<R>(
    _ path: String, _ body: (CheckedHeader, FrameReader) throws(Problem) -> R
  ) throws(Problem) -> (ImageDescription, R) {
    let (header, result, source) = try walk(path, wantsVoxels: true, body)
    // The hash is the file's only once its last byte was read.
    var rest = [UInt8](repeating: 0, count: 1 << 16)
    while try source.readByte(into: &rest) > 0 {}
    let hash = source.digest()
    try requireOwnSidecar(header, sha256: hash, try FileNames(path))
    return (ImageDescription(header: header, sha256: hash), result)
  }

  private static func walk<R>(
    _ path: String, wantsVoxels: Bool,
    _ body: (CheckedHeader, FrameReader) throws(Problem) -> R
  ) throws(Problem) -> (header: ImageHeader, result: R, source: FileSource) {
    let names = try FileNames(path)
    let headerSource = try FileSource(names.header)
    let name = headerSource.name
    let headerStream = try VoxelStream(headerSource, gzip: names.isCompressed)
    let size = headerSource.size
    guard size > 0 else {
      throw Problem(.data, name, "it is empty", expected: "a NIfTI image")
    }
    var head = try readUpTo(348, headerStream)
    if head.count == 348, head[0] == 0x1c && head[1] == 2 || head[2] == 2 && head[3] == 0x1c {
      head += try readUpTo(192, headerStream)
    }
    if names.isCompressed, headerStream.position == 0 {
      throw Problem(.data, name, "its gzip content is empty", expected: "a NIfTI image")
    }
    let raw = try RawHeader(head, name: name)
    try raw.requireNoCoefficients(name)
    var checked = try Gate.check(raw, path: path, name: fileName(path))
    guard raw.isSingleFile == names.isSingleFile else {
      throw Problem(
        .data, name,
        raw.isSingleFile
          ? "its mark says header and voxels in one file, its name says a pair"
          : "its mark says a pair of files, its name says one file",
        expected: "name and mark that agree")
    }
    let voxelSource: FileSource
    let voxelStream: VoxelStream
    if raw.isSingleFile {
      voxelSource = headerSource
      voxelStream = headerStream
      try walkExtensions(&checked, head, headerStream, name)
    } else {
      voxelSource = try FileSource(names.voxels)
      voxelStream = try VoxelStream(voxelSource, gzip: names.isCompressed)
      try skip(checked.offset, voxelStream)
    }
    if names.isCompressed {
      try checkClaim(checked, voxelSource)
    } else {
      try checkSize(&checked, voxelSource)
    }
    try Library.confirm(checked, path: names.header, dataPath: names.voxels)
    sidecarCheck(&checked.description, names)

    let frames = FrameReader(checked, voxelStream, voxelSource.name)
    let result = try body(checked, frames)
    if names.isCompressed {
      try frames.skipRest()
      let extra = try voxelStream.drain(limit: Gate.mostTrailing)
      try checkTrailing(&checked, extra, voxelStream, voxelSource.name)
    } else if wantsVoxels {
      try frames.skipRest()
    }
    return (checked.description, result, voxelSource)
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

extension VoxelStream {
  /// Fills the array as far as the file reaches.
  func read(into bytes: inout [UInt8]) throws(Problem) -> Int {
    var result: Result<Int, Problem> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(Problem) { result = .success(try read(into: buffer)) } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}

/// Hands out the voxels of one frame after the other, in host byte order.
final class FrameReader {
  let frameBytes: Int
  private let stream: VoxelStream
  private let checked: CheckedHeader
  private let name: String
  private var done = 0

  init(_ checked: CheckedHeader, _ stream: VoxelStream, _ name: String) {
    self.checked = checked
    self.stream = stream
    self.name = name
    frameBytes = checked.description.grid.count * checked.description.type.byteCount
  }

  /// The next frame; the file ending early is a refusal.
  func next(into buffer: inout [UInt8]) throws(Problem) {
    let got = try stream.read(into: &buffer)
    guard got == frameBytes else {
      throw Problem(
        .data, name,
        "it ends after \(done * frameBytes + got) of \(checked.voxelBytes) bytes of voxels",
        expected: "a complete file", remedy: "Copy or download it again")
    }
    done += 1
    if checked.raw.isSwapped { swapBytes(&buffer, checked.description.type.byteCount) }
  }

  /// Walks over the frames that nobody asked for.
  func skipRest() throws(Problem) {
    guard done < checked.description.frameCount else { return }
    var left = (checked.description.frameCount - done) * frameBytes
    var scratch = [UInt8](repeating: 0, count: min(left, 1 << 20))
    while left > 0 {
      if left < scratch.count { scratch = [UInt8](repeating: 0, count: left) }
      let got = try stream.read(into: &scratch)
      guard got == scratch.count else {
        throw Problem(
          .data, name,
          "it ends after \(checked.voxelBytes - left + got) of \(checked.voxelBytes) bytes of voxels",
          expected: "a complete file", remedy: "Copy or download it again")
      }
      left -= got
    }
    done = checked.description.frameCount
  }
}

/// Reverses the bytes of every value.
func swapBytes(_ bytes: inout [UInt8], _ width: Int) {
  func swap<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
    bytes.withUnsafeMutableBytes { buffer in
      for at in stride(from: 0, to: buffer.count, by: MemoryLayout<T>.size) {
        let value = buffer.loadUnaligned(fromByteOffset: at, as: T.self)
        buffer.storeBytes(of: value.byteSwapped, toByteOffset: at, as: T.self)
      }
    }
  }
  switch width {
  case 2: swap(UInt16.self)
  case 4: swap(UInt32.self)
  case 8: swap(UInt64.self)
  default: break
  }
}

/// Header file and voxel file of a path, by its ending.
struct FileNames {
  let header: String
  let voxels: String
  let isSingleFile: Bool
  let isCompressed: Bool
  /// The path without its ending: where a sidecar would stand.
  let stem: String

  init(_ path: String) throws(Problem) {
    let endings = [".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz"]
    let lower = path.lowercased()
    for ending in endings where lower.hasSuffix(ending) {
      let base = String(path.dropLast(ending.count))
      guard !base.isEmpty, !base.hasSuffix("/") else { continue }
      stem = base
      isCompressed = ending.hasSuffix(".gz")
      isSingleFile = ending.hasPrefix(".nii")
      if isSingleFile {
        header = path
        voxels = path
      } else {
        let upper = path.hasSuffix(ending.uppercased())
        let tail = isCompressed ? ".gz" : ""
        header = base + (upper ? (".hdr" + tail).uppercased() : ".hdr" + tail)
        voxels = base + (upper ? (".img" + tail).uppercased() : ".img" + tail)
      }
      return
    }
    // A file that is not there is said to be missing, whatever its name.
    _ = try FileSource(path)
    throw Problem(
      .data, fileName(path), "its name ends in none of .nii, .nii.gz, .hdr and .img",
      expected: "a NIfTI image")
  }
}
