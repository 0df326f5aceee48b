/// Takes a zlib stream apart, by the letter of RFC 1950 and 1951, so that what our compressor wrote is
/// read by something else.
package func inflated(zlib bytes: [UInt8]) -> [UInt8]? {
  guard bytes.count > 6, bytes[0] & 15 == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 else {
    return nil
  }
  var reader = BitReader(bytes: bytes, at: 2)
  var out: [UInt8] = []
  while true {
    guard let last = reader.bits(1), let kind = reader.bits(2) else { return nil }
    switch kind {
    case 0:
      reader.align()
      guard let count = reader.bits(16), reader.bits(16) != nil else { return nil }
      for _ in 0..<count {
        guard let byte = reader.bits(8) else { return nil }
        out.append(UInt8(byte))
      }
    case 1, 2:
      guard let codes = kind == 1 ? fixedCodes : reader.codes(),
        reader.block(codes.literals, codes.distances, &out)
      else { return nil }
    default: return nil
    }
    if last == 1 { break }
  }
  reader.align()
  var (a, b) = (UInt32(1), UInt32(0))
  for byte in out {
    a = (a + UInt32(byte)) % 65521
    b = (b + a) % 65521
  }
  let tail = bytes[min(bytes.count, reader.at)...].prefix(4).reduce(UInt32(0)) {
    $0 << 8 | UInt32($1)
  }
  return tail == b << 16 | a ? out : nil
}

private let fixedCodes = (
  literals: Code(
    [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
      + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8)),
  distances: Code([Int](repeating: 5, count: 30))
)

/// A Huffman code: symbols by length and value.
private struct Code: Sendable {
  private var symbols: [Int: Int] = [:]

  init(_ lengths: [Int]) {
    var next = 0
    for length in 1...15 {
      next <<= 1
      for (symbol, own) in lengths.enumerated() where own == length {
        symbols[length << 16 | next] = symbol
        next += 1
      }
    }
  }

  func symbol(_ length: Int, _ value: Int) -> Int? { symbols[length << 16 | value] }
}

private struct BitReader {
  let bytes: [UInt8]
  var at: Int
  private var bit = 0

  init(bytes: [UInt8], at: Int) {
    self.bytes = bytes
    self.at = at
  }

  mutating func bits(_ count: Int) -> Int? {
    var value = 0
    for n in 0..<count {
      guard at < bytes.count else { return nil }
      value |= Int(bytes[at] >> bit & 1) << n
      bit += 1
      if bit == 8 { (bit, at) = (0, at + 1) }
    }
    return value
  }

  mutating func align() { if bit > 0 { (bit, at) = (0, at + 1) } }

  mutating func symbol(_ code: Code) -> Int? {
    var value = 0
    for length in 1...15 {
      guard let next = bits(1) else { return nil }
      value = value << 1 | next
      if let found = code.symbol(length, value) { return found }
    }
    return nil
  }

  mutating func codes() -> (literals: Code, distances: Code)? {
    guard let l = bits(5), let d = bits(5), let c = bits(4) else { return nil }
    var lengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for n in 0..<(c + 4) {
      guard let length = bits(3) else { return nil }
      lengths[order[n]] = length
    }
    let code = Code(lengths)
    var all: [Int] = []
    while all.count < l + d + 258 {
      guard let next = symbol(code) else { return nil }
      switch next {
      case 16:
        guard let more = bits(2), let last = all.last else { return nil }
        all += [Int](repeating: last, count: more + 3)
      case 17, 18:
        guard let more = bits(next == 17 ? 3 : 7) else { return nil }
        all += [Int](repeating: 0, count: more + (next == 17 ? 3 : 11))
      default: all.append(next)
      }
    }
    return (Code(Array(all.prefix(l + 257))), Code(Array(all.dropFirst(l + 257))))
  }

  mutating func block(_ literals: Code, _ distances: Code, _ out: inout [UInt8]) -> Bool {
    while let next = symbol(literals) {
      if next < 256 {
        out.append(UInt8(next))
      } else if next == 256 {
        return true
      } else {
        let n = next - 257
        let extra = n < 8 || n == 28 ? 0 : n / 4 - 1
        let base = n == 28 ? 258 : n < 8 ? n + 3 : ((n % 4 + 4) << extra) + 3
        guard let more = bits(extra), let d = symbol(distances) else { return false }
        let far = d < 4 ? 0 : d / 2 - 1
        let from = d < 4 ? d + 1 : ((d % 2 + 2) << far) + 1
        guard let rest = bits(far), from + rest <= out.count else { return false }
        for _ in 0..<(base + more) { out.append(out[out.count - from - rest]) }
      }
    }
    return false
  }
}
