package import Basics
package import ImageFiles
package import Imaging
import Perfusion
import Study

/// How an image comes onto another grid: by the two headers alone, or by transforms on the way.
package struct Carriage: Sendable {
  package let placement: String
  /// The space that the image lies in on the new grid: its own, or the one that it was carried to.
  package let space: Space
  package private(set) var findings: [Finding] = []
  package let inputs: [Provenance]
  private let target: Grid
  private let isStated: Bool
  private let interpolation: Interpolation
  /// Where the image lies after a matrix.
  private let grid: Grid
  /// Where each voxel finds its value, when a warp is on the way.
  private let places: SampledPlaces?

  /// - Parameters:
  ///   - transforms: the files of the way, of which the first begins at the image.
  ///   - stated: the space that both lie in by a person's word, where their headers say two.
  /// - Throws: transforms of other images, and those that lead to another space than the target's; without one, an
  ///   image of another space than the target's.
  package init(
    of d: ImageDescription, to target: ImageDescription, by transforms: [String],
    _ interpolation: Interpolation, stated: Space? = nil
  ) throws(Problem) {
    (self.target, self.interpolation, isStated) = (target.grid, interpolation, stated != nil)
    guard let way = try wayOf(d, by: transforms) else {
      (grid, places, inputs, placement) = (d.grid, nil, [], Placement.asStored.words)
      space = try Self.commonSpace(of: d, target, stated: stated, &findings)
      return
    }
    guard stated == nil else {
      throw Problem(
        .usage, "--space", "a transform says itself which space it leads to",
        expected: "--space without --transform")
    }
    inputs = way.inputs
    space = way.fixed.space
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
    if let warning = way.warning {
      findings.append(Finding("carried", .warning, "\(placement): \(warning)."))
    }
    try tellWorld(of: target, way)
  }

  /// Without a transform an image stays in its world: on the grid of another one nothing would tell that any more.
  private static func commonSpace(
    of d: ImageDescription, _ target: ImageDescription, stated: Space?, _ findings: inout [Finding]
  ) throws(Problem) -> Space {
    func world(_ d: ImageDescription) -> String {
      StudyFile(d, path: d.path, as: .moving, stated: nil).world
    }
    let own = transformEnd(d, stated: nil).space
    guard let stated else {
      guard world(d) != world(target) else { return own }
      throw Problem(
        .data, d.name,
        "it lies in \(world(d)) space and \(target.name) in \(world(target)): on its grid it would be taken for what lies there",
        expected: "an image of the grid's space, or a transform to it",
        remedy:
          "Carry it with --transform; if both lie in one space whatever they say, state it with --space"
      )
    }
    guard stated != own || world(d) != world(target) else { return own }
    findings.append(
      Finding(
        "space-stated", .warning,
        "That it lies in \(stated.rawValue) space, as \(target.name), is a person's statement: it says \(world(d)), the grid \(world(target))."
      ).of(d.name))
    return stated
  }

  /// The code under which the image is written on the new grid: the grid's own, unless a person stated another space.
  package func formCode(on target: ImageDescription) -> Int {
    guard isStated else { return target.formCode }
    return space == .mni152 ? 4 : target.formCode == 4 ? 1 : target.formCode
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
