import Basics
internal import CISAL
import Imaging

/// The bytes of an image file in order, inflated when the name ends in .gz, checked to the end.
final class VoxelStream {
  private let source: FileSource
  private let inflater: OpaquePointer?
  private var input: [UInt8]
  private var inputStart = 0
  private var inputEnd = 0
  private var memberOpen = true
  private var ended = false
  /// Bytes after the last gzip member that are no gzip.
  private(set) var trailingBytes = 0
  private(set) var members = 1
  /// Bytes handed out so far.
  private(set) var position = 0

  static let chunk = 1 << 18

  init(_ source: FileSource, gzip: Bool) throws(Problem) {
    self.source = source
    input = [UInt8](repeating: 0, count: gzip ? Self.chunk : 0)
    inflater = gzip ? boldspect_inflater_new() : nil
    if gzip, inflater == nil {
      throw Problem(.inputOutput, source.name, "there is no memory to inflate it")
    }
  }

  deinit { boldspect_inflater_free(inflater) }

  var isCompressed: Bool { inflater != nil }

  /// Fills the buffer as far as the file reaches and returns the number of bytes.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let got = inflater == nil ? try source.read(into: rest) : try inflate(into: rest)
      if got == 0 { break }
      filled += got
    }
    position += filled
    return filled
  }

  /// Reads what is left, at most `limit` bytes of it, so that CRC and length are checked.
  /// Returns the number of bytes found beyond what was read before.
  func drain(limit: Int) throws(Problem) -> Int {
    var extra = 0
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    while extra <= limit {
      let got = try read(into: &scratch)
      if got == 0 { return extra }
      extra += got
    }
    return extra
  }

  private func refill() throws(Problem) -> Bool {
    guard inputStart == inputEnd else { return true }
    inputStart = 0
    inputEnd = 0
    var result: Result<Int, Problem> = .success(0)
    input.withUnsafeMutableBytes { buffer in
      do throws(Problem) { result = .success(try source.read(into: buffer)) } catch {
        result = .failure(error)
      }
    }
    inputEnd = try result.get()
    return inputEnd > 0
  }

  private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(Problem) -> Int {
    guard let base = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
    while !ended {
      let haveInput = try refill()
      if !memberOpen {
        try startNextMember(haveInput)
        continue
      }
      var used = inputEnd - inputStart
      var made = buffer.count
      let status = input.withUnsafeBufferPointer { bytes in
        boldspect_inflater_step(
          inflater, bytes.baseAddress.map { $0 + inputStart }, &used, base, &made)
      }
      inputStart += used
      switch status {
      case BOLDSPECT_INFLATE_MEMBER_END: memberOpen = false
      case BOLDSPECT_INFLATE_MORE:
        if made == 0 && used == 0 && !haveInput {
          throw Problem(
            .data, source.name, "the gzip stream breaks off after \(position) bytes of content",
            expected: "a complete file", remedy: "Copy or download it again")
        }
      case BOLDSPECT_INFLATE_BAD_CHECKSUM:
        throw Problem(
          .data, source.name, "the gzip checksum or length is wrong", expected: "an undamaged file",
          remedy: "Copy or download it again")
      default:
        if position == 0, source.consumed <= Self.chunk, input[0] != 0x1f || input[1] != 0x8b {
          throw Problem(
            .data, source.name, "it is not gzip-compressed although its name ends in .gz",
            expected: "a gzip file")
        }
        throw Problem(
          .data, source.name, "the gzip stream is damaged after \(position) bytes of content",
          expected: "an undamaged file", remedy: "Copy or download it again")
      }
      if made > 0 { return made }
    }
    return 0
  }

  /// After a member: another one, nothing, or bytes that are no gzip.
  private func startNextMember(_ haveInput: Bool) throws(Problem) {
    guard haveInput else {
      ended = true
      return
    }
    if inputEnd - inputStart == 1, input[inputStart] == 0x1f {
      // The magic may be cut by the chunk: look at one more byte.
      var next: [UInt8] = [0]
      let got = try source.readByte(into: &next)
      if got == 1 {
        input[0] = 0x1f
        input[1] = next[0]
        inputStart = 0
        inputEnd = 2
      }
    }
    if inputEnd - inputStart >= 2, input[inputStart] == 0x1f, input[inputStart + 1] == 0x8b {
      boldspect_inflater_reset(inflater)
      memberOpen = true
      members += 1
      return
    }
    trailingBytes = inputEnd - inputStart + (source.size - source.consumed)
    ended = true
    // The digest names the whole file, so the rest is read as well.
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    while try source.readByte(into: &scratch) > 0 {}
  }
}

extension FileSource {
  /// Reads up to the array's length; 0 at the end.
  func readByte(into bytes: inout [UInt8]) throws(Problem) -> Int {
    var result: Result<Int, Problem> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(Problem) { result = .success(try read(into: buffer)) } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}
