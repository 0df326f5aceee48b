/// The images that a terminal shows, and what to send so that it shows those of a frame.
///
/// An image that changed in a few cells gets a small one laid over them; after some of these, or
/// when more changed, it is sent whole. Numbers of images that were deleted are used again.
package struct ImageLayer {
  private struct Shown {
    var picture: PlacedPicture
    /// The image, then those laid over it.
    var ids: [Int]
  }

  private static let firstID = 8100
  private static let mostPatches = 12
  private static let depth = 1

  private let compress: ([UInt8]) -> [UInt8]?
  private var shown: [Shown] = []
  private var used: Set<Int> = []

  /// - Parameter compress: makes a zlib stream; nil where that fails.
  package init(compress: @escaping ([UInt8]) -> [UInt8]?) { self.compress = compress }

  /// Whether the terminal holds images.
  package var isEmpty: Bool { shown.isEmpty }

  /// What must be sent after the text of a frame.
  package mutating func update(to frame: Frame) -> [UInt8] {
    var sent: [UInt8] = []
    var kept: [Shown] = []
    var gone: [Int] = []
    for wanted in frame.images.flatMap({ $0.bands(under: frame) }) {
      guard
        let at = shown.firstIndex(where: {
          $0.picture.area == wanted.area && $0.picture.density == wanted.density
        })
      else {
        sent += send(wanted, over: [], &kept, wanted)
        continue
      }
      let old = shown.remove(at: at)
      guard let changed = wanted.difference(from: old.picture) else {
        kept.append(old)
        continue
      }
      let isSmall =
        4 * changed.columns * changed.rows <= wanted.area.columns * wanted.area.rows
      if isSmall, old.ids.count <= Self.mostPatches {
        sent += send(wanted.part(changed), over: old.ids, &kept, wanted)
      } else {
        sent += send(wanted, over: [], &kept, wanted)
        gone += old.ids
      }
    }
    gone += shown.flatMap(\.ids)
    shown = kept
    used.subtract(gone)
    for id in gone { sent += Array(ImageCommands.delete(id).utf8) }
    // DECSC and DECRC: ncurses knows nothing of what is between them.
    return sent.isEmpty ? [] : Array("\u{1b}7".utf8) + sent + Array("\u{1b}8".utf8)
  }

  private mutating func send(
    _ piece: PlacedPicture, over ids: [Int], _ kept: inout [Shown], _ whole: PlacedPicture
  ) -> [UInt8] {
    var id = Self.firstID
    while used.contains(id) { id += 1 }
    used.insert(id)
    kept.append(Shown(picture: whole, ids: ids + [id]))
    return ImageCommands.show(
      piece, id: id, depth: Self.depth + ids.count, compress: compress)
  }

  /// The terminal holds nothing any more.
  package mutating func forget() {
    shown = []
    used = []
  }
}
