package import Basics
package import ImageFiles
package import Imaging
package import Study
import Targeting

/// What the target search takes beside the run.
package struct TargetInputs: Sendable {
  package var surroundings = TargetSurroundings()
  package var hashes: [(role: String, sha256: String)]
  package var findings: [Finding]

  /// - Parameter transforms: that a native grey matter map is carried by as the run was.
  package init(
    _ loaded: LoadedRun, greyMatter path: String?, stated: Space? = nil,
    transforms: GivenTransforms = GivenTransforms()
  ) throws(Problem) {
    try loaded.requireLaterality(for: "a target")
    try requireMNI(loaded.space, fileName: loaded.description.name, for: "the search region")
    try loaded.requireTime()
    hashes = loaded.inputs
    findings = loaded.findings
    if let path {
      var (d, volume) = try readSingleVolume(path)
      try requireSameSides(d, as: loaded.description)
      let own = space(ofFileNamed: d.name, formCode: d.formCode, stated: stated)
      if let way = transforms.way(for: d, space: own) {
        try d.carry(by: way)
        volume = Volume(grid: d.grid, values: volume.values)
      }
      let found = try Study.greyMatter(
        volume, isIntegerCoded: d.isIntegerCoded, on: loaded.run.grid, fileName: d.name)
      surroundings.greyMatter = found.probability
      findings += found.findings
      hashes.append(("gm", d.sha256))
    }
    surroundings.atlas = try AtlasFiles.standard()
  }
}

extension ImageDescription {
  /// Whole numbers without scaling.
  package var isIntegerCoded: Bool {
    type != .float32 && type != .float64 && slope == 1 && intercept == 0
  }
}
