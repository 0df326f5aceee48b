internal import CPNG
import Glibc

/// Pixels as bytes that others read.
package enum PixelBytes {
  /// A PNG file of 24-bit pixels; equal pixels and words give equal bytes.
  ///
  /// - Parameters:
  ///   - rgb: three bytes a pixel, row by row.
  ///   - texts: what the file says of itself.
  /// - Returns: nil when it cannot be made.
  package static func png(
    width: Int, height: Int, rgb: [UInt8], texts: [(key: String, text: String)]
  ) -> [UInt8]? {
    guard width > 0, height > 0, rgb.count == 3 * width * height else { return nil }
    let words = texts.flatMap { [strdup($0.key), strdup($0.text)] }
    defer { for word in words { free(word) } }
    let pointers = words.map { UnsafePointer($0) }
    var count = 0
    let made = pointers.withUnsafeBufferPointer { list in
      boldspect_png(
        UInt32(width), UInt32(height), rgb, list.baseAddress, Int32(texts.count), &count)
    }
    return taken(made, count)
  }

  /// What a PNG shows and says.
  package struct Picture: Sendable {
    package var width: Int
    package var height: Int
    /// Three bytes a pixel, row by row.
    package var rgb: [UInt8]
    /// The text of each key that was asked for and is there.
    package var texts: [String: String]
  }

  /// Reads a PNG of at most `mostPixels`; nil when it is no whole one.
  ///
  /// - Parameter keys: of the texts that are wanted.
  package static func picture(
    ofPNG bytes: [UInt8], mostPixels: Int, keys: [String]
  ) -> Picture? {
    let room = 256
    let names = keys.map { strdup($0) }
    defer { for name in names { free(name) } }
    let pointers = names.map { UnsafePointer($0) }
    var words = [CChar](repeating: 0, count: room * max(1, keys.count))
    var found = [Int32](repeating: 0, count: max(1, keys.count))
    var (width, height) = (UInt32(0), UInt32(0))
    let made = pointers.withUnsafeBufferPointer { list in
      boldspect_png_read(
        bytes, bytes.count, mostPixels, list.baseAddress, Int32(keys.count), &words, room, &found,
        &width, &height)
    }
    guard let rgb = taken(made, 3 * Int(width) * Int(height)) else { return nil }
    var texts: [String: String] = [:]
    for (n, key) in keys.enumerated() where found[n] != 0 {
      let word = words[n * room..<(n + 1) * room].prefix { $0 != 0 }
      texts[key] = String(decoding: word.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return Picture(width: Int(width), height: Int(height), rgb: rgb, texts: texts)
  }

  /// A zlib stream, as small as zlib makes it; nil when it cannot be made.
  package static func zlib(_ bytes: [UInt8]) -> [UInt8]? {
    var count = 0
    return taken(boldspect_zlib(bytes, bytes.count, &count), count)
  }

  private static func taken(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> [UInt8]? {
    guard let bytes else { return nil }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
