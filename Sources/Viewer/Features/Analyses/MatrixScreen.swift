import CellUI
import Connectivity

/// Where the matrix stands under its title.
struct MatrixScreen {
  /// Columns of the matrix, and half rows.
  let side: Int
  let region: HitRegion

  /// Nil while there is no matrix.
  init?(_ model: Model, _ area: Rect) {
    guard let n = model.analyses.matrix?.count, n > 0 else { return nil }
    let room = min(2 * (area.rows - 1), area.columns * 3 / 5)
    // Whole pixels per region where they fit, so that no line of the matrix is wider than another.
    side = n <= room ? n * max(1, room / n) : room
    region = HitRegion(
      area: Rect(
        column: area.column, row: area.row + 1, columns: side, rows: (side + side % 2) / 2),
      meaning: .matrix(count: n))
  }
}
