import Basics
internal import CNIfTI
import Imaging

/// A gzip stream made by zlib; no name and no time in its header, so equal content gives equal bytes.
final class GzipWriter {
  private var stream = z_stream()
  private var isOpen: Bool

  /// - Parameter level: 1 (fast) to 9 (small).
  init(level: Int32) throws(Problem) {
    isOpen =
      deflateInit2_(
        &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    guard isOpen else { throw Problem(.inputOutput, "gzip", "zlib cannot be started") }
  }

  deinit { if isOpen { deflateEnd(&stream) } }

  /// Compresses some bytes; with `last` also what zlib still holds.
  func compress(
    _ bytes: [UInt8], last: Bool, _ put: ([UInt8]) throws(Problem) -> Void
  ) throws(Problem) {
    var input = bytes
    var output = [UInt8](repeating: 0, count: 1 << 18)
    var at = 0
    while true {
      let part = min(input.count - at, 1 << 30)
      var used = 0
      var made = 0
      var status: Int32 = Z_OK
      input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
          stream.next_in = source.baseAddress.map { $0 + at }
          stream.avail_in = UInt32(part)
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          status = deflate(&stream, last && at + part == source.count ? Z_FINISH : Z_NO_FLUSH)
          used = part - Int(stream.avail_in)
          made = target.count - Int(stream.avail_out)
        }
      }
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw Problem(.inputOutput, "gzip", "zlib failed with code \(status)")
      }
      at += used
      if made > 0 { try put(Array(output.prefix(made))) }
      if last ? status == Z_STREAM_END : at == input.count && made < output.count { return }
    }
  }
}
