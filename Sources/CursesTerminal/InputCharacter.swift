/// A character in UTF-8 on its way in. A byte that belongs to none is read over and takes no other with it.
package struct InputCharacter {
  private var bytes: [UInt8] = []
  private var length = 0

  package init() {}

  /// One more byte; the character that it ends.
  package mutating func take(_ byte: UInt8) -> Unicode.Scalar? {
    guard !bytes.isEmpty else { return begin(byte) }
    guard (0x80...0xbf).contains(byte) else {
      bytes = []
      return begin(byte)
    }
    bytes.append(byte)
    guard bytes.count == length else { return nil }
    defer { bytes = [] }
    let text = String(validating: bytes, as: UTF8.self)
    return text?.unicodeScalars.first
  }

  private mutating func begin(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case 0..<0x80: return Unicode.Scalar(byte)
    case 0xc2..<0xe0: length = 2
    case 0xe0..<0xf0: length = 3
    case 0xf0..<0xf5: length = 4
    default: return nil
    }
    bytes = [byte]
    return nil
  }
}
