import Basics
import CellUI
import CursesTerminal

private func replies(_ bytes: [UInt8]) -> TerminalReplies {
  var whole = TerminalReplies()
  whole.take(bytes)
  // However they come apart, they are the same.
  var single = TerminalReplies()
  for byte in bytes { single.take([byte]) }
  require(
    whole.typed == single.typed && whole.controls == single.controls
      && whole.pending == single.pending,
    "answers that depend on how they come")
  return whole
}

let terminalTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "replies", most: 8192,
    words: [
      "\u{1b}[?", "\u{1b}]4;255;rgb:", "\u{1b}P1$r", "\u{1b}_Gi=", "\u{1b}\\", "\u{1b}[6;", "t",
      "\u{7}", "\u{1b}P>|kitty",
    ],
    seeds: FuzzTarget.texts(
      "\u{1b}P1$r0;48;2;1;2;3m\u{1b}\\\u{1b}]4;255;rgb:eeee/eeee/eeee\u{1b}\\\u{1b}]4;255;rgb:1212/3434/5656\u{7}\u{1b}[?62;4c",
      "\u{1b}[6;20;10t\u{1b}_Gi=31;OK\u{1b}\\\u{1b}P>|kitty(0.36)\u{1b}\\q\u{1b}[A\u{1b}OB")
  ) { (bytes) throws(Problem) in
    var found = replies(bytes)
    _ = TerminalQuestions.showsImages(found)
    _ = TerminalQuestions.isKitty(found)
    _ = TerminalQuestions.saysDirect(found)
    _ = TerminalQuestions.redefines(found)
    if let cell = TerminalQuestions.cell(found) {
      require(cell.across > 0 && cell.down > 0, "a cell without pixels")
    }
    if let repair = TerminalQuestions.repair(found) {
      // What goes back to the terminal holds nothing but what a colour is.
      let inner = repair.dropFirst("\u{1b}]4;255;rgb:".count).dropLast(2)
      require(inner.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "a reply goes back as it came")
    }
    found.pause()
    require(found.pending.isEmpty, "a sequence that outlives its pause")
    found.take("q".utf8)
    require(typedKeys(found.typed).last == .character("q"), "a key that is none after a pause")
  },
  FuzzTarget(
    name: "input", most: 4096, words: ["\u{1b}]", "\u{1b}\\", "\u{7}"],
    seeds: { [[0, 93, 65, 66, 7], [1, 200, 0, 27, 255], Array("2abc\u{1b}d".utf8)] }
  ) { (bytes) throws(Problem) in
    // Strings, pastes and reports of the mouse; each byte is one of them, or a pause.
    let first = Int32(bytes.first ?? 0)
    var string: InputString? = InputString(introducer: InputString.firstCode + first % 7, at: 0)
    var paste = InputPaste(at: 0)
    var time = 0.0
    var report = InputMouse(isOld: first % 2 == 0, at: 0)
    var reportIsOpen = true
    for (n, byte) in bytes.dropFirst().enumerated() {
      time += Double(byte) / 16
      if string != nil {
        let step =
          n % 11 == 10
          ? string?.pause(at: time) : string?.take(Int32(byte) << (n % 3 * 4), at: time)
        if step != .goesOn { string = nil }
      }
      if !paste.isClosed {
        _ = n % 13 == 12 ? paste.pause(at: time) : paste.take(Unicode.Scalar(byte), at: time)
      }
      if reportIsOpen {
        let step = report.take(Int32(byte), at: time)
        if case .ends(let mouse?) = step {
          require(mouse.column >= 0 && mouse.row >= 0, "a mouse off the screen")
        }
        reportIsOpen = step == .goesOn
      }
    }
    if string != nil {
      require(
        string?.pause(at: time + InputString.pauseMilliseconds + 1) != .goesOn,
        "a string without an end")
    }
    guard !paste.isClosed else { return }
    let last = paste.take("\u{1b}", at: time + 1) + paste.pause(at: time + 200)
    require(paste.isClosed && last.contains(.escape), "a paste that Escape does not end")
  },
  FuzzTarget(
    name: "output-position", most: 2048, words: ["\u{1b}[", "\u{1b}]R", "\u{1b}_G"],
    seeds: FuzzTarget.texts("a\u{1b}[1mé\u{1b}]4;1;x\u{7}")
  ) {
    (bytes) throws(Problem) in
    var position = OutputPosition()
    for (n, byte) in bytes.enumerated() {
      let rest = Array(bytes[n...].prefix(64))
      let left = position.bytesToEnd(in: rest)
      require(left <= rest.count, "an end beyond the end")
      position.take(byte)
    }
  },
]
