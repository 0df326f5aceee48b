/// Colours as the numbers that are written, what writing them costs, and which of them look alike.
struct CodeBook {
  private let colours: Capabilities.Colours
  private let table: ColourTable
  private let chosen: ChosenColours?
  /// The square of the CIEDE2000 difference up to which a colour may be written as another; 0 for none.
  private let tolerance: Double
  private var entries: [Entry] = []
  private var places: [Colour: Int32] = [:]

  private struct Entry {
    let colour: Colour
    let code: Int32
    let looks: Looks?
  }

  /// - Parameter chosen: what a terminal shows instead of the table.
  init(
    _ colours: Capabilities.Colours, _ table: ColourTable, _ chosen: ChosenColours? = nil,
    tolerance: Double = 0
  ) {
    self.colours = colours
    self.table = table
    self.chosen = chosen
    self.tolerance = tolerance * tolerance
  }

  /// Where a colour stands in the book; -1 for the terminal's own.
  mutating func entry(_ colour: Colour, _ looks: (Colour) -> Looks) -> Int32 {
    if colour.isStandard { return -1 }
    if let found = places[colour] { return found }
    let own = Int32(entries.count)
    // In 24 bits the place is the code: what it looks like is then at hand.
    let code =
      colours == .direct ? own : Int32(chosen?.number(colour) ?? table.number(colour))
    entries.append(
      Entry(colour: colour, code: code, looks: findsAlike ? looks(colour) : nil))
    places[colour] = own
    return own
  }

  /// -1 for the terminal's own.
  mutating func code(_ colour: Colour) -> Int32 {
    let place = entry(colour) { Looks($0) }
    return code(entry: place)
  }

  func code(entry: Int32) -> Int32 { entry < 0 ? -1 : entries[Int(entry)].code }

  /// Whether a colour may be written as another at all.
  var findsAlike: Bool { tolerance > 0 }

  /// Whether what stands in the book may be written with a code that another colour has.
  func accepts(_ entry: Int32, _ code: Int32) -> Bool {
    guard findsAlike, entry >= 0, code >= 0, let own = entries[Int(entry)].looks else {
      return false
    }
    let other = colours == .direct ? entries[Int(code)].looks : chosen?.looks(Int(code))
    return other.map { own.squared(to: $0) <= tolerance } ?? false
  }

  func cost(_ code: Int32) -> Int {
    switch colours {
    case _ where code < 0: return 2
    case .direct:
      let c = entries[Int(code)].colour
      return 7 + digits(c.red) + digits(c.green) + digits(c.blue)
    case .indexed: return 5 + digits(UInt8(code))
    case .sixteen, .eight, .none: return 2
    }
  }

  private func digits(_ n: UInt8) -> Int { n < 10 ? 1 : n < 100 ? 2 : 3 }

  func append(_ out: inout [UInt8], _ code: Int32, isForeground: Bool) {
    let text: String
    switch colours {
    case _ where code < 0: text = isForeground ? "39" : "49"
    case .direct:
      let c = entries[Int(code)].colour
      text = "\(isForeground ? 38 : 48);2;\(c.red);\(c.green);\(c.blue)"
    case .indexed: text = "\(isForeground ? 38 : 48);5;\(code)"
    case .sixteen, .eight, .none:
      text = String((isForeground ? 30 : 40) + (code < 8 ? code : code + 52))
    }
    out += Array(text.utf8)
  }
}

/// Where a colour lies for the eye, and what is near to it there.
package struct Looks: Sendable {
  package let lab: Lab
  package let near: NearDifference

  package init(_ colour: Colour) {
    lab = Lab(colour)
    near = NearDifference(around: lab)
  }

  /// The square of a small difference by CIEDE2000, which takes its weights halfway.
  package func squared(to other: Looks) -> Double {
    0.5 * (near.squared(lab, other.lab) + other.near.squared(other.lab, lab))
  }
}
