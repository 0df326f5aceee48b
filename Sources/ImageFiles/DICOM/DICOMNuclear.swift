import Basics

extension DICOMStack {
  /// Slices of a reconstructed NM tomogram.
  ///
  /// PS3.3, C.8.4.15: slices lie along the normal of the first frame, its row direction × its column direction, and
  /// the sign of Spacing Between Slices says which way: P(frame n) = P(frame 0) + n · spacing · normal. The patient's
  /// position (head or feet first) changes nothing of it.
  static func nuclear(_ file: DICOMInstance) throws(Problem) -> DICOMStack {
    guard let facts = file.nuclear, let format = file.pixels else {
      preconditionFailure("it was decided to be NM with pixels")
    }
    try checkType(file)
    try checkFrames(file, facts)
    let place = try place(file, facts)
    guard let orientation = place.orientation, let origin = place.position else {
      preconditionFailure("places have both")
    }
    let size = try pixelSize(file, facts, place)
    let step = try step(file, facts, place)
    return DICOMStack(
      columns: format.columns, rows: format.rows, slices: file.frameCount, frames: 1,
      affine: affine(
        alongRow: orientation.row * size.columns, betweenRows: orientation.column * size.rows,
        betweenSlices: step, origin: origin),
      sources: (0..<file.frameCount).map {
        DICOMSource(file: 0, frame: $0, tile: nil, slope: place.slope, intercept: place.intercept)
      })
  }

  private static func checkType(_ file: DICOMInstance) throws(Problem) {
    let kinds = [
      "TOMO": "tomographic projections, which are not slices yet",
      "GATED TOMO": "gated tomographic projections", "RECON GATED TOMO": "gated slices",
      "STATIC": "static planar images", "DYNAMIC": "dynamic planar images",
      "GATED": "gated planar images", "WHOLE BODY": "a planar whole-body image",
    ]
    guard file.imageType.count > 2 else {
      throw Problem(
        .data, file.name, "its Image Type does not say what it is", expected: "RECON TOMO")
    }
    let type = file.imageType[2]
    guard type != "RECON TOMO" else { return }
    throw Problem(
      .data, file.name, "it holds \(kinds[type] ?? "frames of an unknown kind")",
      expected: "reconstructed slices (RECON TOMO)")
  }

  /// Frames must be the slices 1, 2, 3 … and nothing else.
  private static func checkFrames(
    _ file: DICOMInstance, _ facts: DICOMNuclearFacts
  ) throws(Problem) {
    let count = file.frameCount
    guard count > 1 else {
      throw Problem(.data, file.name, "it has one slice", expected: "a stack of at least two")
    }
    guard facts.incrementPointers.contains(DICOMTag.sliceVector.number) else {
      throw Problem(
        .data, file.name, "its frames are not said to be slices",
        expected: "a Frame Increment Pointer to the Slice Vector")
    }
    for (name, vector) in [
      ("energy windows", facts.energyWindowVector), ("detectors", facts.detectorVector),
    ] where Set(vector ?? []).count > 1 {
      throw Problem(
        .data, file.name, "its frames are of several \(name)", expected: "one frame for each slice")
    }
    guard let vector = facts.sliceVector, vector.count == count else {
      throw Problem(
        .data, file.name, "its Slice Vector does not name each of its \(count) frames",
        expected: "a slice number for each frame")
    }
    guard vector == (1...count).map(Double.init) else {
      throw Problem(
        .data, file.name,
        Set(vector) == Set((1...count).map(Double.init))
          ? "its slices are not stored in their order, so it is not certain which of them its position is of"
          : "its Slice Vector names slices twice or leaves some out",
        expected: "the slices 1 to \(count) in order")
    }
    if let stated = facts.numberOfSlices, stated != count {
      throw Problem(
        .data, file.name, "it says \(stated) slices and has \(count) frames",
        expected: "one frame for each slice")
    }
  }

  /// Where the first slice lies; all who say so must agree.
  private static func place(
    _ file: DICOMInstance, _ facts: DICOMNuclearFacts
  ) throws(Problem) -> DICOMPlane {
    var said = facts.planes
    if let own = file.planes.first, own.position != nil, own.orientation != nil {
      said.append(own)
    }
    guard !facts.hasOddGeometry, let first = said.first, let origin = first.position,
      let orientation = first.orientation
    else {
      throw Problem(
        .data, file.name,
        facts.hasOddGeometry
          ? "its position and orientation are incomplete or no directions"
          : "it does not say where its slices lie, nor which side is left",
        expected: "Image Position and Orientation (Patient), at its detector or at its frames",
        remedy: "Export it again from the workstation that reconstructed it")
    }
    for other in said.dropFirst() {
      guard let position = other.position, let direction = other.orientation,
        (position - origin).length <= DICOMStacking.samePlaceMillimetres,
        direction.isSame(as: orientation)
      else {
        throw Problem(
          .data, file.name, "its detectors or frames say different places of the first slice",
          expected: "one place")
      }
    }
    var place = first
    place.slope = facts.slope
    place.intercept = facts.intercept
    guard place.slope.isFinite, place.slope != 0, place.intercept.isFinite else {
      throw Problem(
        .data, file.name, "its rescale slope or intercept is no usable number",
        expected: "numbers, the slope not 0")
    }
    return place
  }

  private static func pixelSize(
    _ file: DICOMInstance, _ facts: DICOMNuclearFacts, _ place: DICOMPlane
  ) throws(Problem) -> (rows: Double, columns: Double) {
    let own = file.planes.first?.spacing ?? place.spacing
    let top = facts.pixelSpacing.flatMap { $0.count == 2 ? (rows: $0[0], columns: $0[1]) : nil }
    guard let size = top ?? own, (0.01...1000).contains(size.rows),
      (0.01...1000).contains(size.columns)
    else {
      throw Problem(
        .data, file.name, "it has no usable pixel spacing", expected: "millimetres between pixels")
    }
    return size
  }

  /// From slice to slice, by the positions of all frames or by the spacing with its sign.
  private static func step(
    _ file: DICOMInstance, _ facts: DICOMNuclearFacts, _ place: DICOMPlane
  ) throws(Problem) -> PatientVector {
    guard let orientation = place.orientation else { preconditionFailure("places have one") }
    var bySpacing: PatientVector?
    if let spacing = facts.spacingBetweenSlices, spacing.isFinite, abs(spacing) >= 0.01,
      abs(spacing) <= 1000
    {
      bySpacing = orientation.normal * spacing
    }
    guard file.planes.count > 1 else {
      guard let step = bySpacing else {
        throw Problem(
          .data, file.name,
          "it has no usable Spacing Between Slices, whose sign says which way slices are stacked",
          expected: "that spacing; the thickness of slices cannot stand for it")
      }
      return step
    }
    let positions = file.planes.compactMap(\.position)
    let steady = file.planes.allSatisfy { $0.orientation?.isSame(as: orientation) == true }
    guard file.planes.count == file.frameCount, positions.count == file.frameCount, steady else {
      throw Problem(
        .data, file.name, "not all its frames say where they lie, or not alike",
        expected: "a position for each frame, or for none")
    }
    let step = (positions[positions.count - 1] - positions[0]) / Double(positions.count - 1)
    let along = orientation.normal * step.dot(orientation.normal)
    guard step.length >= 0.01,
      (step - along).length * Double(positions.count) <= DICOMStacking.mostOffMillimetres
    else {
      throw Problem(
        .data, file.name, "its frames are not stacked along their normal",
        expected: "slices over each other")
    }
    for (n, position) in positions.enumerated() {
      let off = position - (positions[0] + step * Double(n))
      guard off.length <= min(DICOMStacking.mostOffMillimetres, step.length / 20) else {
        throw Problem(
          .data, file.name, "its frame \(n + 1) lies off its place in a regular stack",
          expected: "slices of equal distance")
      }
    }
    if let stated = bySpacing,
      (stated - step).length * Double(positions.count) > DICOMStacking.mostOffMillimetres
    {
      throw Problem(
        .data, file.name, "the positions of its frames contradict its Spacing Between Slices",
        expected: "one way to stack slices")
    }
    return step
  }
}
