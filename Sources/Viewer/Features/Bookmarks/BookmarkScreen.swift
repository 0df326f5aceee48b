import Basics
import CellUI
import Imaging

/// Where the list of bookmarks stands; the picture has the rows above it.
struct BookmarkScreen {
  let pictureRows: Int
  /// The row of the title, the entries under it that there is room for, and the first of them.
  let title: Int
  let entries: Range<Int>
  private let columns: Int

  init(_ model: Model, _ area: Rect) {
    let count = model.ways.bookmarks.count
    let list = max(3, min(count + 1, area.rows / 2))
    let first = max(0, min(model.ways.bookmarkIndex - (list - 1) / 2, count - (list - 1)))
    pictureRows = area.rows - list
    title = area.row + pictureRows
    entries = first..<max(first, min(count, first + list - 1))
    columns = model.shell.size.columns
  }

  func area(of n: Int) -> Rect {
    Rect(column: 0, row: title + 1 + n - entries.lowerBound, columns: columns, rows: 1)
  }

  /// The rows of the list as they answer.
  var regions: [HitRegion] { entries.map { HitRegion(area: area(of: $0), meaning: .bookmark($0)) } }
}

/// The bookmarks in a list beside the slice that holds the one that is looked at.
func drawBookmarks(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  let marks = model.ways.bookmarks
  let screen = BookmarkScreen(model, area)
  let pictureRows = screen.pictureRows
  let width = min(area.columns - 6, 2 * pictureRows * 2)
  let scale = SliceGeometry.scale(
    fitting: model.scene, planes: Plane.allCases, width: width, height: 2 * pictureRows)
  let geometry = SliceGeometry(
    plane: model.navigation.plane, isRadiological: model.navigation.isRadiological,
    scene: model.scene, width: width,
    height: 2 * pictureRows, scale: scale)
  let column = area.column + (area.columns - width) / 2
  let picture = sliceRaster(
    model.leftContent, geometry, cursor: model.cursor, marks: marks.map(\.point))
  frame.draw(picture, row: area.row, column: column, model.shell.capabilities)
  drawLetters(
    &frame, model, geometry,
    Rect(column: column, row: area.row, columns: width, rows: pictureRows))
  let top = screen.title
  let at = frame.put("bookmarks", row: top, column: area.column, foreground: Ink.blue, style: .bold)
  frame.put(
    "  \(marks.count); :workspace save FILE.json keeps them", row: top, column: at,
    foreground: Ink.dim)
  let here = model.ways.bookmarkIndex
  for n in screen.entries {
    let mark = marks[n]
    let row = screen.area(of: n).row
    if n == here { frame.fill(screen.area(of: n), Cell(" ", background: Ink.selected)) }
    var x = frame.put(
      (n == here ? "›" : " ") + shortened(visibleText(mark.name, limit: 40), 18), row: row,
      column: area.column, foreground: Ink.strong, style: n == here ? .bold : [])
    x = area.column + 20
    if model.hasWorld {
      frame.put(
        model.scene.sideRule.side(of: mark.point).rawValue, row: row, column: x,
        foreground: Ink.amber, style: .bold)
      frame.put(
        [mark.point.x, mark.point.y, mark.point.z].map { fixed($0, 1, signed: true) }
          .joined(separator: " "), row: row, column: x + 9, foreground: Ink.strong)
    } else if let v = model.scene.grid?.nearestVoxel(mark.point) {
      frame.put(
        "voxel \(v.i) \(v.j) \(v.k)", row: row, column: x + 9, foreground: Ink.strong)
    }
    // What a person wrote comes before what the atlas says.
    let words = [mark.note.isEmpty ? nil : mark.note, model.scene.regionName(at: mark.point)]
      .compactMap { $0.map { visibleText($0) } }.joined(separator: "; ")
    frame.put(words, row: row, column: x + 32, limit: frame.size.columns - 1, foreground: Ink.text)
  }
}
