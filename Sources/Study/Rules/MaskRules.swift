package import Basics
package import Imaging

/// A brain mask from a file on the run's grid: above 0 is inside.
///
/// Labels are a mask of all of them. Where a mask was resampled between its numbers, inside is from half of its
/// largest one. An image of other values is refused: of an anatomy all that is not black would be brain.
/// A mask on another grid is resampled (nearest) and that is recorded; one without overlap is refused.
package func brainMask(
  _ file: Volume, on grid: Grid, fileName: String
) throws(Problem) -> (mask: Mask, findings: [Finding]) {
  let edge = try maskEdge(of: file, fileName: fileName)
  var found = try voxelsAbove(edge.value, of: file, on: grid, fileName: fileName)
  found.findings += edge.finding.map { [$0] } ?? []
  return found
}

/// Voxels of a file above a number, on another grid where that is needed, which is recorded.
func voxelsAbove(
  _ edge: Float, of file: Volume, on grid: Grid, fileName: String
) throws(Problem) -> (mask: Mask, findings: [Finding]) {
  var findings: [Finding] = []
  var volume = file
  if !file.grid.matches(grid) {
    volume = file.resampled(to: grid, .nearest)
    findings.append(
      Finding(
        "mask-resampled", .note, "\(fileName) lies on another grid and was resampled (nearest)."))
  }
  let mask = Mask(grid: grid, origin: fileName) {
    volume.values[$0] > edge && volume.values[$0].isFinite
  }
  guard mask.count > 0 else {
    throw Problem(
      .data, fileName,
      file.values.contains { $0 > 0 } ? "it does not overlap the run" : "no voxel is above 0",
      expected: "a mask of the same head")
  }
  return (mask, findings)
}

/// The number above which a voxel is inside, and what is to be told of it.
private func maskEdge(
  of file: Volume, fileName: String
) throws(Problem) -> (value: Float, finding: Finding?) {
  guard let numbers = file.differentNumbers(upTo: 2), numbers > 1, let range = file.range else {
    return (0, nil)
  }
  if !file.hasBlurredEdge, file.looksLikeLabels || file.neighbourLikeness == nil && file.isWhole {
    return (
      0,
      Finding(
        "mask-labels", .note, "\(fileName) holds several labels: all above 0 are the mask.")
    )
  }
  let inside = file.values.reduce(into: (all: 0, most: 0)) { sum, x in
    guard x > 0, x.isFinite else { return }
    sum.all += 1
    if x >= 0.999 * range.high { sum.most += 1 }
  }
  // Edges that were blurred by resampling.
  guard 2 * inside.most >= inside.all else {
    throw Problem(
      .data, fileName, "it is given as a mask and holds many values",
      expected: "an image of one number besides 0, or of labels",
      remedy: "Write 1 where the brain is and 0 elsewhere, as a threshold does, and give that")
  }
  return (
    range.high / 2,
    Finding(
      "mask-blurred", .warning,
      "\(fileName) holds numbers between 0 and its largest, \(plainNumber(Double(range.high), 3)): the mask is what "
        + "is above half of that.")
  )
}

extension Volume {
  /// Whether most of what is above 0 is its largest number, and of the others hardly any is like its neighbour: labels
  /// lie in pieces, and what interpolation left at an edge does not.
  fileprivate var hasBlurredEdge: Bool {
    guard let high = range?.high, high > 0 else { return false }
    let most = 0.999 * high
    let (all, largest) = values.reduce(into: (0, 0)) { sum, x in
      guard x > 0 else { return }
      sum.0 += 1
      if x >= most { sum.1 += 1 }
    }
    guard 2 * largest >= all else { return false }
    func isOther(_ n: Int) -> Bool { values[n] > 0 && values[n] < most }
    // An edge that runs along an axis is of one number there: the axis across it tells.
    return [1, grid.nx, grid.nx * grid.ny].enumerated().contains { axis, step in
      var (pairs, equal) = (0, 0)
      for n in values.indices where isOther(n) {
        let v = grid.index(at: n)
        guard [v.i, v.j, v.k][axis] > 0, isOther(n - step) else { continue }
        pairs += 1
        if values[n] == values[n - step] { equal += 1 }
      }
      return pairs >= 20 && 2 * equal < pairs
    }
  }

  fileprivate var isWhole: Bool { values.allSatisfy { !$0.isFinite || $0 == $0.rounded() } }
}
