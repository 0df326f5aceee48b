/// Turns changed picture cells into bytes for the terminal, as few as it finds. The cursor and
/// colours that the terminal had are put back at the end.
///
/// A cell of two colours can be written with either of them in front, and a short run of unchanged
/// cells can be written again or leapt over; the encoder keeps the cheapest few ways to every cell.
package struct PictureEncoder {
  private let book: CodeBook
  private let usesBlocks: Bool

  /// - Parameters:
  ///   - table: what the colours' numbers stand for.
  ///   - usesBlocks: whether glyphs beyond ASCII may be written.
  package init(
    _ colours: Capabilities.Colours, table: ColourTable? = nil, usesBlocks: Bool = true
  ) {
    self.init(
      book: CodeBook(colours, table ?? ColourTable.fixed(colours) ?? .xterm), usesBlocks: usesBlocks
    )
  }

  init(book: CodeBook, usesBlocks: Bool) {
    self.book = book
    self.usesBlocks = usesBlocks
  }

  /// - Parameters:
  ///   - patches: cells to write, row by row and from left to right.
  ///   - frame: the whole screen, for the cells between patches.
  package func encode(_ patches: [Patch], in frame: Frame? = nil) -> [UInt8] {
    encode(patches, in: frame, looks: Looks.init) { _, _ in }
  }

  /// - Parameter told: takes each cell that is written, with what its upper and lower half became.
  func encode(
    _ patches: [Patch], in frame: Frame?, looks: (Colour) -> Looks,
    told: (_ place: (row: Int, column: Int), _ halves: (upper: Int32, lower: Int32)) -> Void
  ) -> [UInt8] {
    guard !patches.isEmpty else { return [] }
    var search = Search(code: book, usesBlocks: usesBlocks)
    var place: (row: Int, column: Int)?
    for patch in patches where !patch.cells.isEmpty {
      if let at = place, at.row == patch.row, at.column <= patch.column {
        search.leap(cells(between: at.column, patch.column, row: at.row, frame), looks)
      } else {
        search.move(patch.row, patch.column)
      }
      for (n, cell) in patch.cells.enumerated() {
        search.write(cell, before: n + 1 < patch.cells.count ? patch.cells[n + 1] : nil, looks)
      }
      place = (patch.row, patch.column + patch.cells.count)
    }
    // DECSC and DECRC: ncurses knows nothing of what is between them.
    return Array("\u{1b}7\u{1b}[0m".utf8) + search.bytes(told) + [0x1b, 0x38]
  }

  /// How many cells lie between two columns, and what they show where that is known.
  private func cells(
    between start: Int, _ end: Int, row: Int, _ frame: Frame?
  ) -> (count: Int, known: [Cell]) {
    (end - start, frame.map { f in (start..<end).map { f[row, $0] } } ?? [])
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

  mutating func leap(_ gap: (count: Int, known: [Cell]), _ looks: (Colour) -> Looks) {
    let (count, cells) = gap
    guard count > 0 else { return }
    let start = ways
    all(.leap(count), cost: count == 1 ? 3 : count < 10 ? 4 : 5)
    guard !cells.isEmpty, cells.count <= 12,
      cells.allSatisfy({ $0.style.contains(.picture) })
    else { return }
    let leapt = ways
    ways = start
    for cell in cells { write(cell, before: nil, looks) }
    let written = ways
    ways = leapt
    for way in written { keep(way) }
  }

  mutating func write(_ cell: Cell, before next: Cell?, _ looks: (Colour) -> Looks) {
    let a = code.entry(cell.foreground, looks)
    let b = code.entry(cell.background, looks)
    // What the next cell needs is set for it now, where that looks alike.
    var later: (Int32, Int32)?
    if code.findsAlike, let next {
      let (c, d) = (code.entry(next.foreground, looks), code.entry(next.background, looks))
      later = (code.code(entry: c), code.code(entry: d))
    }
    let (upperLater, lowerLater) = (accepted(a, later), accepted(b, later))
    let start = ways
    ways.removeAll(keepingCapacity: true)
    for way in start {
      let lower = alike(b, way, lowerLater)
      switch cell.glyph {
      case " ": for n in 0..<lower.count { blank(way, lower[n]) }
      case "▀":
        let upper = alike(a, way, upperLater)
        for m in 0..<upper.count {
          for n in 0..<lower.count { halves(way, upper[m], lower[n]) }
        }
      default:
        let size = cell.glyph.value < 0x80 ? 1 : 3
        extend(way, cell.glyph, code.code(entry: a), code.code(entry: b), size)
      }
    }
  }

  private func accepted(_ entry: Int32, _ codes: (Int32, Int32)?) -> Alike {
    var out = Alike()
    guard let codes else { return out }
    for one in [codes.0, codes.1] where code.accepts(entry, one) { out.append(one) }
    return out
  }

  /// The codes that a colour may be written with: its own, what looks alike of those that are set, and of the next.
  private func alike(_ entry: Int32, _ way: Way, _ later: Alike) -> Alike {
    var out = Alike()
    out.append(code.code(entry: entry))
    guard code.findsAlike else { return out }
    for n in 0..<later.count { out.append(later[n]) }
    if code.accepts(entry, way.foreground) { out.append(way.foreground) }
    if code.accepts(entry, way.background) { out.append(way.background) }
    return out
  }

  /// A few codes, each once.
  private struct Alike {
    private var codes = SIMD8<Int32>(repeating: -9)
    private(set) var count = 0

    mutating func append(_ code: Int32) {
      guard !any(codes .== code) else { return }
      codes[count] = code
      count += 1
    }

    subscript(n: Int) -> Int32 { codes[n] }
  }

  /// Two pixels of one colour are a blank: cells differ in more colours than a terminal has.
  private mutating func blank(_ way: Way, _ b: Int32) {
    extend(way, " ", way.foreground, b, 1)
    if usesBlocks, way.background != b { extend(way, "█", b, way.background, 3) }
  }

  private mutating func halves(_ way: Way, _ a: Int32, _ b: Int32) {
    guard a != b else { return blank(way, b) }
    extend(way, "▀", a, b, 3)
    extend(way, "▄", b, a, 3)
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
  func bytes(
    _ told: (_ place: (row: Int, column: Int), _ halves: (upper: Int32, lower: Int32)) -> Void
  ) -> [UInt8] {
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
    var place = (row: 0, column: 0)
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
        told(place, Self.halves(glyph, front, back))
        place.column += 1
      case .move(let row, let column):
        out += Array("\u{1b}[\(row + 1);\(column + 1)H".utf8)
        place = (row, column)
      case .leap(let count):
        out += Array(count == 1 ? "\u{1b}[C".utf8 : "\u{1b}[\(count)C".utf8)
        place.column += count
      }
    }
    return out
  }

  private static func halves(
    _ glyph: Unicode.Scalar, _ front: Int32, _ back: Int32
  ) -> (upper: Int32, lower: Int32) {
    switch glyph {
    case " ": (back, back)
    case "█": (front, front)
    case "▀": (front, back)
    case "▄": (back, front)
    default: (unset, unset)
    }
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
        let number = book.code(colour)
        book.append(&code, number, isForeground: isForeground)
        codes.append(String(decoding: code, as: UTF8.self))
      }
    }
    return "\u{1b}[" + codes.joined(separator: ";") + "m"
  }
}
