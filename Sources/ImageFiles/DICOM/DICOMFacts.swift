import Basics

/// What a sidecar tells of a series: how it was made, never of whom.
struct DICOMFacts: Sendable {
  var modality: String?
  var manufacturer: String?
  var model: String?
  var seriesDescription: String?
  var protocolName: String?
  /// Whether there is a description, which may name the patient.
  var isWithheld = false
  /// As YYYYMMDD and HHMMSS.
  var date: String?
  var time: String?
  var acquisitionTime: String?
  var fieldStrengthTesla: Double?
  var echoTimeMilliseconds: Double?
  var flipAngleDegrees: Double?
  var patientPosition: String?
  /// Whether phase is encoded along a row (true) or from row to row.
  var isPhaseAlongRow: Bool?
  /// Whether it goes the way of the index, as Siemens' own header says.
  var isPhasePositive: Bool?
  /// Hertz, as Siemens' own header says.
  var bandwidthPerPixelPhaseEncode: Double?
  /// As GE's own elements say, when nothing was left out between the lines.
  var echoSpacingSeconds: Double?
  var tracer: DICOMTracer?
  /// Of an NM rotation or a PET frame.
  var acquisitionMinutes: Double?
  var units: String?

  init(_ data: DICOMItem, siemens: SiemensHeader?) {
    modality = data.text(.modality)
    manufacturer = data.text(.manufacturer)
    model = data.text(.manufacturerModel)
    let identity = DICOMIdentity(data)
    seriesDescription = data.text(.seriesDescription).flatMap(identity.withoutNames)
    protocolName = data.text(.protocolName).flatMap(identity.withoutNames)
    isWithheld =
      seriesDescription == nil && protocolName == nil
      && (data.text(.seriesDescription) ?? data.text(.protocolName)) != nil
    date = data.text(.seriesDate) ?? data.text(.acquisitionDate) ?? data.text(.studyDate)
    time = data.text(.seriesTime) ?? data.text(.acquisitionTime) ?? data.text(.studyTime)
    acquisitionTime = data.text(.acquisitionTime) ?? data.text(.acquisitionDateTime)
    fieldStrengthTesla = data.number(.fieldStrength)
    echoTimeMilliseconds = data.number(.echoTime)
    flipAngleDegrees = data.number(.flipAngle)
    patientPosition = data.text(.patientPosition)
    units = data.text(.units)
    tracer = DICOMTracer(data).map { given in
      var own = given
      own.name = given.name.flatMap(identity.withoutNames)
      own.radionuclide = given.radionuclide.flatMap(identity.withoutNames)
      return own
    }
    readPhase(data, siemens)
    if let rotation = data.item(.rotationSequence),
      let duration = rotation.number(.actualFrameDuration),
      let frames = rotation.number(.framesInRotation)
    {
      acquisitionMinutes = duration * frames / 60_000
    } else if let duration = data.number(.actualFrameDuration) {
      acquisitionMinutes = duration / 60_000
    }
  }
  private mutating func readPhase(_ data: DICOMItem, _ siemens: SiemensHeader?) {
    switch data.text(.phaseEncodingAxis) {
    case "ROW": isPhaseAlongRow = true
    case "COL", "COLUMN": isPhaseAlongRow = false
    default: break
    }
    isPhasePositive = siemens?.integer("PhaseEncodingDirectionPositive").map { $0 == 1 }
    bandwidthPerPixelPhaseEncode = siemens?.numbers("BandwidthPerPixelPhaseEncode").first
    if let spacing = data.privateTag(0x0043, "GEMS_PARM_01", 0x2c),
      let factors = data.privateTag(0x0043, "GEMS_PARM_01", 0x83),
      data.numbers(factors)?.allSatisfy({ $0 == 1 }) == true
    {
      echoSpacingSeconds = data.number(spacing).map { $0 / 1e6 }
    }
  }
}

/// What was injected.
struct DICOMTracer: Sendable {
  var name: String?
  var radionuclide: String?
  var doseMegabecquerel: Double?
  /// As HHMMSS.
  var injectionTime: String?

  /// - Returns: nil when the file tells of none.
  init?(_ data: DICOMItem) {
    guard let item = data.item(.radiopharmaceuticalSequence) else { return nil }
    func meaning(_ tag: DICOMTag) -> String? {
      item.item(tag)?.text(.codeMeaning) ?? item.item(tag)?.text(.codeValue)
    }
    name = item.text(.radiopharmaceutical) ?? meaning(.radiopharmaceuticalCode)
    radionuclide = meaning(.radionuclideCode)
    // NM states MBq, PET Bq (PS3.3, C.8.4.10 and C.8.9.2).
    let dose = item.number(.radionuclideDose)
    let isBecquerel = data.text(.sopClass) != "1.2.840.10008.5.1.4.1.1.20"
    doseMegabecquerel = dose.map { isBecquerel ? $0 / 1e6 : $0 }
    injectionTime = item.text(.radiopharmaceuticalStart)
    if name == nil, radionuclide == nil, dose == nil { return nil }
  }
}
