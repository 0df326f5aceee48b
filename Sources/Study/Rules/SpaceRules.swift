package import Basics
package import ImageFiles
package import Imaging

/// Refuses a map without any number, and says how many voxels have none.
package func requireData(
  _ values: [Float], _ run: Run, _ findings: inout [Finding]
) throws(Problem) {
  let missing = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
  guard missing > 0 else { return }
  let cause =
    run.firstFrameWithoutNumbers.map { "frame \($0) holds voxels that are no numbers" }
    ?? "series that never change, or that the confounds explain"
  guard missing < values.count else {
    throw Problem(
      .data, "the run", "no voxel of the mask has a usable series: \(cause)",
      expected: "a BOLD run", remedy: "Frames can be left out with --drop and --fd")
  }
  let text =
    "\(missing) of \(values.count) voxels of the mask have no data (\(cause)) and are NaN."
  findings.append(Finding("no-data", .warning, text))
  complain(text)
}

/// Refuses an image on another grid that does not say that it is in the run's space: laying it over by
/// millimetres would be a guess.
package func requireSameSpace(
  _ d: ImageDescription, grid: Grid, _ space: Space, stated: Space?
) throws(Problem) {
  let own = Study.space(ofFileNamed: d.name, formCode: d.formCode, stated: stated)
  guard d.grid.matches(grid) || own == space else {
    throw Problem(
      .data, d.name,
      "it lies on another grid and does not say that it is in \(space.rawValue) space as the run",
      expected: "an image on the run's grid or in its space",
      remedy: "If all files given are in one space, say --space \(space.rawValue)")
  }
}

package func requireSameSpace(
  _ d: ImageDescription, as run: LoadedRun, stated: Space?
) throws(Problem) {
  try requireSameSpace(d, grid: run.run.grid, run.space, stated: stated)
}

/// The space that was stated, refused when it is none that is known; nil where none was.
package func stated(_ name: String?, by option: String) throws(Problem) -> Space? {
  guard let name else { return nil }
  guard let known = Space(named: name) else {
    throw Problem(.usage, option, "there is no space \(name)", expected: "MNI152 or native")
  }
  return known
}
