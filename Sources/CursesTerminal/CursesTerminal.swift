internal import CNcurses
package import CellUI
import Glibc
import PixelFiles

/// Why the screen cannot be opened.
package struct TerminalError: Error, Equatable, Sendable {
  package let sentence: String
}

/// The real terminal. ncurses owns modes, keys, size, text and restoring; picture cells are written
/// by `PicturePainter` after it, over blanks that ncurses believes in.
///
/// A class, because its screen is one per process; it must stay on the thread that made it.
package final class CursesTerminal: Terminal {
  package internal(set) var capabilities: Capabilities
  var shown: Frame?
  var pairs: [UInt64: Int32] = [:]
  var isOpen = true
  /// A pair of its own for the blanks under pictures, so that ncurses never erases them as part of
  /// an empty end of line.
  var underPicture: Int32 = 0
  let wakeDescriptor: Int32
  /// Where ncurses writes: the terminal until its modes are set, memory from then on.
  var screenDescriptor: Int32 = -1
  var memory: Int32 = -1
  /// The terminal, opened so that writing never waits.
  var output: Int32 = 1
  var unsent: [UInt8] = []
  /// Where the terminal is in what it was sent so far.
  var position = OutputPosition()
  /// The line's modes while the screen is up.
  var modes = termios()
  /// All bytes that were made for the terminal.
  var made = 0
  var isDrawing = false
  /// The newest frame while an older one is still on its way.
  var waiting: Frame?
  /// A control string that the terminal sends.
  var string: InputString?
  var character = InputCharacter()
  /// Pasted text and a report of the mouse whose end has not come, and whether that came among the text.
  var paste: InputPaste?
  var report: InputMouse?
  var reportIsPasted = false
  /// Short looks still to be taken after an escape: ncurses may hold back what followed it, where
  /// poll cannot see it.
  var looksAfterEscape = 0
  /// What writes pictures, once the colours are known.
  lazy var painter = PicturePainter(capabilities)
  /// What ncurses has for text where that is less than pictures have.
  var textTable: ColourTable?
  /// Whether what the terminal has behind text is not known to be dark, and is painted.
  var paintsBackground = false
  /// Whether answers are still under way: they must not be taken for keys.
  var awaitsReplies = false
  /// Whether the terminal was asked to tell of the mouse.
  var (marksPaste, hasMouse) = (false, false)
  /// Whether its button is down, so that moves are drags.
  var isPressed = false
  /// What was typed while the terminal was asked.
  var typedAhead: ArraySlice<Key> = []
  package internal(set) var cost: FrameCost?
  var images = ImageLayer(compress: PixelBytes.zlib)
  /// What the terminal said of its cells; the window's own size is asked first.
  var statedCell: PixelDensity?

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
    try Self.checkSize()
    output = Self.openOutput()
    memory = boldspect_memory_file()
    screenDescriptor = dup(1)
    capabilities = Capabilities(colours: .none, unicode: false)
    try openScreen(name)
    setInputModes()
    keepTextInMemory()
    let codeset = nl_langinfo(Int32(CODESET)).map { String(cString: $0) } ?? ""
    capabilities.unicode = codeset.uppercased() == "UTF-8"
    TerminalGuard.screenIsOpen()
    startPictures(plan, startColours(plan))
    defineInput()
    if plan.usesMouse { startMouse() }
    if plan.marksPaste { startPaste() }
    if capabilities.colours != .none {
      underPicture = textTable == nil ? pair(16, 16) : pair(0, 0)
    }
  }

  /// No screen has more; ncurses counts columns and rows in 16 bits, and memory is asked for each cell.
  private static let cellsLimit = 1 << 20
  private static let sideLimit = Int(Int16.max)

  /// What the window says of itself, and whether that can be drawn.
  private static func windowSize() -> (columns: Int, rows: Int, isDrawable: Bool)? {
    var window = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &window) == 0 else { return nil }
    let (columns, rows) = (Int(window.ws_col), Int(window.ws_row))
    return (
      columns, rows,
      columns <= sideLimit && rows <= sideLimit && columns * rows <= cellsLimit
    )
  }

  /// Tells ncurses of the window's new size, which it then tells as a key; one that cannot be drawn is
  /// passed over.
  private func followWindow() {
    guard let (columns, rows, isDrawable) = Self.windowSize(), isDrawable, columns > 0, rows > 0
    else { return }
    resizeterm(Int32(rows), Int32(columns))
  }

  private static func checkSize() throws(TerminalError) {
    guard let (columns, rows, isDrawable) = windowSize(), !isDrawable else { return }
    throw TerminalError(
      sentence:
        "This terminal says that it has \(columns) columns and \(rows) rows, which is more than can be drawn; "
        + "set its size (`stty cols 100 rows 30`), or use `boldspect snapshot`.")
  }

  private func openScreen(_ name: String) throws(TerminalError) {
    guard let stream = fdopen(screenDescriptor, "w"), let input = fdopen(dup(0), "r"),
      let screen = newterm(nil, stream, input)
        ?? TerminalName.substitutes(name).lazy.compactMap({ newterm($0, stream, input) }).first
    else {
      isOpen = false
      throw TerminalError(
        sentence:
          "The terminal \"\(name.filter { $0.isASCII && !$0.isNewline })\" is not known; set TERM, or use `boldspect snapshot`."
      )
    }
    set_term(screen)
    // The way back takes a title from the stack where the way in put one there; rxvt has another second screen.
    let back = Self.entry("rmcup")
    if back.contains("\u{1b}[23;0;0t") { TerminalGuard.alsoRestore("\u{1b}[23;0;0t") }
    if back.contains("47l") { TerminalGuard.alsoRestore(back) }
    guard tigetstr("cup").map({ Int(bitPattern: $0) != -1 }) ?? false,
      tigetstr("clear").map({ Int(bitPattern: $0) != -1 }) ?? false
    else {
      endwin()
      isOpen = false
      throw TerminalError(
        sentence: "This terminal cannot place its cursor; use `boldspect snapshot`.")
    }
  }

  /// What the terminal's entry has under a name, without waiting times; empty where there is nothing.
  static func entry(_ name: String) -> String {
    guard let found = tigetstr(name), Int(bitPattern: found) != -1 else { return "" }
    return String(cString: found).replacing(#/\$<[^>]*>/#, with: "")
  }

  private func setInputModes() {
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
  }

  private func startPictures(_ plan: TerminalPlan, _ replies: TerminalReplies) {
    statedCell = TerminalQuestions.cell(replies)
    if plan.pictures == .quadrant {
      capabilities.pictures = .quadrants
    } else if plan.hasImages || TerminalQuestions.showsImages(replies) {
      setImages(repeatsPixels: plan.repeatsPixels || TerminalQuestions.isKitty(replies))
      if capabilities.hasImages { TerminalGuard.alsoRestore(ImageCommands.deleteAll) }
    }
  }

  /// Images in the pixels of a cell, as far as these are known.
  func setImages(repeatsPixels: Bool) {
    var window = winsize()
    var cell = statedCell
    if ioctl(1, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0,
      Int(window.ws_xpixel) >= 2 * Int(window.ws_col),
      Int(window.ws_ypixel) >= 4 * Int(window.ws_row)
    {
      cell = PixelDensity(
        across: Int(window.ws_xpixel / window.ws_col), down: Int(window.ws_ypixel / window.ws_row))
    }
    // Where pixels are repeated, the shape of a cell is enough.
    if cell == nil, repeatsPixels { cell = PixelDensity(across: 10, down: 20) }
    guard let cell, cell.across <= 100, cell.down <= 200 else { return }
    capabilities.pictures = .images(cell: cell, repeatsPixels: repeatsPixels)
  }

  func removeImages() {
    guard capabilities.hasImages else { return }
    writeAll(Array(ImageCommands.deleteAll.utf8))
    images.forget()
  }

  deinit { close() }

  /// Gives the terminal back as it was.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    TerminalGuard.mustBeBackSoon()
    dropUnsent()
    removeImages()
    stopMouse()
    if marksPaste { writeAll(Array(PasteMode.stop.utf8)) }
    restorePalette()
    // An answer that comes later still would be typed into the shell.
    if awaitsReplies { awaitReplies(milliseconds: 300) }
    leaveScreen()
    TerminalGuard.screenIsClosed()
  }

  /// Asks on the alternate screen, where whatever is printed goes away, and waits 300 ms at most.
  func ask(_ plan: TerminalPlan) -> TerminalReplies {
    let questions = TerminalQuestions.bytes(plan)
    guard !questions.isEmpty else { return TerminalReplies() }
    flushText()
    writeAll(Array(questions.utf8))
    _ = sendAll(milliseconds: 300)
    awaitsReplies = true
    let replies = awaitReplies(milliseconds: 300)
    if let repair = TerminalQuestions.repair(replies) { writeAll(Array(repair.utf8)) }
    typedAhead = typedKeys(replies.typed)[...]
    clearok(boldspect_curscr(), true)
    return replies
  }

  @discardableResult
  func awaitReplies(milliseconds: Int) -> TerminalReplies {
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
    // The rest of an answer that was cut in two is no key either.
    string = InputString(after: replies.pending, at: now())
    if string == nil { replies.pause() }
    return replies
  }

  /// Milliseconds of a clock that never jumps.
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }

  func restorePalette() {
    if painter.release() { writeAll(Array(PaletteCommands.restore.utf8)) }
  }

  package var size: Size {
    // A window may grow beyond what ncurses can count; it then has no size that can be used.
    Size(
      columns: max(1, Int(getmaxx(boldspect_stdscr()))),
      rows: max(1, Int(getmaxy(boldspect_stdscr()))))
  }

  package func nextEvent(withinMilliseconds limit: Int) -> Event? {
    if let event = signalled() { return event }
    if let key = typedAhead.popFirst() { return .key(key) }
    if let event = readKey() { return event }
    sendRest()
    var polled = [
      pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.signalDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: unsent.isEmpty ? -1 : output, events: Int16(POLLOUT), revents: 0),
    ]
    var wait = limit
    if string != nil || report != nil {
      wait = min(limit, 50)
    } else if paste?.isUndecided == true {
      wait = min(limit, 20)
    } else if looksAfterEscape > 0, limit > 0 {
      looksAfterEscape -= 1
      wait = min(limit, 10)
    }
    let ready = poll(&polled, 4, Int32(wait))
    if polled[2].revents & Int16(POLLIN) != 0 { TerminalGuard.drain() }
    if ready > 0 {
      if polled[3].revents != 0 { sendRest() }
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
  func isAtEnd() -> Bool {
    var available: Int32 = 0
    return ioctl(0, UInt(FIONREAD), &available) != 0 || available == 0 && isHungUp()
  }

  func isHungUp() -> Bool {
    var one = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&one, 1, 0) > 0 && one.revents & Int16(POLLHUP) != 0
  }

  func drainWake() {
    var buffer = [UInt8](repeating: 0, count: 64)
    while read(wakeDescriptor, &buffer, buffer.count) == buffer.count {}
  }

  func signalled() -> Event? {
    if TerminalGuard.takeEnded() { return .ended }
    if TerminalGuard.takeResized() { followWindow() }
    if TerminalGuard.takeStopped() {
      suspend()
      _ = TerminalGuard.takeContinued()
      return resume()
    }
    return TerminalGuard.takeContinued() ? resume() : nil
  }

  func resume() -> Event {
    takeModes()
    repaint()
    return .resumed
  }

  package func repaint() {
    waiting = nil
    clearok(boldspect_curscr(), true)
    shown = nil
    _ = painter.release()
  }

  package func suspend() {
    dropUnsent()
    removeImages()
    stopMouse()
    if marksPaste { writeAll(Array(PasteMode.stop.utf8)) }
    restorePalette()
    leaveScreen()
    // Whoever wants it to go on may have said so before it stood still.
    if !TerminalGuard.takeContinued() { raise(SIGSTOP) }
    takeModes()
    repaint()
    flushText()
    if hasMouse { startMouse() }
    if marksPaste { startPaste() }
  }
}
