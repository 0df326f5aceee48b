internal import CNcurses
import CellUI
import Glibc

extension CursesTerminal {
  func startPaste() {
    // ncurses finds the marks like any other key.
    define_key(PasteMode.begins, PasteMode.beginCode)
    define_key(PasteMode.ends, PasteMode.endCode)
    if !marksPaste { TerminalGuard.alsoRestore(PasteMode.stop) }
    marksPaste = true
    writeAll(Array(PasteMode.start.utf8))
  }

  /// Goes on with pasted text as far as it is there, and no further than signals can wait.
  func readPaste() -> Event? {
    for _ in 0..<4096 {
      guard var open = paste else { return nil }
      let (status, code) = readCode()
      let key = status == KEY_CODE_YES ? Int32(bitPattern: code) : nil
      var pieces: [InputPaste.Piece] = []
      var isKey = false
      switch key {
      case PasteMode.endCode?: pieces = open.end(at: now())
      case KEY_RESIZE?: isKey = true
      case _?: (pieces, isKey) = open.takeKey(at: now())
      case nil where status == ERR: pieces = open.pause(at: now())
      case nil: if let scalar = Unicode.Scalar(code) { pieces = open.take(scalar, at: now()) }
      }
      paste = open.isClosed ? nil : open
      // ncurses may hold back what followed, where poll cannot see it.
      if open.isClosed { looksAfterEscape = 8 }
      typedAhead += pieces.map(self.key(of:))
      if let key, isKey {
        if let event = event(ofKey: key) {
          guard case .key(let next) = event else { return event }
          typedAhead.append(next)
        }
      } else if key == InputMouse.oldCode || key == InputMouse.code {
        report = InputMouse(isOld: key == InputMouse.oldCode, at: now())
        reportIsPasted = true
      }
      if let next = typedAhead.popFirst() { return .key(next) }
      if status == ERR || string != nil || report != nil { return nil }
    }
    return nil
  }

  private func key(of piece: InputPaste.Piece) -> Key {
    switch piece {
    case .text(let text): .pasted(text)
    case .escape: .escape
    case .key(let scalar): key(of: scalar)
    }
  }
}

/// Pasted text between marks.
enum PasteMode {
  static let start = "\u{1b}[?2004h"
  static let stop = "\u{1b}[?2004l"
  static let begins = "\u{1b}[200~"
  static let ends = "\u{1b}[201~"
  /// Codes beyond those of ncurses' own keys.
  static let beginCode: Int32 = 1500
  static let endCode: Int32 = 1501
}
