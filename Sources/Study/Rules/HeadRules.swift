package import Basics
package import Imaging

/// Refuses what is no picture of a head: a mask and a label map have the outline of one, and an outline is nearly the
/// same in a mirror.
package func requireHead(_ volume: Volume, fileName: String, for what: String) throws(Problem) {
  let numbers = volume.differentNumbers(upTo: leastShades) ?? leastShades
  guard numbers < leastShades || volume.isPiecewiseConstant else { return }
  throw Problem(
    .data, fileName,
    (numbers == 1 ? "all that is not 0 in it is one number" : "neighbours in it are mostly equal")
      + ": \(what) needs a picture of a head, and it is \(numbers == 1 ? "a mask" : "a label map or a mask")",
    expected: "an image of a head, such as a T1, a mean BOLD or a SPECT")
}

/// Fewer different numbers than this are labels; a scan in eight bits has over a hundred.
private let leastShades = 16
/// Of neighbours that are not 0, the share from which on an image is made of pieces: in label maps 0.8 and more, in
/// scans of eight bits 0.2 and less.
private let pieceShare = 0.6

extension Volume {
  /// How many different numbers beside 0 it holds, counted no further than a bound; nil where it holds none.
  package func differentNumbers(upTo bound: Int) -> Int? {
    var found: Set<Float> = []
    for value in values where value.isFinite && value != 0 {
      found.insert(value)
      if found.count >= bound { break }
    }
    return found.isEmpty ? nil : found.count
  }

  /// Whether most neighbours along i that are not 0 are equal.
  fileprivate var isPiecewiseConstant: Bool {
    var (equal, all) = (0, 0)
    for row in 0..<grid.ny * grid.nz {
      let start = row * grid.nx
      for i in 1..<max(1, grid.nx) {
        let (a, b) = (values[start + i - 1], values[start + i])
        guard a != 0, b != 0, a.isFinite, b.isFinite else { continue }
        all += 1
        if a == b { equal += 1 }
      }
    }
    return Double(equal) > pieceShare * Double(max(1, all))
  }
}
