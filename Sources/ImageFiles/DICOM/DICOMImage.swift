import Basics
import Glibc
import Imaging

/// A DICOM series whose files are opened one after the other, as their slices are asked for.
final class DICOMImage: OpenImage {
  private(set) var header: ImageHeader
  let frameBytes: Int
  private let series: DICOMSeriesFiles
  /// Of all slices, when they share one; otherwise numbers are worked out as floats.
  private let isScaledAlike: Bool
  private let sliceBytes: Int
  private var nextFrame = 0
  private var opened: (number: Int, file: DICOMFile)?
  private var stored: [UInt8] = []
  /// Which stored frame of which file that is.
  private var storedPlace: (file: Int, frame: Int)?

  init(_ path: String, _ series: DICOMSeriesFiles) throws(Problem) {
    self.series = series
    let stack = series.stack
    let first = stack.sources[0]
    isScaledAlike = stack.sources.allSatisfy {
      $0.slope == first.slope && $0.intercept == first.intercept
    }
    let type = isScaledAlike ? series.format.type : .float32
    let dimensions = (stack.columns, stack.rows, stack.slices)
    let name = fileName(path)
    guard let grid = Grid(dimensions: dimensions, worldFromVoxel: stack.affine) else {
      throw Problem(.data, name, "its geometry cannot be inverted")
    }
    sliceBytes = stack.columns * stack.rows * type.byteCount
    frameBytes = sliceBytes * stack.slices
    var findings = stack.findings
    if !isScaledAlike {
      findings.append(
        Finding(
          "slopes-differ", .note,
          "Its slices are scaled each by its own slope; values were worked out from them."))
    }
    header = ImageHeader(
      path: path, name: name, shape: [stack.columns, stack.rows, stack.slices, stack.frames],
      dimensionCount: stack.frames > 1 ? 4 : 3, spacing: grid.spacing, type: type,
      slope: isScaledAlike ? first.slope : 1, intercept: isScaledAlike ? first.intercept : 0,
      form: .format, statedFormCode: 1, formsApartMillimetres: nil, affine: stack.affine,
      grid: grid,
      laterality: .known, isSimulated: false, isSyntheticPerson: false,
      headerRepetitionTimeSeconds: stack.repetitionTimeSeconds, noticed: findings)
    header.patient = series.files[0].person
  }

  func next(into buffer: inout [UInt8]) throws(Problem) {
    let stack = series.stack
    guard nextFrame < stack.frames else { preconditionFailure("frames are counted") }
    for k in 0..<stack.slices {
      let source = stack.sources[nextFrame * stack.slices + k]
      try load(source)
      place(source, into: &buffer, at: k * sliceBytes)
    }
    nextFrame += 1
  }

  func finish() throws(Problem) {
    opened = nil
    storedPlace = nil
  }

  func sha256() throws(Problem) -> String {
    var hashes: [String] = []
    for file in series.files {
      hashes.append(try ImageFiles.sha256(ofFile: file.path))
      guard FileIdentity(file.path) == file.state else {
        throw Problem(
          .data, file.name, "it changed while it was read", expected: "a file at rest",
          remedy: "Try again once it is copied")
      }
    }
    return hashes.count == 1 ? hashes[0] : ImageFiles.sha256(of: Array(hashes.joined().utf8))
  }

  /// Unpacks the stored frame that a slice lies in, unless it is there already.
  private func load(_ source: DICOMSource) throws(Problem) {
    if let place = storedPlace, place == (source.file, source.frame) { return }
    if opened?.number != source.file {
      opened = nil
      opened = (source.file, try DICOMFile(series.files[source.file].path, .whole))
    }
    guard let file = opened?.file else { preconditionFailure("it was opened") }
    let format = series.format
    if stored.count != format.frameBytes {
      try MemoryBudget.require(format.frameBytes, of: file.name, for: "a frame of it")
      stored = [UInt8](repeating: 0, count: format.frameBytes)
    }
    try file.readFrame(source.frame, into: &stored)
    try DICOMBits.settle(&stored, format, file.name)
    storedPlace = (source.file, source.frame)
  }

  /// Copies a slice, or a tile of it, to its place in the volume.
  private func place(_ source: DICOMSource, into buffer: inout [UInt8], at start: Int) {
    let stack = series.stack
    let width = series.format.bytesPerPixel
    let across = stack.tilesAcross ?? 1
    let tile = source.tile ?? 0
    let (left, top) = (tile % across * stack.columns, tile / across * stack.rows)
    let outWidth = isScaledAlike ? width : 4
    for row in 0..<stack.rows {
      let from = ((top + row) * series.format.columns + left) * width
      let to = start + row * stack.columns * outWidth
      let line = stored[from..<from + stack.columns * width]
      if isScaledAlike {
        buffer.replaceSubrange(to..<to + line.count, with: line)
      } else {
        scale(line, source, into: &buffer, at: to)
      }
    }
  }

  /// A line's numbers, each rounded once from what slope and intercept give in double precision.
  private func scale(
    _ line: ArraySlice<UInt8>, _ source: DICOMSource, into buffer: inout [UInt8], at start: Int
  ) {
    line.withUnsafeBytes { raw in
      buffer.withUnsafeMutableBytes { out in
        guard let base = out.baseAddress else { return }
        decodeSamples(
          raw, type: series.format.type, slope: source.slope, intercept: source.intercept,
          into: (base + start).assumingMemoryBound(to: Float.self))
      }
    }
  }

  static func isUncompressed(_ syntax: String) -> Bool {
    [
      "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99",
    ].contains(syntax)
  }
}

/// Stored bits made into numbers (PS3.5, 8.1.1).
enum DICOMBits {
  /// Shifts values to the low bits and extends their sign. Bits that are not the value's must be empty, or repeat
  /// its sign: what else they hold, nobody says.
  static func settle(
    _ bytes: inout [UInt8], _ format: DICOMPixelFormat, _ name: String
  ) throws(Problem) {
    guard format.bitsStored < format.bitsAllocated else { return }
    let isClean: Bool
    switch format.bitsAllocated {
    case 8: isClean = settle(&bytes, format, Int8.self, UInt8.self)
    case 16: isClean = settle(&bytes, format, Int16.self, UInt16.self)
    default: isClean = settle(&bytes, format, Int32.self, UInt32.self)
    }
    guard isClean else {
      throw Problem(
        .data, name,
        "its pixels use more than the \(format.bitsStored) bits that it says are stored",
        expected: "empty bits beside the values (overlays in them are not read)")
    }
  }

  private static func settle<S, U>(
    _ bytes: inout [UInt8], _ format: DICOMPixelFormat, _: S.Type, _: U.Type
  ) -> Bool
  where
    S: FixedWidthInteger & SignedInteger & BitwiseCopyable,
    U: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  {
    let low = format.highBit + 1 - format.bitsStored
    let above = U.bitWidth - format.bitsStored
    var isClean = true
    bytes.withUnsafeMutableBytes { raw in
      for at in stride(from: 0, to: raw.count, by: MemoryLayout<U>.size) {
        let word = raw.loadUnaligned(fromByteOffset: at, as: U.self)
        let value = (word >> U(low)) << U(above)
        let plain = value >> U(above)
        let signed = S(truncatingIfNeeded: value) >> S(above)
        let repeated = U(truncatingIfNeeded: signed) << U(low)
        let isPlain = word == plain << U(low)
        isClean = isClean && (isPlain || format.isSigned && word == repeated)
        if format.isSigned {
          raw.storeBytes(of: signed, toByteOffset: at, as: S.self)
        } else {
          raw.storeBytes(of: plain, toByteOffset: at, as: U.self)
        }
      }
    }
    return isClean
  }
}
