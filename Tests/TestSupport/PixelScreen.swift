/// A terminal's screen as colours: half blocks in 24 bits and kitty's images, read from the bytes
/// that were sent. What it does not know it leaves out.
package struct PixelScreen {
  /// An image on the screen.
  package struct Image {
    package var row: Int
    package var column: Int
    package var columns: Int
    package var rows: Int
    package var depth: Int
    package var width: Int
    package var height: Int
    /// Red, green, blue, opaque.
    package var pixels: [[UInt8]]
  }

  private var columns: Int
  private var cells: [(upper: Int, lower: Int)]
  private var place = (row: 0, column: 0)
  private var saved = (row: 0, column: 0)
  private var ink = (front: -1, back: -1)
  private var pieces: (keys: [String: String], data: [UInt8])?
  package private(set) var images: [Int: Image] = [:]
  /// What was no image although it should have been.
  package private(set) var complaints: [String] = []

  package init(columns: Int, rows: Int) {
    self.columns = columns
    cells = [(Int, Int)](repeating: (-1, -1), count: columns * rows)
  }

  /// The colour of the upper or lower half of a cell, -1 for the terminal's own.
  package func half(_ row: Int, _ column: Int, lower: Bool) -> Int {
    let cell = cells[row * columns + column]
    return lower ? cell.lower : cell.upper
  }

  /// The uppermost image's colour at a place that is told in cells; nil where no image is opaque.
  package func image(_ row: Double, _ column: Double) -> Int? {
    let here = images.values.filter {
      row >= Double($0.row) && row < Double($0.row + $0.rows) && column >= Double($0.column)
        && column < Double($0.column + $0.columns)
    }
    for image in here.sorted(by: { $0.depth > $1.depth }) {
      let x = Int((column - Double(image.column)) * Double(image.width) / Double(image.columns))
      let y = Int((row - Double(image.row)) * Double(image.height) / Double(image.rows))
      let p = image.pixels[y * image.width + x]
      if p[3] > 0 { return Int(p[0]) << 16 | Int(p[1]) << 8 | Int(p[2]) }
    }
    return nil
  }

  package mutating func take(_ bytes: [UInt8]) {
    var at = 0
    while at < bytes.count {
      guard bytes[at] == 0x1b, at + 1 < bytes.count else {
        at += print(bytes, at)
        continue
      }
      switch bytes[at + 1] {
      case UInt8(ascii: "["):
        guard let end = bytes[(at + 2)...].firstIndex(where: { (0x40...0x7e).contains($0) }) else {
          return
        }
        control(String(decoding: bytes[(at + 2)..<end], as: UTF8.self), bytes[end])
        at = end + 1
      case UInt8(ascii: "_"), UInt8(ascii: "]"), UInt8(ascii: "P"):
        guard let end = bytes[(at + 2)...].firstIndex(where: { $0 == 0x1b || $0 == 7 }) else {
          return
        }
        if bytes[at + 1] == UInt8(ascii: "_") { graphics(bytes[(at + 2)..<end]) }
        at = end + (bytes[end] == 7 ? 1 : 2)
      case UInt8(ascii: "7"):
        saved = place
        at += 2
      case UInt8(ascii: "8"):
        place = saved
        at += 2
      case UInt8(ascii: "("), UInt8(ascii: ")"): at += 3
      default: at += 2
      }
    }
  }

  private mutating func print(_ bytes: [UInt8], _ at: Int) -> Int {
    let first = bytes[at]
    let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    guard
      let glyph = String(decoding: bytes[at..<min(bytes.count, at + length)], as: UTF8.self)
        .unicodeScalars.first, glyph.value >= 32
    else {
      if first == 13 { place.column = 0 }
      if first == 10 { place.row += 1 }
      return 1
    }
    if place.column < columns, place.row * columns + place.column < cells.count {
      let (a, b) = ink
      switch glyph {
      case "█": cells[place.row * columns + place.column] = (a, a)
      case "▀": cells[place.row * columns + place.column] = (a, b)
      case "▄": cells[place.row * columns + place.column] = (b, a)
      default: cells[place.row * columns + place.column] = (b, b)
      }
    }
    place.column += 1
    return length
  }

  private mutating func control(_ body: String, _ final: UInt8) {
    let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    switch final {
    case UInt8(ascii: "H"):
      place = (max(1, numbers.first ?? 1) - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case UInt8(ascii: "C"): place.column += max(1, numbers.first ?? 1)
    case UInt8(ascii: "m"):
      var n = 0
      while n < numbers.count {
        switch numbers[n] {
        case 0: ink = (-1, -1)
        case 39: ink.front = -1
        case 49: ink.back = -1
        case 38 where n + 4 < numbers.count, 48 where n + 4 < numbers.count:
          guard numbers[n + 1] == 2 else { break }
          let colour = numbers[n + 2] << 16 | numbers[n + 3] << 8 | numbers[n + 4]
          if numbers[n] == 38 { ink.front = colour } else { ink.back = colour }
          n += 4
        default: break
        }
        n += 1
      }
    default: break
    }
  }

  private mutating func graphics(_ body: ArraySlice<UInt8>) {
    guard body.first == UInt8(ascii: "G") else { return }
    let end = body.firstIndex(of: UInt8(ascii: ";")) ?? body.endIndex
    var keys: [String: String] = [:]
    for pair in String(decoding: body[(body.startIndex + 1)..<end], as: UTF8.self)
      .split(separator: ",")
    {
      let parts = pair.split(separator: "=").map(String.init)
      if parts.count == 2 { keys[parts[0]] = parts[1] }
    }
    let data = end < body.endIndex ? Array(body[(end + 1)...]) : []
    if keys["a"] == "q" { return }
    if keys["a"] == "d" {
      if keys["d"] == "A" {
        images = [:]
      } else if let id = keys["i"].flatMap({ Int($0) }) {
        if images.removeValue(forKey: id) == nil { complaints.append("no image \(id) to delete") }
      }
      return
    }
    if data.count > 4096 { complaints.append("a piece of \(data.count) bytes") }
    pieces = pieces.map { ($0.keys, $0.data + data) } ?? (keys, data)
    if keys["m"] == "1" { return }
    if let whole = pieces { show(whole.keys, whole.data) }
    pieces = nil
  }

  private mutating func show(_ keys: [String: String], _ data: [UInt8]) {
    func number(_ key: String) -> Int? { keys[key].flatMap { Int($0) } }
    let deep = number("f") == 32 ? 4 : 3
    guard keys["a"] == "T", keys["q"] == "2", let id = number("i"), let width = number("s"),
      let height = number("v"), let columns = number("c"), let rows = number("r"),
      let packed = decoded(data), let raw = keys["o"] == "z" ? inflated(zlib: packed) : packed,
      raw.count == width * height * deep
    else {
      complaints.append("\(keys)")
      return
    }
    if images[id] != nil { complaints.append("image \(id) is there already") }
    images[id] = Image(
      row: place.row, column: place.column, columns: columns, rows: rows, depth: number("z") ?? 0,
      width: width, height: height,
      pixels: (0..<width * height).map {
        Array(raw[($0 * deep)..<($0 * deep + deep)]) + (deep == 3 ? [255] : [])
      })
  }

  private func decoded(_ text: [UInt8]) -> [UInt8]? {
    var out: [UInt8] = []
    for at in stride(from: 0, to: text.count, by: 4) {
      guard at + 3 < text.count else { return nil }
      var value = 0
      var count = 3
      for n in 0..<4 {
        let c = text[at + n]
        switch c {
        case 65...90: value = value << 6 | Int(c - 65)
        case 97...122: value = value << 6 | Int(c - 71)
        case 48...57: value = value << 6 | Int(c + 4)
        case 43: value = value << 6 | 62
        case 47: value = value << 6 | 63
        case 61:
          value <<= 6
          count -= 1
        default: return nil
        }
      }
      for n in 0..<count { out.append(UInt8(value >> (16 - 8 * n) & 255)) }
    }
    return out
  }
}
