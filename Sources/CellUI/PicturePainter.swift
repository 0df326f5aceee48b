/// Writes picture cells on a terminal, and remembers what they became there.
///
/// Where numbers are few or bytes many, a colour is written as another that looks alike: what is set already, or what
/// the cell shows already. Neighbours on screen then differ by what is seen, and the line carries nothing else.
package struct PicturePainter: Sendable {
  /// The difference by CIEDE2000 to which a cell that shows almost the same stays: less than `ChosenColours.alike`,
  /// so that a picture that moves in small steps lies no further from its colours than one that was drawn at once.
  private static let still = 1.0

  private let colours: Capabilities.Colours
  private let usesBlocks: Bool
  /// Whether colours are written as what looks alike, and not each as it is.
  private let writesAlike: Bool
  private var chosen: ChosenColours?
  private var looks: [Colour: Looks] = [:]
  private var size = Size(columns: 0, rows: 0)
  /// The numbers of each cell's halves; -2 where no picture is.
  private var drawn: [(upper: Int32, lower: Int32)] = []

  package init(_ capabilities: Capabilities) {
    colours = capabilities.colours
    usesBlocks = capabilities.unicode
    writesAlike = capabilities.writesAlike
  }

  /// The colours that the terminal must have before anything of a frame is drawn, where they are another table's
  /// than so far; every picture has to be drawn anew then.
  package mutating func take(_ table: ColourTable) -> String? {
    guard chosen?.base != table else { return nil }
    chosen = ChosenColours(table)
    forget()
    return PaletteCommands.set(table)
  }

  /// Forgets what the terminal was given; whether it was given anything.
  package mutating func release() -> Bool {
    defer { chosen = nil }
    forget()
    return chosen != nil
  }

  /// Nothing is on screen any more.
  package mutating func forget() { drawn = [] }

  /// A cell holds no picture now.
  package mutating func clear(row: Int, column: Int) {
    guard drawn.count == size.rows * size.columns, row < size.rows, column < size.columns else {
      return
    }
    drawn[row * size.columns + column] = Self.nothing
  }

  private static let nothing: (upper: Int32, lower: Int32) = (-2, -2)

  /// - Parameters:
  ///   - patches: cells to write, row by row and from left to right.
  ///   - frame: the whole screen.
  package mutating func paint(_ patches: [Patch], in frame: Frame) -> [UInt8] {
    if drawn.count != frame.size.rows * frame.size.columns || size != frame.size {
      size = frame.size
      drawn = [(upper: Int32, lower: Int32)](
        repeating: Self.nothing, count: size.rows * size.columns)
    }
    // Colours of one person, of many steps; more are of many people.
    if looks.count > 20_000 { looks.removeAll(keepingCapacity: true) }
    guard chosen != nil else { return write(patches, frame) }
    var changed: [Patch] = []
    for patch in patches { changed += changes(patch) }
    let commands = choose(for: changed)
    return commands + write(changed, frame)
  }

  private mutating func write(_ patches: [Patch], _ frame: Frame) -> [UInt8] {
    let book = CodeBook(
      colours, frame.table ?? ColourTable.fixed(colours) ?? .xterm, chosen,
      tolerance: writesAlike ? ChosenColours.alike : 0)
    let encoder = PictureEncoder(book: book, usesBlocks: usesBlocks)
    var known = looks
    looks = [:]
    var told = drawn
    drawn = []
    let bytes = encoder.encode(patches, in: frame) {
      Self.looks($0, &known)
    } told: {
      told[$0.row * frame.size.columns + $0.column] = $1
    }
    (looks, drawn) = (known, told)
    return bytes
  }

  private static func looks(_ colour: Colour, _ known: inout [Colour: Looks]) -> Looks {
    if let found = known[colour] { return found }
    let made = Looks(colour)
    known[colour] = made
    return made
  }

  // MARK: - Chosen colours

  /// Of a patch what does not look the same already.
  private mutating func changes(_ patch: Patch) -> [Patch] {
    var out: [Patch] = []
    var start: Int?
    for n in 0...patch.cells.count {
      let isChanged =
        n < patch.cells.count && !isStill(patch.cells[n], patch.row, patch.column + n)
      if isChanged { start = start ?? n }
      guard !isChanged, let from = start else { continue }
      out.append(
        Patch(row: patch.row, column: patch.column + from, cells: Array(patch.cells[from..<n])))
      start = nil
    }
    return out
  }

  private mutating func isStill(_ cell: Cell, _ row: Int, _ column: Int) -> Bool {
    let halves = drawn[row * size.columns + column]
    guard let chosen, halves.upper >= 0, halves.lower >= 0,
      !cell.background.isStandard
    else { return false }
    let upper = cell.glyph == "▀" ? cell.foreground : cell.background
    guard cell.glyph == "▀" || cell.glyph == " ", !upper.isStandard else { return false }
    func isAlike(_ colour: Colour, _ number: Int32) -> Bool {
      let own = Self.looks(colour, &looks)
      return own.squared(to: chosen.looks(Int(number))) <= Self.still * Self.still
    }
    return isAlike(upper, halves.upper) && isAlike(cell.background, halves.lower)
  }

  /// Finds numbers for what is to be drawn; the commands that set those which get another colour.
  private mutating func choose(for patches: [Patch]) -> [UInt8] {
    guard var chosen, !patches.isEmpty else { return [] }
    var wanted: [(colour: Colour, looks: Looks)] = []
    var seen = Set<Colour>()
    var held = drawn
    for patch in patches {
      for (n, cell) in patch.cells.enumerated() {
        held[patch.row * size.columns + patch.column + n] = Self.nothing
        for colour in [cell.foreground, cell.background]
        where !colour.isStandard && seen.insert(colour).inserted {
          wanted.append((colour, Self.looks(colour, &looks)))
        }
      }
    }
    let changed = chosen.choose(wanted, held: numbers(held), shown: numbers(drawn))
    self.chosen = chosen
    guard !changed.isEmpty else { return [] }
    return Array(PaletteCommands.set(chosen.table, changed).utf8)
  }

  private func numbers(_ cells: [(upper: Int32, lower: Int32)]) -> Set<Int> {
    var has = [Bool](repeating: false, count: 256)
    for halves in cells where halves.upper >= 0 && halves.lower >= 0 {
      has[Int(halves.upper)] = true
      has[Int(halves.lower)] = true
    }
    return Set(has.indices.filter { has[$0] })
  }
}
