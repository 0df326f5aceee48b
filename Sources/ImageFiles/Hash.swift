internal import CNettle

/// SHA-256 of a stream of bytes (FIPS 180-4), by nettle.
struct Hasher256 {
  private var context = sha256_ctx()

  init() { nettle_sha256_init(&context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    nettle_sha256_update(&context, bytes.count, base.assumingMemoryBound(to: UInt8.self))
  }

  /// The digest as 64 hexadecimal digits; the hasher starts anew.
  mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    nettle_sha256_digest(&context, 32, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// SHA-256 of bytes as 64 hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String {
  var hasher = Hasher256()
  bytes.withUnsafeBytes { hasher.update($0) }
  return hasher.finish()
}
