/// Takes a terminal's answers apart from what is typed meanwhile.
package struct TerminalReplies: Sendable {
  /// Bodies of the device control strings and operating system commands that came, in order.
  package private(set) var controls: [String] = []
  package private(set) var commands: [String] = []
  /// Bodies of application program commands: answers about images.
  package private(set) var graphics: [String] = []
  /// Numbers of reports about the window.
  package private(set) var windows: [[Int]] = []
  /// Whether the answer that every terminal gives has come; it was asked for last.
  package private(set) var isComplete = false
  /// What was no answer.
  package private(set) var typed: [UInt8] = []
  /// The beginning of a sequence.
  package private(set) var pending: [UInt8] = []

  /// No answer is as long as this; what follows are keys again.
  package static let lengthLimit = 4096

  package init() {}

  package mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { take(byte) }
  }

  /// Nothing more came of a sequence: it is read over, and what follows are keys again. Escape alone
  /// was a key.
  package mutating func pause() {
    if pending.count == 1 { giveBack() }
    leaveOut()
  }

  /// Takes a sequence away. An Escape that was typed before it, and what is typed after it, are no sequence: a zero
  /// between them, which is no key, keeps them apart.
  private mutating func leaveOut() {
    pending = []
    if typed.last == 0x1b { typed.append(0) }
  }

  private mutating func take(_ byte: UInt8) {
    pending.append(byte)
    guard pending[0] == 0x1b else { return giveBack() }
    guard pending.count <= Self.lengthLimit else {
      leaveOut()
      return
    }
    guard pending.count > 1 else { return }
    switch pending[1] {
    case UInt8(ascii: "["):
      // The Linux console's function keys have a second bracket before their letter.
      guard pending.count > 2, (0x40...0x7e).contains(byte),
        pending.count > 3 || byte != UInt8(ascii: "[")
      else { return }
      if pending[2] == UInt8(ascii: "?"), byte == UInt8(ascii: "c") {
        isComplete = true
        leaveOut()
      } else if byte == UInt8(ascii: "t") {
        windows.append(
          String(decoding: pending.dropFirst(2).dropLast(), as: UTF8.self).split(separator: ";")
            .compactMap { Int($0) })
        leaveOut()
      } else {
        giveBack()
      }
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"):
      let endsWithST = pending.count > 3 && pending.suffix(2) == [0x1b, UInt8(ascii: "\\")]
      guard endsWithST || byte == 7 else { return }
      let body = String(
        decoding: pending.dropFirst(2).dropLast(endsWithST ? 2 : 1), as: UTF8.self)
      if pending[1] == UInt8(ascii: "P") { controls.append(body) }
      if pending[1] == UInt8(ascii: "]") { commands.append(body) }
      if pending[1] == UInt8(ascii: "_") { graphics.append(body) }
      leaveOut()
    case UInt8(ascii: "O"):
      if pending.count > 2 { giveBack() }
    case 0x1b:
      // The first was a key; the second may begin something.
      giveBack()
      pending = [typed.removeLast()]
    default: giveBack()
    }
  }

  private mutating func giveBack() {
    typed += pending
    pending = []
  }
}

/// The questions that a terminal may be asked, and what its answers mean.
package enum TerminalQuestions {
  /// All of them in one go; the last is answered by every terminal.
  package static func bytes(_ plan: TerminalPlan) -> String {
    var text = ""
    // A colour of 24 bits is set, what is set is asked (DECRQSS), and the colour is taken back.
    if plan.asksDirect { text += "\u{1b}[48;2;1;2;3m\u{1b}P$qm\u{1b}\\\u{1b}[0m" }
    // Two colours are asked, changed, asked, given back and asked again.
    if plan.asksPalette {
      let ask = "\u{1b}]4;255;?\u{1b}\\"
      text += ask + "\u{1b}]4;254;rgb:56/34/12;255;rgb:12/34/56\u{1b}\\" + ask
      text += "\u{1b}]104;254;255\u{1b}\\" + ask
    }
    if plan.asksBackground { text += "\u{1b}]11;?\u{1b}\\" }
    if plan.asksImages { text += ImageCommands.question + "\u{1b}[16t\u{1b}[>q" }
    return text.isEmpty ? "" : text + "\u{1b}[c"
  }

  /// Whether the terminal would have shown the image.
  package static func showsImages(_ replies: TerminalReplies) -> Bool {
    replies.graphics.contains { $0 == "Gi=\(ImageCommands.questionID);OK" }
  }

  /// Whether it is kitty itself, which repeats pixels when it enlarges an image.
  package static func isKitty(_ replies: TerminalReplies) -> Bool {
    replies.controls.contains { $0.hasPrefix(">|kitty") }
  }

  /// Pixels of a cell, where the terminal says.
  package static func cell(_ replies: TerminalReplies) -> PixelDensity? {
    replies.windows.first { $0.count == 3 && $0[0] == 6 && $0[1] > 0 && $0[2] > 0 }
      .map { PixelDensity(across: $0[2], down: $0[1]) }
  }

  /// The colour behind text, where the terminal says.
  package static func background(_ replies: TerminalReplies) -> Colour? {
    for body in replies.commands {
      guard let parts = body.wholeMatch(of: backgroundAnswer)?.output else { continue }
      // One to four digits each, of which the first two are enough; one stands for both.
      let bytes = [parts.1, parts.2, parts.3].compactMap { digits in
        UInt8(digits.count == 1 ? "\(digits)\(digits)" : String(digits.prefix(2)), radix: 16)
      }
      if bytes.count == 3 { return Colour(bytes[0], bytes[1], bytes[2]) }
    }
    return nil
  }

  private static var backgroundAnswer: Regex<(Substring, Substring, Substring, Substring)> {
    #/11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})(?:/[0-9a-fA-F]{1,4})?/#
  }

  /// Whether text that is light can be read on what the terminal has behind it: surely, or it is painted.
  package static func isDark(_ replies: TerminalReplies) -> Bool {
    background(replies).map { $0.luminance <= 48 } ?? false
  }

  package static func saysDirect(_ replies: TerminalReplies) -> Bool {
    replies.controls.contains { body in
      guard body.hasPrefix("1$r"), body.hasSuffix("m") else { return false }
      let numbers = body.dropFirst(3).dropLast().split(whereSeparator: { $0 == ";" || $0 == ":" })
        .map(String.init)
      guard let at = numbers.firstIndex(of: "48"), at + 1 < numbers.count, numbers[at + 1] == "2"
      else { return false }
      return numbers.suffix(3) == ["1", "2", "3"]
    }
  }

  /// Whether colour 255 took the new value and then its own again.
  package static func redefines(_ replies: TerminalReplies) -> Bool {
    let values = colours255(replies)
    return values.count == 3 && values[1] == "12/34/56" && values[0] != values[1]
      && values[0] == values[2]
  }

  /// What colour 255 must be set to when the terminal changed it and did not change it back.
  package static func repair(_ replies: TerminalReplies) -> String? {
    let values = colours255(replies)
    guard values.count == 3, values[1] != values[0], values[2] != values[0] else { return nil }
    return "\u{1b}]4;255;rgb:\(values[0])\u{1b}\\"
  }

  private static func colours255(_ replies: TerminalReplies) -> [String] {
    replies.commands.compactMap { body in
      guard body.hasPrefix("4;255;rgb:") else { return nil }
      return body.dropFirst(10).split(separator: "/").map { $0.prefix(2).lowercased() }
        .joined(separator: "/")
    }
  }
}

/// Redefining colours and giving them back, a few to a sequence: some terminals cut long ones.
package enum PaletteCommands {
  private static let piece = 16

  package static func set(_ table: ColourTable) -> String {
    set(table, Array(table.first..<(table.first + table.colours.count)))
  }

  /// Those numbers alone.
  static func set(_ table: ColourTable, _ numbers: [Int]) -> String {
    pieces(numbers).map { numbers in
      "\u{1b}]4;"
        + numbers.map { n in
          let c = table.colour(n)
          return "\(n);rgb:\(hex(c.red))/\(hex(c.green))/\(hex(c.blue))"
        }.joined(separator: ";") + "\u{1b}\\"
    }.joined()
  }

  /// Numbered, because without numbers the person's own 16 would go as well.
  package static var restore: String {
    pieces(Array(16...255)).map { numbers in
      "\u{1b}]104;" + numbers.map(String.init).joined(separator: ";") + "\u{1b}\\"
    }.joined()
  }

  private static func pieces(_ numbers: [Int]) -> [[Int]] {
    stride(from: 0, to: numbers.count, by: piece).map {
      Array(numbers[$0..<min($0 + piece, numbers.count)])
    }
  }

  private static func hex(_ v: UInt8) -> String {
    (v < 16 ? "0" : "") + String(v, radix: 16)
  }
}

/// Keys from what was typed before there was a screen to read them.
package func typedKeys(_ bytes: [UInt8]) -> [Key] {
  var keys: [Key] = []
  var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
  while let scalar = rest.popFirst() {
    switch scalar.value {
    case 27:
      guard let next = rest.first, next == "[" || next == "O" else {
        keys.append(.escape)
        continue
      }
      rest.removeFirst()
      let body = sequenceBody(&rest, isLong: next == "[")
      if let key = sequences[body] { keys.append(key) }
    case 13, 10: keys.append(.enter)
    case 9: keys.append(.tab)
    case 8, 127: keys.append(.backspace)
    case 1...26: keys.append(.control(Unicode.Scalar(scalar.value + 96) ?? " "))
    case 0..<32: break
    default: keys.append(.character(scalar))
    }
  }
  return keys
}

/// A key's sequence after its introducer: one scalar, or all up to a final one.
private func sequenceBody(_ rest: inout Substring.UnicodeScalarView, isLong: Bool) -> String {
  var body = ""
  while let scalar = rest.popFirst() {
    body.unicodeScalars.append(scalar)
    let isFinal = (0x40...0x7e).contains(scalar.value) && body != "["
    if !isLong || isFinal { break }
  }
  return body
}

private let sequences: [String: Key] = [
  "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "Z": .backTab,
  "5~": .pageUp, "6~": .pageDown, "3~": .delete, "1~": .home, "4~": .end,
]
