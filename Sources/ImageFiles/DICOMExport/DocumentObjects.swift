package import Basics

/// A figure as Secondary Capture (PS3.3, A.8.1).
package enum SecondaryCapture {
  /// - Parameters:
  ///   - rgb: three bytes a pixel, row by row, with what it is for drawn into it.
  package static func file(
    width: Int, height: Int, rgb: [UInt8], note: ExportNote, source: ExportSource,
    series number: Int, instance: Int, name: String
  ) throws(Problem) -> ExportedFile {
    guard (1...65535).contains(width), (1...65535).contains(height),
      rgb.count == 3 * width * height
    else {
      throw Problem(.data, name, "a picture of \(width)×\(height) pixels cannot be written")
    }
    let series = ExportSeries(source, number: number, modality: "OT", note: note)
    let object = try series.object(
      ExportClass.secondaryCapture, instance: instance, inFrame: false)
    object.put(.imageType, "DERIVED", "SECONDARY")
    object.put(.conversionType, "WSD")
    series.putCaptureTime(object)
    object.put(.secondaryCaptureDeviceManufacturer, "boldspect")
    object.put(.secondaryCaptureDeviceSoftwareVersions, boldspectVersion)
    object.put(.patientOrientation)
    object.put(.derivationDescription, ExportText.block(note.long, limit: 1024))
    object.put(.imageComments, ExportText.block(note.long, limit: 10240))
    // What is drawn may identify a person: nobody looked.
    series.putImage(object, burnedIn: true)
    object.put(.samplesPerPixel, 3)
    object.put(.photometricInterpretation, "RGB")
    object.put(.planarConfiguration, 0)
    object.put(.rows, height)
    object.put(.columns, width)
    object.put(.bitsAllocated, 8)
    object.put(.bitsStored, 8)
    object.put(.highBit, 7)
    object.put(.pixelRepresentation, 0)
    object.put(.pixelData, bytes: rgb)
    return ExportedFile(name: name, bytes: try object.bytes(for: name))
  }
}

/// A report as Encapsulated PDF (PS3.3, A.45.1).
package enum EncapsulatedPDF {
  /// Larger ones are no report.
  static let mostBytes = 100 << 20

  /// The bytes of a file that is a PDF from its first to its last line (ISO 32000-1, 7.5).
  package static func read(_ path: String) throws(Problem) -> [UInt8] {
    let bytes = try readBytes(path, atMost: mostBytes, as: "a PDF")
    let end = Array(bytes.suffix(1024))
    let mark = Array("%%EOF".utf8)
    let hasEnd = end.indices.contains { end[$0...].starts(with: mark) }
    guard bytes.starts(with: Array("%PDF-".utf8)), hasEnd else {
      throw Problem(
        .data, fileName(path), "it does not begin and end as a PDF", expected: "a whole PDF file")
    }
    return bytes
  }

  package static func file(
    _ pdf: [UInt8], note: ExportNote, source: ExportSource, series number: Int, name: String
  ) throws(Problem) -> ExportedFile {
    let series = ExportSeries(source, number: number, modality: "DOC", note: note)
    let object = try series.object(ExportClass.encapsulatedPDF, instance: 1, inFrame: false)
    object.put(.conversionType, "WSD")
    object.put(.acquisitionDateTime)
    // What is printed may identify a person: nobody looked.
    object.put(.burnedInAnnotation, "YES")
    object.put(.documentTitle, ExportText.block(note.long, limit: 1024))
    object.code(
      .conceptNameCodeSequence, CodedConcept(own: "REPORT", "Research report, no diagnosis"))
    object.put(.mimeTypeOfEncapsulatedDocument, "application/pdf")
    object.put(.encapsulatedDocumentLength, pdf.count)
    object.put(.encapsulatedDocument, bytes: pdf)
    return ExportedFile(name: name, bytes: try object.bytes(for: name))
  }
}
