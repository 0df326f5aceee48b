package import Basics
import ImageFiles
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
  complain(text)
  findings.append(Finding("no-data", .warning, text))
}

/// The space that was stated, refused when it is none that is known; nil where none was.
package func stated(_ name: String?, by option: String) throws(Problem) -> Space? {
  guard let name else { return nil }
  guard let known = Space(named: name) else {
    throw Problem(.usage, option, "there is no space \(name)", expected: "MNI152 or native")
  }
  return known
}
