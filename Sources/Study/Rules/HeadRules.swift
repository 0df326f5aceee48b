package import Basics
package import Imaging

/// Refuses what is no picture of a head: a mask and a label map have the outline of one, and an outline is nearly the
/// same in a mirror.
package func requireHead(_ volume: Volume, fileName: String, for what: String) throws(Problem) {
  let isMask = volume.differentNumbers(upTo: 2) == 1
  guard isMask || (volume.neighbourLikeness?.equal ?? 0) > pieceShare else { return }
  throw Problem(
    .data, fileName,
    (isMask ? "all that is not 0 in it is one number" : "neighbours in it are mostly equal")
      + ": \(what) needs a picture of a head, and it is \(isMask ? "a mask" : "a label map or a mask")",
    expected: "an image of a head, such as a T1, a mean BOLD or a SPECT")
}

/// Refuses numbers between those of regions, which are nobody's.
package func requireBetweenNumbers(_ volume: Volume, fileName: String) throws(Problem) {
  guard volume.looksLikeLabels || volume.differentNumbers(upTo: 2) == 1 else { return }
  throw Problem(
    .usage, fileName,
    "it is a label map or a mask, and a number between two of its own is nobody's",
    expected: "--interpolation nearest")
}

/// Refuses to smooth labels: between the number of one region and that of the next lies a third one's.
package func requireNoLabels(_ volume: Volume, fileName: String) throws(Problem) {
  guard volume.looksLikeLabels else { return }
  throw Problem(
    .data, fileName, "it is a label map, and a number between two of its own is nobody's",
    expected: "an image of values, or a mask")
}

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
}
