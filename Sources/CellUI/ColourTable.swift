/// The colours that a terminal has by number.
package struct ColourTable: Equatable, Sendable {
  /// The number of the first colour.
  package let first: Int
  package let colours: [Colour]
  private let labs: [Lab]

  package init(first: Int, _ colours: [Colour]) {
    self.first = first
    self.colours = colours
    labs = colours.map(Lab.init)
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
    let lab = Lab(colour)
    var best = (place: 0, distance: Double.infinity)
    for (n, other) in labs.enumerated() {
      let d = lab.squaredDistance(to: other)
      if d < best.distance { best = (n, d) }
    }
    return first + best.place
  }

  package static func == (a: ColourTable, b: ColourTable) -> Bool {
    a.first == b.first && a.colours == b.colours
  }
}

extension Frame {
  /// The same screen in the colours of a table.
  package func quantised(to table: ColourTable) -> Frame {
    var known: [Colour: Colour] = [.standard: .standard]
    func nearest(_ colour: Colour) -> Colour {
      if let found = known[colour] { return found }
      let found = table.colour(table.number(colour))
      known[colour] = found
      return found
    }
    var out = self
    out.table = table
    out.recolour(nearest)
    return out
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
