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
