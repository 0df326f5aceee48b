import Basics
internal import CHDF5
import Imaging
import Synchronization

extension ITKTransform {
  /// The map of points that a file of ITK or ANTs holds: `.txt`, `.tfm`, `.mat`, `.h5`, or a field in NIfTI.
  static func read(_ path: String) throws(Problem) -> SpatialMap {
    let name = fileName(path)
    if FileNames.isNIfTI(path) {
      return SpatialMap([.field(try VectorImage(path).displacementsLPS())])
    }
    let source = try FileSource(path)
    if try HDF5File.isOne(path) { return try map(HDF5File(path).transforms(source.size), name) }
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
final class HDF5File {
  /// libhdf5 keeps global state.
  private static let turn = Mutex(())
  private let file: OpaquePointer
  private let name: String

  static let mark: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  static func isOne(_ path: String) throws(Problem) -> Bool {
    let source = try FileSource(path)
    var head = [UInt8](repeating: 0, count: 8)
    return try source.readByte(into: &head) == 8 && head == mark
  }

  init(_ path: String) throws(Problem) {
    name = fileName(path)
    guard let opened = Self.turn.withLock({ _ in boldspect_h5_open(path) }) else {
      throw Problem(
        .data, name, "it begins like HDF5 and is damaged or cut short", expected: "a whole file",
        remedy: "Copy or download it again")
    }
    file = opened
  }

  deinit { Self.turn.withLock { _ in boldspect_h5_close(file) } }

  private func word(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let room = Int64(bytes.count)
    let isThere = Self.turn.withLock { _ in boldspect_h5_word(file, path, &bytes, room) }
    guard isThere == 1 else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// ITK wrote `Tranform` up to version 4.
  private func numbersPath(_ n: Int, _ what: String) -> (path: String, count: Int)? {
    for spelling in ["Transform", "Tranform"] {
      let path = "/TransformGroup/\(n)/\(spelling)\(what)"
      let count = Self.turn.withLock { _ in boldspect_h5_count(file, path) }
      if count >= 0 { return (path, Int(count)) }
    }
    return nil
  }

  private func doubles(_ n: Int, _ what: String) throws(Problem) -> [Double] {
    guard let (path, count) = numbersPath(n, what), count > 0 else { return [] }
    guard count <= 1 << 16 else {
      throw Problem(
        .data, name, "a transform of it has \(count) parameters", expected: "an affine transform")
    }
    var out = [Double](repeating: 0, count: count)
    let done = Self.turn.withLock { _ in boldspect_h5_doubles(file, path, &out, Int64(count)) }
    guard done == 1 else { throw damaged }
    return out
  }

  private var damaged: Problem {
    Problem(
      .data, name, "a part of it cannot be read", expected: "a whole file",
      remedy: "Copy or download it again")
  }

  /// - Parameter size: of the file, which bounds what it can hold: deflate writes at most 1032 bytes for one.
  func transforms(_ size: Int) throws(Problem) -> [ITKTransform] {
    var out: [ITKTransform] = []
    while out.count < 64, let title = word("/TransformGroup/\(out.count)/TransformType") {
      let n = out.count
      let kind = try ITKTransform.kind(title, name)
      var one = ITKTransform(kind: kind, parameters: [], fixed: try doubles(n, "FixedParameters"))
      if ITKTransform.fieldKinds.contains(kind) {
        one.field = try field(n, ITKTransform.fieldGrid(one.fixed, name), size)
      } else {
        one.parameters = try doubles(n, "Parameters")
      }
      out.append(one)
    }
    guard !out.isEmpty else {
      throw Problem(
        .data, name, "it is HDF5 and holds no transform of ITK",
        expected: "what ANTs and ITK write (/TransformGroup)")
    }
    guard word("/TransformGroup/\(out.count)/TransformType") == nil else {
      throw Problem(.data, name, "it holds too many transforms", expected: "at most 64")
    }
    return out
  }

  private func field(_ n: Int, _ grid: Grid, _ size: Int) throws(Problem) -> [Float] {
    let wanted = MemoryBudget.product(3, grid.count)
    guard let (path, count) = numbersPath(n, "Parameters"), count == wanted,
      MemoryBudget.product(4, count) <= MemoryBudget.sum(MemoryBudget.product(size, 1032), 1 << 16)
    else {
      throw Problem(
        .data, name, "its displacement field is not of its grid's \(grid.count) voxels",
        expected: "three numbers for each voxel")
    }
    try MemoryBudget.require(MemoryBudget.product(12, count), of: name, for: "its field")
    var out = [Float](repeating: 0, count: count)
    let done = Self.turn.withLock { _ in boldspect_h5_floats(file, path, &out, Int64(count)) }
    guard done == 1 else { throw damaged }
    return out
  }
}
