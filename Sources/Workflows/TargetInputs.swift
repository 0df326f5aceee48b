package import Basics
import ImageFiles
import Imaging
package import Study
import Targeting

/// What the target search takes beside the run.
package struct TargetInputs: Sendable {
  package var surroundings = TargetSurroundings()
  package var hashes: [Provenance]

  /// - Parameter study: that the run is in; its transforms carry a native grey matter map as they did the run.
  package init(
    _ loaded: LoadedRun, greyMatter path: String?, into study: inout LoadedStudy
  ) throws(Problem) {
    try loaded.requireLaterality(for: "a target")
    try study.requireSidesDecided(for: "a target")
    try requireMNI(loaded.space, fileName: loaded.description.name, for: "the search region")
    try loaded.requireTime()
    hashes = loaded.inputs
    surroundings.unmeasured = loaded.description.unmeasuredWord
    if let path {
      let (d, volume) = try study.read(path, as: .gm)
      let found = try Study.greyMatter(
        volume, isIntegerCoded: d.isIntegerCoded, on: loaded.run.grid, fileName: d.name)
      surroundings.greyMatter = found.probability
      study.findings += found.findings.filter { !study.findings.contains($0) }
      hashes.append(Provenance("gm", d))
    }
    surroundings.atlas = try AtlasFiles.standard()
  }
}
