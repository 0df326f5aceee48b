import Basics
import ImageFiles
import Imaging

/// An image with its first frame, which is enough to see that it is another one than the next.
struct FirstFrame {
  let d: ImageDescription
  let volume: Volume
  let path: String

  init(_ d: ImageDescription, _ volume: Volume, _ path: String) {
    (self.d, self.volume, self.path) = (d, volume, path)
  }

  /// Reads a file to its end, and holds no more than a frame of it.
  init(_ path: String) throws(Problem) {
    let frames = try ImageFrames(path)
    let grid = frames.header.grid
    let values = try frames.next()
    self.init(try frames.finish(), Volume(grid: grid, values: values), path)
  }

  /// Another program's copy of a series has its numbers, each where and when it was, however the axes are stored: all
  /// of them, since a reordered or smoothed series may begin as its original does.
  func hasValues(of other: FirstFrame) throws(Problem) -> Bool {
    guard let range = volume.range, range.low < range.high, d.frameCount == other.d.frameCount,
      let places = places(in: other.d.grid),
      Self.isSame(volume.values, other.volume.values, places)
    else { return false }
    guard d.frameCount > 1 else { return true }
    let (mine, others) = (try ImageFrames(path), try ImageFrames(other.path))
    for _ in 0..<d.frameCount {
      guard Self.isSame(try mine.next(), try others.next(), places) else { return false }
    }
    return true
  }

  /// Where each voxel lies among another grid's; nil where one of them lies beside all of those.
  private func places(in other: Grid) -> [Int32]? {
    let own = d.grid
    guard own.count == other.count else { return nil }
    var out: [Int32] = []
    out.reserveCapacity(own.count)
    for offset in 0..<own.count {
      let place = own.world(at: offset)
      guard let v = other.nearestVoxel(place), other.world(v).distance(to: place) < 0.01 else {
        return nil
      }
      out.append(Int32(other.offset(v)))
    }
    return out
  }

  private static func isSame(_ a: [Float], _ b: [Float], _ places: [Int32]) -> Bool {
    a.indices.allSatisfy { n in
      let (x, y) = (a[n], b[Int(places[n])])
      // A slope in 32 bits rounds.
      return x == y || (x.isNaN && y.isNaN) || abs(x - y) <= 1e-5 * max(abs(x), abs(y))
    }
  }
}
