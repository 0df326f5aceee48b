package import Basics
import Connectivity
import ImageFiles
package import Imaging
package import Study

/// Maps of the people that an activity map is held against, as they were given.
package struct ReferenceMaps: Sendable {
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
    guard
      let people = try ReferencePeople(
        mean: mean, deviation: sd, count: n, on: mask, into: &runs.study, inputs: &inputs)
    else { return (own, scale.title) }
    return (
      people.scores(of: own, in: mask),
      "t against \(people.count) reference people (Crawford and Howell), of \(scale.title)"
    )
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
