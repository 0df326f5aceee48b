import Basics
package import CellUI

/// A colour scale for perfusion, from nothing to the top of the scale.
///
/// The four of DICOM PS3.6 Annex B are its tables entry by entry, written as the steps from one
/// entry to the next. `even` was computed for this program: a smooth curve through CIELAB whose
/// lightness only rises, cut into 255 pieces of equal length, so that the same difference looks the
/// same everywhere on the scale.
package enum Palette: String, Sendable, CaseIterable {
  case hotIron = "hot-iron"
  case hotMetalBlue = "hot-metal-blue"
  case pet
  case pet20Step = "pet-20-step"
  case grey
  case even

  /// The name on screen; DICOM's own where it has one.
  package var title: String {
    switch self {
    case .hotIron: "Hot Iron"
    case .hotMetalBlue: "Hot Metal Blue"
    case .pet: "PET"
    case .pet20Step: "PET 20 Step"
    case .grey: "Grey"
    case .even: "Even"
    }
  }

  /// The palette that a typed name begins.
  package init?(typed: String) {
    func plain(_ text: String) -> String {
      String(text.lowercased().filter { $0 != " " && $0 != "-" && $0 != "_" })
    }
    let wanted = plain(typed)
    let all = Palette.allCases
    guard !wanted.isEmpty,
      let found = all.first(where: { plain($0.rawValue) == wanted })
        ?? all.first(where: { plain($0.rawValue).hasPrefix(wanted) })
        ?? (wanted == "gray" ? .grey : nil)
    else { return nil }
    self = found
  }

  /// All 256 entries.
  package var entries: [Colour] { Self.tables[self] ?? [] }

  func colour(_ t: Double) -> Colour {
    entries[Int((max(0, min(1, t)) * 255).rounded())]
  }

  private static let tables = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, $0.makeEntries()) })

  private func makeEntries() -> [Colour] {
    switch self {
    case .hotIron:
      channels(
        [2, 127, 1, 1, 0, 127],
        [0, 128, 2, 126, 3, 1],
        [0, 191, 4, 63, 3, 1])
    case .hotMetalBlue:
      channels(
        [
          0, 85, 3, 8, 2, 1, 3, 8, 2, 1, 3, 1, 2, 2, 3, 1, 2, 2, 3, 1, 2, 1, 3, 1, 2, 2, 3, 1, 2, 2,
          3, 1, 2, 1, 3, 8, 2, 1, 3, 16, 2, 1, 3, 8, 4, 2, 3, 1, 4, 5, 3, 1, 4, 5, 3, 1, 4, 2, 0,
          85,
        ],
        [
          0, 119, 2, 4, 1, 1, 2, 7, 1, 1, 2, 8, 1, 1, 2, 7, 1, 1, 2, 8, 1, 1, 2, 7, 1, 1, 2, 8, 1,
          1, 2, 7, 1, 1, 2, 8, 1, 1, 2, 7, 1, 1, 2, 8, 1, 1, 2, 7, 1, 1, 2, 8, 1, 1, 2, 7, 1, 1, 2,
          6, 1, 1, 2, 5, 1, 1, 2, 5, 1, 1, 2, 2,
        ],
        [
          2, 8, 1, 1, 2, 33, 1, 1, 2, 16, 1, 1, 2, 33, 1, 1, 2, 8, -3, 8, -2, 1, -3, 8, -6, 4, -5,
          1, -6, 7, -5, 1, -6, 4, -3, 8, -2, 1, -3, 8, 0, 17, 3, 8, 2, 1, 3, 16, 2, 1, 3, 16, 2, 1,
          3, 16, 2, 1, 3, 10, 4, 1, 3, 3, 4, 1, 3, 3, 4, 1, 3, 3, 4, 1, 3, 2,
        ])
    case .pet:
      channels(
        [0, 63, 1, 1, 2, 42, 1, 1, 2, 42, 1, 1, 2, 42, 0, 63],
        [2, 31, 3, 1, 2, 30, 3, 1, -2, 32, -1, 1, -2, 31, -1, 1, 2, 126, 3, 1],
        [1, 1, 2, 127, -3, 1, -4, 63, 4, 20, 5, 1, 4, 20, 5, 1, 4, 20, 5, 1])
    case .pet20Step:
      (0..<256).map { entry in
        Colour(hex: pet20Steps.last { $0.from <= entry }?.hex ?? 0)
      }
    case .grey: (0...255).map { Colour($0, $0, $0) }
    case .even: evenEntries()
    }
  }
}

/// Where each of the twenty colours begins.
private let pet20Steps: [(from: Int, hex: UInt32)] = [
  (0, 0x000000), (13, 0x600050), (26, 0x303050), (39, 0x303070), (51, 0x505080), (64, 0x6060b0),
  (77, 0x7070c0), (90, 0x8080e0), (102, 0x306030), (115, 0x309030), (128, 0x50c050),
  (141, 0x40e040), (153, 0xe0e050), (166, 0xd0d060), (179, 0xd0b040), (192, 0xd09000),
  (204, 0xc06000), (217, 0xb03000), (230, 0xff0000), (243, 0xffffff),
]

/// Entries from three lists of "step, how often", each starting at 0.
private func channels(_ red: [Int], _ green: [Int], _ blue: [Int]) -> [Colour] {
  func walk(_ steps: [Int]) -> [UInt8] {
    var values: [UInt8] = [0]
    var value = 0
    for n in stride(from: 0, to: steps.count, by: 2) {
      for _ in 0..<steps[n + 1] {
        value += steps[n]
        values.append(UInt8(max(0, min(255, value))))
      }
    }
    return values
  }
  let (r, g, b) = (walk(red), walk(green), walk(blue))
  return (0..<256).map { Colour(r[$0], g[$0], b[$0]) }
}

/// Black, violet, red, orange, pale yellow, white: hues that stay apart for eyes that confuse red
/// and green, because each is lighter than the one before.
private func evenEntries() -> [Colour] {
  let guides = [
    Lab(0, 0, 0), Lab(0, 0, 0), Lab(12, 26, -34), Lab(30, 52, -42), Lab(47, 66, 0),
    Lab(62, 50, 52), Lab(80, 14, 70), Lab(93, -8, 42), Lab(100, 0, 0), Lab(100, 0, 0),
  ]
  let pieces = guides.count - 2
  let fineness = 500
  // A quadratic B-spline.
  let curve = (0...(pieces * fineness)).map { n in
    let piece = min(pieces - 1, n / fineness)
    let t = Double(n - piece * fineness) / Double(fineness)
    let weights = [0.5 * (1 - t) * (1 - t), 0.5 + t - t * t, 0.5 * t * t]
    func mix(_ part: (Lab) -> Double) -> Double {
      (0..<3).reduce(0) { $0 + weights[$1] * part(guides[piece + $1]) }
    }
    return Lab(mix(\.lightness), mix(\.a), mix(\.b))
  }
  var lengths = [0.0]
  for n in 1..<curve.count { lengths.append(lengths[n - 1] + curve[n].distance(to: curve[n - 1])) }
  let whole = lengths[curve.count - 1]
  var at = 0
  return (0..<256).map { entry in
    while at < curve.count - 1, lengths[at] < whole * Double(entry) / 255 { at += 1 }
    return curve[at].colour
  }
}

// MARK: - What a terminal makes of it

extension Palette {
  /// The colours of a terminal that lets them be chosen: those of text stay where they are, the
  /// others are this scale, and spare ones for what a picture has beside it.
  package var table: ColourTable { Self.colourTables[self] ?? .xterm }

  /// The same with the colours of overlays that are not red and blue, as far as there are numbers left.
  func table(with overlays: [OverlayColours]) -> ColourTable {
    overlays.isEmpty ? table : makeTable(overlays)
  }

  private static let colourTables = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0, $0.makeTable()) })

  private func makeTable(_ overlays: [OverlayColours] = []) -> ColourTable {
    func spread(_ count: Int, _ colour: (Double) -> Colour) -> [Colour] {
      (0..<count).map { colour(Double($0) / Double(count - 1)) }
    }
    var wanted: [Colour] = []
    var seen = Set(Ink.all.map { IndexedColours.colour(IndexedColours.index($0)) })
    func add(_ colours: [Colour]) {
      for c in colours where seen.insert(c).inserted { wanted.append(c) }
    }
    add([ColourMaps.noData, ColourMaps.outsideField])
    for colours in overlays.prefix(2) {
      add(spread(14, colours.positive))
      add(spread(14, colours.negative))
    }
    let kept = Set(Ink.all.map(IndexedColours.index))
    let scale = spread(self == .grey ? 86 : 66, colour).filter { seen.insert($0).inserted }
    let free = (16...255).filter { !kept.contains($0) }
    // Numbers below 100 are a byte shorter: what a picture has most of comes first, and the scale last.
    let spare = Array(free[wanted.count..<(free.count - scale.count)])
    var colours = (16...255).map(IndexedColours.colour)
    for (number, colour) in zip(free, wanted) { colours[number - 16] = colour }
    for (number, colour) in zip(free.suffix(scale.count), scale) { colours[number - 16] = colour }
    for number in spare { colours[number - 16] = ColourMaps.noData }
    return ColourTable(first: 16, colours, spare: spare)
  }

  /// How many of its levels a terminal surely shows apart.
  package func levels(_ capabilities: Capabilities) -> Int {
    if capabilities.hasImages { return distinctLevels(entries) }
    if capabilities.writesAlike { return coloursBeyondAlike(entries).count }
    switch capabilities.colours {
    case .none: return capabilities.unicode ? 5 : 6
    case .direct: return distinctLevels(entries)
    case .indexed, .sixteen, .eight:
      let table =
        capabilities.redefines ? self.table : ColourTable.fixed(capabilities.colours) ?? .xterm
      return distinctLevels(entries.map { table.colour(table.number($0)) })
    }
  }
}
