import CellUI
import Foundation

/// What a terminal shows of the pictures that it was sent: colours by number or by value, and numbers as they were
/// set last.
struct ShownPicture {
  private enum Half { case number(String), colour(Colour) }
  private var halves: [[(upper: Half, lower: Half)?]]
  private var palette: [String: Colour] = [:]

  init(_ bytes: [UInt8], columns: Int, rows: Int) {
    halves = Array(repeating: Array(repeating: nil, count: columns), count: rows)
    var rest = String(decoding: bytes, as: UTF8.self)[...]
    while let mark = rest.firstIndex(of: "\u{1b}") {
      rest = rest[rest.index(after: mark)...]
      if rest.hasPrefix("]4;"), let end = rest.range(of: "\u{1b}\\") {
        take(rest[..<end.lowerBound].dropFirst(3))
      } else if rest.hasPrefix("7"), let end = rest.range(of: "\u{1b}8") {
        paint(rest[..<end.lowerBound].dropFirst())
      }
    }
  }

  /// The colours of a cell's halves; nil where no picture was drawn.
  func cell(_ row: Int, _ column: Int) -> (upper: Colour, lower: Colour)? {
    guard let cell = halves[row][column], let upper = colour(cell.upper),
      let lower = colour(cell.lower)
    else { return nil }
    return (upper, lower)
  }

  private func colour(_ half: Half) -> Colour? {
    switch half {
    case .colour(let colour): colour
    case .number(let number):
      palette[number] ?? Int(number).map(IndexedColours.colour)
    }
  }

  private mutating func take(_ body: Substring) {
    let words = body.split(separator: ";").map(String.init)
    for n in stride(from: 0, to: words.count - 1, by: 2) where words[n + 1].hasPrefix("rgb:") {
      let parts = words[n + 1].dropFirst(4).split(separator: "/").compactMap {
        UInt8($0, radix: 16)
      }
      if parts.count == 3 { palette[words[n]] = Colour(parts[0], parts[1], parts[2]) }
    }
  }

  private mutating func paint(_ body: Substring) {
    var (row, column) = (0, 0)
    var (front, back) = (Half.number("0"), Half.number("0"))
    var rest = body
    while let character = rest.popFirst() {
      if character == "\u{1b}" {
        guard let end = rest.firstIndex(where: { $0.isLetter }) else { return }
        let words = rest[..<end].dropFirst().split(separator: ";").map(String.init)
        switch rest[end] {
        case "H": (row, column) = ((Int(words[0]) ?? 1) - 1, (Int(words[1]) ?? 1) - 1)
        case "C": column += words.first.flatMap { Int($0) } ?? 1
        default: colours(words, &front, &back)
        }
        rest = rest[rest.index(after: end)...]
        continue
      }
      let cell: (Half, Half)? =
        switch character {
        case " ": (back, back)
        case "█": (front, front)
        case "▀": (front, back)
        case "▄": (back, front)
        default: nil
        }
      if row < halves.count, column < halves[row].count { halves[row][column] = cell }
      column += 1
    }
  }

  private func colours(_ words: [String], _ front: inout Half, _ back: inout Half) {
    var n = 0
    while n + 2 < words.count {
      let isFront = words[n] == "38"
      let half: Half
      if words[n + 1] == "5" {
        half = .number(words[n + 2])
        n += 3
      } else {
        let parts = words[(n + 2)..<(n + 5)].compactMap { UInt8($0) }
        half = .colour(Colour(parts[0], parts[1], parts[2]))
        n += 5
      }
      if isFront { front = half } else { back = half }
    }
  }
}
