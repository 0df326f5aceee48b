package import Basics
package import Imaging

/// Refuses what is no picture of a head: a mask and a label map have the outline of one, and an outline is nearly the
/// same in a mirror.
package func requireHead(_ volume: Volume, fileName: String, for what: String) throws(Problem) {
  guard let numbers = volume.differentNumbers(upTo: leastShades), numbers < leastShades else {
    return
  }
  throw Problem(
    .data, fileName,
    numbers == 1
      ? "all that is not 0 in it is one number: \(what) needs a picture of a head, and it is a mask"
      : "it holds \(numbers) different numbers: \(what) needs a picture of a head, and it is a label map or a mask",
    expected: "an image of a head, such as a T1, a mean BOLD or a SPECT")
}

/// Fewer different numbers than this are labels; a scan in eight bits has over a hundred.
private let leastShades = 16

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
}
