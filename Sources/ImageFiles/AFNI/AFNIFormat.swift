import Basics
import Imaging

/// AFNI's images: a text `.HEAD` and the voxels in a `.BRIK`, which may be compressed.
///
/// Attributes from AFNI's README.attributes.
enum AFNIFormat: ImageFormat {
  static let name = "AFNI .HEAD and .BRIK"

  static func recognises(_ path: String, head: [UInt8]) -> Bool { AFNINames(path) != nil }

  static func open(_ path: String, wantsVoxels: Bool) throws(Problem) -> any OpenImage {
    guard let names = AFNINames(path) else {
      throw Problem(.data, fileName(path), "its name is not one of AFNI's", expected: "x.HEAD")
    }
    return try AFNIImage(path, names, wantsVoxels: wantsVoxels)
  }
}

/// The two files of an AFNI image, by the name of either.
struct AFNINames {
  let header: String
  let stem: String

  init?(_ path: String) {
    let endings = [".HEAD", ".BRIK", ".BRIK.gz", ".BRIK.bz2", ".BRIK.Z"]
    guard let ending = endings.first(where: { path.lowercased().hasSuffix($0.lowercased()) })
    else { return nil }
    stem = String(path.dropLast(ending.count))
    header = path.hasSuffix(".HEAD") ? path : stem + ".HEAD"
  }

  /// The file of voxels; two of them would be a guess.
  func voxels() throws(Problem) -> (path: String, isCompressed: Bool) {
    let there = [".BRIK", ".BRIK.gz", ".BRIK.bz2", ".BRIK.Z"].filter { isThere(stem + $0) }
    guard let one = there.first, there.count == 1 else {
      throw Problem(
        there.isEmpty ? .missingInput : .data, fileName(header),
        there.isEmpty
          ? "there is no .BRIK beside it"
          : "there are \(there.count) files of voxels beside it: "
            + there.map { fileName(stem + $0) }.joined(separator: ", "),
        expected: "one .BRIK or .BRIK.gz")
    }
    guard one == ".BRIK" || one == ".BRIK.gz" else {
      throw Problem(
        .data, fileName(stem + one), "it is compressed in a way that is not read",
        expected: ".BRIK or .BRIK.gz", remedy: "Unpack it")
    }
    return (stem + one, one == ".BRIK.gz")
  }
}

private final class AFNIImage: OpenImage {
  private(set) var header: ImageHeader
  private let headHash: String
  private let source: FileSource
  private let stream: VoxelStream
  private let frames: FrameReader
  private let wantsVoxels: Bool
  /// One factor a sub-brick, where they differ: values are then handed out as floats.
  private let factors: [Double]?
  private let stored: SampleType
  private var done = 0

  var frameBytes: Int { header.grid.count * header.type.byteCount }

  init(_ path: String, _ names: AFNINames, wantsVoxels: Bool) throws(Problem) {
    self.wantsVoxels = wantsVoxels
    let headSource = try FileSource(names.header)
    let name = headSource.name
    guard headSource.size <= 16 << 20 else {
      throw Problem(
        .data, name, "it has \(headSource.size) bytes", expected: "at most 16 MiB of text")
    }
    let attributes = try AFNIAttributes(try readText(headSource), name: name)
    headHash = headSource.digest()
    let geometry = try AFNIGeometry(attributes, name)
    let count = geometry.shape[3]
    stored = try Self.type(attributes, count, name)
    let scales = try Self.factors(attributes, count, name)
    let isScaledAlike = scales.allSatisfy { $0 == scales[0] }
    factors = isScaledAlike ? nil : scales
    var header = try ImageHeader(
      path: path, shape: geometry.shape, type: isScaledAlike ? stored : .float32,
      slope: isScaledAlike ? scales[0] : 1, matrix: geometry.matrix, sizeMillimetres: [],
      formCode: geometry.formCode, repetitionTimeSeconds: geometry.repetitionTimeSeconds,
      findings: geometry.findings)
    header.laterality = geometry.laterality
    if geometry.isTimeSeries { ImageReader.sidecarCheck(&header, stem: names.stem) }
    let voxels = try names.voxels()
    source = try FileSource(voxels.path)
    stream = try VoxelStream(source, gzip: voxels.isCompressed)
    let bytes = MemoryBudget.product(
      header.grid.count, MemoryBudget.product(count, stored.byteCount))
    try VoxelEnd.checkClaim(bytes, from: 0, source, compressed: voxels.isCompressed)
    self.header = header
    header.type = stored
    frames = FrameReader(
      header, isSwapped: try Self.isSwapped(attributes, stored, name), stream, source.name)
  }

  private static func type(
    _ a: AFNIAttributes, _ count: Int, _ name: String
  ) throws(Problem) -> SampleType {
    let types = try a.required("BRICK_TYPES", least: count).prefix(count)
    guard let first = types.first, types.allSatisfy({ $0 == first }) else {
      throw Problem(
        .data, name, "its sub-bricks have different types", expected: "one type",
        remedy: "Write it with `3dcalc -datum float`")
    }
    switch first {
    case 0: return .uint8
    case 1: return .int16
    case 3: return .float32
    default:
      throw Problem(
        .data, name, "its sub-bricks have the type \(plainNumber(first))",
        expected: "bytes, shorts or floats (0, 1, 3)")
    }
  }

  /// What stored values are multiplied with; AFNI writes 0 for 1.
  private static func factors(
    _ a: AFNIAttributes, _ count: Int, _ name: String
  ) throws(Problem) -> [Double] {
    guard let given = try a.optional("BRICK_FLOAT_FACS", least: count) else {
      return [Double](repeating: 1, count: count)
    }
    guard given.allSatisfy({ $0 >= 0 }) else {
      throw Problem(.data, name, "a factor of its values is negative", expected: "0 or more")
    }
    return given.prefix(count).map { $0 == 0 ? 1 : $0 }
  }

  private static func isSwapped(
    _ a: AFNIAttributes, _ type: SampleType, _ name: String
  ) throws(Problem) -> Bool {
    switch a.text("BYTEORDER_STRING") {
    case "LSB_FIRST": return false
    case "MSB_FIRST": return true
    default:
      guard type.byteCount == 1 else {
        throw Problem(
          .data, name, "it does not state the order of its bytes",
          expected: "BYTEORDER_STRING LSB_FIRST or MSB_FIRST")
      }
      return false
    }
  }

  func next(into buffer: inout [UInt8]) throws(Problem) {
    guard let factors else {
      try frames.next(into: &buffer)
      return
    }
    var raw = [UInt8](repeating: 0, count: frames.frameBytes)
    try frames.next(into: &raw)
    let store = SampleStore(type: stored, slope: factors[done], intercept: 0, bytes: raw)
    done += 1
    let values = store.floats(0..<header.grid.count)
    values.withUnsafeBytes { from in buffer.withUnsafeMutableBytes { $0.copyMemory(from: from) } }
  }

  func finish() throws(Problem) {
    guard wantsVoxels || stream.isCompressed else { return }
    try frames.skipRest()
    header.noticed += try VoxelEnd.findings(stream, source.name)
  }

  func sha256() throws(Problem) -> String {
    ImageFiles.sha256(of: Array((headHash + (try source.wholeDigest())).utf8))
  }
}

private func isThere(_ path: String) -> Bool { (try? FileSource(path)) != nil }
