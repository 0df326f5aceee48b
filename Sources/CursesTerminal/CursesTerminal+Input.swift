internal import CNcurses
import CellUI
import Glibc

extension CursesTerminal {
  /// Presses through ncurses; moves with a button down are asked for beside it, because ncurses knows
  /// only every move or none, and each one is bytes on the line.
  func startMouse() {
    guard boldspect_mouse(1) != 0 else { return }
    hasMouse = true
    isPressed = false
    TerminalGuard.alsoRestoreMouse()
    writeAll(Array(MouseModes.start.utf8))
  }

  func stopMouse() {
    guard hasMouse else { return }
    writeAll(Array(MouseModes.stop.utf8))
    _ = boldspect_mouse(0)
  }

  /// What ncurses itself knows of the mouse: that of the Linux console.
  func readMouse() -> Event? {
    var (column, row, kind): (Int32, Int32, Int32) = (0, 0, 0)
    guard boldspect_take_mouse(&column, &row, &kind) != 0 else { return nil }
    let what: Mouse.Kind
    switch kind {
    case 1: what = .press
    case 2: what = .release
    case 3: what = .wheelUp
    case 4: what = .wheelDown
    case 5:
      isPressed = false
      return .key(.mouse(Mouse(.press, column: Int(column), row: Int(row))))
    default: what = .drag
    }
    return pointed(Mouse(what, column: Int(column), row: Int(row)))
  }

  /// A move is a drag only while the button is down.
  func pointed(_ mouse: Mouse) -> Event? {
    if mouse.kind == .drag, !isPressed { return nil }
    if mouse.kind == .press { isPressed = true }
    if mouse.kind == .release { isPressed = false }
    return .key(.mouse(mouse))
  }

  /// Goes on with a report of the mouse; what it says, once it is whole.
  func readReport() -> Event? {
    while var state = report {
      let code = wgetch(boldspect_stdscr())
      let step = code == ERR ? state.pause(at: now()) : state.take(code, at: now())
      report = state
      switch step {
      case .goesOn: if code == ERR { return nil }
      case .isKey:
        // It was cut off by a key, which may begin a paste.
        ungetch(code)
        report = nil
      case .ends(let mouse):
        report = nil
        return mouse.flatMap(pointed)
      }
    }
    return nil
  }

  /// Sequences that ncurses does not know: it finds their beginnings like any other key.
  func defineInput() {
    for (n, first) in InputString.introducers.enumerated() {
      define_key("\u{1b}\(first)", InputString.firstCode + Int32(n))
    }
    define_key("\u{1b}\\", InputString.endCode)
    // ncurses would wait for the rest of a report that was cut off, and take keys and pastes for it.
    define_key("\u{1b}[M", InputMouse.oldCode)
    define_key("\u{1b}[<", InputMouse.code)
  }

  /// Goes on with a control string; false when it is over or given up.
  func readString() -> Bool {
    for _ in 0..<4096 {
      guard var state = string else { return false }
      let code = wgetch(boldspect_stdscr())
      let step = code == ERR ? state.pause(at: now()) : state.take(code, at: now())
      string = state
      switch step {
      case .goesOn: if code == ERR { return true }
      case .ends: string = nil
      case .isKey, .isKeyBehindEscape:
        ungetch(code)
        string = nil
        if step == .isKeyBehindEscape {
          typedAhead.append(.escape)
          paste = nil
        }
      case .wasTyped(let keys):
        typedAhead += keys
        // The Escape key, which also ends a paste whose end was lost.
        paste = nil
        string = nil
      }
    }
    return string != nil
  }

  /// A character or a key's code, as `wget_wch`, which takes all that lies ready behind a byte that is no UTF-8
  /// for the rest of a character.
  func readCode() -> (status: Int32, code: wint_t) {
    while true {
      let code = wgetch(boldspect_stdscr())
      guard code != ERR else { return (ERR, 0) }
      guard code < 256 else {
        character = InputCharacter()
        return (KEY_CODE_YES, wint_t(bitPattern: code))
      }
      if capabilities.unicode {
        if let scalar = character.take(UInt8(code)) { return (OK, scalar.value) }
      } else {
        let wide = btowc(code)
        if wide != .max { return (OK, wide) }
      }
    }
  }

  func readKey() -> Event? {
    if string != nil, readString() { return nil }
    if report != nil {
      let event = readReport()
      // One within pasted text is part of it.
      if let event, !reportIsPasted { return event }
      if report != nil { return nil }
    }
    if let key = typedAhead.popFirst() { return .key(key) }
    if paste != nil {
      if let event = readPaste() { return event }
      if paste != nil || string != nil || report != nil { return nil }
    }
    let (status, code) = readCode()
    if status == ERR { return nil }
    if status == KEY_CODE_YES { return event(ofKey: Int32(bitPattern: code)) }
    if code == 27 {
      if awaitsReplies, swallowReply() { return nil }
      looksAfterEscape = 8
    }
    return Unicode.Scalar(code).map { .key(key(of: $0)) }
  }

  /// What a key's code of ncurses is, and what begins with it.
  func event(ofKey code: Int32) -> Event? {
    switch code {
    case KEY_RESIZE:
      shown = nil
      waiting = nil
      erase()
      clearok(boldspect_curscr(), true)
      flushText()
      if case .images(_, let repeatsPixels) = capabilities.pictures {
        setImages(repeatsPixels: repeatsPixels)
      }
      return .resized(size)
    case KEY_MOUSE: return readMouse()
    case PasteMode.beginCode:
      paste = InputPaste(at: now())
      return nil
    case PasteMode.endCode, InputString.endCode: return nil
    case InputMouse.oldCode, InputMouse.code:
      report = InputMouse(isOld: code == InputMouse.oldCode, at: now())
      reportIsPasted = false
      return readReport()
    case let begin where InputString.introducer(begin) != nil:
      string = InputString(introducer: begin, at: now())
      return nil
    case KEY_UP: return .key(.up)
    case KEY_DOWN: return .key(.down)
    case KEY_LEFT: return .key(.left)
    case KEY_RIGHT: return .key(.right)
    case KEY_PPAGE: return .key(.pageUp)
    case KEY_NPAGE: return .key(.pageDown)
    case KEY_HOME: return .key(.home)
    case KEY_END: return .key(.end)
    case KEY_BTAB: return .key(.backTab)
    case KEY_BACKSPACE: return .key(.backspace)
    case KEY_DC: return .key(.delete)
    case KEY_ENTER: return .key(.enter)
    case let f where f > 264 && f <= 276: return .key(.function(Int(f) - 264))
    default: return nil
    }
  }

  func key(of scalar: Unicode.Scalar) -> Key {
    switch scalar.value {
    case 13, 10: return .enter
    case 27: return .escape
    case 9: return .tab
    case 8, 127: return .backspace
    case 1...26: return Unicode.Scalar(scalar.value + 96).map { .control($0) } ?? .escape
    default: return .character(scalar)
    }
  }

  /// Takes in an answer that came too late; false when it was the Escape key after all.
  func swallowReply() -> Bool {
    func next() -> UInt8? {
      for _ in 0..<2 {
        let (status, code) = readCode()
        if status == OK { return UInt8(truncatingIfNeeded: code) }
        var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        if poll(&one, 1, 100) <= 0 { return nil }
      }
      return nil
    }
    guard let first = next() else { return false }
    guard "[]P_".utf8.contains(first) else {
      ungetch(Int32(first))
      return false
    }
    var replies = TerminalReplies()
    replies.take([0x1b, first])
    while !replies.pending.isEmpty, replies.pending.count < 256, let byte = next() {
      replies.take([byte])
    }
    replies.pause()
    if replies.isComplete { awaitsReplies = false }
    typedAhead += typedKeys(replies.typed)
    return true
  }
}

/// What ncurses does not ask for: moves while a button is down. How numbers are written is its own
/// business, because it must read them.
enum MouseModes {
  static let start = "\u{1b}[?1002h"
  static let stop = "\u{1b}[?1002l"
  /// After a crash also what ncurses had asked for.
  static let restore = "\u{1b}[?1002l\u{1b}[?1006l"
}
