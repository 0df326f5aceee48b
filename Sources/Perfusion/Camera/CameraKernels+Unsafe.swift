// The numeric loops of the camera. Plain multiplications and additions on whole vectors: a fused
// multiply-add would be a call of the C library on processors that do not promise one.

@inline(__always)
func loadEight(_ at: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(at).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
func storeEight(_ value: SIMD8<Float>, _ at: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(at).storeBytes(of: value, as: SIMD8<Float>.self)
}

/// The four voxels around a rotated sample and their bilinear weights.
struct BilinearSample {
  /// Place of the row of slices at the lower corner.
  let place: Int
  let lowerLeft: Float
  let lowerRight: Float
  let upperLeft: Float
  let upperRight: Float

  /// The sample of a plane (the farthest is 0) and a column of the layout's square.
  @inline(__always)
  init(_ layout: CameraLayout, plane: Int, column: Int, _ turn: CameraTurn) {
    let middle = layout.centre
    let at = turn.point(Double(column) - middle, Double(plane) - middle)
    let (x, y) = (at.x + middle, at.y + middle)
    let (i, j) = (x.rounded(.down), y.rounded(.down))
    let (fx, fy) = (Float(x - i), Float(y - j))
    place = layout.row(Int(i), Int(j))
    lowerLeft = (1 - fx) * (1 - fy)
    lowerRight = fx * (1 - fy)
    upperLeft = (1 - fx) * fy
    upperRight = fx * fy
  }

  /// Eight slices of the interpolated row.
  @inline(__always)
  func gathered(_ image: UnsafePointer<Float>, _ k: Int, _ stride: Int, _ up: Int) -> SIMD8<Float> {
    let at = image + place + k
    let low = loadEight(at) * lowerLeft + loadEight(at + stride) * lowerRight
    let high = loadEight(at + up) * upperLeft + loadEight(at + up + stride) * upperRight
    return low + high
  }

  /// The exact transpose of `gathered`.
  @inline(__always)
  func scatter(
    _ value: SIMD8<Float>, _ image: UnsafeMutablePointer<Float>, _ k: Int, _ stride: Int, _ up: Int
  ) {
    let at = image + place + k
    storeEight(loadEight(at) + value * lowerLeft, at)
    storeEight(loadEight(at + stride) + value * lowerRight, at + stride)
    storeEight(loadEight(at + up) + value * upperLeft, at + up)
    storeEight(loadEight(at + up + stride) + value * upperRight, at + up + stride)
  }
}

/// Convolution of a flat buffer with a symmetric kernel whose taps lie `step` floats apart.
///
/// - Parameters:
///   - kernel: weights at 0, 1, … steps away.
///   - count: floats written; up to seven more may be touched, and `source` is read
///     `step × (kernel.count − 1)` floats beyond both ends.
///   - adds: whether the result is added to what is there.
@inline(__always)
func convolve(
  _ source: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, count: Int, step: Int,
  kernel: UnsafeBufferPointer<Float>, adds: Bool
) {
  var at = 0
  // Sixteen at once keep the sums in registers while the taps go by.
  while at + 16 <= count {
    let here = source + at
    var a = loadEight(here) * kernel[0]
    var b = loadEight(here + 8) * kernel[0]
    var tap = 1
    var shift = step
    while tap < kernel.count {
      let w = kernel[tap]
      a += (loadEight(here - shift) + loadEight(here + shift)) * w
      b += (loadEight(here + 8 - shift) + loadEight(here + 8 + shift)) * w
      tap += 1
      shift += step
    }
    if adds {
      a += loadEight(out + at)
      b += loadEight(out + at + 8)
    }
    storeEight(a, out + at)
    storeEight(b, out + at + 8)
    at += 16
  }
  while at < count {
    let here = source + at
    var a = loadEight(here) * kernel[0]
    for tap in 1..<max(1, kernel.count) {
      a += (loadEight(here - tap * step) + loadEight(here + tap * step)) * kernel[tap]
    }
    if adds { a += loadEight(out + at) }
    storeEight(a, out + at)
    at += 8
  }
}

/// e^−x for eight x from 0 to 80, within 2e-7 relative; other numbers are not asked for.
///
/// The C library's exp is one call per number, and its last bits differ between processors.
@inline(__always)
func decay(_ y: SIMD8<Float>) -> SIMD8<Float> {
  let t = y * Float(-1.44269504)
  // Adding 1.5 × 2²³ rounds to the nearest whole number and leaves it in the lowest bits.
  let magic = SIMD8<Float>(repeating: 12_582_912)
  let shifted = t + magic
  let n = shifted - magic
  // y + n ln 2 in two steps, so that the remainder is exact to the last bits.
  let r = (y * Float(-1) - n * Float(0.693359375)) - n * Float(-2.12194440e-4)
  var p = r * Float(1.9875691500e-4) + Float(1.3981999507e-3)
  p = p * r + Float(8.3334519073e-3)
  p = p * r + Float(4.1665795894e-2)
  p = p * r + Float(1.6666665459e-1)
  p = p * r + Float(0.5)
  let value = p * (r * r) + r + Float(1)
  let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
  return unsafeBitCast(unsafeBitCast(value, to: SIMD8<Int32>.self) &+ whole, to: SIMD8<Float>.self)
}
