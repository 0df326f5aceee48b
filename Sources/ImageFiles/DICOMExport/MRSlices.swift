package import Basics
import Imaging

/// How numbers become whole ones of 16 bits: value = slope × stored, and one stored number for no data.
package struct Quantisation: Equatable, Sendable {
  /// As it is written, so that what is read back was divided by the same number.
  let slopeText: String
  package let slope: Double

  /// Stored where there is no data.
  static let noData = Int16.min

  /// The finest slope that takes the largest finite value of either sign; 1 where all are zero.
  init(_ values: [Float]) {
    let largest = values.reduce(0.0) { $1.isFinite ? max($0, abs(Double($1))) : $0 }
    slopeText = ExportText.decimal(largest > 0 ? largest / 32766 : 1)
    slope = Double(slopeText) ?? 1
  }

  func stored(_ value: Float) -> Int16 {
    guard value.isFinite else { return Self.noData }
    return Int16(max(-32767, min(32767, (Double(value) / slope).rounded())))
  }

  /// The most that a value may differ after it was read back.
  package var largestError: Double { slope / 2 }
}

/// A map as classic MR images, one file a slice (PS3.3, A.4): 16-bit numbers with a rescale slope.
package enum MRSlices {
  package static func files(
    _ map: ExportMap, source: ExportSource, series number: Int, name: String
  ) throws(Problem) -> (files: [ExportedFile], quantisation: Quantisation) {
    _ = try source.requireFrame(for: "a map")
    guard source.isMR else {
      throw Problem(
        .data, source.name, "it is no MR image, so that a map beside it cannot be one",
        expected: "an MR source, or a Parametric Map")
    }
    let stack = try SliceStack(map.volume.grid, name: map.name)
    let quantisation = Quantisation(map.volume.values)
    var told = map
    told.note.derivation =
      "Stored in steps of \(quantisation.slopeText), so that values are right to half of that; no data is "
      + "\(Quantisation.noData). " + map.note.derivation
    let series = ExportSeries(source, number: number, modality: "MR", note: told.note)
    var files: [ExportedFile] = []
    for n in 0..<stack.slices {
      let file = "\(name)-\(padded(n + 1)).dcm"
      let object = try series.object(ExportClass.mrImage, instance: n + 1, inFrame: true)
      put(object, told, stack, slice: n, quantisation, series)
      files.append(ExportedFile(name: file, bytes: try object.bytes(for: file)))
    }
    return (files, quantisation)
  }

  private static func padded(_ n: Int) -> String {
    String(repeating: "0", count: max(0, 4 - String(n).count)) + String(n)
  }

  private static func put(
    _ object: ExportObject, _ map: ExportMap, _ stack: SliceStack, slice n: Int,
    _ quantisation: Quantisation, _ series: ExportSeries
  ) {
    object.put(.imageType, "DERIVED", "SECONDARY", "OTHER")
    map.putDerivation(object, series.source)
    object.put(.imageComments, ExportText.block(map.note.long, limit: 10240))
    series.putImage(object, burnedIn: false)
    if let position = series.source.text(.patientPosition) {
      object.put(.patientPosition, position)
    } else {
      object.put(.patientPosition)
    }
    object.put(.scanningSequence, "RM")
    object.put(.sequenceVariant, "NONE")
    for tag in [ExportTag.scanOptions, .mrAcquisitionType, .echoTime, .echoTrainLength] {
      object.put(tag)
    }
    object.put(.repetitionTime)
    object.put(.imagePositionPatient, stack.positions[n])
    object.put(.imageOrientationPatient, stack.orientation)
    object.put(.pixelSpacing, stack.pixelSpacing)
    object.put(.sliceThickness, decimals: [stack.sliceSpacing])
    object.put(.spacingBetweenSlices, decimals: [stack.sliceSpacing])
    object.put(.samplesPerPixel, 1)
    object.put(.photometricInterpretation, "MONOCHROME2")
    object.put(.rows, stack.rows)
    object.put(.columns, stack.columns)
    object.put(.bitsAllocated, 16)
    object.put(.bitsStored, 16)
    object.put(.highBit, 15)
    object.put(.pixelRepresentation, 1)
    object.put(.pixelPaddingValue, Int(Quantisation.noData))
    object.put(.windowCenter, decimals: [map.window.centre])
    object.put(.windowWidth, decimals: [map.window.width])
    object.put(.rescaleIntercept, "0")
    object.put(.rescaleSlope, quantisation.slopeText)
    object.put(.rescaleType, "US")
    object.put(.pixelData, words: stack.values(map.volume, n).map(quantisation.stored))
  }
}
