import Basics
import Imaging

extension VoxelStream {
  /// Fills the array as far as the file reaches.
  func read(into bytes: inout [UInt8]) throws(Problem) -> Int {
    var result: Result<Int, Problem> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(Problem) { result = .success(try read(into: buffer)) } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}

extension VoxelStream {
  /// The next bytes, fewer at the end of the file.
  func bytes(_ count: Int) throws(Problem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try read(into: &bytes)
    return Array(bytes.prefix(got))
  }
}

/// Hands out the voxels of one frame after the other, in host byte order.
final class FrameReader {
  let frameBytes: Int
  private let stream: VoxelStream
  private let name: String
  private let frameCount: Int
  private let valueBytes: Int
  private let isSwapped: Bool
  private var done = 0
  private var voxelBytes: Int { frameBytes * frameCount }

  /// - Parameters:
  ///   - stream: stands at the first voxel.
  ///   - isSwapped: whether values are stored in the other byte order.
  ///   - name: of the file that the voxels are in.
  init(_ header: ImageHeader, isSwapped: Bool, _ stream: VoxelStream, _ name: String) {
    self.stream = stream
    self.name = name
    self.isSwapped = isSwapped
    frameCount = header.frameCount
    valueBytes = header.type.byteCount
    frameBytes = header.grid.count * valueBytes
  }

  /// The next frame; the file ending early is a refusal.
  func next(into buffer: inout [UInt8]) throws(Problem) {
    let got = try stream.read(into: &buffer)
    guard got == frameBytes else {
      throw Problem(
        .data, name,
        "it ends after \(done * frameBytes + got) of \(voxelBytes) bytes of voxels",
        expected: "a complete file", remedy: "Copy or download it again")
    }
    done += 1
    if isSwapped { swapBytes(&buffer, valueBytes) }
  }

  /// Walks over the frames that nobody asked for.
  func skipRest() throws(Problem) {
    guard done < frameCount else { return }
    var left = (frameCount - done) * frameBytes
    var scratch = [UInt8](repeating: 0, count: min(left, 1 << 20))
    while left > 0 {
      if left < scratch.count { scratch = [UInt8](repeating: 0, count: left) }
      let got = try stream.read(into: &scratch)
      guard got == scratch.count else {
        throw Problem(
          .data, name,
          "it ends after \(voxelBytes - left + got) of \(voxelBytes) bytes of voxels",
          expected: "a complete file", remedy: "Copy or download it again")
      }
      left -= got
    }
    done = frameCount
  }
}

/// Reverses the bytes of every value.
func swapBytes(_ bytes: inout [UInt8], _ width: Int) {
  func swap<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) {
    bytes.withUnsafeMutableBytes { buffer in
      for at in stride(from: 0, to: buffer.count, by: MemoryLayout<T>.size) {
        let value = buffer.loadUnaligned(fromByteOffset: at, as: T.self)
        buffer.storeBytes(of: value.byteSwapped, toByteOffset: at, as: T.self)
      }
    }
  }
  switch width {
  case 2: swap(UInt16.self)
  case 4: swap(UInt32.self)
  case 8: swap(UInt64.self)
  default: break
  }
}
