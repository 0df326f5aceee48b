import Glibc
import Imaging

/// Where the numbers of a camera's image lie while it is projected.
///
/// Only the square around the field of view is kept, with a border of two voxels for the
/// interpolation; z runs fastest, so that a rotation moves whole rows of slices, and a row is filled
/// up with zeros to a multiple of eight.
struct CameraLayout: Sendable {
  let acquisition: Acquisition
  /// Voxels along x and y of the square, and the number of planes of the rotated image.
  let side: Int
  /// Columns of the detector, or voxels of the image, left and right of the square.
  let offset: Int
  /// Floats from one row of slices to the next.
  let stride: Int
  /// Radius in voxels within which the image has values.
  let fieldRadius: Double
  /// Radius in voxels of the rotated samples: every voxel of the field weighs in on all of its four.
  let sampleRadius: Double

  static let border = 2
  static let lanes = 8

  init(_ acquisition: Acquisition) {
    self.acquisition = acquisition
    fieldRadius = acquisition.fieldRadius / acquisition.pixel
    sampleRadius = fieldRadius + 1.5
    let n = acquisition.matrix
    let reach = Int(sampleRadius.rounded(.up))
    side = min(n, 2 * reach + 1 + (n + 1) % 2)
    offset = (n - side) / 2
    stride = (acquisition.slices + Self.lanes - 1) / Self.lanes * Self.lanes
  }

  /// Middle of the square in voxels.
  var centre: Double { Double(side - 1) / 2 }
  /// Voxels along x and y with the border.
  var bordered: Int { side + 2 * Self.border }
  /// Floats of an image.
  var count: Int { bordered * bordered * stride }

  /// Place of the row of slices at a voxel of the square.
  @inline(__always)
  func row(_ i: Int, _ j: Int) -> Int {
    ((j + Self.border) * bordered + i + Self.border) * stride
  }

  /// Samples of a plane that lie in the field, as columns of the square.
  func chord(_ plane: Int) -> Range<Int> {
    let w = Double(plane) - centre
    let left = sampleRadius * sampleRadius - w * w
    guard left >= 0 else { return 0..<0 }
    let half = left.squareRoot()
    let low = max(0, Int((centre - half).rounded(.up)))
    let high = min(side - 1, Int((centre + half).rounded(.down)))
    return low <= high ? low..<high + 1 : 0..<0
  }

  /// Voxels of a row along x that lie in the field.
  func field(_ j: Int) -> Range<Int> {
    let y = Double(j) - centre
    let left = fieldRadius * fieldRadius - y * y
    guard left >= 0 else { return 0..<0 }
    let half = left.squareRoot()
    let low = max(0, Int((centre - half).rounded(.up)))
    let high = min(side - 1, Int((centre + half).rounded(.down)))
    return low <= high ? low..<high + 1 : 0..<0
  }

  /// Rows of slices from an image with i fastest; what lies outside the field is left out.
  func rows(from image: [Float]) -> [Float] {
    precondition(image.count == acquisition.imageCount)
    let (n, slices) = (acquisition.matrix, acquisition.slices)
    var out = [Float](repeating: 0, count: count)
    for k in 0..<slices {
      for j in 0..<side {
        let from = n * (j + offset + n * k) + offset
        for i in field(j) { out[row(i, j) + k] = image[from + i] }
      }
    }
    return out
  }

  /// The way back; zero outside the field.
  func image(from rows: [Float]) -> [Float] {
    let (n, slices) = (acquisition.matrix, acquisition.slices)
    var out = [Float](repeating: 0, count: acquisition.imageCount)
    for k in 0..<slices {
      for j in 0..<side {
        let to = n * (j + offset + n * k) + offset
        for i in field(j) { out[to + i] = rows[row(i, j) + k] }
      }
    }
    return out
  }

  /// Zero outside the field and in the fill of every row.
  func clear(outsideFieldOf rows: UnsafeMutablePointer<Float>) {
    let slices = acquisition.slices
    for j in -Self.border..<side + Self.border {
      let inside = j >= 0 && j < side ? field(j) : 0..<0
      for i in -Self.border..<side + Self.border {
        let at = rows + row(i, j)
        if inside.contains(i) {
          for k in slices..<stride { at[k] = 0 }
        } else {
          for k in 0..<stride { at[k] = 0 }
        }
      }
    }
  }
}
