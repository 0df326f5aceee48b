import CellUI
import Imaging

/// Places of slices along an axis: equal steps through the brain's extent, one of them the cursor's own.
package struct SliceLattice: Equatable, Sendable {
  package let first: Double
  package let spacing: Double
  package let count: Int
  /// Which of them is the cursor's own.
  package let here: Int

  /// - Parameter cursor: where it lies on the axis; it may lie outside of the extent.
  package init(cursor: Double, low: Double, high: Double, spacing: Double) {
    func steps(_ distance: Double) -> Int {
      max(0, Int((distance / spacing + 1e-6).rounded(.down)))
    }
    here = steps(cursor - low)
    first = cursor - Double(here) * spacing
    count = here + steps(high - cursor) + 1
    self.spacing = spacing
  }

  package subscript(_ n: Int) -> Double { first + Double(n) * spacing }

  /// Which of them are shown where there is room for so many: all, or all but the one nearer to an end
  /// of the extent, or the page that holds the cursor's own.
  package func shown(_ slots: Int, low: Double, high: Double) -> Range<Int> {
    let slots = max(1, slots)
    guard count > slots else { return 0..<count }
    if count == slots + 1 {
      let dropsFirst = self[0] - low < high - self[count - 1]
      let start = here == 0 ? 0 : here == count - 1 ? 1 : dropsFirst ? 1 : 0
      return start..<start + slots
    }
    let start = min(here / slots * slots, count - slots)
    return start..<start + slots
  }
}

/// Rows and columns of equal tiles in a pane, and the scale at which a slice just fits one.
struct Mosaic {
  let spacing: Double
  let columns: Int
  let rows: Int
  /// mm per pixel.
  let scale: Double

  var slots: Int { columns * rows }

  func area(of n: Int, in pane: Rect) -> Rect {
    let (width, height) = (pane.columns / columns, pane.rows / rows)
    return Rect(
      column: pane.column + n % columns * width + 2,
      row: pane.row + n / columns * height + 1, columns: width - 4, rows: height - 1)
  }

  /// Where so many slices are largest; nil where they have no room at all.
  private init?(
    _ model: Model, _ pane: Rect, _ density: PixelDensity, spacing: Double, count: Int
  ) {
    var best: (columns: Int, rows: Int, scale: Double)?
    for columns in 1...max(1, count) {
      let rows = (count + columns - 1) / columns
      let (w, h) = (pane.columns / columns - 4, pane.rows / rows - 1)
      guard w >= 8, h >= 4 else { continue }
      let scale = SliceGeometry.needed(
        model.scene, model.navigation.plane, width: w * density.across, height: h * density.down)
      if best == nil || scale < (best?.scale ?? 0) { best = (columns, rows, scale) }
    }
    guard let best else { return nil }
    self.spacing = spacing
    (columns, rows, scale) = best
  }

  /// As many slices as are large enough, a whole number of voxels apart; where none is, the largest.
  static func chosen(_ model: Model, _ pane: Rect, _ density: PixelDensity) -> Mosaic? {
    guard let field = model.scene.field else { return nil }
    let axis = model.navigation.plane.normalAxis
    let step = model.scene.step(along: axis)
    let extent = field.high[axis] - field.low[axis]
    // At the ends of the field there is little to see.
    func slices(_ spacing: Double) -> Int { max(1, Int((extent / spacing).rounded())) }
    /// Spacings and numbers of slices in the order in which they are wanted.
    let wanted: [(spacing: Double, count: Int)]
    if let chosen = model.view.spacing {
      // Whole voxels, so that all steps are alike; the cursor turns the page.
      let spacing = max(1, (chosen / step).rounded()) * step
      wanted = (1...slices(spacing)).reversed().map { (spacing, $0) }
    } else {
      wanted = ([1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24] as [Double]).map {
        ($0 * step, slices($0 * step))
      }
    }
    var best: Mosaic?
    for (spacing, count) in wanted {
      guard let one = Mosaic(model, pane, density, spacing: spacing, count: count) else { continue }
      if one.scale < best?.scale ?? .infinity { best = one }
      if one.isLargeEnough(model, step: step, density) { break }
    }
    return best
  }

  private func isLargeEnough(_ model: Model, step: Double, _ density: PixelDensity) -> Bool {
    let cell = scale * Double(density.across)
    // Blocks need coarse pixels to hold many slices; images have finer ones than voxels to spare.
    return model.shell.capabilities.hasImages
      ? scale <= 0.75 * step && cell <= Arrangement.coarsest : cell <= Arrangement.mosaicScale
  }
}
