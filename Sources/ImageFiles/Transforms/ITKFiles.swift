import Basics
internal import CHDF5
import Imaging

extension ITKTransform {
  /// The map of points that a file of ITK or ANTs holds: `.txt`, `.tfm`, `.mat`, `.h5`, or a field in NIfTI.
  static func read(_ path: String) throws(Problem) -> SpatialMap {
    let name = fileName(path)
    if FileNames.isNIfTI(path) {
      return SpatialMap([.field(try VectorImage(path).displacementsLPS())])
    }
    let source = try FileSource(path)
    if try HDF5File.isOne(path) {
      return try map(HDF5File.transforms(path, size: source.size), name)
    }
    guard source.size <= 1 << 20 else {
      throw Problem(
        .data, name, "it has \(source.size) bytes", expected: "a transform of ITK")
    }
    let bytes = try readText(source)
    let isText = bytes.starts(with: Array("#Insight Transform File".utf8))
    return try map(
      isText ? text(String(decoding: bytes, as: UTF8.self), name) : matlab(bytes, name), name)
  }

  private static func text(_ text: String, _ name: String) throws(Problem) -> [ITKTransform] {
    var out: [ITKTransform] = []
    func numbers(_ words: Substring) throws(Problem) -> [Double] {
      let parts = words.split(separator: " ")
      let found = parts.compactMap { Double($0) }
      guard found.count == parts.count else {
        throw Problem(
          .data, name, "a parameter of it is no number", expected: "a transform of ITK")
      }
      return found
    }
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard let key = parts.first else { continue }
      let value = parts.count == 2 ? parts[1] : ""
      switch key {
      case "Transform":
        guard out.count < 64 else {
          throw Problem(.data, name, "it holds too many transforms", expected: "at most 64")
        }
        let word = value.split(separator: " ").first.map(String.init) ?? ""
        out.append(ITKTransform(kind: try kind(word, name), parameters: [], fixed: []))
      case "Parameters" where !out.isEmpty: out[out.count - 1].parameters = try numbers(value)
      case "FixedParameters" where !out.isEmpty: out[out.count - 1].fixed = try numbers(value)
      default: break
      }
    }
    return out
  }

  /// MATLAB level 4: five numbers of 32 bits (type, rows, columns, imaginary, length of the name), the
  /// name, the values column by column.
  private static func matlab(_ bytes: [UInt8], _ name: String) throws(Problem) -> [ITKTransform] {
    let broken = Problem(
      .data, name, "it is neither ITK's text nor HDF5 nor a MATLAB level 4 file",
      expected: "a transform of ITK")
    func word(_ at: Int) -> Int? {
      guard at + 4 <= bytes.count else { return nil }
      return Int(
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
          | UInt32(bytes[at + 3]) << 24)
    }
    var at = 0
    var found: [(name: String, values: [Double])] = []
    while at < bytes.count, found.count < 8 {
      guard let type = word(at), let rows = word(at + 4), let columns = word(at + 8),
        let imaginary = word(at + 12), let length = word(at + 16), type == 0 || type == 10,
        imaginary == 0, rows > 0, columns > 0, rows <= 64, columns <= 64, length > 0, length <= 64
      else { throw broken }
      let size = type == 0 ? 8 : 4
      let start = at + 20 + length
      guard start + rows * columns * size <= bytes.count else { throw broken }
      let title = String(
        decoding: bytes[at + 20..<start].prefix { $0 != 0 }, as: UTF8.self)
      let values = (0..<rows * columns).map { n -> Double in
        var bits: UInt64 = 0
        for b in 0..<size { bits |= UInt64(bytes[start + n * size + b]) << UInt64(8 * b) }
        return size == 8
          ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      }
      found.append((title, values))
      at = start + rows * columns * size
    }
    guard let fixed = found.first(where: { $0.name == "fixed" }),
      let main = found.first(where: { $0.name != "fixed" })
    else { throw broken }
    return [
      ITKTransform(kind: try kind(main.name, name), parameters: main.values, fixed: fixed.values)
    ]
  }
}

/// An HDF5 file of ITK: `/TransformGroup/0`, `/1` and so on.
enum HDF5File {
  static let mark: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
  private static let most = 64

  static func isOne(_ path: String) throws(Problem) -> Bool {
    let source = try FileSource(path)
    var head = [UInt8](repeating: 0, count: 8)
    return try source.readByte(into: &head) == 8 && head == mark
  }

  /// - Parameter size: of the file, which bounds what it can hold.
  static func transforms(_ path: String, size: Int) throws(Problem) -> [ITKTransform] {
    let name = fileName(path)
    var found = [boldspect_h5_transform](
      repeating: boldspect_h5_transform(), count: most + 1)
    let count = Int(boldspect_h5_list(path, &found, Int32(most + 1)))
    guard count != Int(BOLDSPECT_H5_NO_READER) else {
      throw Problem(
        .unavailable, name, "the library that reads .h5 is not beside the program",
        expected: "libboldspect-hdf5.so", remedy: "Build it with `swift build -c release`")
    }
    guard count >= 0 else {
      throw Problem(
        .data, name, "it begins like HDF5 and is damaged or cut short", expected: "a whole file",
        remedy: "Copy or download it again")
    }
    guard count > 0 else {
      throw Problem(
        .data, name, "it is HDF5 and holds no transform of ITK",
        expected: "what ANTs and ITK write (/TransformGroup)")
    }
    guard count <= most else {
      throw Problem(.data, name, "it holds too many transforms", expected: "at most \(most)")
    }
    var out: [ITKTransform] = []
    for n in 0..<count {
      let one = found[n]
      let word = withUnsafeBytes(of: one.type) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      let kind = try ITKTransform.kind(word, name)
      var transform = ITKTransform(
        kind: kind, parameters: [],
        fixed: try numbers(withUnsafeBytes(of: one.fixed, Array.init), one.fixed_count, name))
      if ITKTransform.fieldKinds.contains(kind) {
        let grid = try ITKTransform.fieldGrid(transform.fixed, name)
        transform.field = try field(path, n, Int(one.parameter_count), grid, size)
      } else {
        transform.parameters = try numbers(
          withUnsafeBytes(of: one.parameters, Array.init), one.parameter_count, name)
      }
      out.append(transform)
    }
    return out
  }

  private static func numbers(
    _ bytes: [UInt8], _ count: Int64, _ name: String
  ) throws(Problem) -> [Double] {
    guard count <= Int64(BOLDSPECT_H5_NUMBERS) else {
      throw Problem(
        .data, name, "a transform of it has \(count) parameters", expected: "an affine transform")
    }
    return bytes.withUnsafeBytes { raw in
      (0..<max(0, Int(count))).map {
        raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)
      }
    }
  }

  private static func field(
    _ path: String, _ n: Int, _ count: Int, _ grid: Grid, _ size: Int
  ) throws(Problem) -> [Float] {
    let name = fileName(path)
    guard count == MemoryBudget.product(3, grid.count),
      MemoryBudget.product(4, count) <= VoxelEnd.mostInflated(from: size)
    else {
      throw Problem(
        .data, name, "its displacement field is not of its grid's \(grid.count) voxels",
        expected: "three numbers for each voxel")
    }
    // As it is stored, as it comes over, and turned round.
    try MemoryBudget.require(MemoryBudget.product(20, count), of: name, for: "its field")
    var out = [Float](repeating: 0, count: count)
    guard boldspect_h5_field(path, Int32(n), &out, Int64(count)) == 1 else {
      throw Problem(
        .data, name, "its displacement field cannot be read", expected: "a whole file",
        remedy: "Copy or download it again")
    }
    return out
  }
}
