import Basics
package import Imaging
import Synchronization

/// Where every image that is read asks whether it looks like one that nothing may rest on; the program says at its start
/// where that is kept.
package enum Lookalikes {
  /// Hashes of images that nothing may rest on and that are alike; the voxels' own hash tells what was judged by itself.
  package typealias Source =
    @Sendable (_ likeness: ImageLikeness, _ voxelsSHA256: String?) -> [String]

  private static let source = Mutex<Source>({ _, _ in [] })
  private static let any = Mutex<@Sendable () -> Bool>({ false })

  /// - Parameter any: whether there is any such image, without which nothing is looked at.
  package static func use(any new: @escaping @Sendable () -> Bool, _ found: @escaping Source) {
    any.withLock { $0 = new }
    source.withLock { $0 = found }
  }

  /// Of an image by its first frame.
  static func found(
    _ header: ImageHeader, firstFrame bytes: [UInt8], voxelsSHA256: String?
  ) -> [String] {
    guard any.withLock({ $0 })(), header.laterality == .known else { return [] }
    let store = SampleStore(
      type: header.type, slope: header.slope, intercept: header.intercept, bytes: bytes)
    guard store.count == header.grid.count,
      let likeness = ImageLikeness(header.grid, floats: store.floats)
    else { return [] }
    return source.withLock { $0 }(likeness, voxelsSHA256)
  }
}
