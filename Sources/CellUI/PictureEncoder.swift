/// Turns changed picture cells into bytes for the terminal, as few as it finds. The cursor and
/// colours that the terminal had are put back at the end.
///
/// A cell of two colours can be written with either of them in front, and a short run of unchanged
/// cells can be written again or leapt over; the encoder keeps the cheapest few ways to every cell.
package struct PictureEncoder {
  private let colours: Capabilities.Colours
  private let table: ColourTable
  private let usesBlocks: Bool

  /// - Parameters:
  ///   - table: what the colours' numbers stand for.
  ///   - usesBlocks: whether glyphs beyond ASCII may be written.
  package init(
    _ colours: Capabilities.Colours, table: ColourTable? = nil, usesBlocks: Bool = true
  ) {
    self.colours = colours
    self.table = table ?? ColourTable.fixed(colours) ?? .xterm
    self.usesBlocks = usesBlocks
  }

  /// - Parameters:
  ///   - patches: cells to write, row by row and from left to right.
  ///   - frame: the whole screen, for the cells between patches.
  package func encode(_ patches: [Patch], in frame: Frame? = nil) -> [UInt8] {
    guard !patches.isEmpty else { return [] }
    var search = Search(code: CodeBook(colours, table), usesBlocks: usesBlocks)
    var place: (row: Int, column: Int)?
    for patch in patches where !patch.cells.isEmpty {
      if let at = place, at.row == patch.row, at.column <= patch.column {
        search.leap(cells(between: at.column, patch.column, row: at.row, frame))
      } else {
        search.move(patch.row, patch.column)
      }
      for cell in patch.cells { search.write(cell) }
      place = (patch.row, patch.column + patch.cells.count)
    }
    // DECSC and DECRC: ncurses knows nothing of what is between them.
    return Array("\u{1b}7\u{1b}[0m".utf8) + search.bytes() + [0x1b, 0x38]
  }

  /// How many cells lie between two columns, and what they show where that is known.
  private func cells(
    between start: Int, _ end: Int, row: Int, _ frame: Frame?
  ) -> (count: Int, known: [Cell]) {
    (end - start, frame.map { f in (start..<end).map { f[row, $0] } } ?? [])
  }
}

/// Colours as the numbers that are written, and what writing them costs.
private struct CodeBook {
  let colours: Capabilities.Colours
  let table: ColourTable
  private var known: [Colour: Int32] = [:]

  init(_ colours: Capabilities.Colours, _ table: ColourTable) {
    self.colours = colours
    self.table = table
  }

  /// -1 for the terminal's own.
  mutating func code(_ colour: Colour) -> Int32 {
    if colour.isStandard { return -1 }
    if colours == .direct { return Int32(colour.packed) }
    if let found = known[colour] { return found }
    let found = Int32(table.number(colour))
    known[colour] = found
    return found
  }

  func cost(_ code: Int32) -> Int {
    switch colours {
    case _ where code < 0: return 2
    case .direct:
      return 7 + digits(code >> 16) + digits(code >> 8 & 255) + digits(code & 255)
    case .indexed: return 5 + digits(code)
    case .sixteen, .eight, .none: return 2
    }
  }

  private func digits(_ n: Int32) -> Int { n < 10 ? 1 : n < 100 ? 2 : 3 }

  func append(_ out: inout [UInt8], _ code: Int32, isForeground: Bool) {
    let text: String
    switch colours {
    case _ where code < 0: text = isForeground ? "39" : "49"
    case .direct:
      text = "\(isForeground ? 38 : 48);2;\(code >> 16);\(code >> 8 & 255);\(code & 255)"
    case .indexed: text = "\(isForeground ? 38 : 48);5;\(code)"
    case .sixteen, .eight, .none:
      text = String((isForeground ? 30 : 40) + (code < 8 ? code : code + 52))
    }
    out += Array(text.utf8)
  }
}

/// A beam search over ways to write the same picture.
private struct Search {
  /// The end of one way: the colours that are set then, and its bytes so far.
  private struct Way {
    var foreground: Int32
    var background: Int32
    var cost: Int
    var step: Int
  }

  private enum Act {
    case move(Int, Int)
    case leap(Int)
    case write(Unicode.Scalar, Int32, Int32)
  }

  private static let width = 8
  private static let unset: Int32 = -2

  private var code: CodeBook
  private let usesBlocks: Bool
  private var steps: [(before: Int, act: Act)] = []
  private var ways = [Way(foreground: unset, background: unset, cost: 0, step: -1)]

  init(code: CodeBook, usesBlocks: Bool) {
    self.code = code
    self.usesBlocks = usesBlocks
  }

  mutating func move(_ row: Int, _ column: Int) { all(.move(row, column), cost: 8) }

  mutating func leap(_ gap: (count: Int, known: [Cell])) {
    let (count, cells) = gap
    guard count > 0 else { return }
    let start = ways
    all(.leap(count), cost: count == 1 ? 3 : count < 10 ? 4 : 5)
    guard !cells.isEmpty, cells.count <= 12,
      cells.allSatisfy({ $0.style.contains(.picture) })
    else { return }
    let leapt = ways
    ways = start
    for cell in cells { write(cell) }
    let written = ways
    ways = leapt
    for way in written { keep(way) }
  }

  mutating func write(_ cell: Cell) {
    let a = code.code(cell.foreground)
    let b = code.code(cell.background)
    let start = ways
    ways.removeAll(keepingCapacity: true)
    for way in start {
      switch cell.glyph {
      // Two pixels of one colour are a blank: cells differ in more colours than a terminal has.
      case " ",
        "▀" where cell.glyph == " " || a == b:
        extend(way, " ", way.foreground, b, 1)
        if usesBlocks, way.background != b { extend(way, "█", b, way.background, 3) }
      case "▀":
        extend(way, "▀", a, b, 3)
        extend(way, "▄", b, a, 3)
      default: extend(way, cell.glyph, a, b, cell.glyph.value < 0x80 ? 1 : 3)
      }
    }
  }

  private mutating func all(_ act: Act, cost: Int) {
    for n in ways.indices {
      steps.append((ways[n].step, act))
      ways[n].step = steps.count - 1
      ways[n].cost += cost
    }
  }

  private mutating func extend(
    _ way: Way, _ glyph: Unicode.Scalar, _ foreground: Int32, _ background: Int32, _ size: Int
  ) {
    var cost = way.cost + size
    let newFront = foreground != way.foreground
    let newBack = background != way.background
    if newFront || newBack {
      cost += 3
      if newFront { cost += code.cost(foreground) }
      if newBack { cost += code.cost(background) }
      if newFront, newBack { cost += 1 }
    }
    let better = Way(
      foreground: foreground, background: background, cost: cost, step: steps.count)
    if keep(better) { steps.append((way.step, .write(glyph, foreground, background))) }
  }

  /// Keeps one way for each pair of colours, and of those the cheapest.
  @discardableResult
  private mutating func keep(_ way: Way) -> Bool {
    if let same = ways.firstIndex(where: {
      $0.foreground == way.foreground && $0.background == way.background
    }) {
      guard way.cost < ways[same].cost else { return false }
      ways[same] = way
      return true
    }
    if ways.count < Self.width {
      ways.append(way)
      return true
    }
    guard let worst = ways.indices.max(by: { ways[$0].cost < ways[$1].cost }),
      way.cost < ways[worst].cost
    else { return false }
    ways[worst] = way
    return true
  }

  /// The cheapest way as bytes.
  func bytes() -> [UInt8] {
    guard let best = ways.min(by: { $0.cost < $1.cost }) else { return [] }
    var acts: [Act] = []
    var at = best.step
    while at >= 0 {
      acts.append(steps[at].act)
      at = steps[at].before
    }
    acts.reverse()
    var out: [UInt8] = []
    out.reserveCapacity(best.cost)
    var (foreground, background) = (Self.unset, Self.unset)
    for act in acts {
      switch act {
      case .write(let glyph, let front, let back):
        if front != foreground || back != background {
          out += [0x1b, UInt8(ascii: "[")]
          if front != foreground { code.append(&out, front, isForeground: true) }
          if front != foreground, back != background { out.append(UInt8(ascii: ";")) }
          if back != background { code.append(&out, back, isForeground: false) }
          out.append(UInt8(ascii: "m"))
          (foreground, background) = (front, back)
        }
        out += UTF8.encode(glyph).map { Array($0) } ?? [UInt8(ascii: "?")]
      case .move(let row, let column):
        out += Array("\u{1b}[\(row + 1);\(column + 1)H".utf8)
      case .leap(let count):
        out += Array(count == 1 ? "\u{1b}[C".utf8 : "\u{1b}[\(count)C".utf8)
      }
    }
    return out
  }
}

extension Frame {
  /// The whole frame as a stream of ANSI sequences, line by line, for files and pipes.
  package func ansi(_ colours: Capabilities.Colours) -> String {
    var out = ""
    var book = CodeBook(colours, table ?? ColourTable.fixed(colours) ?? .xterm)
    for row in 0..<size.rows {
      var last: Cell?
      for column in 0..<size.columns {
        let cell = self[row, column]
        if last?.foreground != cell.foreground || last?.background != cell.background
          || last?.style != cell.style
        {
          out += Self.sgr(cell, colours, &book)
        }
        out.unicodeScalars.append(cell.glyph)
        last = cell
      }
      out += "\u{1b}[0m\n"
    }
    return out
  }

  private static func sgr(
    _ cell: Cell, _ colours: Capabilities.Colours, _ book: inout CodeBook
  ) -> String {
    var codes = ["0"]
    if cell.style.contains(.bold) { codes.append("1") }
    if cell.style.contains(.dim) { codes.append("2") }
    if cell.style.contains(.underline) { codes.append("4") }
    if cell.style.contains(.reverse) { codes.append("7") }
    if colours != .none {
      for (colour, isForeground) in [(cell.foreground, true), (cell.background, false)]
      where !colour.isStandard {
        var code: [UInt8] = []
        book.append(&code, book.code(colour), isForeground: isForeground)
        codes.append(String(decoding: code, as: UTF8.self))
      }
    }
    return "\u{1b}[" + codes.joined(separator: ";") + "m"
  }
}
