internal import CNcurses
package import CellUI
import Glibc
import PixelFiles

/// Why the screen cannot be opened.
package struct TerminalError: Error, Equatable, Sendable {
  package let sentence: String
}

/// The real terminal. ncurses owns modes, keys, size, text and restoring; picture cells are written
/// by `PictureEncoder` after it, over blanks that ncurses believes in.
///
/// A class, because its screen is one per process; it must stay on the thread that made it.
package final class CursesTerminal: Terminal {
  package private(set) var capabilities: Capabilities
  private var shown: Frame?
  private var pairs: [UInt64: Int32] = [:]
  private var isOpen = true
  /// A pair of its own for the blanks under pictures, so that ncurses never erases them as part of
  /// an empty end of line.
  private var underPicture: Int32 = 0
  private let wakeDescriptor: Int32
  /// Short looks still to be taken after an escape: ncurses may hold back what followed it, where
  /// poll cannot see it.
  private var looksAfterEscape = 0
  /// The colours that the terminal was given; nil when it has its own.
  private var table: ColourTable?
  /// What ncurses has for text where that is less than pictures have.
  private var textTable: ColourTable?
  /// Whether answers are still under way: they must not be taken for keys.
  private var awaitsReplies = false
  /// Whether the terminal was asked to tell of the mouse.
  private var marksPaste = false
  private var hasMouse = false
  /// Whether its button is down, so that moves are drags.
  private var isPressed = false
  /// What was typed while the terminal was asked.
  private var typedAhead: ArraySlice<Key> = []
  package private(set) var cost: FrameCost?
  private var images = ImageLayer(compress: PixelBytes.zlib)
  /// What the terminal said of its cells; the window's own size is asked first.
  private var statedCell: PixelDensity?

  /// - Parameters:
  ///   - wakeDescriptor: becomes readable when background work has something to say.
  ///   - plan: what the person wants, and what the terminal may be asked.
  package init(wakeDescriptor: Int32, plan: TerminalPlan) throws(TerminalError) {
    self.wakeDescriptor = wakeDescriptor
    guard isatty(0) == 1, isatty(1) == 1 else {
      throw TerminalError(
        sentence:
          "There is no terminal here; `boldspect snapshot` draws the same pictures without one.")
    }
    setlocale(LC_CTYPE, "")
    guard let name = getenv("TERM").map({ String(cString: $0) }), !name.isEmpty else {
      throw TerminalError(sentence: "TERM is not set; set it, or use `boldspect snapshot`.")
    }
    guard let stream = fdopen(dup(1), "w"), let input = fdopen(dup(0), "r"),
      let screen = newterm(nil, stream, input)
    else {
      throw TerminalError(
        sentence:
          "The terminal \"\(name.filter { $0.isASCII && !$0.isNewline })\" is not known; set TERM, or use `boldspect snapshot`."
      )
    }
    set_term(screen)
    guard tigetstr("cup").map({ Int(bitPattern: $0) != -1 }) ?? false,
      tigetstr("clear").map({ Int(bitPattern: $0) != -1 }) ?? false
    else {
      endwin()
      throw TerminalError(
        sentence: "This terminal cannot place its cursor; use `boldspect snapshot`.")
    }
    cbreak()
    noecho()
    nonl()
    intrflush(boldspect_stdscr(), false)
    keypad(boldspect_stdscr(), true)
    nodelay(boldspect_stdscr(), true)
    idcok(boldspect_stdscr(), false)
    idlok(boldspect_stdscr(), false)
    set_escdelay(25)
    curs_set(0)
    let codeset = nl_langinfo(Int32(CODESET)).map { String(cString: $0) } ?? ""
    capabilities = Capabilities(colours: .none, unicode: codeset.uppercased() == "UTF-8")
    TerminalGuard.screenIsOpen()
    var count: Int32 = 0
    if plan.colours != Capabilities.Colours.none, has_colors(), start_color() != ERR {
      use_default_colors()
      count = boldspect_colors()
    }
    let replies = count > 0 ? ask(plan) : TerminalReplies()
    let isDirect = plan.isDirect || TerminalQuestions.saysDirect(replies)
    let redefines = TerminalQuestions.redefines(replies)
    // A terminal that answered knows better than its entry here, which may be an old one; then only
    // text has to do with the entry's colours. A person may ask for less, or insist on 24 bits.
    let has: Capabilities.Colours =
      isDirect
      ? .direct : redefines || count >= 256 ? .indexed : count >= 16 ? .sixteen : .eight
    let wanted = plan.colours == .sixteen && count < 16 ? .eight : plan.colours
    capabilities.colours = count < 8 ? .none : wanted ?? has
    if count < 256 { textTable = count < 16 ? .eight : .sixteen }
    if capabilities.colours == .indexed, redefines {
      capabilities.redefines = true
      TerminalGuard.alsoRestore(PaletteCommands.restore)
    }
    statedCell = TerminalQuestions.cell(replies)
    if plan.pictures == .quadrant {
      capabilities.pictures = .quadrants
    } else if plan.hasImages || TerminalQuestions.showsImages(replies) {
      setImages(repeatsPixels: plan.repeatsPixels || TerminalQuestions.isKitty(replies))
      if capabilities.hasImages { TerminalGuard.alsoRestore(ImageCommands.deleteAll) }
    }
    if plan.usesMouse { startMouse() }
    if plan.marksPaste { startPaste() }
    if capabilities.colours != .none {
      underPicture = textTable == nil ? pair(16, 16) : pair(0, 0)
    }
  }

  /// Images in the pixels of a cell, as far as these are known.
  private func setImages(repeatsPixels: Bool) {
    var window = winsize()
    var cell = statedCell
    if ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0,
      window.ws_xpixel >= 2 * window.ws_col, window.ws_ypixel >= 4 * window.ws_row
    {
      cell = PixelDensity(
        across: Int(window.ws_xpixel / window.ws_col), down: Int(window.ws_ypixel / window.ws_row))
    }
    // Where pixels are repeated, the shape of a cell is enough.
    if cell == nil, repeatsPixels { cell = PixelDensity(across: 10, down: 20) }
    guard let cell, cell.across <= 100, cell.down <= 200 else { return }
    capabilities.pictures = .images(cell: cell, repeatsPixels: repeatsPixels)
  }

  private func removeImages() {
    guard capabilities.hasImages else { return }
    writeAll(Array(ImageCommands.deleteAll.utf8))
    images.forget()
  }

  deinit { close() }

  /// Gives the terminal back as it was.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    removeImages()
    stopMouse()
    if marksPaste { writeAll(Array(PasteMode.stop.utf8)) }
    restorePalette()
    // An answer that comes later still would be typed into the shell.
    if awaitsReplies { awaitReplies(milliseconds: 300) }
    TerminalGuard.screenIsClosed()
    endwin()
  }

  /// Asks on the alternate screen, where whatever is printed goes away, and waits 300 ms at most.
  private func ask(_ plan: TerminalPlan) -> TerminalReplies {
    let questions = TerminalQuestions.bytes(plan)
    guard !questions.isEmpty else { return TerminalReplies() }
    flushText()
    writeAll(Array(questions.utf8))
    awaitsReplies = true
    let replies = awaitReplies(milliseconds: 300)
    if let repair = TerminalQuestions.repair(replies) { writeAll(Array(repair.utf8)) }
    typedAhead = typedKeys(replies.typed)[...]
    clearok(boldspect_curscr(), true)
    return replies
  }

  @discardableResult
  private func awaitReplies(milliseconds: Int) -> TerminalReplies {
    var replies = TerminalReplies()
    let end = now() + Double(milliseconds)
    var buffer = [UInt8](repeating: 0, count: 512)
    while !replies.isComplete {
      let left = Int32(end - now())
      var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&one, 1, left) > 0 else { break }
      let count = read(0, &buffer, buffer.count)
      guard count > 0 else { break }
      replies.take(buffer.prefix(count))
    }
    awaitsReplies = !replies.isComplete
    return replies
  }

  /// Milliseconds of a clock that never jumps.
  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }

  private func restorePalette() {
    if table != nil { writeAll(Array(PaletteCommands.restore.utf8)) }
    table = nil
  }

  package var size: Size {
    Size(columns: Int(getmaxx(boldspect_stdscr())), rows: Int(getmaxy(boldspect_stdscr())))
  }

  package func nextEvent(withinMilliseconds limit: Int) -> Event? {
    if let key = typedAhead.popFirst() { return .key(key) }
    if let event = readKey() { return event }
    if let event = signalled() { return event }
    var polled = [
      pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.signalDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    var wait = limit
    if looksAfterEscape > 0, limit > 0 {
      looksAfterEscape -= 1
      wait = min(limit, 10)
    }
    let ready = poll(&polled, 3, Int32(wait))
    if polled[2].revents & Int16(POLLIN) != 0 { TerminalGuard.drain() }
    if ready > 0 {
      if polled[1].revents & Int16(POLLIN) != 0 { drainWake() }
      // The other end of the line is gone: nothing will ever come again.
      if polled[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0,
        polled[0].revents & Int16(POLLIN) == 0
      {
        return .ended
      }
    }
    if let event = signalled() { return event }
    if let event = readKey() { return event }
    if ready > 0, polled[0].revents & Int16(POLLIN) != 0, isAtEnd() { return .ended }
    return nil
  }

  /// Whether a readable terminal gives nothing: it was closed.
  private func isAtEnd() -> Bool {
    var available: Int32 = 0
    return ioctl(0, UInt(FIONREAD), &available) != 0 || available == 0 && isHungUp()
  }

  private func isHungUp() -> Bool {
    var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&one, 1, 0) > 0 && one.revents & Int16(POLLHUP) != 0
  }

  private func drainWake() {
    var buffer = [UInt8](repeating: 0, count: 64)
    while read(wakeDescriptor, &buffer, buffer.count) == buffer.count {}
  }

  private func signalled() -> Event? {
    if TerminalGuard.takeEnded() { return .ended }
    if TerminalGuard.takeStopped() {
      suspend()
      _ = TerminalGuard.takeContinued()
      return resume()
    }
    return TerminalGuard.takeContinued() ? resume() : nil
  }

  private func resume() -> Event {
    repaint()
    return .resumed
  }

  package func repaint() {
    clearok(boldspect_curscr(), true)
    shown = nil
    table = nil
  }

  package func suspend() {
    removeImages()
    stopMouse()
    if marksPaste { writeAll(Array(PasteMode.stop.utf8)) }
    restorePalette()
    endwin()
    raise(SIGSTOP)
    repaint()
    flushText()
    if hasMouse { startMouse() }
    if marksPaste { startPaste() }
  }

  /// Presses through ncurses; moves with a button down are asked for beside it, because ncurses knows
  /// only every move or none, and each one is bytes on the line.
  private func startMouse() {
    guard boldspect_mouse(1) != 0 else { return }
    hasMouse = true
    isPressed = false
    TerminalGuard.alsoRestoreMouse()
    writeAll(Array(MouseModes.start.utf8))
  }

  private func stopMouse() {
    guard hasMouse else { return }
    writeAll(Array(MouseModes.stop.utf8))
    _ = boldspect_mouse(0)
  }

  private func startPaste() {
    // ncurses finds the marks like any other key.
    define_key(PasteMode.begins, PasteMode.beginCode)
    define_key(PasteMode.ends, PasteMode.endCode)
    if !marksPaste { TerminalGuard.alsoRestore(PasteMode.stop) }
    marksPaste = true
    writeAll(Array(PasteMode.start.utf8))
  }

  /// All text up to the mark of its end, or until nothing comes for a while.
  private func readPaste() -> Event? {
    var text = ""
    var misses = 0
    while misses < 5 {
      var code: wint_t = 0
      let status = wget_wch(boldspect_stdscr(), &code)
      if status == KEY_CODE_YES, Int32(bitPattern: code) == PasteMode.endCode { break }
      if status == ERR {
        misses += 1
        var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        _ = poll(&one, 1, 100)
        continue
      }
      misses = 0
      // More than a screen of text is no name and no command; the rest is read over.
      if status == OK, text.unicodeScalars.count < 10_000, let scalar = Unicode.Scalar(code) {
        text.unicodeScalars.append(scalar)
      }
    }
    return .key(.pasted(text))
  }

  private func readMouse() -> Event? {
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
    default:
      guard isPressed else { return nil }
      what = .drag
    }
    if what == .press { isPressed = true }
    if what == .release { isPressed = false }
    return .key(.mouse(Mouse(what, column: Int(column), row: Int(row))))
  }

  private func readKey() -> Event? {
    var code: wint_t = 0
    let status = wget_wch(boldspect_stdscr(), &code)
    if status == ERR { return nil }
    if status == KEY_CODE_YES {
      switch Int32(bitPattern: code) {
      case KEY_RESIZE:
        shown = nil
        erase()
        clearok(boldspect_curscr(), true)
        if case .images(_, let repeatsPixels) = capabilities.pictures {
          setImages(repeatsPixels: repeatsPixels)
        }
        return .resized(size)
      case KEY_MOUSE: return readMouse()
      case PasteMode.beginCode: return readPaste()
      case PasteMode.endCode: return nil
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
    switch code {
    case 13, 10: return .key(.enter)
    case 27:
      if awaitsReplies, swallowReply() { return nil }
      looksAfterEscape = 8
      return .key(.escape)
    case 9: return .key(.tab)
    case 8, 127: return .key(.backspace)
    case 1...26:
      return Unicode.Scalar(code + 96).map { .key(.control($0)) }
    default: return Unicode.Scalar(code).map { .key(.character($0)) }
    }
  }

  /// Takes in an answer that came too late; false when it was the Escape key after all.
  private func swallowReply() -> Bool {
    func next() -> UInt8? {
      for _ in 0..<2 {
        var code: wint_t = 0
        if wget_wch(boldspect_stdscr(), &code) == OK { return UInt8(truncatingIfNeeded: code) }
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
    while !replies.pending.isEmpty, let byte = next() { replies.take([byte]) }
    if replies.isComplete { awaitsReplies = false }
    typedAhead += typedKeys(replies.typed)
    return true
  }

  package func show(_ frame: Frame) {
    guard frame != shown else { return }
    let (start, before) = (now(), bytesWritten())
    draw(frame)
    cost = bytesWritten().flatMap { after in
      before.map { FrameCost(bytes: after - $0, milliseconds: now() - start) }
    }
  }

  /// All that this process has written, by the kernel's count: ncurses keeps none.
  private func bytesWritten() -> Int? {
    let file = open("/proc/self/io", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { Glibc.close(file) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(file, &buffer, buffer.count)
    let lines = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix("wchar: ") }.flatMap { Int($0.dropFirst(7)) }
  }

  private func draw(_ frame: Frame) {
    if capabilities.redefines, let wanted = frame.table, wanted != table {
      writeAll(Array(PaletteCommands.set(wanted).utf8))
      table = wanted
    }
    if shown == nil { removeImages() }
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
          if let from = start { pictures.append(part(patch, from, n)) }
          start = nil
        }
      }
      if let from = start { pictures.append(part(patch, from, patch.cells.count)) }
    }
    flushText()
    let encoder = PictureEncoder(
      capabilities.colours, table: frame.table, usesBlocks: capabilities.unicode)
    writeAll(encoder.encode(pictures, in: frame))
    if capabilities.hasImages { writeAll(images.update(to: frame)) }
    shown = frame
  }

  /// Sends the text of one row. ncurses scrolls the terminal when three rows or more seem to have
  /// moved, and would take picture cells along; it never sees more than one changed row.
  private func flushText() {
    wnoutrefresh(boldspect_stdscr())
    doupdate()
  }

  private func part(_ patch: Patch, _ from: Int, _ to: Int) -> Patch {
    Patch(row: patch.row, column: patch.column + from, cells: Array(patch.cells[from..<to]))
  }

  private func putText(_ cell: Cell, _ row: Int, _ column: Int, _ table: ColourTable) {
    var attributes: attr_t = 0
    if cell.style.contains(.bold) { attributes |= boldspect_bold() }
    if cell.style.contains(.dim) { attributes |= boldspect_dim() }
    if cell.style.contains(.reverse) { attributes |= boldspect_reverse() }
    if cell.style.contains(.underline) { attributes |= boldspect_underline() }
    var number: Int32 = 0
    if capabilities.colours != .none {
      number = pair(index(cell.foreground, table), index(cell.background, table))
    }
    _ = boldspect_put(
      Int32(row), Int32(column), wchar_t(cell.glyph.value), attributes, number)
  }

  private func index(_ colour: Colour, _ table: ColourTable) -> Int32 {
    colour.isStandard ? -1 : Int32(table.number(colour))
  }

  /// The pair of two colours; text uses a few dozen, so they are never recycled.
  private func pair(_ foreground: Int32, _ background: Int32) -> Int32 {
    if foreground == -1 && background == -1 { return 0 }
    let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
    if let known = pairs[key] { return known }
    let made = alloc_pair(foreground, background)
    let number = made == ERR ? 0 : made
    pairs[key] = number
    return number
  }

  private func writeAll(_ bytes: [UInt8]) {
    var at = 0
    while at < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        write(1, $0.baseAddress.map { $0 + at }, bytes.count - at)
      }
      if wrote > 0 {
        at += wrote
      } else if errno == EAGAIN {
        var one = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
        if poll(&one, 1, 1000) <= 0 || one.revents & Int16(POLLHUP | POLLERR) != 0 { return }
      } else if errno != EINTR {
        return
      }
    }
  }
}

/// What ncurses does not ask for: moves while a button is down. How numbers are written is its own
/// business, because it must read them.
enum PasteMode {
  static let start = "\u{1b}[?2004h"
  static let stop = "\u{1b}[?2004l"
  static let begins = "\u{1b}[200~"
  static let ends = "\u{1b}[201~"
  /// Codes beyond those of ncurses' own keys.
  static let beginCode: Int32 = 1500
  static let endCode: Int32 = 1501
}

enum MouseModes {
  static let start = "\u{1b}[?1002h"
  static let stop = "\u{1b}[?1002l"
  /// After a crash also what ncurses had asked for.
  static let restore = "\u{1b}[?1002l\u{1b}[?1006l"
}
