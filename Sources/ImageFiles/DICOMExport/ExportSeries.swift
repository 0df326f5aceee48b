import Basics

/// What every object of an export says of itself.
package struct ExportNote: Sendable {
  /// What it shows, in a word or two: never a file's name, which may be a person's.
  package var title: String
  /// How it was made and how its place is known, in sentences.
  package var derivation: String
  /// `SIMULATED` and the like for what nobody measured; nil for a measurement.
  package var unmeasured: String?

  package init(title: String, derivation: String, unmeasured: String?) {
    self.title = title
    self.derivation = derivation
    self.unmeasured = unmeasured
  }

  /// In 64 characters: first what it is not.
  var short: String {
    ExportText.line((unmeasured.map { $0 + ". " } ?? "") + "Research, no diagnosis: " + title)
  }

  /// All of it.
  var long: String { (unmeasured.map { $0 + ". " } ?? "") + researchUse + " " + derivation }
}

/// A new series in the study of a source.
package struct ExportSeries {
  let source: ExportSource
  let number: Int
  let modality: String
  let note: ExportNote
  let uid = ExportText.newUID()
  private let time = ExportText.now()

  /// - Parameter number: of the series, among those of one export.
  init(_ source: ExportSource, number: Int, modality: String, note: ExportNote) {
    // Far from the numbers that scanners give.
    (self.source, self.number) = (source, 9000 + number)
    (self.modality, self.note) = (modality, note)
  }

  /// An object with identity, series, equipment and its own name.
  func object(_ sopClass: String, instance: Int, inFrame: Bool) throws(Problem) -> ExportObject {
    let object = try ExportObject()
    object.inherit(source, inFrame: inFrame)
    object.put(.sopClassUID, sopClass)
    object.put(.sopInstanceUID, ExportText.newUID())
    object.put(.instanceCreationDate, time.date)
    object.put(.instanceCreationTime, time.time)
    object.put(.modality, modality)
    object.put(.seriesInstanceUID, uid)
    object.put(.seriesNumber, String(number))
    object.put(.seriesDate, time.date)
    object.put(.seriesTime, time.time)
    object.put(.seriesDescription, note.short)
    object.put(.manufacturer, "boldspect")
    object.put(.manufacturerModelName, "boldspect")
    object.put(.deviceSerialNumber, "none")
    object.put(.softwareVersions, boldspectVersion)
    object.put(.instanceNumber, String(instance))
    object.put(.contentDate, time.date)
    object.put(.contentTime, time.time)
    object.item(.codingSchemeIdentificationSequence) {
      object.put(.codingSchemeDesignator, CodedConcept.ownScheme)
      object.put(.codingSchemeName, "Concepts of boldspect")
      object.put(.codingSchemeResponsibleOrganization, "boldspect")
    }
    return object
  }

  /// When a secondary capture was made.
  func putCaptureTime(_ object: ExportObject) {
    object.put(.dateOfSecondaryCapture, time.date)
    object.put(.timeOfSecondaryCapture, time.time)
  }

  /// What may not be missing in an image.
  func putImage(_ object: ExportObject, burnedIn: Bool) {
    object.put(.burnedInAnnotation, burnedIn ? "YES" : "NO")
    object.put(.lossyImageCompression, "00")
    object.put(.bodyPartExamined, "BRAIN")
  }
}

/// A file of an export.
package struct ExportedFile: Sendable {
  package var name: String
  package var bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}
