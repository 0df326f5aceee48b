package import Basics
package import Imaging

/// A map that goes out, with what is known of it.
package struct ExportMap {
  package var volume: Volume
  /// The unit by UCUM, such as `1` or `%`; nil where nothing says it.
  package var unit: String?
  package var note: ExportNote
  /// Whether the source belongs to the series that the map was made of.
  package var isOfSourceSeries: Bool
  /// For refusals.
  package var name: String

  package init(
    volume: Volume, unit: String?, note: ExportNote, isOfSourceSeries: Bool, name: String
  ) {
    self.volume = volume
    self.unit = unit
    self.note = note
    self.isOfSourceSeries = isOfSourceSeries
    self.name = name
  }

  var unitConcept: CodedConcept {
    unit.map { CodedConcept($0, "UCUM", $0 == "1" ? "no units" : $0) }
      ?? CodedConcept("[arb'U]", "UCUM", "arbitrary unit")
  }

  /// A window that shows all finite values, centred on zero where there are some on both sides of it.
  var window: (centre: Double, width: Double) {
    guard let range = volume.range else { return (0, 1) }
    let (low, high) = (Double(range.low), Double(range.high))
    if low < 0, high > 0 { return (0, 2 * max(-low, high)) }
    return ((low + high) / 2, max(high - low, 1e-6))
  }

  /// How it came about, with its source where that is known to be one.
  func putDerivation(_ object: ExportObject, _ source: ExportSource) {
    object.put(.derivationDescription, ExportText.block(note.long, limit: 1024))
    if isOfSourceSeries {
      object.reference(
        .sourceImageSequence, to: source,
        purpose: CodedConcept("121322", "DCM", "Source image for image processing operation"))
    }
  }
}

/// A map as Parametric Map object: float32, one frame a slice (PS3.3, A.75).
package enum ParametricMap {
  package static func file(
    _ map: ExportMap, source: ExportSource, series number: Int, name: String
  ) throws(Problem) -> ExportedFile {
    _ = try source.requireFrame(for: "a map")
    let stack = try SliceStack(map.volume.grid, name: map.name)
    let series = ExportSeries(source, number: number, modality: source.modality, note: map.note)
    let object = try series.object(ExportClass.parametricMap, instance: 1, inFrame: true)
    putImage(object, map, stack, series)
    object.item(.sharedFunctionalGroupsSequence) { putShared(object, map, stack, source) }
    putDimensions(object)
    for n in 0..<stack.slices {
      object.item(.perFrameFunctionalGroupsSequence) {
        object.item(.frameContentSequence) {
          object.put(.stackID, "1")
          object.put(.inStackPositionNumber, n + 1)
          object.put(.dimensionIndexValues, numbers: [1, Double(n + 1)])
        }
        object.item(.planePositionSequence) {
          object.put(.imagePositionPatient, stack.positions[n])
        }
      }
    }
    var floats: [Float] = []
    floats.reserveCapacity(map.volume.values.count)
    for n in 0..<stack.slices { floats += stack.values(map.volume, n) }
    object.put(.floatPixelData, floats: floats)
    return ExportedFile(name: name, bytes: try object.bytes(for: name))
  }

  // The standard lets a parametric map be nothing but PRIMARY (C.8.23.3.1).
  static let imageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]

  private static func putImage(
    _ object: ExportObject, _ map: ExportMap, _ stack: SliceStack, _ series: ExportSeries
  ) {
    object.put(.imageType, imageType)
    object.put(.contentLabel, "BOLDSPECT_MAP")
    object.put(.contentDescription, map.note.short)
    object.put(.contentCreatorName)
    object.put(.contentQualification, "RESEARCH")
    object.put(.samplesPerPixel, 1)
    object.put(.photometricInterpretation, "MONOCHROME2")
    object.put(.presentationLUTShape, "IDENTITY")
    object.put(.numberOfFrames, String(stack.slices))
    object.put(.rows, stack.rows)
    object.put(.columns, stack.columns)
    object.put(.bitsAllocated, 32)
    object.put(.acquisitionContextSequence)
    series.putImage(object, burnedIn: false)
    // A map of a whole head has a face.
    object.put(.recognizableVisualFeatures, "YES")
    if map.isOfSourceSeries {
      object.item(.referencedSeriesSequence) {
        object.put(.seriesInstanceUID, series.source.seriesInstanceUID)
        object.reference(.referencedInstanceSequence, to: series.source)
      }
    }
  }

  private static func putShared(
    _ object: ExportObject, _ map: ExportMap, _ stack: SliceStack, _ source: ExportSource
  ) {
    object.item(.pixelMeasuresSequence) {
      object.put(.pixelSpacing, stack.pixelSpacing)
      object.put(.sliceThickness, decimals: [stack.sliceSpacing])
      object.put(.spacingBetweenSlices, decimals: [stack.sliceSpacing])
    }
    object.item(.planeOrientationSequence) {
      object.put(.imageOrientationPatient, stack.orientation)
    }
    object.item(.parametricMapFrameTypeSequence) { object.put(.frameType, imageType) }
    object.item(.derivationImageSequence) {
      map.putDerivation(object, source)
      if !map.isOfSourceSeries { object.put(.sourceImageSequence) }
      object.code(.derivationCodeSequence, CodedConcept(own: "MAP", "Map made by boldspect"))
    }
    object.item(.frameVOILUTSequence) {
      object.put(.windowCenter, decimals: [map.window.centre])
      object.put(.windowWidth, decimals: [map.window.width])
    }
    object.item(.pixelValueTransformationSequence) {
      object.put(.rescaleIntercept, "0")
      object.put(.rescaleSlope, "1")
      object.put(.rescaleType, "US")
    }
    object.item(.realWorldValueMappingSequence) {
      let range = map.volume.range ?? (0, 0)
      object.put(.lutExplanation, map.note.short)
      object.put(.lutLabel, "BOLDSPECT")
      object.put(.doubleFloatRealWorldValueFirstValueMapped, numbers: [Double(range.low)])
      object.put(.doubleFloatRealWorldValueLastValueMapped, numbers: [Double(range.high)])
      object.put(.realWorldValueIntercept, numbers: [0])
      object.put(.realWorldValueSlope, numbers: [1])
      object.code(.measurementUnitsCodeSequence, map.unitConcept)
    }
  }

  /// Frames are counted by stack and place in the stack.
  private static func putDimensions(_ object: ExportObject) {
    let organization = ExportText.newUID()
    object.item(.dimensionOrganizationSequence) {
      object.put(.dimensionOrganizationUID, organization)
    }
    object.put(.dimensionOrganizationType, "3D")
    for (tag, words) in [
      (ExportTag.stackID, "Stack"), (.inStackPositionNumber, "In-stack position"),
    ] {
      object.item(.dimensionIndexSequence) {
        object.put(.dimensionIndexPointer, pointer: tag)
        object.put(.functionalGroupPointer, pointer: .frameContentSequence)
        object.put(.dimensionOrganizationUID, organization)
        object.put(.dimensionDescriptionLabel, words)
      }
    }
  }
}
