import Basics
import Imaging

/// The files of one series, checked against each other and laid out as an image.
struct DICOMSeriesFiles: Sendable {
  /// In the order in which slices first need them.
  let files: [DICOMInstance]
  let stack: DICOMStack
  let format: DICOMPixelFormat

  /// - Parameters:
  ///   - unsorted: all files of the series; it makes no difference in which order.
  ///   - others: how many other series lie beside it, where that is to be told.
  init(_ unsorted: [DICOMInstance], others: Int = 0) throws(Problem) {
    let given = unsorted.sorted { Self.number($0) < Self.number($1) }
    guard let first = given.first else { preconditionFailure("a series has files") }
    for file in given { try Self.check(file) }
    for file in given.dropFirst() { try Self.check(file, against: first) }
    try Self.checkCopies(given)
    try Self.checkScaling(given)
    guard let format = first.pixels else { preconditionFailure("pixels were checked") }
    var stack = try Self.stack(given)
    try Self.checkSize(stack, first.name)
    try Self.checkCount(given, stack)
    stack.findings += Self.findings(given)
    if others > 0 {
      let number = first.seriesNumber.map { "series \($0)" } ?? "a series without a number"
      let text = "This is \(number); \(others) other series in the same folder are not part of it."
      stack.findings.append(Finding("other-series", .note, text))
    }
    stack.findings += Self.gapFindings(given, stack)
    var noticed = stack.findings
    stack.repetitionTimeSeconds = Self.repetitionTime(given, stack, &noticed)
    let isTold = noticed.contains { $0.code == "tr-conflict" }
    noticed += Self.numberFindings(given, stack).filter { !isTold || $0.code != "tr-conflict" }
    stack.findings = noticed
    // Files in the order of slices, which hashes go by.
    var place: [Int: Int] = [:]
    for source in stack.sources where place[source.file] == nil { place[source.file] = place.count }
    files = place.sorted { $0.value < $1.value }.map { given[$0.key] }
    for n in stack.sources.indices { stack.sources[n].file = place[stack.sources[n].file] ?? 0 }
    self.stack = stack
    self.format = format
  }

  private static func number(_ file: DICOMInstance) -> (Double, String) {
    (file.instanceNumber ?? .infinity, file.name)
  }

  private static func stack(_ files: [DICOMInstance]) throws(Problem) -> DICOMStack {
    let first = files[0]
    if first.kind == .nuclear {
      guard files.count == 1 else {
        throw Problem(
          .data, files[1].name,
          "its series holds \(files.count) NM objects (\(first.name) is another)",
          expected: "one set of slices in a series")
      }
      return try .nuclear(first)
    }
    if first.imageType.contains("MOSAIC"), first.kind == .magneticResonance {
      return try .mosaics(files)
    }
    if let type = first.seriesType.first, ["DYNAMIC", "GATED"].contains(type) {
      throw Problem(
        .data, first.name, "it is a \(type.lowercased()) PET series",
        expected: "a static PET series")
    }
    if first.seriesType.contains("REPROJECTION") {
      throw Problem(
        .data, first.name, "it holds projections of a PET volume", expected: "slices")
    }
    var stacking = try DICOMStacking(files)
    return try stacking.stack()
  }

  /// What a file must be by itself.
  private static func check(_ file: DICOMInstance) throws(Problem) {
    if case .other(let name) = file.kind {
      throw Problem(
        .data, file.name, "it is \(name)", expected: "an NM, MR, PET or CT image")
    }
    try DICOMEncoding.check(file.transferSyntax, file.name)
    guard !file.isLossy else {
      throw Problem(
        .data, file.name,
        "its pixels were once compressed with loss, so its numbers are not the scanner's",
        expected: "an image that was never compressed with loss")
    }
    try checkGrey(file)
    guard let p = file.pixels, [8, 16, 32].contains(p.bitsAllocated),
      (1...p.bitsAllocated).contains(p.bitsStored),
      (p.bitsStored - 1..<p.bitsAllocated).contains(p.highBit)
    else {
      throw Problem(
        .data, file.name, "its rows, columns and bits are missing or contradict each other",
        expected: "pixels of 8, 16 or 32 bits")
    }
    guard (1...1_000_000).contains(file.frameCount) else {
      throw Problem(
        .data, file.name, "it says \(file.frameCount) frames", expected: "1 to 1 000 000")
    }
    if p.bitsAllocated == 32, file.transferSyntax == "1.2.840.10008.1.2.2" {
      throw Problem(
        .data, file.name, "its pixels have 32 bits in big-endian order", expected: "little endian")
    }
    guard !file.hasValueTable else {
      throw Problem(
        .data, file.name, "its numbers mean what a table says (Modality LUT)",
        expected: "a rescale slope and intercept")
    }
    if file.frameCount > 1, !file.kind.isEnhanced, file.kind != .nuclear {
      throw Problem(
        .data, file.name,
        "it is \(file.kind.name) of one frame by its class and has \(file.frameCount)",
        expected: "one frame in a file")
    }
    if let doubled = file.doubledGroup {
      throw Problem(.data, file.name, doubled, expected: "every functional group once")
    }
    guard !file.seriesUID.isEmpty else {
      throw Problem(
        .data, file.name, "it does not say which series it is of",
        expected: "a Series Instance UID")
    }
    try checkClaim(file, p)
    for plane in file.planes {
      guard plane.slope.isFinite, plane.slope != 0, plane.intercept.isFinite else {
        throw Problem(
          .data, file.name, "its rescale slope or intercept is no usable number",
          expected: "numbers, the slope not 0")
      }
    }
  }

  private static func checkGrey(_ file: DICOMInstance) throws(Problem) {
    guard file.samplesPerPixel != 1 || !file.photometric.hasPrefix("MONOCHROME") else { return }
    let kind = DICOMTerms.known(file.photometric).map { ", \($0)" } ?? ""
    throw Problem(
      .data, file.name,
      "its pixels are no grey values (\(file.samplesPerPixel) for each pixel\(kind))",
      expected: "one number for each pixel")
  }

  /// Pixel data must be as long as rows, columns and frames say.
  private static func checkClaim(_ file: DICOMInstance, _ p: DICOMPixelFormat) throws(Problem) {
    let needed = MemoryBudget.product(p.frameBytes, file.frameCount)
    if let bytes = file.pixelBytes {
      guard bytes == needed || bytes == needed + 1 else {
        throw Problem(
          .data, file.name,
          "its header claims \(needed) bytes of pixels, its pixel data have \(bytes)",
          expected: "a complete file", remedy: "Copy or export it again")
      }
      guard DICOMImage.isUncompressed(file.transferSyntax) else {
        throw Problem(
          .data, file.name, "its pixels are said to be compressed and are not",
          expected: "a transfer syntax that fits its pixels")
      }
    } else if file.pixelPieces == nil {
      throw Problem(.data, file.name, "it has no pixel data", expected: "an image")
    } else if DICOMImage.isUncompressed(file.transferSyntax) {
      throw Problem(
        .data, file.name, "its pixels are compressed and not said to be",
        expected: "a transfer syntax that fits its pixels")
    } else if let pieces = file.pixelPieces, pieces != file.frameCount + 1 {
      throw Problem(
        .data, file.name,
        "its \(file.frameCount) compressed frames lie in \(max(0, pieces - 1)) pieces",
        expected: "one piece for each frame", remedy: "Export it uncompressed")
    }
  }

  private static func checkCopies(_ files: [DICOMInstance]) throws(Problem) {
    var seen: [String: String] = [:]
    for file in files {
      if let other = seen.updateValue(file.name, forKey: file.sopInstance) {
        throw Problem(
          .data, file.name, "it is the same object as \(other)", expected: "every object once",
          remedy: "Take the copy away")
      }
    }
  }

  private static func checkSize(_ stack: DICOMStack, _ name: String) throws(Problem) {
    let elements = MemoryBudget.product(stack.columns, stack.rows, stack.slices, stack.frames)
    guard elements < Gate.mostElements else {
      throw Problem(
        .data, name,
        "its size \(stack.columns)×\(stack.rows)×\(stack.slices)×\(stack.frames) is beyond reason",
        expected: "fewer than 2^31 voxels")
    }
  }

  private static func findings(_ files: [DICOMInstance]) -> [Finding] {
    var findings: [Finding] = []
    if let padding = files.lazy.compactMap(\.paddingValue).first {
      findings.append(
        Finding(
          "padding", .note,
          "Pixels of \(plainNumber(padding)) (as stored) mean that nothing was measured there; they are kept."
        ))
    }
    if let stated = files[0].temporalPositions, stated > 1, stated != files.count,
      files[0].kind == .magneticResonance
    {
      let own = Set(files.map { $0.planes.first?.temporalPosition ?? 0 }).count
      if own > 1, own != stated {
        findings.append(
          Finding(
            "times-missing", .warning,
            "The header says \(stated) times, and \(own) are here; the series may be cut."))
      }
    }
    return findings
  }

  /// Seconds per volume as the header says, compared with when volumes were taken.
  private static func repetitionTime(
    _ files: [DICOMInstance], _ stack: DICOMStack, _ findings: inout [Finding]
  ) -> Double? {
    guard stack.frames > 1 else { return nil }
    let stated = files[0].repetitionTimeMilliseconds.map { $0 / 1000 }
    guard let seconds = stated, Gate.plausibleRepetitionTime.contains(seconds) else {
      findings.append(
        Finding(
          "tr-unknown", .warning,
          stated.map {
            "A repetition time of \(plainNumber($0)) s is not plausible (0.05 to 20 s) and taken as unknown. State it "
              + "with --tr."
          } ?? "The header says no repetition time. State it with --tr."))
      return nil
    }
    if let finding = Self.clockConflict(files, stack, seconds) { findings.append(finding) }
    return seconds
  }
}
