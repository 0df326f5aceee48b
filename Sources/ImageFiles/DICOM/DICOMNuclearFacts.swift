/// What an NM object says of its frames (PS3.3, C.8.4).
struct DICOMNuclearFacts: Sendable {
  /// What the frames are indexed by, as numbers of elements.
  var incrementPointers: [Double]
  var sliceVector: [Double]?
  var numberOfSlices: Int?
  var energyWindowVector: [Double]?
  var detectorVector: [Double]?
  /// With its sign.
  var spacingBetweenSlices: Double?
  /// Where slices lie: what each detector says, and what stands at the top; places without both are left out.
  var planes: [DICOMPlane]
  /// Whether one of those places held a geometry that cannot be one.
  var hasOddGeometry: Bool
  var pixelSpacing: [Double]?
  var slope: Double
  var intercept: Double

  init(_ data: DICOMItem) {
    incrementPointers = data.numbers(.frameIncrementPointer) ?? []
    sliceVector = data.numbers(.sliceVector)
    numberOfSlices = data.integer(.numberOfSlices)
    energyWindowVector = data.numbers(.energyWindowVector)
    detectorVector = data.numbers(.detectorVector)
    spacingBetweenSlices = data.number(.spacingBetweenSlices)
    pixelSpacing = data.numbers(.pixelSpacing)
    var values = DICOMPlane(frame: 0)
    values.read(values: data)
    (slope, intercept) = (values.slope, values.intercept)
    planes = []
    hasOddGeometry = false
    let detectors = (0..<data.itemCount(.detectorSequence)).compactMap {
      data.item(.detectorSequence, $0)
    }
    for place in detectors + [data] {
      var plane = DICOMPlane(frame: 0)
      plane.read(geometry: place, place, place)
      if plane.position != nil, plane.orientation != nil {
        planes.append(plane)
      } else if place.has(.position) || place.has(.orientation) {
        hasOddGeometry = true
      }
    }
  }
}
