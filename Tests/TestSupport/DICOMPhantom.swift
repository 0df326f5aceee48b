import Foundation

/// A small volume in the patient's system of DICOM (left, posterior, superior), and files of it in many ways.
package struct DICOMPhantom: Sendable {
  package enum Place: String, CaseIterable, Sendable { case perFrame, detector, top, missing }
  package enum Packing: String, CaseIterable, Sendable {
    case explicitLittle, implicitLittle, explicitBig, rle, jpeg, jpegLS
  }

  package var columns = 15
  package var rows = 12
  package var slices = 6
  /// Between columns, and between rows.
  package var spacing = (3.5, 2.25)
  /// Between slices, with its sign.
  package var step = 4.5
  package var row = [1.0, 0, 0]
  package var column = [0.0, 1, 0]
  package var origin = [-31.25, -20.5, 12.75]
  package var place = Place.detector
  package var packing = Packing.explicitLittle
  package var patientPosition: String? = "HFS"
  package var modality = "NM"
  package var isSigned = false
  package var slope: Double? = 0.5
  package var intercept: Double? = -3
  package var imageType = "ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION"
  package var seriesUID = "1.2.826.0.1.1"
  package var seriesNumber = 7
  package var description = "brain perfusion"
  package var patient = ("Secret^Person", "ID-4711")
  /// What is put beside or instead of the usual elements.
  package var extra: [DICOMWriter.Element] = []
  package var without: [(UInt16, UInt16)] = []
  /// Stored values in the order of the slices, rows and columns, instead of the usual ones.
  package var given: [Int16]?

  package init() {}

  package typealias Element = DICOMWriter.Element

  /// What a pixel holds: no two neighbours alike, with the largest at the marker. Smooth enough to become smaller,
  /// because DCMTK's encoder of JPEG-LS writes beyond its memory where it cannot.
  package func stored(_ i: Int, _ j: Int, _ k: Int) -> Int {
    if let given { return Int(given[(k * rows + j) * columns + i]) }
    if (i, j, k) == marker { return 3000 }
    let value = i * 9 + j * 13 + k * 41 + i * j * k % 5
    return isSigned ? value - 400 : value
  }

  /// Off the middle along every axis.
  package var marker: (Int, Int, Int) { (columns - 2, 1, slices - 2) }

  package func value(_ i: Int, _ j: Int, _ k: Int) -> Double {
    Double(stored(i, j, k)) * (slope ?? 1) + (intercept ?? 0)
  }

  package func words(_ k: Int) -> [UInt16] {
    (0..<rows).flatMap { j in
      (0..<columns).map { i in UInt16(truncatingIfNeeded: stored(i, j, k)) }
    }
  }

  /// Row direction × column direction.
  package var normal: [Double] {
    [
      row[1] * column[2] - row[2] * column[1], row[2] * column[0] - row[0] * column[2],
      row[0] * column[1] - row[1] * column[0],
    ]
  }

  /// Where a slice's first pixel lies (LPS).
  package func position(_ k: Int) -> [Double] {
    (0..<3).map { origin[$0] + Double(k) * step * normal[$0] }
  }

  package func geometry(_ k: Int) -> [Element] {
    [
      Element(0x20, 0x32, "DS", decimals(position(k))),
      Element(0x20, 0x37, "DS", decimals(row + column)),
    ]
  }

  package var spacingText: String { decimals([spacing.1, spacing.0]) }

  /// What every image has.
  package func common(sopClass: String, instance: Int) -> [Element] {
    var out = [
      Element(8, 8, "CS", imageType), Element(8, 0x16, "UI", sopClass),
      Element(8, 0x18, "UI", "\(seriesUID).\(instance)"), Element(8, 0x21, "DA", "20240229"),
      Element(8, 0x31, "TM", "091500"), Element(8, 0x60, "CS", modality),
      Element(8, 0x70, "LO", "Maker"), Element(8, 0x103e, "LO", description),
      Element(0x10, 0x10, "PN", patient.0), Element(0x10, 0x20, "LO", patient.1),
      Element(0x20, 0x0d, "UI", "1.2.826.0.1"), Element(0x20, 0x0e, "UI", seriesUID),
      Element(0x20, 0x11, "IS", "\(seriesNumber)"), Element(0x20, 0x13, "IS", "\(instance)"),
      Element(0x20, 0x52, "UI", "1.2.826.0.2"), Element(0x28, 2, "US", .shorts([1])),
      Element(0x28, 4, "CS", "MONOCHROME2"), Element(0x28, 0x10, "US", .shorts([rows])),
      Element(0x28, 0x11, "US", .shorts([columns])), Element(0x28, 0x30, "DS", spacingText),
      Element(0x28, 0x100, "US", .shorts([16])), Element(0x28, 0x101, "US", .shorts([16])),
      Element(0x28, 0x102, "US", .shorts([15])),
      Element(0x28, 0x103, "US", .shorts([isSigned ? 1 : 0])),
    ]
    if let patientPosition { out.append(Element(0x18, 0x5100, "CS", patientPosition)) }
    if let slope { out.append(Element(0x28, 0x1053, "DS", decimals([slope]))) }
    if let intercept { out.append(Element(0x28, 0x1052, "DS", decimals([intercept]))) }
    return out
  }

  /// A reconstructed NM tomogram in one file.
  package var nuclear: [Element] {
    var out = common(sopClass: "1.2.840.10008.5.1.4.1.1.20", instance: 1)
    out += [
      Element(0x18, 0x88, "DS", decimals([step])), Element(0x18, 0x50, "DS", "9"),
      Element(0x28, 8, "IS", "\(slices)"), Element(0x28, 9, "AT", .tags([(0x54, 0x80)])),
      Element(0x54, 0x80, "US", .shorts(Array(1...slices))),
      Element(0x54, 0x81, "US", .shorts([slices])),
      Element(0x7fe0, 0x10, "OW", .words((0..<slices).flatMap { words($0) })),
    ]
    switch place {
    case .detector: out.append(Element(0x54, 0x22, "SQ", .items([geometry(0)])))
    case .top: out += geometry(0)
    case .missing: out.append(Element(0x54, 0x22, "SQ", .items([[]])))
    case .perFrame:
      out.append(
        Element(
          0x5200, 0x9230, "SQ",
          .items(
            (0..<slices).map { k in
              [
                Element(0x20, 0x9113, "SQ", .items([[geometry(k)[0]]])),
                Element(0x20, 0x9116, "SQ", .items([[geometry(k)[1]]])),
              ]
            })))
    }
    return changed(out)
  }

  /// One slice of a classic series.
  package func slice(
    _ k: Int, sopClass: String, instance: Int, _ more: [Element] = []
  ) -> [Element] {
    changed(
      common(sopClass: sopClass, instance: instance) + geometry(k)
        + [Element(0x7fe0, 0x10, "OW", .words(words(k)))] + more)
  }

  /// A folder of a file for each slice: a classic MR series.
  package func writeClassicMR(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for k in 0..<slices {
      let slice = slice(k, sopClass: "1.2.840.10008.5.1.4.1.1.4", instance: k + 1)
      try Data(writer.file(slice)).write(to: URL(filePath: "\(folder)/\(k)"))
    }
  }

  private func changed(_ elements: [Element]) -> [Element] {
    let gone = without + extra.map { ($0.group, $0.element) }
    return elements.filter { e in !gone.contains { $0 == (e.group, e.element) } } + extra
  }

  package var writer: DICOMWriter {
    switch packing {
    case .implicitLittle: DICOMWriter(.implicitLittle)
    case .explicitBig: DICOMWriter(.explicitBig)
    default: DICOMWriter(.explicitLittle)
    }
  }

  /// What DCMTK's encoders call the packing; nil for those that are written at once.
  package var codec: String? {
    switch packing {
    case .rle: "rle"
    case .jpeg: "jpeg"
    case .jpegLS: "jpeg-ls"
    default: nil
    }
  }
}
