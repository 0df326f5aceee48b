package import Basics
import Connectivity
import ImageFiles
package import Imaging
import Perfusion

/// Refuses a mean and a standard deviation of people that cannot be what they are given as; without this every
/// place of them would silently have no score.
///
/// - Parameters:
///   - mean: on the grid of `deviation`.
///   - region: where they are asked for; nil takes every place with a mean.
/// - Returns: what must be said of them all the same.
package func checkMeanAndDeviation(
  _ mean: Volume, _ deviation: Volume, names: (mean: String, deviation: String), in region: Mask?
) throws(Problem) -> [Finding] {
  precondition(mean.grid.count == deviation.grid.count)
  if let low = deviation.range?.low, low < 0 {
    throw Problem(
      .data, names.deviation,
      "it is given as a standard deviation and holds negative numbers, down to \(plainNumber(Double(low), 3))",
      expected: "the mean of the people, then their standard deviation")
  }
  var (places, larger, flat) = (0, 0, 0)
  for at in 0..<mean.grid.count where (region?.places[at] ?? 0) >= 0 {
    let (m, s) = (mean.values[at], deviation.values[at])
    guard m.isFinite, m != 0 || s > 0 else { continue }
    places += 1
    if s > abs(m) { larger += 1 }
    if !(s > 0) { flat += 1 }
  }
  guard places > flat else {
    throw Problem(
      .data, names.deviation,
      places == 0
        ? "\(names.mean) and it have no data there"
        : "it is given as a standard deviation and is 0 wherever the mean has data",
      expected: "the standard deviation of the same people")
  }
  // Scores around 0 may differ by more than their mean; amounts do not, in most places.
  if (mean.range?.low ?? 0) >= 0, 2 * larger > places {
    throw Problem(
      .data, names.deviation,
      "it is larger than the mean (\(names.mean)) at \(100 * larger / places) % of the places: the two may be exchanged",
      expected: "the mean of the people, then their standard deviation")
  }
  guard 10 * flat <= places else {
    throw Problem(
      .data, names.deviation,
      "it is given as a standard deviation and is 0 or no number at \(100 * flat / places) % of the places with a mean",
      expected: "the standard deviation of the same people, over the whole brain")
  }
  guard flat > 0 else { return [] }
  return [
    Finding(
      "sd-zero", .warning,
      "It is 0 or no number at \(flat) of \(places) places with a mean, which have no score.",
      file: names.deviation)
  ]
}

/// Maps of the mean and the standard deviation of reference people, on the grid of a run.
package struct ReferencePeople: Sendable {
  private let mean: Volume
  private let deviation: Volume
  package let count: Int

  /// - Throws: less than all three of them, too few people, and what the door and `checkMeanAndDeviation` refuse.
  package init?(
    mean: String?, deviation: String?, count: Int?, on mask: Mask, into study: inout LoadedStudy,
    inputs: inout [Provenance]
  ) throws(Problem) {
    guard mean != nil || deviation != nil || count != nil else { return nil }
    let images = [mean, deviation].compactMap { $0 }
    let known = try ValueMaking.people(count, option: "--reference-n", besides: images)
    guard let mean, let deviation, let count = known else {
      throw Problem(
        .usage, "--reference-mean", "a reference needs three things",
        expected:
          "--reference-mean, --reference-sd and --reference-n of at least \(Normals.leastCount), which a "
          + "group's sidecar may state")
    }
    try Normals.require(count)
    func read(_ path: String, _ role: String) throws(Problem) -> (name: String, volume: Volume) {
      let (d, volume) = try study.read(path, as: .referencePeople)
      inputs.append(Provenance(role, d))
      return (
        d.name,
        volume.grid.matches(mask.grid) ? volume : volume.resampled(to: mask.grid, .linear)
      )
    }
    let (m, s) = (try read(mean, "reference-mean"), try read(deviation, "reference-sd"))
    let findings = try checkMeanAndDeviation(
      m.volume, s.volume, names: (m.name, s.name), in: mask)
    study.tell(findings, of: .referencePeople)
    (self.mean, self.deviation, self.count) = (m.volume, s.volume, count)
  }

  /// Crawford and Howell's t of every mask voxel against them; NaN without data.
  package func scores(of values: [Float], in mask: Mask) -> [Float] {
    mask.offsets.indices.map { place in
      let at = Int(mask.offsets[place])
      let (m, s) = (Double(mean.values[at]), Double(deviation.values[at]))
      guard values[place].isFinite, m.isFinite, s > 0 else { return .nan }
      return Float(NormScore(Double(values[place]), mean: m, sd: s, n: count).t)
    }
  }
}
