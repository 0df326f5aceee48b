import Basics
import Glibc
import Imaging

/// An open regular file that is read once from front to back and hashed on the way.
final class FileSource {
  let path: String
  /// The last part of the path, for messages: folders may name a person.
  let name: String
  let size: Int
  private let descriptor: Int32
  private var hasher = Hasher256()
  private(set) var consumed = 0

  /// Opens without blocking on a FIFO and refuses what is not a regular file.
  init(_ path: String) throws(Problem) {
    self.path = path
    name = fileName(path)
    let fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard fd >= 0 else { throw Self.cannotOpen(fileName(path), errno) }
    var status = stat()
    guard fstat(fd, &status) == 0 else {
      close(fd)
      throw Self.cannotOpen(fileName(path), errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(fd)
      throw Problem(
        .missingInput, fileName(path), "is not a regular file", expected: "an image file")
    }
    descriptor = fd
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads up to the buffer's length; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
    guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
    while true {
      let got = Glibc.read(descriptor, base, buffer.count)
      if got >= 0 {
        hasher.update(UnsafeRawBufferPointer(start: base, count: got))
        consumed += got
        return got
      }
      if errno == EINTR { continue }
      throw Problem(.inputOutput, name, "reading failed: \(reason(errno))")
    }
  }

  /// Some bytes from elsewhere in the file, fewer where it ends; neither hashed nor counted.
  func bytes(_ count: Int, at offset: Int) throws(Problem) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: count)
    let got = pread(descriptor, &out, count, off_t(offset))
    guard got >= 0 else {
      throw Problem(.inputOutput, name, "reading failed: \(reason(errno))")
    }
    return Array(out.prefix(got))
  }

  /// SHA-256 of the whole file, for which the rest of it is read.
  func wholeDigest() throws(Problem) -> String {
    var rest = [UInt8](repeating: 0, count: 1 << 16)
    while try readByte(into: &rest) > 0 {}
    return digest()
  }

  /// SHA-256 of everything read.
  func digest() -> String { hasher.finish() }

  private static func cannotOpen(_ name: String, _ code: Int32) -> Problem {
    code == ENOENT || code == ENOTDIR
      ? Problem(.missingInput, name, "there is no such file", remedy: "Check the path")
      : Problem(.missingInput, name, "cannot be opened: \(reason(code))")
  }
}

/// The last part of a path.
package func fileName(_ path: String) -> String {
  path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init)
    ?? (path.isEmpty ? "(no name)" : path)
}

/// The system's words for an error number.
func reason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
