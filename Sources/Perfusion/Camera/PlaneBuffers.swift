/// Three planes of one thread: rows of slices by detector column, with zeros around every row and as
/// many rows of zeros at both ends as the widest kernel reaches.
final class PlaneBuffers {
  let view: UnsafeMutablePointer<Float>
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
  /// Floats from one row to the next: the slices, and zeros for the reach along them.
  let step: Int
  let count: Int
  private let margin: Int
  private let slices: Int

  /// - Parameters:
  ///   - alongColumns: how many columns a kernel reaches.
  ///   - alongRows: how many slices a kernel reaches.
  init(_ a: Acquisition, alongColumns: Int, alongRows: Int) {
    slices = a.slices
    step = (slices + alongRows + 7) / 8 * 8
    // A convolution reads one reach beyond columns that themselves lie one reach outside.
    margin = 2 * alongColumns + 2 + (alongRows + step - 1) / step
    count = (a.matrix + 2 * margin) * step
    func plane(_ count: Int) -> UnsafeMutablePointer<Float> {
      let made = UnsafeMutablePointer<Float>.allocate(capacity: count)
      made.initialize(repeating: 0, count: count)
      return made
    }
    (view, first, second) = (plane(count), plane(count), plane(count))
  }

  deinit {
    for plane in [view, first, second] { plane.deallocate() }
  }

  @inline(__always)
  func row(_ plane: UnsafeMutablePointer<Float>, _ column: Int) -> UnsafeMutablePointer<Float> {
    plane + (column + margin) * step
  }

  /// Zeros behind the slices of a row, which vectors of eight may have run over.
  @inline(__always)
  func clearFill(_ row: UnsafeMutablePointer<Float>) {
    for k in slices..<(slices + 7) / 8 * 8 { row[k] = 0 }
  }

  func clear(_ plane: UnsafeMutablePointer<Float>, _ columns: Range<Int>) {
    row(plane, columns.lowerBound).update(repeating: 0, count: columns.count * step)
  }

  func clearView() { view.update(repeating: 0, count: count) }

  /// The view's counts, without the zeros.
  func read(into out: UnsafeMutablePointer<Float>, _ a: Acquisition) {
    for column in 0..<a.matrix {
      (out + column * slices).update(from: row(view, column), count: slices)
    }
  }

  /// Counts become the view: those of the view at a place among several.
  func write(_ counts: UnsafePointer<Float>, view place: Int, _ a: Acquisition) {
    for column in 0..<a.matrix {
      row(view, column).update(
        from: counts + (place * a.matrix + column) * slices, count: slices)
    }
  }
}
