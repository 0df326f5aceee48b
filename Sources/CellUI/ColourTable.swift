/// The colours that a terminal has by number.
package struct ColourTable: Equatable, Sendable {
  /// The number of the first colour.
  package let first: Int
  package let colours: [Colour]
  /// Numbers that stand for nothing of their own: pictures may have other colours there.
  package let spare: [Int]
  private let places: LabTable

  package init(first: Int, _ colours: [Colour], spare: [Int] = []) {
    self.first = first
    self.colours = colours
    self.spare = spare
    places = LabTable(colours.map(Lab.init))
  }

  /// xterm's cube and greys; the 16 before them are the person's own theme.
  package static let xterm = ColourTable(first: 16, (16...255).map(IndexedColours.colour))
  /// The sixteen as most terminals and the Linux console have them.
  package static let sixteen = ColourTable(
    first: 0,
    [
      0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
      0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
    ].map { Colour(hex: $0) })
  package static let eight = ColourTable(first: 0, Array(sixteen.colours.prefix(8)))

  /// The fixed table of a kind of terminal; nil where colours need none.
  package static func fixed(_ colours: Capabilities.Colours) -> ColourTable? {
    switch colours {
    case .direct, .none: nil
    case .indexed: xterm
    case .sixteen: sixteen
    case .eight: eight
    }
  }

  package func colour(_ number: Int) -> Colour { colours[number - first] }

  /// The number of the colour that looks nearest.
  package func number(_ colour: Colour) -> Int {
    if let exact = colours.firstIndex(of: colour) { return first + exact }
    return first + places.nearest(to: Lab(colour))
  }

  /// What the text of a cell is written in where its own colour and the one behind it have one number, although they
  /// can be told apart: dark grey on black is no text then. Nil where it can be read as it is.
  package func ink(of cell: Cell) -> Colour? {
    // What the terminal has behind text is dark, or it is painted.
    let back = cell.background.isStandard ? Frame.paintedBack : cell.background
    guard !cell.foreground.isStandard, cell.foreground.contrast(with: back) >= 1.2,
      number(cell.foreground) == number(back)
    else { return nil }
    return colour(number(back.luminance < 100 ? Frame.paintedText : Frame.paintedBack))
  }

  package static func == (a: ColourTable, b: ColourTable) -> Bool {
    a.first == b.first && a.colours == b.colours && a.spare == b.spare
  }
}

extension Frame {
  /// The same screen in the colours of a table.
  package func quantised(to table: ColourTable) -> Frame {
    var known = KnownColours()
    var out = self
    out.table = table
    out.recolour { colour in
      known.nearest(colour) { table.colours[table.number($0) - table.first] }
    }
    for at in cells.indices where !cells[at].style.contains(.picture) && cells[at].glyph != " " {
      out.cells[at].foreground = table.ink(of: cells[at]) ?? out.cells[at].foreground
    }
    return out
  }
}

/// Nearest colours that were found in one picture, which has few colours and many cells.
private struct KnownColours {
  /// A place for each of so many remainders, of which a later colour takes an earlier one's.
  private static let bits: UInt32 = 11
  private var kept = [(colour: Colour, nearest: Colour)](
    repeating: (.standard, .standard), count: 1 << Int(bits))

  mutating func nearest(_ colour: Colour, _ search: (Colour) -> Colour) -> Colour {
    if colour.isStandard { return colour }
    // Knuth's multiplicative hash (TAOCP 3, 6.4).
    let at = Int((colour.packed &* 2_654_435_769) >> (32 - Self.bits))
    if kept[at].colour == colour { return kept[at].nearest }
    let found = search(colour)
    kept[at] = (colour, found)
    return found
  }
}

/// Of the colours of a scale those that are surely shown apart where each may be shown as one that looks alike.
package func coloursBeyondAlike(_ colours: [Colour]) -> [Colour] {
  let apart = 2 * ChosenColours.alike
  var last: Looks?
  return colours.filter { colour in
    let looks = Looks(colour)
    if let last, looks.squared(to: last) <= apart * apart { return false }
    last = looks
    return true
  }
}

/// How many colours of a scale can be told apart: each at least ΔE 1 from the one before.
package func distinctLevels(_ colours: [Colour]) -> Int {
  var count = 0
  var last: Lab?
  for colour in colours {
    let lab = Lab(colour)
    if last.map({ $0.distance(to: lab) >= 1 }) ?? true {
      count += 1
      last = lab
    }
  }
  return count
}
