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
    guard 4 * common >= all.count else { return nil }
    let field = image.field
    return Mask(
      grid: grid, offsets: all.offsets.filter { field.contains(grid.index(at: Int($0))) },
      origin: origin)
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
  let deep = template.withoutOuter(templateRim)
  let gone = deep.offsets.filter { brain.places[Int($0)] < 0 }
  let millilitres = Double(gone.count) * brain.grid.voxelVolume / 1000
  guard millilitres >= toldMillilitres else { return nil }
  let empty = gone.reduce(0) { $0 + (image.values[Int($1)] > 0 ? 0 : 1) }
  return
    "\(fixed(millilitres, 0)) cm³ of MNI152's brain have less than 40 % of the counts of this one"
    + (empty > 0 ? ", \(100 * empty / gone.count) % of them none" : "")
    + ": they are in the maps as a defect, which a resection, wide ventricles, a cut field of view or a wrong registration "
    + "would look like too"
}

/// What of one side's brain the other has not, and no map shows, because nothing but the image says what is brain.
func unequalWords(_ brain: Mask, compared: Mask, at plane: MirrorPlane) -> String? {
  let grid = brain.grid
  func isIn(_ mask: Mask, _ p: WorldPoint) -> Bool {
    grid.nearestVoxel(p).map { mask.places[grid.offset($0)] >= 0 } ?? false
  }
  let gone = Mask(grid: grid, origin: brain.origin) {
    compared.places[$0] < 0 && isIn(brain, plane.mirrored(grid.world(at: $0)))
  }
  // No head is its own mirror image: a thin layer says nothing.
  var lost: [Side: Int] = [:]
  for offset in gone.withoutOuter(templateRim).offsets {
    lost[plane.side(of: grid.world(at: Int(offset))), default: 0] += 1
  }
  let told = [Side.left, .right].compactMap { side -> String? in
    let millilitres = Double(lost[side] ?? 0) * grid.voxelVolume / 1000
    return millilitres >= 1
      ? "\(side.rawValue) lacks at least \(fixed(millilitres, 0)) cm³ of what the other side has"
      : nil
  }
  return told.isEmpty
    ? nil
    : told.joined(separator: ", ")
      + ": with less than 40 % of the brain's counts it is not in the map of asymmetry; a --mask of the whole brain has it in"
}

/// What is compared of two images: what is brain in both. What only one of them has is told and makes no change.
func commonBrain(
  _ a: Mask, _ b: Mask, names: (String, String)
) -> (mask: Mask, warning: String?) {
  let both = Mask(grid: a.grid, origin: "DERIVED") { a.places[$0] >= 0 && b.places[$0] >= 0 }
  let deep = a.adding(b).withoutOuter(2 * templateRim)
  let told = [(a, names.0), (b, names.1)].compactMap { mask, name -> String? in
    let lost = deep.offsets.reduce(0) { $0 + (mask.places[Int($1)] < 0 ? 1 : 0) }
    let millilitres = Double(lost) * a.grid.voxelVolume / 1000
    return millilitres >= toldMillilitres
      ? "\(fixed(millilitres, 0)) cm³ are brain by the counts of the other image and not by those of \(name)"
      : nil
  }
  guard !told.isEmpty else { return (both, nil) }
  return (
    both,
    told.joined(separator: "; ")
      + ": they are not compared; a defect, a cut field of view or a wrong registration of one of them"
  )
}

extension Volume {
  /// The voxels between the planes without any count at the ends of an image, along the axes that lie most along y and
  /// z: there the field of view ended. A hemisphere without counts is none of that.
  fileprivate var field: VoxelBox {
    var box = VoxelBox(low: [0, 0, 0], high: [grid.nx - 1, grid.ny - 1, grid.nz - 1])
    let rows = grid.worldFromVoxel.rows
    let lateral = (0..<3).max { abs(rows[0][$0]) < abs(rows[0][$1]) }
    for axis in 0..<3 where axis != lateral {
      var counted = [Bool](repeating: false, count: [grid.nx, grid.ny, grid.nz][axis])
      for n in values.indices where values[n] > 0 {
        let v = grid.index(at: n)
        counted[[v.i, v.j, v.k][axis]] = true
      }
      box.low[axis] = counted.firstIndex(of: true) ?? 0
      box.high[axis] = counted.lastIndex(of: true) ?? counted.count - 1
    }
    return box
  }
}

/// A box of voxels, its ends within.
private struct VoxelBox {
  var low: [Int]
  var high: [Int]

  func contains(_ v: VoxelIndex) -> Bool {
    [v.i, v.j, v.k].enumerated().allSatisfy { low[$0] <= $1 && $1 <= high[$0] }
  }
}
