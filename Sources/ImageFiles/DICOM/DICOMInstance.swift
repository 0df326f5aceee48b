import Basics
import Imaging

/// How the pixels of a frame are stored (PS3.5, 8.1).
struct DICOMPixelFormat: Equatable, Sendable {
  var rows: Int
  var columns: Int
  var bitsAllocated: Int
  var bitsStored: Int
  var highBit: Int
  var isSigned: Bool

  var bytesPerPixel: Int { bitsAllocated / 8 }
  var frameBytes: Int { rows * columns * bytesPerPixel }

  /// The number type that holds every value.
  var type: SampleType {
    switch (bitsAllocated, isSigned) {
    case (8, false): .uint8
    case (8, true): .int8
    case (16, false): .uint16
    case (16, true): .int16
    case (_, false): .uint32
    case (_, true): .int32
    }
  }
}

/// A direction or a place in the patient's system of DICOM: +x left, +y posterior, +z superior, in mm.
typealias PatientVector = SIMD3<Double>

/// One frame: where it lies, when it was taken, and what its numbers mean.
struct DICOMPlane: Sendable {
  /// Its place in the file, from 0.
  var frame: Int
  var position: PatientVector?
  var orientation: DICOMOrientation?
  /// Between rows, and between columns, in mm.
  var spacing: (rows: Double, columns: Double)?
  var slope = 1.0
  var intercept = 0.0
  /// Whether the file states them.
  var hasSlope = false
  var hasIntercept = false
  /// What the numbers are by the file (HU, US …).
  var rescaleType: String?
  var repetitionTimeMilliseconds: Double?
  var echoTimeMilliseconds: Double?
  var imageType: [String] = []
  var temporalPosition: Double?
  var acquisitionNumber: Double?
  var acquisitionSeconds: Double?
  var triggerMilliseconds: Double?
  var instanceNumber: Double?
}

/// Where the rows and columns of a frame point: along a row (+column index) and along a column (+row index).
struct DICOMOrientation: Sendable {
  var row: PatientVector
  var column: PatientVector

  var normal: PatientVector {
    PatientVector(
      row.y * column.z - row.z * column.y, row.z * column.x - row.x * column.z,
      row.x * column.y - row.y * column.x)
  }

  /// Six direction cosines; nil when they are not two unit vectors at a right angle, to a thousandth. Within that
  /// they are brought to length 1, because files hold them rounded.
  init?(_ cosines: [Double]) {
    guard cosines.count == 6 else { return nil }
    let r = PatientVector(cosines[0], cosines[1], cosines[2])
    let c = PatientVector(cosines[3], cosines[4], cosines[5])
    let lengths = (r.length, c.length)
    guard abs(lengths.0 - 1) < 1e-3, abs(lengths.1 - 1) < 1e-3, abs(r.dot(c)) < 1e-3 else {
      return nil
    }
    row = r / lengths.0
    column = c / lengths.1
  }

  /// Whether two point the same way, to what rounding of cosines makes of it.
  func isSame(as other: DICOMOrientation) -> Bool {
    (row - other.row).length < 1e-3 && (column - other.column).length < 1e-3
  }
}

extension PatientVector {
  func dot(_ other: PatientVector) -> Double { (self * other).sum() }
  var length: Double { dot(self).squareRoot() }
}

/// The facts of one file's header that decide what it is and where it lies.
struct DICOMInstance: Sendable {
  var path: String
  var name: String
  var sopClass: String
  var sopInstance: String
  var kind: DICOMKind
  var transferSyntax: String
  var seriesUID: String
  var studyUID: String
  var seriesNumber: Int?
  var frameOfReference: String?
  var imageType: [String]
  var instanceNumber: Double?
  var pixels: DICOMPixelFormat?
  var samplesPerPixel: Int
  var photometric: String
  var frameCount: Int
  /// As claimed; nil when compressed.
  var pixelBytes: Int?
  /// Items of compressed pixel data, the table of offsets among them.
  var pixelPieces: Int?
  var paddingValue: Double?
  var isLossy: Bool
  var hasValueTable: Bool
  var sliceThickness: Double?
  var spacingBetweenSlices: Double?
  var repetitionTimeMilliseconds: Double?
  var temporalPositions: Int?
  /// Slices of a PET volume, and images of an acquisition, as the file says.
  var statedSlices: Int?
  var statedImages: Int?
  /// What the numbers of a PET series are, beside its units: corrections, sort of SUV and of counts.
  var meaning: [DICOMTag: String]
  var seriesType: [String]
  var planes: [DICOMPlane]
  /// What stands both for all frames and for one, or twice for one, which PS3.3, C.7.6.16 forbids.
  var doubledGroup: String?
  var nuclear: DICOMNuclearFacts?
  var mosaic: DICOMMosaicFacts?
  var facts: DICOMFacts
  /// Whose it is, as a hash that tells two people apart and names neither.
  var person: DICOMPatient
  /// Which file it was, so that one that changes meanwhile is noticed.
  var state: FileIdentity?

  init(_ path: String, bounds: DICOMBounds) throws(Problem) {
    state = FileIdentity(path)
    let file = try DICOMFile(path, bounds: bounds)
    let data = file.dataset
    self.path = path
    name = file.name
    transferSyntax = file.transferSyntax
    pixelBytes = file.pixelBytes
    pixelPieces = file.pixelPieces
    sopClass = data.text(.sopClass) ?? ""
    sopInstance = data.text(.sopInstance) ?? ""
    kind = DICOMKind(sopClass: sopClass)
    seriesUID = data.text(.seriesUID) ?? ""
    studyUID = data.text(.studyUID) ?? ""
    seriesNumber = data.integer(.seriesNumber)
    frameOfReference = data.text(.frameOfReference)
    imageType = data.values(.imageType).map { $0.uppercased() }
    instanceNumber = data.number(.instanceNumber)
    samplesPerPixel = data.integer(.samplesPerPixel) ?? 1
    photometric = data.text(.photometric) ?? ""
    frameCount = data.has(.numberOfFrames) ? data.integer(.numberOfFrames) ?? -1 : 1
    pixels = Self.pixelFormat(data)
    paddingValue = data.number(.pixelPadding)
    isLossy = data.text(.lossyCompression) == "01"
    hasValueTable = data.itemCount(.modalityTable) > 0
    sliceThickness = data.number(.sliceThickness)
    spacingBetweenSlices = data.number(.spacingBetweenSlices)
    repetitionTimeMilliseconds =
      data.number(.repetitionTime)
      ?? data.item(.sharedGroups)?.item(.timingSequence)?.number(.repetitionTime)
      ?? data.item(.perFrameGroups)?.item(.timingSequence)?.number(.repetitionTime)
    temporalPositions = data.integer(.temporalPositions)
    statedSlices = kind == .positron ? data.integer(.numberOfSlices) : nil
    statedImages = kind.isEnhanced ? nil : data.integer(.imagesInAcquisition)
    meaning = [:]
    for tag in [DICOMTag.modality, .units, .decayCorrection, .countsSource, .suvType] {
      meaning[tag] = data.text(tag)
    }
    seriesType = data.values(.seriesType).map { $0.uppercased() }
    let siemens = kind == .magneticResonance ? SiemensHeader.read(data) : nil
    facts = DICOMFacts(data, siemens: siemens)
    person = DICOMPatient(data)
    nuclear = kind == .nuclear ? DICOMNuclearFacts(data) : nil
    mosaic =
      kind == .magneticResonance && imageType.contains("MOSAIC")
      ? DICOMMosaicFacts(siemens, data) : nil
    planes = []
    if case .other = kind { return }
    planes = kind.isEnhanced || nuclear != nil ? framePlanes(data) : [ownPlane(data)]
  }

  /// What stands at the top of a data set, as classic objects have it.
  private func ownPlane(_ data: DICOMItem) -> DICOMPlane {
    var plane = DICOMPlane(frame: 0)
    plane.read(geometry: data, data, data)
    plane.read(values: data)
    plane.echoTimeMilliseconds = Self.milliseconds(data, .echoTime)
    plane.repetitionTimeMilliseconds = Self.milliseconds(data, .repetitionTime)
    plane.imageType = imageType
    plane.temporalPosition = data.number(.temporalPosition)
    plane.acquisitionNumber = data.number(.acquisitionNumber)
    plane.acquisitionSeconds = data.seconds(.acquisitionDate, .acquisitionTime)
    plane.triggerMilliseconds = data.number(.triggerTime)
    plane.instanceNumber = instanceNumber
    return plane
  }

  /// Not a number where text stands that is none.
  private static func milliseconds(_ item: DICOMItem?, _ tag: DICOMTag) -> Double? {
    guard let item, item.text(tag) != nil || item.numbers(tag) != nil else { return nil }
    return item.number(tag) ?? .nan
  }

  /// The first of the groups that stands twice for a frame.
  private static func doubled(_ own: DICOMItem, _ shared: DICOMItem?, _ frame: Int) -> String? {
    let groups: [(DICOMTag, String)] = [
      (.positionSequence, "position"), (.orientationSequence, "orientation"),
      (.measuresSequence, "pixel spacing"), (.valuesSequence, "rescale slope"),
      (.echoSequence, "echo time"), (.timingSequence, "repetition time"),
      (.mrFrameType, "frame type"), (.frameContentSequence, "frame content"),
    ]
    for (tag, name) in groups where own.itemCount(tag) + (shared?.itemCount(tag) ?? 0) > 1 {
      return "the \(name) of its frame \(frame + 1) stands twice"
    }
    return nil
  }

  /// What the functional groups say of every frame, its own or those that all share (PS3.3, C.7.6.16).
  private mutating func framePlanes(_ data: DICOMItem) -> [DICOMPlane] {
    let shared = data.item(.sharedGroups)
    let count = data.itemCount(.perFrameGroups)
    if data.itemCount(.sharedGroups) > 1 { doubledGroup = "what all its frames share stands twice" }
    var planes: [DICOMPlane] = []
    for n in 0..<count {
      guard let own = data.item(.perFrameGroups, n) else { continue }
      if doubledGroup == nil { doubledGroup = Self.doubled(own, shared, n) }
      func group(_ tag: DICOMTag) -> DICOMItem? { own.item(tag) ?? shared?.item(tag) }
      var plane = DICOMPlane(frame: n)
      plane.read(
        geometry: group(.positionSequence), group(.orientationSequence), group(.measuresSequence))
      if let values = group(.valuesSequence) { plane.read(values: values) }
      plane.echoTimeMilliseconds = Self.milliseconds(group(.echoSequence), .effectiveEchoTime)
      plane.repetitionTimeMilliseconds = Self.milliseconds(
        group(.timingSequence), .repetitionTime)
      plane.imageType =
        group(.mrFrameType)?.values(.frameType).map { $0.uppercased() } ?? imageType
      let content = own.item(.frameContentSequence)
      plane.temporalPosition = content?.number(.temporalIndex)
      plane.acquisitionNumber = data.number(.acquisitionNumber)
      plane.acquisitionSeconds = content?.text(.frameTime).flatMap(dicomSeconds)
      // Frames of a file follow one another; files do by their number.
      plane.instanceNumber = instanceNumber.map { $0 * 1e6 + Double(n) } ?? Double(n)
      planes.append(plane)
    }
    return planes
  }

  private static func pixelFormat(_ data: DICOMItem) -> DICOMPixelFormat? {
    guard let rows = data.integer(.rows), let columns = data.integer(.columns), rows > 0,
      columns > 0, let allocated = data.integer(.bitsAllocated),
      let stored = data.integer(.bitsStored), let high = data.integer(.highBit),
      let sign = data.integer(.pixelRepresentation), sign == 0 || sign == 1
    else { return nil }
    return DICOMPixelFormat(
      rows: rows, columns: columns, bitsAllocated: allocated, bitsStored: stored, highBit: high,
      isSigned: sign == 1)
  }
}

extension DICOMPlane {
  mutating func read(
    geometry position: DICOMItem?, _ orientation: DICOMItem?, _ measures: DICOMItem?
  ) {
    if let p = position?.numbers(.position), p.count == 3 {
      self.position = PatientVector(p[0], p[1], p[2])
    }
    self.orientation = orientation?.numbers(.orientation).flatMap { DICOMOrientation($0) }
    if let s = measures?.numbers(.pixelSpacing), s.count == 2 { spacing = (s[0], s[1]) }
  }

  /// Slope and intercept; without them numbers are what they are.
  mutating func read(values: DICOMItem) {
    hasSlope = values.has(.rescaleSlope)
    hasIntercept = values.has(.rescaleIntercept)
    rescaleType = values.text(.rescaleType)
    slope = values.has(.rescaleSlope) ? values.number(.rescaleSlope) ?? .nan : 1
    intercept = values.has(.rescaleIntercept) ? values.number(.rescaleIntercept) ?? .nan : 0
  }
}

extension DICOMItem {
  /// A date and a time of day as seconds; nil unless both stand there.
  func seconds(_ date: DICOMTag, _ time: DICOMTag) -> Double? {
    guard let day = text(date), day.count == 8, let clock = text(time) else { return nil }
    return dicomSeconds(day + clock)
  }
}

/// Seconds of a date and time (VR DT, without its zone), counted from a day that is the same for all.
func dicomSeconds(_ text: String) -> Double? {
  let digits = Array(text.utf8.prefix { ($0 >= 48 && $0 <= 57) || $0 == 46 })
  guard digits.count >= 14, !digits.prefix(14).contains(46) else { return nil }
  func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
  let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
  guard (1...12).contains(month), (1...31).contains(day) else { return nil }
  let fraction = digits.count > 15 ? Double(String(decoding: digits[14...], as: UTF8.self)) ?? 0 : 0
  // Days of the civil calendar, the year beginning in March.
  let y = month > 2 ? year : year - 1
  let m = (month + 9) % 12
  let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day
  let clock = number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
  return Double(days) * 86400 + Double(clock) + fraction
}
