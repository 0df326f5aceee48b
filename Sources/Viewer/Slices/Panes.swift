import Basics
import CellUI
import Imaging

/// Both panes with their headings, pictures and colour bars.
func drawPanes(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let right = model.rightContent
  drawHeadings(&frame, model, layout, right)
  guard model.scene.grid != nil else {
    let words = model.shell.isLoading ? "reading…" : "nothing to show"
    frame.put(
      words, row: layout.panes[0].row + layout.panes[0].rows / 2,
      column: layout.panes[0].columns / 2 - words.count / 2, foreground: Ink.dim)
    return
  }
  drawTiles(&frame, model, layout, right)
  drawBars(&frame, model, layout, right)
}

/// Letters at the edges of a slice and the slice's own place.
func drawLetters(_ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ area: Rect) {
  drawEdgeLetters(&frame, model, geometry, area)
  frame.put(
    sliceLabel(model, geometry.plane), row: area.row, column: area.column - 2,
    foreground: Ink.text, background: Ink.black)
}

/// R and L, A and P, S and I where they belong; question marks where nobody knows.
func drawEdgeLetters(
  _ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ area: Rect
) {
  let letters = geometry.axes.letters(model.scene.laterality)
  let middleRow = area.row + area.rows / 2
  frame.put(
    letters.left, row: middleRow, column: area.column - 2, foreground: Ink.amber, style: .bold)
  frame.put(
    letters.right, row: middleRow, column: area.column + area.columns + 1, foreground: Ink.amber,
    style: .bold)
  let middle = area.column + area.columns / 2
  frame.put(
    letters.top, row: area.row, column: middle, foreground: Ink.dim, background: Ink.black)
  frame.put(
    letters.bottom, row: area.row + area.rows - 1, column: middle, foreground: Ink.dim,
    background: Ink.black)
}

/// "z +24" where millimetres mean something, the slice's own number elsewhere.
func sliceLabel(_ model: Model, _ plane: Plane) -> String {
  let axis = plane.normalAxis
  guard model.hasWorld else { return plane.rawValue }
  return "\(["x", "y", "z"][axis]) \(fixed(model.cursor[axis], 0, signed: true))"
}
