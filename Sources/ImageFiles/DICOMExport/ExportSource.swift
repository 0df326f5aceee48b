package import Basics
internal import CDICOM
package import Imaging

/// The object from which an export takes patient, study and frame of reference.
///
/// Names and numbers of the patient stay within the wrapper of DCMTK: they can be compared and inherited, not read.
package final class ExportSource {
  let handle: OpaquePointer
  /// The file's name.
  package let name: String
  package let sopClassUID: String
  let sopInstanceUID: String
  let seriesInstanceUID: String
  let studyInstanceUID: String
  /// Nil where the object names none.
  package let frameOfReferenceUID: String?
  /// Whose it is, as hashes.
  package let patient: DICOMPatient

  /// Opens a file and refuses one whose identity is not whole.
  package init(_ path: String) throws(Problem) {
    // Depth, lengths and count are bounded before DCMTK's recursive parser sees them.
    patient = DICOMPatient(try DICOMFile(path).dataset)
    let name = fileName(path)
    var why = [CChar](repeating: 0, count: 256)
    guard let opened = boldspect_export_source_open(path, &why, why.count) else {
      throw Problem(
        .data, name, "it cannot be read as a DICOM file: \(wordsOf(why))",
        expected: "a file of DICOM part 10")
    }
    func uid(_ tag: ExportTag) -> String? {
      Self.text(opened, tag).flatMap { ExportText.isUID($0) ? $0 : nil }
    }
    guard let sopClass = uid(.sopClassUID), let instance = uid(.sopInstanceUID),
      let series = uid(.seriesInstanceUID), let study = uid(.studyInstanceUID),
      boldspect_export_source_has(opened, ExportTag.patientID.group, ExportTag.patientID.element)
        != 0
    else {
      boldspect_export_source_close(opened)
      throw Problem(
        .data, name, "it does not say whose it is and which object of which study and series",
        expected: "a DICOM object with Patient ID and the UIDs of study, series, class and instance"
      )
    }
    (handle, self.name) = (opened, name)
    (sopClassUID, sopInstanceUID) = (sopClass, instance)
    (seriesInstanceUID, studyInstanceUID) = (series, study)
    frameOfReferenceUID = uid(.frameOfReferenceUID)
  }

  deinit { boldspect_export_source_close(handle) }

  private static func text(_ handle: OpaquePointer, _ tag: ExportTag, _ index: UInt = 0) -> String?
  {
    var buffer = [CChar](repeating: 0, count: 256)
    let length = boldspect_export_source_text(
      handle, tag.group, tag.element, index, &buffer, buffer.count)
    guard length > 0 else { return nil }
    let words = wordsOf(buffer)
    return words.split(separator: " ").joined(separator: " ")
  }

  func text(_ tag: ExportTag) -> String? { Self.text(handle, tag) }

  /// Decimal or binary numbers of an element; nil unless all are there.
  private func numbers(_ tag: ExportTag, _ count: Int) -> [Double]? {
    let found = (0..<count).compactMap { n in
      Self.text(handle, tag, UInt(n)).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }
    return found.count == count ? found : nil
  }

  /// What can be compared with what another file says.
  package enum Name: Sendable { case patientID, study, series, frame }

  private static func tag(_ kind: Name) -> ExportTag {
    switch kind {
    case .patientID: .patientID
    case .study: .studyInstanceUID
    case .series: .seriesInstanceUID
    case .frame: .frameOfReferenceUID
    }
  }

  /// Whether the source has this name of a kind.
  package func isNamed(_ value: String, by kind: Name) -> Bool {
    let tag = Self.tag(kind)
    return boldspect_export_source_equals(handle, tag.group, tag.element, value) != 0
  }

  /// Whether two objects have the same name of a kind.
  package func shares(_ kind: Name, with other: ExportSource) -> Bool {
    let tag = Self.tag(kind)
    return boldspect_export_source_shares(handle, other.handle, tag.group, tag.element) != 0
  }

  /// Whether it is an MR image, by its class.
  package var isMR: Bool {
    sopClassUID == ExportClass.mrImage || sopClassUID == ExportClass.enhancedMRImage
  }

  /// Its modality; OT where it says none.
  var modality: String { text(.modality) ?? "OT" }

  /// The frame of reference; what has a place needs one.
  package func requireFrame(for what: String) throws(Problem) -> String {
    guard let frame = frameOfReferenceUID else {
      throw Problem(
        .data, name, "it names no frame of reference, so \(what) would have no place",
        expected: "an image with a Frame of Reference UID")
    }
    return frame
  }

  /// Corners of the image's plane in RAS+ mm; nil where its place does not stand at the top level.
  package var corners: [WorldPoint]? {
    guard let p = numbers(.imagePositionPatient, 3), let o = numbers(.imageOrientationPatient, 6),
      let spacing = numbers(.pixelSpacing, 2), let rows = numbers(.rows, 1)?.first,
      let columns = numbers(.columns, 1)?.first
    else { return nil }
    return [0, columns - 1].flatMap { i in
      [0, rows - 1].map { j in
        let lps = (0..<3).map { p[$0] + o[$0] * spacing[1] * i + o[3 + $0] * spacing[0] * j }
        return WorldPoint(-lps[0], -lps[1], lps[2])
      }
    }
  }
}
