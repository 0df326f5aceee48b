import Basics
import Imaging

/// A grid as slices of DICOM: pixels by rows and columns, places in LPS+ mm (PS3.3, C.7.6.2.1.1).
///
/// Rows of pixels run along i, columns along j. Slices are put in the order in which they lie along the cross
/// product of the two, so that a reader who does not look at the positions is right too.
struct SliceStack {
  let rows: Int
  let columns: Int
  let slices: Int
  /// Row and column direction cosines.
  let orientation: [String]
  /// Between rows, and between columns, in mm.
  let pixelSpacing: [String]
  /// Between slices, in mm.
  let sliceSpacing: Double
  /// The centre of each slice's first pixel, in the order of the slices here.
  let positions: [[String]]
  private let isReversed: Bool

  /// The most that what is written may put a voxel's centre elsewhere.
  static let toleranceMillimetres = 1e-3

  /// - Parameter name: of the image, for refusals.
  init(_ grid: Grid, name: String) throws(Problem) {
    guard grid.nx <= 65535, grid.ny <= 65535, grid.nz <= 65535 else {
      throw Problem(.data, name, "it has more voxels along an axis than DICOM can say")
    }
    let m = grid.worldFromVoxel.rows
    // RAS+ to LPS+: x and y change their signs.
    func column(_ c: Int) -> [Double] { [-m[0][c], -m[1][c], m[2][c]] }
    let size = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
    let u = column(0).map { $0 / size[0] }
    let along = dot(column(1), u)
    let across = zip(column(1), u).map { $0 - along * $1 }
    let length = dot(across, across).squareRoot()
    let v = across.map { $0 / length }
    isReversed = grid.worldFromVoxel.determinant < 0
    let (reversed, last) = (isReversed, grid.nz - 1)
    (rows, columns, slices) = (grid.ny, grid.nx, grid.nz)
    orientation = (u + v).map(ExportText.decimal)
    pixelSpacing = [size[1], size[0]].map(ExportText.decimal)
    sliceSpacing = size[2]
    positions = (0..<grid.nz).map { n in
      let w = grid.world(VoxelIndex(0, 0, reversed ? last - n : n))
      return [-w.x, -w.y, w.z].map(ExportText.decimal)
    }
    try requireSame(grid, name: name)
  }

  /// The slice of the grid that is written as slice `n`.
  func gridSlice(_ n: Int) -> Int { isReversed ? slices - 1 - n : n }

  /// The values of written slice `n`.
  func values(_ volume: Volume, _ n: Int) -> ArraySlice<Float> {
    let count = rows * columns
    return volume.values[gridSlice(n) * count..<(gridSlice(n) + 1) * count]
  }

  /// Reads the words as a reader would that takes slices for right-angled and equally far apart, and compares.
  private func requireSame(_ grid: Grid, name: String) throws(Problem) {
    func number(_ text: String) -> Double { Double(text) ?? .nan }
    let o = orientation.map(number)
    let (u, v) = (Array(o[0..<3]), Array(o[3..<6]))
    let normal = [
      u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0],
    ]
    let first = positions[0].map(number)
    var worst = 0.0
    for i in [0, columns - 1] {
      for j in [0, rows - 1] {
        for n in [0, slices - 1] {
          let (x, y) = (
            number(pixelSpacing[1]) * Double(i), number(pixelSpacing[0]) * Double(j)
          )
          let lps = (0..<3).map {
            first[$0] + u[$0] * x + v[$0] * y + normal[$0] * sliceSpacing * Double(n)
          }
          let there = WorldPoint(-lps[0], -lps[1], lps[2])
          let distance = there.distance(to: grid.world(VoxelIndex(i, j, gridSlice(n))))
          worst = distance.isNaN ? .infinity : max(worst, distance)
        }
      }
    }
    guard worst <= Self.toleranceMillimetres else {
      throw Problem(
        .data, name,
        "its axes are not at right angles: as DICOM slices a voxel would lie \(plainNumber(worst, 3)) mm elsewhere",
        expected: "a grid of boxes", remedy: "Resample it on the grid of an image of the series")
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
