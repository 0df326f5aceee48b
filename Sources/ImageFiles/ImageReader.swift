package import Basics
import Dispatch
import Glibc
package import Imaging

/// Reads images of every format in `ImageFormats`: the header first, checked, then one pass over the voxels,
/// which are inflated once and checked to the last byte.
package enum ImageReader {
  /// What a file says of itself; a compressed file is walked to its end.
  package static func describe(_ path: String) throws(Problem) -> ImageHeader {
    let image = try ImageFormats.open(path, wantsVoxels: false)
    try image.finish()
    return image.header
  }

  /// The same with the file's hash, for which all of it is read.
  package static func identify(_ path: String) throws(Problem) -> ImageDescription {
    try pass(path) { (_) throws(Problem) in }.0
  }

  /// A whole file in its own number type.
  package static func read(
    _ path: String, progress: WorkProgress = .silent
  ) throws(Problem) -> (description: ImageDescription, samples: SampleStore) {
    let (description, samples) = try pass(path) {
      (image) throws(Problem) -> SampleStore in
      let d = image.header
      let voxelBytes = MemoryBudget.product(image.frameBytes, d.frameCount)
      // The stored voxels, one frame more on the way, and a frame as numbers.
      try MemoryBudget.require(
        MemoryBudget.sum(
          voxelBytes, d.frameCount > 1 ? image.frameBytes : 0,
          MemoryBudget.product(4, d.grid.count)), of: d.name, for: "reading it")
      var bytes = [UInt8]()
      if d.frameCount == 1 {
        try progress.check()
        bytes = [UInt8](repeating: 0, count: image.frameBytes)
        try image.next(into: &bytes)
        progress.report("reading", 1)
      } else {
        bytes.reserveCapacity(voxelBytes)
        var buffer = [UInt8](repeating: 0, count: image.frameBytes)
        for t in 0..<d.frameCount {
          try progress.check()
          try image.next(into: &buffer)
          bytes.append(contentsOf: buffer)
          progress.report("reading", Double(t + 1) / Double(d.frameCount))
        }
      }
      return SampleStore(
        type: d.type, slope: d.slope,
        intercept: d.intercept, bytes: bytes)
    }
    return (description, samples)
  }

  /// One volume: the only one of a 3-D file, or one frame of a series.
  package static func readVolume(
    _ path: String, frame: Int = 0
  ) throws(Problem) -> (description: ImageDescription, volume: Volume) {
    let (description, samples) = try read(path)
    let count = description.grid.count
    guard frame >= 0, frame < description.frameCount else {
      throw Problem(
        .usage, "--frame", "there is no frame \(frame)",
        expected: "0 to \(description.frameCount - 1)")
    }
    return (
      description,
      Volume(
        grid: description.grid, values: samples.floats(frame * count..<(frame + 1) * count))
    )
  }

  /// Runs `body` between a checked header and the end of the file.
  static func pass<R>(
    _ path: String, _ body: (any OpenImage) throws(Problem) -> R
  ) throws(Problem) -> (ImageDescription, R) {
    let image = KeyedImage(try ImageFormats.open(path, wantsVoxels: true))
    let result = try body(image)
    try image.finish()
    let hash = try image.sha256()
    return (
      ImageDescription(header: image.header, sha256: hash, voxelsSHA256: image.voxelsSHA256), result
    )
  }
}
