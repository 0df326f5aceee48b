/// A PNG of several pictures that browsers play: APNG, chunks acTL, fcTL and fdAT around what libpng writes
/// (PNG specification, third edition, 11.3.6).
package enum AnimatedPNG {
  /// Joins PNG files of one size to one that plays them without end; programs that do not know it show the first.
  ///
  /// - Returns: nil when one is no PNG or differs in size.
  package static func joined(_ pictures: [[UInt8]], millisecondsEach: Int) -> [UInt8]? {
    guard let first = pictures.first, let head = chunks(first),
      let header = head.first(where: { $0.name == "IHDR" })
    else { return nil }
    var out = signature
    var number: UInt32 = 0
    let size = Array(header.data.prefix(8))
    func control() -> [UInt8] {
      defer { number += 1 }
      let delay = UInt16(max(1, min(65_535, millisecondsEach)))
      return bigEndian(number) + size + bigEndian(0) + bigEndian(0)
        + [UInt8(delay >> 8), UInt8(delay & 255), 3, 232, 0, 0]
    }
    var hasBegun = false
    for chunk in head {
      if chunk.name == "IDAT", !hasBegun {
        out += written("acTL", bigEndian(UInt32(pictures.count)) + bigEndian(0))
        out += written("fcTL", control())
        hasBegun = true
      }
      if chunk.name != "IEND" { out += written(chunk.name, chunk.data) }
    }
    for picture in pictures.dropFirst() {
      guard let parts = chunks(picture), parts.first?.name == "IHDR",
        parts[0].data == header.data
      else { return nil }
      out += written("fcTL", control())
      for part in parts where part.name == "IDAT" {
        out += written("fdAT", bigEndian(number) + part.data)
        number += 1
      }
    }
    return out + written("IEND", [])
  }

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  private static func bigEndian(_ n: UInt32) -> [UInt8] {
    [UInt8(n >> 24), UInt8(n >> 16 & 255), UInt8(n >> 8 & 255), UInt8(n & 255)]
  }

  /// The chunks of a PNG in their order; nil when it is none.
  private static func chunks(_ bytes: [UInt8]) -> [(name: String, data: [UInt8])]? {
    guard bytes.starts(with: signature) else { return nil }
    var out: [(String, [UInt8])] = []
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { return nil }
      let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
      out.append((name, Array(bytes[at + 8..<at + 8 + length])))
      at += 12 + length
      if name == "IEND" { return out }
    }
    return nil
  }

  private static func written(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + named + bigEndian(checksum(named))
  }

  /// CRC-32 of the PNG specification, annex D.
  private static let table: [UInt32] = (0..<256).map { n in
    (0..<8).reduce(UInt32(n)) { c, _ in c & 1 == 1 ? 0xedb8_8320 ^ (c >> 1) : c >> 1 }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
  }
}
