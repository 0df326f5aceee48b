import CellUI

/// Where everything stands, from the size alone.
struct Layout: Equatable {
  /// The smallest screen that is drawn.
  static let minimum = Size(columns: 80, rows: 24)

  let size: Size
  let title: Int
  /// First row of the pane headings and how many there are.
  let headings: (row: Int, count: Int)
  let panes: [Rect]
  /// Both panes as one.
  var whole: Rect {
    Rect(column: 0, row: panes[0].row, columns: size.columns, rows: panes[0].rows)
  }
  /// Colour bars; a second row holds their numbers.
  let bars: (row: Int, count: Int)
  let values: Int
  let course: Rect
  let keys: Int

  static func == (a: Layout, b: Layout) -> Bool { a.size == b.size }

  init(_ size: Size) {
    self.size = size
    let rows = size.rows
    let isSmall = rows < 34
    title = 0
    headings = (1, isSmall ? 1 : 2)
    let top = 1 + headings.count
    keys = rows - 1
    let courseRows = isSmall ? 2 : rows < 50 ? 3 : 5
    course = Rect(
      column: 1, row: rows - 1 - courseRows, columns: size.columns - 2, rows: courseRows)
    values = course.row - 1
    bars = (values - (isSmall ? 1 : 2), isSmall ? 1 : 2)
    let height = bars.row - top
    let half = size.columns / 2
    panes = [
      Rect(column: 0, row: top, columns: half, rows: height),
      Rect(column: half, row: top, columns: size.columns - half, rows: height),
    ]
  }

  static func fits(_ size: Size) -> Bool {
    size.columns >= minimum.columns && size.rows >= minimum.rows
  }
}
