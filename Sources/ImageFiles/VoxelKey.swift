import Basics
import Imaging

/// Which image it is whatever file it lies in: packed, renamed, stored in another order or number type, with another
/// header's words or origin, an image keeps it. Mirrored by its header or in its voxels it is another one.
///
/// It is made of the values of the first frame, in the order of the world's axes: a sum over the voxels of a mixed
/// word of place and value, so that no frame is put in order for it. Against people it proves nothing, since it is no
/// cryptographic hash of the values; it is to know a copy again.
enum VoxelKey {
  /// - Returns: 64 hexadecimal digits; nil where all values are one, as in an empty frame, which says nothing.
  static func of(_ header: ImageHeader, firstFrame bytes: [UInt8]) -> String? {
    let grid = header.grid
    let store = SampleStore(
      type: header.type, slope: header.slope, intercept: header.intercept, bytes: bytes)
    guard store.count == grid.count else { return nil }
    let order = Order(grid)
    var sums = [Sum](repeating: Sum(), count: grid.nz)
    forEachChunk(of: grid.nz, into: &sums) { slices, out in
      for k in slices { out[k] = order.sum(ofSlice: k, store) }
    }
    var all = Sum()
    for one in sums { all.add(one) }
    guard all.low < all.high else { return nil }
    let text = "boldspect voxels 1 \(order.sizes) \(all.first) \(all.second)"
    return sha256(of: Array(text.utf8))
  }

  /// Two sums of mixed words, which no order changes, and the range of the values.
  private struct Sum {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var low = Float.infinity
    var high = -Float.infinity

    mutating func add(_ other: Sum) {
      first &+= other.first
      second &+= other.second
      low = min(low, other.low)
      high = max(high, other.high)
    }
  }

  /// Where a voxel lies when x runs to the right, y to the front and z up.
  private struct Order {
    let sizes: [Int]
    private let nx: Int
    private let ny: Int
    private let start: Int
    private let steps: [Int]

    init(_ grid: Grid) {
      let stored = [grid.nx, grid.ny, grid.nz]
      let axes = grid.storedAxes
      var sizes = [0, 0, 0]
      for c in 0..<3 { sizes[axes[c].world] = stored[c] }
      let strides = [1, sizes[0], sizes[0] * sizes[1]]
      var (start, steps) = (0, [0, 0, 0])
      for c in 0..<3 {
        let stride = strides[axes[c].world]
        steps[c] = axes[c].isPositive ? stride : -stride
        if !axes[c].isPositive { start += stride * (stored[c] - 1) }
      }
      (self.sizes, self.start, self.steps) = (sizes, start, steps)
      (nx, ny) = (grid.nx, grid.ny)
    }

    func sum(ofSlice k: Int, _ store: SampleStore) -> Sum {
      let values = store.floats(k * nx * ny..<(k + 1) * nx * ny)
      var sum = Sum()
      for j in 0..<ny {
        var place = start + k * steps[2] + j * steps[1]
        for value in values[j * nx..<(j + 1) * nx] {
          // What is no number is one thing, and 0 has no sign.
          let bits = value.isNaN ? 0x7fc0_0000 : (value + 0).bitPattern
          let word = VoxelKey.mixed(UInt64(bits) << 32 ^ UInt64(truncatingIfNeeded: place))
          sum.first &+= word
          sum.second &+= VoxelKey.mixed(word)
          if value < sum.low { sum.low = value }
          if value > sum.high { sum.high = value }
          place += steps[0]
        }
      }
      return sum
    }
  }

  /// SplitMix64's finaliser (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195).
  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// An image on its way whose first frame is looked at as it passes.
final class KeyedImage: OpenImage {
  private let image: any OpenImage
  private var isLooked = false
  /// Known once the first frame has passed.
  private(set) var voxelsSHA256: String?
  /// Images that nothing may rest on and that its first frame is a copy of, whatever was done to it since.
  private var lookalikes: [String] = []

  var header: ImageHeader {
    var header = image.header
    header.lineage.add(lookalikes: lookalikes)
    return header
  }
  var frameBytes: Int { image.frameBytes }

  init(_ image: any OpenImage) { self.image = image }

  func next(into buffer: inout [UInt8]) throws(Problem) {
    try image.next(into: &buffer)
    if isLooked { return }
    isLooked = true
    voxelsSHA256 = VoxelKey.of(image.header, firstFrame: buffer)
    lookalikes = Lookalikes.found(
      image.header, firstFrame: buffer, voxelsSHA256: voxelsSHA256)
  }

  /// Looks at the first frame where nobody asked for it. A frame that memory has no room for, or that cannot be
  /// unpacked, leaves the image known by its file alone.
  func finish() throws(Problem) {
    if !isLooked,
      (try? MemoryBudget.require(image.frameBytes, of: header.name, for: "a frame of it")) != nil
    {
      var buffer = [UInt8](repeating: 0, count: image.frameBytes)
      try? next(into: &buffer)
    }
    try image.finish()
  }

  func sha256() throws(Problem) -> String { try image.sha256() }
}
