package import Basics
import Connectivity
import ImageFiles
package import Imaging
package import Study

/// Maps of the people that an activity map is held against, as they were given.
package struct ReferencePeople: Sendable {
  package var mean: String?
  package var sd: String?
  package var n: Int?

  package init(mean: String?, sd: String?, n: Int?) {
    self.mean = mean
    self.sd = sd
    self.n = n
  }

  /// A map in the scale that was asked for, as Crawford and Howell's t where there are reference people, and
  /// that scale in words.
  ///
  /// - Throws: a reference that is not whole, and what reading its maps refuses.
  package func scaled(
    _ values: [Float], by scale: MapScale, greyMatter grey: Volume?, of runs: inout CleanedRuns,
    inputs: inout [Provenance]
  ) throws(Problem) -> (values: [Float], basis: String) {
    let mask = runs.first.run.mask
    let own = scale.applied(to: values, mask: mask, greyMatter: grey)
    guard mean != nil || sd != nil || n != nil else { return (own, scale.title) }
    guard let means = try Self.onGrid(mean, "reference-mean", of: &runs, inputs: &inputs),
      let sds = try Self.onGrid(sd, "reference-sd", of: &runs, inputs: &inputs), let n, n >= 2
    else {
      throw Problem(
        .usage, "--reference-mean", "a reference needs three things",
        expected: "--reference-mean, --reference-sd and --reference-n of at least 2")
    }
    return (
      mask.offsets.indices.map { place in
        let at = Int(mask.offsets[place])
        let (m, s) = (Double(means.values[at]), Double(sds.values[at]))
        guard own[place].isFinite, m.isFinite, s > 0 else { return .nan }
        return Float(NormScore(Double(own[place]), mean: m, sd: s, n: n).t)
      }, "t against \(n) reference people (Crawford and Howell), of \(scale.title)"
    )
  }

  private static func onGrid(
    _ path: String?, _ role: String, of runs: inout CleanedRuns, inputs: inout [Provenance]
  ) throws(Problem) -> Volume? {
    guard let path else { return nil }
    let (d, volume) = try runs.study.read(path, as: .referencePeople)
    inputs.append(Provenance(role, d))
    let grid = runs.first.run.grid
    return volume.grid.matches(grid) ? volume : volume.resampled(to: grid, .linear)
  }
}

/// Grey matter by the rules that targets have; a map without any within the brain mask is refused.
package func greyMatter(
  _ path: String, of runs: inout CleanedRuns, inputs: inout [Provenance],
  findings: inout [Finding]
) throws(Problem) -> Volume {
  let (d, volume) = try runs.study.read(path, as: .gm)
  inputs.append(Provenance("gm", d))
  let mask = runs.first.run.mask
  let found = try greyMatter(
    volume, isIntegerCoded: d.isIntegerCoded, on: mask.grid, fileName: d.name)
  findings += found.findings
  guard mask.offsets.contains(where: { found.probability.values[Int($0)] >= 0.5 }) else {
    throw Problem(
      .data, d.name, "no voxel of the brain mask reaches 0.5",
      expected: "a grey matter probability of the same head")
  }
  return found.probability
}
