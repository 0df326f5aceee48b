/// The name of an element: group and element number (PS3.6).
struct DICOMTag: Hashable, Sendable {
  let group: UInt16
  let element: UInt16

  init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }

  /// As it stands in a pointer to it (VR AT).
  var number: Double { Double(group) * 65536 + Double(element) }
}

extension DICOMTag: CustomStringConvertible {
  /// As the standard writes it: `(0020,0037)`.
  var description: String { "(\(Self.hexadecimal(group)),\(Self.hexadecimal(element)))" }

  private static func hexadecimal(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

// The names of the standard's registry, in its order.
extension DICOMTag {
  static let imageType = DICOMTag(0x0008, 0x0008)
  static let sopClass = DICOMTag(0x0008, 0x0016)
  static let sopInstance = DICOMTag(0x0008, 0x0018)
  static let studyDate = DICOMTag(0x0008, 0x0020)
  static let seriesDate = DICOMTag(0x0008, 0x0021)
  static let acquisitionDate = DICOMTag(0x0008, 0x0022)
  static let acquisitionDateTime = DICOMTag(0x0008, 0x002a)
  static let studyTime = DICOMTag(0x0008, 0x0030)
  static let seriesTime = DICOMTag(0x0008, 0x0031)
  static let acquisitionTime = DICOMTag(0x0008, 0x0032)
  static let modality = DICOMTag(0x0008, 0x0060)
  static let manufacturer = DICOMTag(0x0008, 0x0070)
  static let codeValue = DICOMTag(0x0008, 0x0100)
  static let codeMeaning = DICOMTag(0x0008, 0x0104)
  static let seriesDescription = DICOMTag(0x0008, 0x103e)
  static let manufacturerModel = DICOMTag(0x0008, 0x1090)
  static let frameType = DICOMTag(0x0008, 0x9007)
  static let patientName = DICOMTag(0x0010, 0x0010)
  static let patientID = DICOMTag(0x0010, 0x0020)
  static let patientBirthDate = DICOMTag(0x0010, 0x0030)
  static let otherPatientIDs = DICOMTag(0x0010, 0x1000)
  static let otherPatientNames = DICOMTag(0x0010, 0x1001)
  static let patientBirthName = DICOMTag(0x0010, 0x1005)
  static let radiopharmaceutical = DICOMTag(0x0018, 0x0031)
  static let sliceThickness = DICOMTag(0x0018, 0x0050)
  static let repetitionTime = DICOMTag(0x0018, 0x0080)
  static let echoTime = DICOMTag(0x0018, 0x0081)
  static let fieldStrength = DICOMTag(0x0018, 0x0087)
  static let spacingBetweenSlices = DICOMTag(0x0018, 0x0088)
  static let protocolName = DICOMTag(0x0018, 0x1030)
  static let triggerTime = DICOMTag(0x0018, 0x1060)
  static let radiopharmaceuticalStart = DICOMTag(0x0018, 0x1072)
  static let radionuclideDose = DICOMTag(0x0018, 0x1074)
  static let actualFrameDuration = DICOMTag(0x0018, 0x1242)
  static let acquisitionMatrix = DICOMTag(0x0018, 0x1310)
  static let phaseEncodingAxis = DICOMTag(0x0018, 0x1312)
  static let flipAngle = DICOMTag(0x0018, 0x1314)
  static let patientPosition = DICOMTag(0x0018, 0x5100)
  static let frameTime = DICOMTag(0x0018, 0x9074)
  static let effectiveEchoTime = DICOMTag(0x0018, 0x9082)
  static let timingSequence = DICOMTag(0x0018, 0x9112)
  static let echoSequence = DICOMTag(0x0018, 0x9114)
  static let mrFrameType = DICOMTag(0x0018, 0x9226)
  static let studyUID = DICOMTag(0x0020, 0x000d)
  static let seriesUID = DICOMTag(0x0020, 0x000e)
  static let seriesNumber = DICOMTag(0x0020, 0x0011)
  static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
  static let instanceNumber = DICOMTag(0x0020, 0x0013)
  static let position = DICOMTag(0x0020, 0x0032)
  static let orientation = DICOMTag(0x0020, 0x0037)
  static let frameOfReference = DICOMTag(0x0020, 0x0052)
  static let temporalPosition = DICOMTag(0x0020, 0x0100)
  static let temporalPositions = DICOMTag(0x0020, 0x0105)
  static let imagesInAcquisition = DICOMTag(0x0020, 0x1002)
  static let frameContentSequence = DICOMTag(0x0020, 0x9111)
  static let positionSequence = DICOMTag(0x0020, 0x9113)
  static let orientationSequence = DICOMTag(0x0020, 0x9116)
  static let temporalIndex = DICOMTag(0x0020, 0x9128)
  static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
  static let photometric = DICOMTag(0x0028, 0x0004)
  static let numberOfFrames = DICOMTag(0x0028, 0x0008)
  static let frameIncrementPointer = DICOMTag(0x0028, 0x0009)
  static let rows = DICOMTag(0x0028, 0x0010)
  static let columns = DICOMTag(0x0028, 0x0011)
  static let pixelSpacing = DICOMTag(0x0028, 0x0030)
  static let bitsAllocated = DICOMTag(0x0028, 0x0100)
  static let bitsStored = DICOMTag(0x0028, 0x0101)
  static let highBit = DICOMTag(0x0028, 0x0102)
  static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
  static let pixelPadding = DICOMTag(0x0028, 0x0120)
  static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
  static let rescaleSlope = DICOMTag(0x0028, 0x1053)
  static let rescaleType = DICOMTag(0x0028, 0x1054)
  static let lossyCompression = DICOMTag(0x0028, 0x2110)
  static let modalityTable = DICOMTag(0x0028, 0x3000)
  static let measuresSequence = DICOMTag(0x0028, 0x9110)
  static let valuesSequence = DICOMTag(0x0028, 0x9145)
  static let radiopharmaceuticalSequence = DICOMTag(0x0054, 0x0016)
  static let energyWindowVector = DICOMTag(0x0054, 0x0010)
  static let detectorVector = DICOMTag(0x0054, 0x0020)
  static let detectorSequence = DICOMTag(0x0054, 0x0022)
  static let rotationSequence = DICOMTag(0x0054, 0x0052)
  static let framesInRotation = DICOMTag(0x0054, 0x0053)
  static let sliceVector = DICOMTag(0x0054, 0x0080)
  static let numberOfSlices = DICOMTag(0x0054, 0x0081)
  static let radionuclideCode = DICOMTag(0x0054, 0x0300)
  static let radiopharmaceuticalCode = DICOMTag(0x0054, 0x0304)
  static let seriesType = DICOMTag(0x0054, 0x1000)
  static let units = DICOMTag(0x0054, 0x1001)
  static let countsSource = DICOMTag(0x0054, 0x1002)
  static let suvType = DICOMTag(0x0054, 0x1006)
  static let decayCorrection = DICOMTag(0x0054, 0x1102)
  static let sharedGroups = DICOMTag(0x5200, 0x9229)
  static let perFrameGroups = DICOMTag(0x5200, 0x9230)
}
