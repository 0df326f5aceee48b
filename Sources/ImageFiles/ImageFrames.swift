package import Basics
import Imaging

/// An image that is read frame by frame: no more than one is held, however long the series.
package final class ImageFrames {
  private let image: KeyedImage
  private var buffer: [UInt8]
  private var done = 0

  /// What the header says; the end of the file may add findings, which `finish` gives.
  package var header: ImageHeader { image.header }

  package convenience init(_ path: String) throws(Problem) {
    try self.init(try ImageFormats.open(path, wantsVoxels: true))
  }

  /// A series of a folder, whose headers were read already.
  package convenience init(_ series: DICOMSeries) throws(Problem) {
    guard let laid = series.laid else {
      throw series.problem
        ?? Problem(.data, fileName(series.path), "it cannot be opened", expected: "an image")
    }
    try self.init(try DICOMImage(series.path, laid))
  }

  private init(_ image: any OpenImage) throws(Problem) {
    self.image = KeyedImage(image)
    try MemoryBudget.require(
      MemoryBudget.sum(image.frameBytes, MemoryBudget.product(8, image.header.grid.count)),
      of: image.header.name, for: "a frame of it")
    buffer = [UInt8](repeating: 0, count: image.frameBytes)
  }

  /// The next frame, scaled, in file order.
  package func next() throws(Problem) -> [Float] {
    let d = image.header
    precondition(done < d.frameCount)
    try image.next(into: &buffer)
    done += 1
    let store = SampleStore(type: d.type, slope: d.slope, intercept: d.intercept, bytes: buffer)
    return store.floats(0..<d.grid.count)
  }

  /// Walks over a frame that nobody asked for.
  package func skip() throws(Problem) {
    try image.next(into: &buffer)
    done += 1
  }

  /// Reads to the end, where checksum and hash are known.
  package func finish() throws(Problem) -> ImageDescription {
    try image.finish()
    let hash = try image.sha256()
    return ImageDescription(
      header: image.header, sha256: hash, voxelsSHA256: image.voxelsSHA256)
  }

  /// Hashes by which what is made of it knows it again before the file's end is reached: of its voxels, once the first
  /// frame was read, and of what it was made of itself.
  package func origin() throws(Problem) -> [String] {
    [image.voxelsSHA256].compactMap { $0 } + (try header.lineage.followed().hashes)
  }
}
