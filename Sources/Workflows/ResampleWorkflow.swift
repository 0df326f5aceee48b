package import Basics
package import ImageFiles
package import Imaging
import Perfusion
import Study

/// How an image comes onto another grid: by the two headers alone, or by transforms on the way.
package struct Carriage: Sendable {
  package let placement: String
  package private(set) var findings: [Finding] = []
  package let inputs: [Provenance]
  private let target: Grid
  private let interpolation: Interpolation
  /// Where the image lies after a matrix.
  private let grid: Grid
  /// Where each voxel finds its value, when a warp is on the way.
  private let places: SampledPlaces?

  /// - Parameter transforms: the files of the way, of which the first begins at the image.
  /// - Throws: transforms of other images, and those that lead to another space than the target's.
  package init(
    of d: ImageDescription, to target: ImageDescription, by transforms: [String],
    _ interpolation: Interpolation
  ) throws(Problem) {
    (self.target, self.interpolation) = (target.grid, interpolation)
    guard let way = try wayOf(d, by: transforms) else {
      (grid, places, inputs, placement) = (d.grid, nil, [], Placement.asStored.words)
      return
    }
    inputs = way.inputs
    placement = way.placementWords
    switch way {
    case .matrix(let one):
      guard let there = d.grid.carried(by: one.transform.fixedFromMoving) else {
        throw Problem(.data, d.name, "the transform leads it nowhere")
      }
      (grid, places) = (there, nil)
    case .bent(let bent):
      try MemoryBudget.require(
        MemoryBudget.product(12, target.grid.count), of: target.name, for: "a warp on its grid")
      grid = d.grid
      places = SampledPlaces(of: target.grid, in: d.grid, through: bent.warp.movingFromFixed)
    }
    if !way.isAccepted { findings.append(Finding("carried", .warning, placement + ".")) }
    try tellWorld(of: target, way)
  }

  /// The grid that was asked for must lie in the world that the transforms lead to.
  private mutating func tellWorld(
    of target: ImageDescription, _ way: GivenTransforms.Link
  ) throws(Problem) {
    guard way.fixed.sha256 != target.sha256 else { return }
    let space = transformEnd(target, stated: nil).space
    guard space == way.fixed.space else {
      throw Problem(
        .data, target.name,
        "it is in \(space.rawValue) space, and \(way.file) leads to \(way.fixed.template ?? way.fixed.space.rawValue)",
        expected: "the FIXED of the transform, or an image of its space")
    }
    if space == .native {
      findings.append(
        Finding(
          "another-grid", .warning,
          "it is not the image that \(way.file) leads to: that both lie in one world is not proven."
        ).of(target.name))
    }
  }

  /// The values of one volume of the image on the target's grid.
  package func carried(_ values: [Float], of d: ImageDescription) throws(Problem) -> [Float] {
    let volume = Volume(grid: grid, values: values)
    let out =
      places?.values(of: volume, interpolation) ?? volume.resampled(to: target, interpolation)
    guard out.values.contains(where: \.isFinite) else {
      throw Problem(
        .data, d.name, "it has no data on the grid that was asked for",
        expected: "images that overlap")
    }
    return out.values
  }
}
