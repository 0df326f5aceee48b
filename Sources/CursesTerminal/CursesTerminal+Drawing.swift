internal import CNcurses
package import CellUI
import Glibc

extension CursesTerminal {
  package func show(_ wanted: Frame) {
    let frame = paintsBackground ? wanted.painted() : wanted
    sendSome()
    guard unsent.isEmpty else {
      waiting = frame
      return
    }
    waiting = nil
    guard frame != shown else { return }
    let (start, before) = (now(), made)
    isDrawing = true
    draw(frame)
    isDrawing = false
    sendSome()
    cost = FrameCost(bytes: made - before, milliseconds: now() - start)
  }

  /// What did not go at once, and after it the newest frame.
  func sendRest() {
    sendSome()
    if unsent.isEmpty, let frame = waiting { show(frame) }
  }

  func draw(_ frame: Frame) {
    if capabilities.redefines, let wanted = frame.table, let commands = painter.take(wanted) {
      writeAll(Array(commands.utf8))
      shown = nil
    }
    // A frame that waited may be of a size that the window has no more.
    if shown?.size != frame.size { shown = nil }
    if shown == nil {
      removeImages()
      painter.forget()
    }
    let changes = frame.changes(from: shown)
    var pictures: [Patch] = []
    var row = -1
    for patch in changes {
      if patch.row != row {
        flushText()
        row = patch.row
      }
      var start: Int?
      for (n, cell) in patch.cells.enumerated() {
        let column = patch.column + n
        if cell.style.contains(.picture) {
          if shown.map({ !$0[patch.row, column].style.contains(.picture) }) ?? true {
            _ = boldspect_put(Int32(patch.row), Int32(column), 32, 0, underPicture)
          }
          start = start ?? n
        } else {
          putText(cell, patch.row, column, textTable ?? frame.table ?? .xterm)
          painter.clear(row: patch.row, column: column)
          if let from = start { pictures.append(part(patch, from, n)) }
          start = nil
        }
      }
      if let from = start { pictures.append(part(patch, from, patch.cells.count)) }
    }
    flushText()
    // The terminal reads the text while the picture is encoded.
    sendSome()
    writeAll(painter.paint(pictures, in: frame))
    if capabilities.hasImages { writeAll(images.update(to: frame)) }
    shown = frame
  }

  func part(_ patch: Patch, _ from: Int, _ to: Int) -> Patch {
    Patch(row: patch.row, column: patch.column + from, cells: Array(patch.cells[from..<to]))
  }

  func putText(_ cell: Cell, _ row: Int, _ column: Int, _ table: ColourTable) {
    var attributes: attr_t = 0
    if cell.style.contains(.bold) { attributes |= boldspect_bold() }
    if cell.style.contains(.dim) { attributes |= boldspect_dim() }
    if cell.style.contains(.reverse) { attributes |= boldspect_reverse() }
    if cell.style.contains(.underline) { attributes |= boldspect_underline() }
    var number: Int32 = 0
    if capabilities.colours != .none {
      number = pair(
        index(table.ink(of: cell) ?? cell.foreground, table), index(cell.background, table))
    }
    _ = boldspect_put(
      Int32(row), Int32(column), wchar_t(cell.glyph.value), attributes, number)
  }

  func index(_ colour: Colour, _ table: ColourTable) -> Int32 {
    colour.isStandard ? -1 : Int32(table.number(colour))
  }

  /// The pair of two colours; text uses a few dozen, so they are never recycled.
  func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
    if foreground == -1 && background == -1 { return 0 }
    let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
    if let known = pairs[key] { return known }
    let made = alloc_pair(foreground, background)
    let number = made == ERR ? 0 : made
    pairs[key] = number
    return number
  }
}
