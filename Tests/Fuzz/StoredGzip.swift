/// A gzip of stored blocks, so that what stands in it can be changed byte by byte.
enum StoredGzip {
  private static let table: [UInt32] = (0..<256).map { n in
    (0..<8).reduce(UInt32(n)) { c, _ in c & 1 == 1 ? 0xedb8_8320 ^ (c >> 1) : c >> 1 }
  }

  static func member(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    var at = 0
    repeat {
      let n = min(65535, bytes.count - at)
      out.append(at + n == bytes.count ? 1 : 0)
      for v in [n, n ^ 0xffff] { out += [UInt8(v & 255), UInt8(v >> 8)] }
      out += bytes[at..<at + n]
      at += n
    } while at < bytes.count
    let crc = ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
    for v in [crc, UInt32(bytes.count)] {
      out += (0..<4).map { UInt8(v >> (8 * UInt32($0)) & 255) }
    }
    return out
  }
}
