import Basics
import Imaging
import Perfusion
import Study

/// A brain with what it lacks: a defect without counts is no background, and the worse it is the more must be shown.
struct WholeBrain {
  var mask: Mask
  /// What was added, in words; nil where that is little.
  var lacking: String?
}

/// Below this a defect is not told: an edge is cut where counts fall, and no two brains are one shape.
private let toldMillilitres = 5.0
/// The rim of the template in which a brain may be smaller or laid a little off, mm.
private let templateRim: Float = 4

extension Mask {
  /// What was found in an image reaches as far as its counts do; in MNI152 the template says what else is brain.
  var isFound: Bool { origin == "DERIVED" }

  /// The template's brain on a grid, as far as an image has data; nil without mricron-data, and where too little of it
  /// is in the image's brain for that to be a picture of the whole.
  fileprivate func template(in image: Volume) throws(Problem) -> Mask? {
    guard let brain = try AtlasFiles.mniBrain() else { return nil }
    let all = Mask(grid: grid, origin: origin) {
      image.values[$0].isFinite && brain.nearest(grid.world(at: $0)) > 0
    }
    let common = all.offsets.reduce(0) { $0 + (places[Int($1)] >= 0 ? 1 : 0) }
    return 4 * common >= all.count ? all : nil
  }

  fileprivate func adding(_ other: Mask) -> Mask {
    Mask(grid: grid, origin: origin) { places[$0] >= 0 || other.places[$0] >= 0 }
  }

  fileprivate func withoutOuter(_ rim: Float) -> Mask {
    let depth = distances(toSet: places.map { $0 < 0 }, grid)
    return Mask(grid: grid, offsets: offsets.filter { depth[Int($0)] > rim }, origin: origin)
  }
}

extension PerfusionRequest {
  /// The brain that is compared with normals: what was found, and in MNI152 what the template has beside it.
  func brainWithDefects() throws(Problem) -> WholeBrain {
    try Workflows.brainWithDefects(brain, in: image, space)
  }

  /// The brain whose sides are held against each other: in MNI152 the template's, elsewhere with what one side lacks.
  func brainOfTwoSides(at plane: MirrorPlane) throws(Problem) -> Mask {
    if space == .mni152, brain.isFound, let template = try brain.template(in: image) {
      return template
    }
    return brain.withDefects(at: plane)
  }
}

/// The brain that was found in an image with what the template has beside it, but for its rim.
func brainWithDefects(
  _ brain: Mask, in image: Volume, _ space: Space
) throws(Problem) -> WholeBrain {
  guard space == .mni152, brain.isFound, let template = try brain.template(in: image) else {
    return WholeBrain(mask: brain)
  }
  let all = brain.adding(template.withoutOuter(templateRim))
  return WholeBrain(mask: all, lacking: lackingWords(template, brain, image))
}

/// How much of the template is no brain by the image's counts, deeper than a rim.
private func lackingWords(_ template: Mask, _ brain: Mask, _ image: Volume) -> String? {
  let deep = template.withoutOuter(2 * templateRim)
  let gone = deep.offsets.filter { brain.places[Int($0)] < 0 }
  let millilitres = Double(gone.count) * brain.grid.voxelVolume / 1000
  guard millilitres >= toldMillilitres else { return nil }
  let empty = gone.reduce(0) { $0 + (image.values[Int($1)] > 0 ? 0 : 1) }
  return
    "\(fixed(millilitres, 0)) cm³ of MNI152's brain have less than 40 % of the counts of this one"
    + (empty > 0 ? ", \(100 * empty / gone.count) % of them none" : "")
    + ": they are in the maps as a defect, which a resection, a cut field of view or a wrong registration would look like too"
}
