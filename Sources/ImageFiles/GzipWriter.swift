import Basics
internal import CISAL
internal import CNIfTI
import Imaging

/// What compresses the bytes of a file, part after part.
protocol GzipStream: AnyObject {
  /// Compresses some bytes; with `last` also what is still held.
  func compress(
    _ bytes: [UInt8], last: Bool, _ put: ([UInt8]) throws(Problem) -> Void
  ) throws(Problem)
}

/// How small a compressed file is made.
package enum Compression: Sendable {
  /// By ISA-L at its level 1: several times faster than zlib, for some more bytes.
  case fast
  /// By zlib at level 9, for what is shipped.
  case small

  func stream() throws(Problem) -> any GzipStream {
    switch self {
    case .fast: try FastGzip()
    case .small: try GzipWriter(level: 9)
    }
  }
}

/// A gzip stream made by ISA-L; equal content gives equal bytes.
final class FastGzip: GzipStream {
  private let deflater: OpaquePointer

  init() throws(Problem) {
    guard let deflater = boldspect_deflater_new() else {
      throw Problem(.inputOutput, "gzip", "there is no memory to compress with")
    }
    self.deflater = deflater
  }

  deinit { boldspect_deflater_free(deflater) }

  func compress(
    _ bytes: [UInt8], last: Bool, _ put: ([UInt8]) throws(Problem) -> Void
  ) throws(Problem) {
    var output = [UInt8](repeating: 0, count: 1 << 18)
    var at = 0
    while true {
      var used = bytes.count - at
      var made = output.count
      let status = bytes.withUnsafeBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
          boldspect_deflater_step(
            deflater, source.baseAddress.map { $0 + at }, &used, target.baseAddress, &made,
            last ? 1 : 0)
        }
      }
      guard status >= 0 else { throw Problem(.inputOutput, "gzip", "ISA-L failed to compress") }
      at += used
      if made > 0 { try put(Array(output.prefix(made))) }
      if last ? status == 1 : at == bytes.count && made < output.count { return }
    }
  }
}

/// A gzip stream made by zlib; no name and no time in its header, so equal content gives equal bytes.
final class GzipWriter: GzipStream {
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
