import Basics

/// What Siemens' own header says of a mosaic.
struct DICOMMosaicFacts: Sendable {
  var imageCount: Int?
  var sliceNormal: PatientVector?
  /// Milliseconds of each slice.
  var sliceTimes: [Double]
  /// The same number in an element of its own, as newer software writes it.
  var otherImageCount: Int?
  /// Lines and columns that were measured: along frequency, and along phase.
  var matrix: [Double]

  init(_ header: SiemensHeader?, _ data: DICOMItem) {
    otherImageCount = data.privateTag(0x0019, "SIEMENS MR HEADER", 0x0a).flatMap {
      data.integer($0)
    }
    matrix = (data.numbers(.acquisitionMatrix) ?? []).filter { $0 > 0 }
    imageCount = header?.integer("NumberOfImagesInMosaic")
    let normal = header?.numbers("SliceNormalVector") ?? []
    sliceNormal = normal.count == 3 ? PatientVector(normal[0], normal[1], normal[2]) : nil
    sliceTimes = header?.numbers("MosaicRefAcqTimes") ?? []
  }
}

/// The named values of Siemens' CSA image header (0029,xx10): a list of names with texts, in two editions. Its
/// layout is that which nibabel's documentation describes.
struct SiemensHeader {
  private var values: [String: [String]] = [:]

  /// - Returns: nil when the file has none, or none that can be followed.
  static func read(_ data: DICOMItem) -> SiemensHeader? {
    guard let tag = data.privateTag(0x0029, "SIEMENS CSA HEADER", 0x10),
      let bytes = data.bytes(tag, most: 16 << 20)
    else { return nil }
    return SiemensHeader(bytes)
  }

  init?(_ bytes: [UInt8]) {
    let isSecond = bytes.starts(with: Array("SV10".utf8))
    var at = isSecond ? 8 : 0
    func integer(_ place: Int) -> Int? {
      guard place >= 0, place + 4 <= bytes.count else { return nil }
      return Int(
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Int32.self) })
    }
    guard let count = integer(at), (1...1024).contains(count) else { return nil }
    at += 8
    var firstItemCount: Int?
    for _ in 0..<count {
      guard at + 84 <= bytes.count, let multiplicity = integer(at + 64),
        let items = integer(at + 76), (0...4096).contains(items)
      else { return nil }
      let name = Self.text(bytes[at..<at + 64])
      let base = firstItemCount ?? items
      firstItemCount = base
      at += 84
      var texts: [String] = []
      for n in 0..<items {
        guard let a = integer(at), let b = integer(at + 4) else { return nil }
        at += 16
        // The first edition counts the items of its first name into every length.
        let length = isSecond ? b : a - base
        guard length >= 0, length <= bytes.count - at else {
          if isSecond || n < multiplicity || multiplicity == 0 { return nil }
          break
        }
        if n < (multiplicity == 0 ? items : multiplicity), length > 0 {
          texts.append(Self.text(bytes[at..<at + length]))
        }
        at += (length + 3) / 4 * 4
        guard at <= bytes.count else { return nil }
      }
      values[name] = texts
    }
  }

  func numbers(_ name: String) -> [Double] {
    (values[name] ?? []).compactMap { DICOMItem.number($0) }
  }

  func integer(_ name: String) -> Int? { numbers(name).first.flatMap { Int(exactly: $0) } }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension DICOMStack {
  /// Volumes that Siemens stores as one picture of many tiles.
  ///
  /// Position and orientation are those of the whole picture as if it were one slice: the middle of it is the middle
  /// of the first slice. Slices go along the slice normal of Siemens' own header, whatever the normal of rows and
  /// columns says.
  static func mosaics(_ files: [DICOMInstance]) throws(Problem) -> DICOMStack {
    let file = files[0]
    guard let format = file.pixels else { preconditionFailure("pixels were checked") }
    let plane = file.planes[0]
    guard let facts = file.mosaic, let count = facts.imageCount, count > 1, count <= 4096,
      let normal = facts.sliceNormal
    else {
      throw Problem(
        .data, file.name,
        "it is a mosaic without Siemens' own header, which says how many slices it has and which way they go",
        expected: "an export with private elements",
        remedy: "Export it again without removing private elements")
    }
    guard let orientation = plane.orientation, let position = plane.position,
      let size = plane.spacing, (0.01...1000).contains(size.rows),
      (0.01...1000).contains(size.columns),
      let spacing = file.spacingBetweenSlices ?? file.sliceThickness,
      (0.01...1000).contains(spacing)
    else {
      throw Problem(
        .data, file.name, "it has no usable position, orientation or spacing",
        expected: "a place in the patient for each slice")
    }
    let agreement = abs(normal.dot(orientation.normal))
    guard abs(normal.length - 1) < 1e-3, agreement > 1 - 1e-3 else {
      throw Problem(
        .data, file.name, "its slice normal is not that of its rows and columns",
        expected: "two headers that agree")
    }
    var across = 1
    while across * across < count { across += 1 }
    guard format.columns % across == 0, format.rows % across == 0 else {
      throw Problem(
        .data, file.name,
        "its \(format.columns) × \(format.rows) pixels are no mosaic of \(count) slices",
        expected: "\(across) × \(across) tiles")
    }
    let (columns, rows) = (format.columns / across, format.rows / across)
    try checkCount(file, facts, count, columns, rows)
    let ordered = try inTime(files, facts)
    let origin =
      position + orientation.row * (size.columns * Double(format.columns - columns) / 2)
      + orientation.column * (size.rows * Double(format.rows - rows) / 2)
    var sources: [DICOMSource] = []
    for n in ordered {
      for tile in 0..<count {
        sources.append(
          DICOMSource(
            file: n, frame: 0, tile: tile, slope: files[n].planes[0].slope,
            intercept: files[n].planes[0].intercept))
      }
    }
    return DICOMStack(
      columns: columns, rows: rows, slices: count, frames: files.count,
      affine: affine(
        alongRow: orientation.row * size.columns, betweenRows: orientation.column * size.rows,
        betweenSlices: normal / normal.length * spacing, origin: origin),
      sources: sources, tilesAcross: across)
  }

  /// The number of slices decides everything, so that another header must confirm it where there is one: the number
  /// itself, or the measured matrix, which must fit a tile plainly or doubled.
  private static func checkCount(
    _ file: DICOMInstance, _ facts: DICOMMosaicFacts, _ count: Int, _ columns: Int, _ rows: Int
  ) throws(Problem) {
    if let other = facts.otherImageCount {
      guard other != count else { return }
      throw Problem(
        .data, file.name, "its headers say \(count) and \(other) slices in a mosaic",
        expected: "one number of slices")
    }
    guard let longest = facts.matrix.max() else { return }
    let tile = Double(max(columns, rows))
    guard tile != longest, tile != 2 * longest else { return }
    throw Problem(
      .data, file.name,
      "its tiles have \(columns) × \(rows) pixels by the number of slices, its matrix "
        + plainNumber(longest), expected: "two headers that agree")
  }

  /// The files by when they were taken; each must say the same of space.
  private static func inTime(
    _ files: [DICOMInstance], _ facts: DICOMMosaicFacts
  ) throws(Problem) -> [Int] {
    let first = files[0].planes[0]
    for file in files.dropFirst() {
      let plane = file.planes[0]
      guard let own = plane.orientation, let orientation = first.orientation,
        own.isSame(as: orientation), let a = plane.position, let b = first.position,
        (a - b).length <= DICOMStacking.samePlaceMillimetres,
        file.mosaic?.imageCount == facts.imageCount, let n = file.mosaic?.sliceNormal,
        let normal = facts.sliceNormal, (n - normal).length < 1e-3,
        plane.spacing.map({ [$0.rows, $0.columns] })
          == first.spacing.map({ [$0.rows, $0.columns] }),
        file.spacingBetweenSlices == files[0].spacingBetweenSlices,
        file.sliceThickness == files[0].sliceThickness
      else {
        throw Problem(
          .data, file.name, "its mosaic lies elsewhere than that of \(files[0].name)",
          expected: "volumes of one place (no prospective motion correction)")
      }
    }
    let places = [
      files.indices.map {
        DICOMPlacedPlane(file: $0, plane: files[$0].planes[0], position: .zero)
      }
    ]
    return try DICOMTimeOrder(files: files, places: places).sorted(places[0]).map(\.file)
  }
}
