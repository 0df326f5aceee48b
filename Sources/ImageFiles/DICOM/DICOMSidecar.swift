import Basics

extension DICOMSeriesFiles {
  /// What BIDS keeps beside an image, in its names and units (BIDS 1.9: MRI, PET). It names nobody.
  var sidecar: [(key: String, value: JSON)] {
    let facts = files[0].facts
    var out: [(key: String, value: JSON)] = []
    func add(_ key: String, _ text: String?) {
      if let text { out.append((key, .string(text))) }
    }
    func add(_ key: String, _ number: Double?) {
      if let number, number.isFinite { out.append((key, .number(number))) }
    }
    add("Manufacturer", facts.manufacturer)
    add("ManufacturersModelName", facts.model)
    add("SeriesDescription", facts.seriesDescription)
    add("ProtocolName", facts.protocolName)
    add("AcquisitionTime", facts.acquisitionTime.flatMap(Self.clock))
    add("PatientPosition", facts.patientPosition.flatMap { DICOMTerms.known($0) })
    add("MagneticFieldStrength", facts.fieldStrengthTesla)
    if files[0].kind.isMagneticResonance {
      add("RepetitionTime", files[0].repetitionTimeMilliseconds.map { $0 / 1000 })
      let echo = files[0].planes.first?.echoTimeMilliseconds ?? facts.echoTimeMilliseconds
      add("EchoTime", echo.map { $0 / 1000 })
      add("FlipAngle", facts.flipAngleDegrees)
      addTiming(&out)
      addPhase(facts, &out)
    }
    addTracer(facts, &out)
    add("Units", facts.units.flatMap { DICOMTerms.known($0) })
    return out
  }

  /// Seconds from the first slice that was taken, in the order of slices.
  private func addTiming(_ out: inout [(key: String, value: JSON)]) {
    // The first volume of some sequences is timed otherwise than all after it.
    let file = files.count > 1 ? files[1] : files[0]
    guard let times = file.mosaic?.sliceTimes, times.count == stack.slices, let first = times.min()
    else { return }
    let seconds = times.map { JSON.number((($0 - first) * 1000).rounded() / 1e6) }
    out.append(("SliceTiming", .array(seconds)))
  }

  /// Which way and how long phase is encoded, in the image's own axes: i along a row, j from row to row.
  ///
  /// Effective echo spacing = 1 / (bandwidth per pixel along phase · lines), total readout = spacing · (lines − 1).
  private func addPhase(_ facts: DICOMFacts, _ out: inout [(key: String, value: JSON)]) {
    guard let isAlongRow = facts.isPhaseAlongRow else { return }
    let lines = Double(isAlongRow ? stack.columns : stack.rows)
    if let isPositive = facts.isPhasePositive {
      out.append(
        ("PhaseEncodingDirection", .string((isAlongRow ? "i" : "j") + (isPositive ? "" : "-"))))
    }
    let bySiemens = facts.bandwidthPerPixelPhaseEncode.flatMap { $0 > 0 ? 1 / ($0 * lines) : nil }
    guard let spacing = bySiemens ?? facts.echoSpacingSeconds, spacing > 0 else { return }
    out.append(("EffectiveEchoSpacing", .number(spacing)))
    out.append(("TotalReadoutTime", .number(spacing * (lines - 1))))
  }

  private func addTracer(_ facts: DICOMFacts, _ out: inout [(key: String, value: JSON)]) {
    guard let tracer = facts.tracer else { return }
    if let name = tracer.name { out.append(("TracerName", .string(name))) }
    if let nuclide = tracer.radionuclide { out.append(("TracerRadionuclide", .string(nuclide))) }
    if let dose = tracer.doseMegabecquerel {
      out.append(("InjectedRadioactivity", .number(dose)))
      out.append(("InjectedRadioactivityUnits", .string("MBq")))
    }
    if let time = tracer.injectionTime.flatMap(Self.clock) {
      out.append(("InjectionTime", .string(time)))
    }
  }

  /// `12:34:56.5` for `123456.5`.
  private static func clock(_ text: String) -> String? {
    let digits = Array(text)
    let isTime = text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 46 || $0 == 43 || $0 == 45 }
    guard digits.count >= 6, isTime, !digits.prefix(6).contains(".") else { return nil }
    return String(digits[0..<2]) + ":" + String(digits[2..<4]) + ":" + String(digits[4...])
  }
}
