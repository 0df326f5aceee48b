package import Basics
package import Imaging

/// A target that goes out.
package struct ExportTarget: Sendable {
  package var name: String
  /// RAS+ mm in the source's frame of reference.
  package var point: WorldPoint
  package var side: Side
  package var label: String?
  package var r: Double?
  /// How it was found, what a person decided, what was warned of.
  package var remarks: [String]

  package init(
    name: String, point: WorldPoint, side: Side, label: String?, r: Double?, remarks: [String]
  ) {
    self.name = name
    self.point = point
    self.side = side
    self.label = label
    self.r = r
    self.remarks = remarks
  }

  /// LPS+ mm.
  var patientCoordinates: [Double] { [-point.x, -point.y, point.z] }
}

/// Targets as a Comprehensive 3D SR after TID 1500, each a measurement group with a point in the frame of reference
/// (PS3.16, TID 1410).
package enum MeasurementReport {
  package static func file(
    _ targets: [ExportTarget], note: ExportNote, source: ExportSource, series number: Int,
    name: String
  ) throws(Problem) -> ExportedFile {
    let frame = try source.requireFrame(for: "a target")
    let series = ExportSeries(source, number: number, modality: "SR", note: note)
    let object = try series.object(ExportClass.comprehensive3DSR, instance: 1, inFrame: false)
    object.put(.referencedPerformedProcedureStepSequence)
    object.put(.performedProcedureCodeSequence)
    object.put(.completionFlag, "PARTIAL")
    object.put(.completionFlagDescription, "Research and education, no diagnosis")
    object.put(.verificationFlag, "UNVERIFIED")
    object.put(.preliminaryFlag, "PRELIMINARY")
    putEvidence(object, source)
    object.put(.valueType, "CONTAINER")
    object.code(
      .conceptNameCodeSequence, CodedConcept("126000", "DCM", "Imaging Measurement Report"))
    object.put(.continuityOfContent, "SEPARATE")
    putTemplate(object, "1500")
    putContext(object)
    putLibrary(object, source)
    object.container(CodedConcept("126010", "DCM", "Imaging Measurements")) {
      for target in targets { put(target, object, frame: frame) }
    }
    object.container(CodedConcept("C0034375", "UMLS", "Qualitative Evaluations")) {
      object.text("CONTAINS", comment, note.long)
    }
    return ExportedFile(name: name, bytes: try object.bytes(for: name))
  }

  private static let comment = CodedConcept("121106", "DCM", "Comment")

  /// The object that the frame of reference was taken from.
  private static func putEvidence(_ object: ExportObject, _ source: ExportSource) {
    object.item(.currentRequestedProcedureEvidenceSequence) {
      object.item(.referencedSeriesSequence) {
        object.reference(.referencedSOPSequence, to: source)
        object.put(.seriesInstanceUID, source.seriesInstanceUID)
      }
      object.put(.studyInstanceUID, source.studyInstanceUID)
    }
  }

  private static func putTemplate(_ object: ExportObject, _ identifier: String) {
    object.item(.contentTemplateSequence) {
      object.put(.mappingResource, "DCMR")
      object.put(.templateIdentifier, identifier)
    }
  }

  /// Language, observer and procedure (TID 1204, 1001 and 1500).
  private static func putContext(_ object: ExportObject) {
    object.concept(
      "HAS CONCEPT MOD",
      CodedConcept("121049", "DCM", "Language of Content Item and Descendants"),
      CodedConcept("en", "RFC5646", "English"))
    object.concept(
      "HAS OBS CONTEXT", CodedConcept("121005", "DCM", "Observer Type"),
      CodedConcept("121007", "DCM", "Device"))
    object.identifier(
      "HAS OBS CONTEXT", CodedConcept("121012", "DCM", "Device Observer UID"), ExportText.newUID())
    for (code, words, value) in [
      ("121013", "Device Observer Name", "boldspect"),
      ("121014", "Device Observer Manufacturer", "boldspect"),
      ("121015", "Device Observer Model Name", "boldspect " + boldspectVersion),
    ] {
      object.text("HAS OBS CONTEXT", CodedConcept(code, "DCM", words), value)
    }
    object.concept(
      "HAS CONCEPT MOD", CodedConcept("121058", "DCM", "Procedure reported"),
      CodedConcept("363679005", "SCT", "Imaging"))
  }

  /// The images that it is about (TID 1600).
  private static func putLibrary(_ object: ExportObject, _ source: ExportSource) {
    object.container(CodedConcept("111028", "DCM", "Image Library")) {
      object.container(CodedConcept("126200", "DCM", "Image Library Group")) {
        object.content("CONTAINS", "IMAGE", nil) {
          object.reference(.referencedSOPSequence, to: source)
        }
      }
    }
  }

  private static func put(_ target: ExportTarget, _ object: ExportObject, frame: String) {
    object.container(CodedConcept("125007", "DCM", "Measurement Group"), template: "1410") {
      object.text(
        "HAS OBS CONTEXT", CodedConcept("112039", "DCM", "Tracking Identifier"),
        target.name + ", " + target.side.rawValue)
      object.identifier(
        "HAS OBS CONTEXT", CodedConcept("112040", "DCM", "Tracking Unique Identifier"),
        ExportText.newUID())
      object.concept(
        "CONTAINS", CodedConcept("121071", "DCM", "Finding"),
        CodedConcept(own: "TARGET", "Candidate stimulation target, research"))
      object.content("CONTAINS", "SCOORD3D", CodedConcept("111030", "DCM", "Image Region")) {
        object.put(.graphicType, "POINT")
        object.put(.graphicData, numbers: target.patientCoordinates)
        object.put(.referencedFrameOfReferenceUID, frame)
      }
      object.content("CONTAINS", "CODE", CodedConcept("363698007", "SCT", "Finding Site")) {
        object.code(.conceptCodeSequence, CodedConcept("12738006", "SCT", "Brain"))
        if let side = laterality(target.side) {
          object.concept(
            "HAS CONCEPT MOD", CodedConcept("272741003", "SCT", "Laterality"), side)
        }
      }
      if let r = target.r, r.isFinite {
        object.number(
          CodedConcept(own: "R", "Correlation with the seed at the target"), r,
          unit: CodedConcept("1", "UCUM", "no units"))
      }
      let words = (target.label.map { ["Atlas region: " + $0] } ?? []) + target.remarks
      for line in words { object.text("CONTAINS", comment, line) }
    }
  }

  private static func laterality(_ side: Side) -> CodedConcept? {
    switch side {
    case .left: CodedConcept("7771000", "SCT", "Left")
    case .right: CodedConcept("24028007", "SCT", "Right")
    case .midline: CodedConcept("260528009", "SCT", "Median")
    case .unknown: nil
    }
  }
}

/// Items of a structured report (PS3.3, C.17.3).
extension ExportObject {
  func content(
    _ relationship: String, _ type: String, _ name: CodedConcept?, _ body: () -> Void
  ) {
    item(.contentSequence) {
      put(.relationshipType, relationship)
      put(.valueType, type)
      if let name { code(.conceptNameCodeSequence, name) }
      body()
    }
  }

  func container(_ name: CodedConcept, template: String? = nil, _ body: () -> Void) {
    content("CONTAINS", "CONTAINER", name) {
      put(.continuityOfContent, "SEPARATE")
      if let template {
        item(.contentTemplateSequence) {
          put(.mappingResource, "DCMR")
          put(.templateIdentifier, template)
        }
      }
      body()
    }
  }

  func text(_ relationship: String, _ name: CodedConcept, _ words: String) {
    content(relationship, "TEXT", name) {
      put(.textValue, ExportText.block(words, limit: 16384))
    }
  }

  func concept(_ relationship: String, _ name: CodedConcept, _ value: CodedConcept) {
    content(relationship, "CODE", name) { code(.conceptCodeSequence, value) }
  }

  func identifier(_ relationship: String, _ name: CodedConcept, _ uid: String) {
    content(relationship, "UIDREF", name) { put(.uid, uid) }
  }

  func number(_ name: CodedConcept, _ value: Double, unit: CodedConcept) {
    content("CONTAINS", "NUM", name) {
      item(.measuredValueSequence) {
        put(.numericValue, decimals: [value])
        code(.measurementUnitsCodeSequence, unit)
      }
    }
  }
}
