package import Basics
import Glibc
import Imaging

/// How a rotating camera looks at a head: views on a circle, detector, collimator.
///
/// The camera's image has `matrix` × `matrix` × `slices` voxels of `pixel` millimetres; its axes are
/// x (right), y (anterior) and z (superior, along the axis of rotation), and the axis goes through
/// its middle. View 0 stands anterior; the camera turns towards the right: at angle θ it stands at
/// (sin θ, cos θ). Columns of a view run along (cos θ, −sin θ), rows along z.
package struct Acquisition: Sendable, Equatable {
  package var collimator: Collimator
  /// Number of views on the full circle.
  package var views: Int
  /// Columns of the detector, and voxels of the image along x and y.
  package var matrix: Int
  /// Rows of the detector, and voxels of the image along z.
  package var slices: Int
  /// Side of a voxel and of a detector pixel in millimetres.
  package var pixel: Double
  /// Distance from the axis to the collimator's face in millimetres.
  package var radius: Double

  /// - Throws: what no camera has and what would not fit into memory.
  package init(
    collimator: Collimator, views: Int = 120, matrix: Int = 128, slices: Int,
    pixel: Double = Acquisition.usualPixel, radius: Double = 150
  ) throws(Problem) {
    func require(_ isRight: Bool, _ option: String, _ found: String, _ expected: String)
      throws(Problem)
    {
      if !isRight { throw Problem(.usage, option, "\(found) is not possible", expected: expected) }
    }
    try require((4...720).contains(views), "--views", "\(views)", "4 to 720 views")
    try require((16...512).contains(matrix), "--matrix", "\(matrix)", "16 to 512")
    try require((1...512).contains(slices), "slices", "\(slices)", "1 to 512 slices")
    try require(
      pixel.isFinite && (0.5...20).contains(pixel), "--pixel", plainNumber(pixel), "0.5 to 20 mm")
    try require(
      radius.isFinite && (20...600).contains(radius) && radius >= 4 * pixel, "--radius",
      "\(plainNumber(radius)) mm", "20 to 600 mm, at least four pixels")
    self.collimator = collimator
    self.views = views
    self.matrix = matrix
    self.slices = slices
    self.pixel = pixel
    self.radius = radius
  }

  /// Pixel of a 128 matrix on a detector of 425 mm.
  package static let usualPixel = 3.32

  /// Where the camera stands in a view.
  func turn(_ view: Int) -> CameraTurn {
    let angle = 2 * Double.pi * Double(view) / Double(views)
    return CameraTurn(cosine: cos(angle), sine: sin(angle))
  }

  /// Radius in millimetres of the cylinder that is seen: within the orbit and by the detector.
  package var fieldRadius: Double { min(radius, Double(matrix - 1) / 2 * pixel) }

  /// Whether a voxel of the camera's image, by its place with i fastest, lies in that cylinder.
  package func isInField(_ place: Int) -> Bool {
    let half = Double(matrix - 1) / 2
    let (x, y) = (Double(place % matrix) - half, Double(place / matrix % matrix) - half)
    let radius = fieldRadius / pixel
    return x * x + y * y <= radius * radius
  }

  /// Number of values of the camera's image.
  package var imageCount: Int { matrix * matrix * slices }
}

/// One position of the camera at angle θ: it stands at (sin θ, cos θ), columns run along (cos θ, −sin θ).
struct CameraTurn: Sendable {
  let cosine: Double
  let sine: Double

  /// Place along the columns of a point (x, y).
  @inline(__always)
  func across(_ x: Double, _ y: Double) -> Double { x * cosine - y * sine }

  /// Place towards the camera of a point (x, y).
  @inline(__always)
  func towards(_ x: Double, _ y: Double) -> Double { x * sine + y * cosine }

  /// The point (x, y) of a place across and towards.
  @inline(__always)
  func point(_ across: Double, _ towards: Double) -> (x: Double, y: Double) {
    (across * cosine + towards * sine, towards * cosine - across * sine)
  }
}

/// The counts of every view.
package struct Projections: Sendable {
  package let acquisition: Acquisition
  /// One count per pixel: `values[(view × matrix + column) × slices + row]`.
  package var values: [Float]

  package init(_ acquisition: Acquisition, values: [Float]) {
    precondition(values.count == acquisition.views * acquisition.matrix * acquisition.slices)
    self.acquisition = acquisition
    self.values = values
  }

  /// All counts together.
  package var total: Double { values.reduce(0.0) { $0 + Double($1) } }

  /// Counts of one view.
  package func total(view: Int) -> Double {
    let count = acquisition.matrix * acquisition.slices
    return values[view * count..<(view + 1) * count].reduce(0.0) { $0 + Double($1) }
  }

  package func scaled(by factor: Double) -> Projections {
    Projections(acquisition, values: values.map { Float(Double($0) * factor) })
  }
}
