import Basics
import CellUI
import Imaging

/// Rows of the list with its title, and the first bookmark in it; the picture has the rest.
func bookmarkRows(_ model: Model, _ rows: Int) -> (list: Int, first: Int) {
  let count = model.ways.bookmarks.count
  let list = max(3, min(count + 1, rows / 2))
  let first = max(0, min(model.ways.bookmarkIndex - (list - 1) / 2, count - (list - 1)))
  return (list, first)
}

/// The bookmarks in a list beside the slice that holds the one that is looked at.
func drawBookmarks(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  let marks = model.ways.bookmarks
  let (list, first) = bookmarkRows(model, area.rows)
  let pictureRows = area.rows - list
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
  let top = area.row + pictureRows
  let at = frame.put("bookmarks", row: top, column: area.column, foreground: Ink.blue, style: .bold)
  frame.put(
    "  \(marks.count); :session save FILE.json keeps them", row: top, column: at,
    foreground: Ink.dim)
  let rows = list - 1
  let here = model.ways.bookmarkIndex
  for (n, mark) in marks.enumerated().dropFirst(first).prefix(max(0, rows)) {
    let row = top + 1 + n - first
    if n == here {
      frame.fill(
        Rect(column: 0, row: row, columns: frame.size.columns, rows: 1),
        Cell(" ", background: Ink.selected))
    }
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
    let words = [mark.note.isEmpty ? nil : mark.note, model.scene.atlas?.name(at: mark.point)]
      .compactMap { $0.map { visibleText($0) } }.joined(separator: "; ")
    frame.put(words, row: row, column: x + 32, limit: frame.size.columns - 1, foreground: Ink.text)
  }
}
