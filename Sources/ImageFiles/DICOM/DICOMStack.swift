import Basics
import Imaging

/// Where the numbers of one slice come from.
struct DICOMSource: Sendable {
  /// Which of the series' files.
  var file: Int
  var frame: Int
  /// Which tile of a mosaic, row by row.
  var tile: Int?
  var slope: Double
  var intercept: Double
}

/// A series as an image: slices in space and time, and where each is stored.
struct DICOMStack: Sendable {
  var columns: Int
  var rows: Int
  var slices: Int
  var frames: Int
  /// Voxel to RAS+ mm: along a row, from row to row, from slice to slice.
  var affine: Affine
  /// Slice after slice, time after time.
  var sources: [DICOMSource]
  var repetitionTimeSeconds: Double?
  var findings: [Finding] = []
  /// Tiles along each side of a mosaic.
  var tilesAcross: Int?

  /// From the patient's system of DICOM (left, posterior, superior) to ours (right, anterior, superior): the first
  /// two rows change their sign. A zero keeps none.
  static func affine(
    alongRow: PatientVector, betweenRows: PatientVector, betweenSlices: PatientVector,
    origin: PatientVector
  ) -> Affine {
    let signs = [-1.0, -1.0, 1.0]
    return Affine(
      rows: (0..<3).map { r in
        [alongRow[r], betweenRows[r], betweenSlices[r], origin[r]].map { $0 * signs[r] + 0 }
      })
  }
}

/// Planes that belong to one image, and where they are stored.
struct DICOMPlacedPlane: Sendable {
  var file: Int
  var plane: DICOMPlane
  var position: PatientVector
}

/// Slices of MR, PET and CT brought into order by where they lie and when they were taken.
struct DICOMStacking {
  let files: [DICOMInstance]
  private let first: DICOMPlane
  private let orientation: DICOMOrientation
  private let spacing: (rows: Double, columns: Double)
  private var planes: [DICOMPlacedPlane] = []
  private var findings: [Finding] = []

  /// Slices of one place may differ by what the scanner rounds.
  static let samePlaceMillimetres = 0.01
  /// A slice may lie off its place in a regular stack by so much, because some scanners write positions with one
  /// or two decimals only; of thin slices by no more than a twentieth of their distance.
  static let mostOffMillimetres = 0.05

  init(_ files: [DICOMInstance]) throws(Problem) {
    self.files = files
    guard let file = files.first, let plane = file.planes.first else {
      throw Problem(
        .data, files.first?.name ?? "", "its frames say nothing of where they lie",
        expected: "functional groups for every frame")
    }
    first = plane
    guard let orientation = plane.orientation else {
      throw Self.missing(file, plane, "orientation")
    }
    guard let spacing = plane.spacing, (0.01...1000).contains(spacing.rows),
      (0.01...1000).contains(spacing.columns)
    else {
      throw Self.missing(file, plane, "pixel spacing")
    }
    self.orientation = orientation
    self.spacing = spacing
    try gather()
  }

  private static func missing(_ file: DICOMInstance, _ plane: DICOMPlane, _ what: String) -> Problem
  {
    let place = file.frameCount > 1 ? "frame \(plane.frame + 1) has" : "it has"
    return Problem(
      .data, file.name, "\(place) no usable \(what)",
      expected: "a place in the patient for each slice")
  }

  /// All planes, each checked against the first.
  private mutating func gather() throws(Problem) {
    for (n, file) in files.enumerated() {
      guard file.planes.count == file.frameCount else {
        throw Problem(
          .data, file.name,
          "it has \(file.frameCount) frames and says of \(file.planes.count) where they lie",
          expected: "functional groups for every frame")
      }
      for plane in file.planes {
        guard let position = plane.position else { throw Self.missing(file, plane, "position") }
        guard let own = plane.orientation else { throw Self.missing(file, plane, "orientation") }
        guard own.isSame(as: orientation) else {
          throw Problem(
            .data, file.name, "its slices have another orientation than those of \(files[0].name)",
            expected: "slices that lie parallel (localizers are not opened)")
        }
        guard let size = plane.spacing, isClose(size.rows, spacing.rows),
          isClose(size.columns, spacing.columns)
        else {
          throw Problem(
            .data, file.name, "its pixel spacing is not that of \(files[0].name)",
            expected: "pixels of one size")
        }
        guard plane.imageType == first.imageType else {
          throw Problem(
            .data, file.name,
            "\(Self.label(file, plane)) holds \(DICOMTerms.known(plane.imageType)), \(Self.label(files[0], first)) "
              + DICOMTerms.known(first.imageType), expected: "images of one kind in a series")
        }
        try checkTimes(file, plane)
        planes.append(DICOMPlacedPlane(file: n, plane: plane, position: position))
      }
    }
  }

  /// One echo and one repetition time in a series.
  private func checkTimes(_ file: DICOMInstance, _ plane: DICOMPlane) throws(Problem) {
    for (name, own, usual) in [
      ("echo time", plane.echoTimeMilliseconds, first.echoTimeMilliseconds),
      (
        "repetition time", plane.repetitionTimeMilliseconds, first.repetitionTimeMilliseconds
      ),
    ] {
      if own == nil, usual == nil { continue }
      func told(_ value: Double?) -> String {
        guard let value else { return "is not stated" }
        return value.isFinite ? "is \(plainNumber(value)) ms" : "cannot be read"
      }
      if let own, let usual, isClose(own, usual) { continue }
      throw Problem(
        .data, file.name,
        "the \(name) of \(Self.label(file, plane)) \(told(own)), that of \(Self.label(files[0], first)) "
          + told(usual), expected: "one \(name) in a series")
    }
  }

  /// A file's name, or the number of a frame in it.
  private static func label(_ file: DICOMInstance, _ plane: DICOMPlane) -> String {
    file.frameCount > 1 ? "frame \(plane.frame + 1)" : file.name
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-4 * max(abs(a), abs(b))
  }

  /// The image.
  mutating func stack() throws(Problem) -> DICOMStack {
    let places = try places()
    let step = try step(of: places)
    let order = try DICOMTimeOrder(files: files, places: places)
    let ordered = places.map { order.sorted($0) }
    var sources: [DICOMSource] = []
    for t in 0..<order.frames {
      for place in ordered {
        let p = place[t]
        sources.append(
          DICOMSource(
            file: p.file, frame: p.plane.frame, tile: nil, slope: p.plane.slope,
            intercept: p.plane.intercept))
      }
    }
    noteSpacing(step.length)
    guard let format = files[0].pixels else { preconditionFailure("pixels were checked") }
    return DICOMStack(
      columns: format.columns, rows: format.rows, slices: places.count, frames: order.frames,
      affine: DICOMStack.affine(
        alongRow: orientation.row * spacing.columns, betweenRows: orientation.column * spacing.rows,
        betweenSlices: step, origin: places[0][0].position), sources: sources, findings: findings)
  }

  /// The planes by where they lie along the normal; each place has those of all times.
  private func places() throws(Problem) -> [[DICOMPlacedPlane]] {
    let normal = orientation.normal
    let start = planes[0].position
    func distance(_ p: DICOMPlacedPlane) -> Double { (p.position - start).dot(normal) }
    let sorted = planes.map { (at: distance($0), plane: $0) }.sorted { $0.at < $1.at }
    var groups: [[DICOMPlacedPlane]] = []
    var last = -Double.infinity
    for entry in sorted {
      if entry.at - last > Self.samePlaceMillimetres { groups.append([]) }
      groups[groups.count - 1].append(entry.plane)
      last = entry.at
    }
    guard groups.count > 1 else {
      throw Problem(
        .data, files[0].name, "all its slices lie at one place",
        expected: "a stack of at least two slices")
    }
    let counts = Set(groups.map(\.count))
    if counts.count > 1 {
      let usual = groups.map(\.count).max() ?? 0
      let odd = groups.firstIndex { $0.count != usual } ?? 0
      throw Problem(
        .data, files[groups[odd][0].file].name,
        "its place is filled \(groups[odd].count) times, others \(usual) times",
        expected: "every slice at every time, none twice")
    }
    for group in groups {
      guard
        let moved = group.first(where: {
          ($0.position - group[0].position).length > Self.samePlaceMillimetres
        })
      else { continue }
      throw Problem(
        .data, files[moved.file].name, "its slice lies beside that of \(files[group[0].file].name)",
        expected: "slices of one place over each other")
    }
    return groups
  }

  /// From slice to slice, after every slice was found where a regular stack has it.
  private func step(of places: [[DICOMPlacedPlane]]) throws(Problem) -> PatientVector {
    let normal = orientation.normal
    let origin = places[0][0].position
    let last = places[places.count - 1][0].position
    let step = (last - origin) / Double(places.count - 1)
    let length = step.dot(normal)
    let sideways = (last - origin) - normal * (last - origin).dot(normal)
    guard sideways.length <= Self.mostOffMillimetres else {
      throw Problem(
        .data, files[places[places.count - 1][0].file].name,
        "its slices are not stacked along their normal (the last lies \(plainNumber(sideways.length, 2)) mm "
          + "aside: a tilted gantry)", expected: "slices over each other")
    }
    guard (0.01...1000).contains(length) else {
      throw Problem(
        .data, files[0].name, "its slices lie \(plainNumber(length)) mm apart",
        expected: "0.01 to 1000 mm")
    }
    let most = min(Self.mostOffMillimetres, length / 20)
    for (n, place) in places.enumerated() {
      let off = place[0].position - (origin + step * Double(n))
      guard off.length > most else { continue }
      throw unequal(places, n)
    }
    return step
  }

  /// Says whether a slice is missing, or slices lie unequally.
  private func unequal(_ places: [[DICOMPlacedPlane]], _ n: Int) -> Problem {
    let normal = orientation.normal
    let gaps = (1..<places.count).map {
      (places[$0][0].position - places[$0 - 1][0].position).dot(normal)
    }
    let usual = gaps.sorted()[gaps.count / 2]
    if let wide = gaps.firstIndex(where: { $0 > 1.5 * usual }) {
      let (near, far) = (places[wide][0], places[wide + 1][0])
      let from = Self.label(files[near.file], near.plane)
      return Problem(
        .data, files[far.file].name,
        "between \(files[far.file].frameCount > 1 ? "its frame \(far.plane.frame + 1)" : "it") and \(from) lie \(plainNumber(gaps[wide], 3)) mm, between others "
          + "\(plainNumber(usual, 3)) mm: slices are missing", expected: "a complete stack")
    }
    return Problem(
      .data, files[places[n][0].file].name,
      "its slice lies off its place among slices of \(plainNumber(usual, 3)) mm distance",
      expected:
        "slices of equal distance, to \(plainNumber(min(Self.mostOffMillimetres, usual / 20), 3)) mm"
    )
  }

  /// Positions say where slices lie; a header that says something else is told.
  private mutating func noteSpacing(_ step: Double) {
    guard let stated = files[0].spacingBetweenSlices.map(abs), stated > 0,
      abs(stated - step) > 0.01 * step
    else { return }
    findings.append(
      Finding(
        "slice-spacing", .warning,
        "Spacing Between Slices says \(plainNumber(stated)) mm, the positions of the slices \(plainNumber(step)) mm; "
          + "the positions are used."))
  }
}
