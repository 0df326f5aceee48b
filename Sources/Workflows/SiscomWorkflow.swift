package import Basics
import ImageFiles
package import Imaging
package import Perfusion
package import Study

/// One of the two images of a subtraction.
package struct SubtractionInput: Sendable {
  package var volume: Volume
  package var fileName: String
  package var space: Space
  /// ictal, interictal or baseline, as its name, its sidecar or its folders say it; nil where nothing does.
  package var saidRole: String?

  package init(_ one: LoadedPerfusion) {
    self.init(
      volume: one.volume, fileName: one.description.name, space: one.space,
      path: one.description.path)
  }

  package init(volume: Volume, fileName: String, space: Space, path: String? = nil) {
    self.volume = volume
    self.fileName = fileName
    self.space = space
    saidRole = path.map { agreedRole(ofFileAt: $0) } ?? imageRole(ofFileNamed: fileName)
  }
}

/// Why two images are taken to lie on each other.
package enum PairAlignment: Sendable, Equatable {
  /// Both files say that they are in one template space, on one grid.
  case files
  /// The person states it.
  case stated
  /// A transform carried the one to the other.
  case registered(String)

  package var words: String {
    switch self {
    case .files: "both files state MNI152 space, on one grid"
    case .stated: "stated by the person (aligned)"
    case .registered(let words): words
    }
  }
}

/// An ictal–interictal subtraction with what it was made of.
package struct SiscomReport: Sendable {
  package let subtraction: Subtraction
  package let brain: Mask
  package let alignment: PairAlignment
  package let rule: ClusterRule
  package let clusters: [PerfusionCluster]
  package let warnings: [String]
  /// The files by their role.
  package let ictal: String
  package let interictal: String
  /// Whether the files say the other way round which is which.
  package var isSwapped = false

  /// What the line of the answer may not be without: that the two may be swapped, that nobody said that they lie on
  /// each other.
  package var caution: String? {
    let all = [isSwapped ? "SWAPPED by what the files say" : nil, transformCaution]
      .compactMap { $0 }
    return all.isEmpty ? nil : all.joined(separator: ", ")
  }

  private var transformCaution: String? {
    guard case .registered(let words) = alignment else { return nil }
    return ["NOT ACCEPTED", "REJECTED"].first(where: words.contains)
      .map { "the transform is \($0)" }
  }

  /// The largest cluster of a direction.
  package func largest(decrease: Bool) -> PerfusionCluster? {
    clusters.first { $0.isDecrease == decrease }
  }

  /// The cluster of a direction with the highest value: a small, strong focus beside a broad, mild one.
  package func strongest(decrease: Bool) -> PerfusionCluster? {
    clusters.filter { $0.isDecrease == decrease }.max { abs($0.peak) < abs($1.peak) }
  }
}

/// What speaks against the roles of a pair by the names of its files; nil where nothing does.
///
/// Swapped, a focus becomes a decrease: nothing in the images themselves can show that.
package func swappedRoles(ictal: SubtractionInput, interictal: SubtractionInput) -> String? {
  let (first, second) = (ictal.saidRole, interictal.saidRole)
  guard first == "interictal" || first == "baseline" || second == "ictal" else { return nil }
  // Of files of one name it is the folder that says it.
  func said(_ role: String?) -> String { role.map { " (\($0))" } ?? "" }
  return
    "the files say the other way round: \(ictal.fileName)\(said(first)) was given as ICTAL, \(interictal.fileName)\(said(second)) as "
    + "INTERICTAL; swapped, an increase reads as a decrease"
}

/// In whose world an image lies, and what brought it there.
package struct LaidImage: Sendable, Equatable {
  /// The checksum of the image whose world it is; nil where nobody may rely on it.
  package var world: String?
  /// The transform in words; nil where it lies as it is stored.
  package var maker: String?

  package init(world: String?, maker: String? = nil) { (self.world, self.maker) = (world, maker) }
}

/// Who laid two images on each other; nil when nobody did.
///
/// They lie on each other where both are in one world: a transform leads an image to the world of its
/// FIXED, and an image without one stays in its own. So a transform between the two will do either
/// way round, and so will one for each to a third image.
package func registrationWords(_ a: LaidImage, _ b: LaidImage) -> String? {
  let makers = [a.maker, b.maker].compactMap { $0 }
  guard let world = a.world, world == b.world, !makers.isEmpty else { return nil }
  return makers.joined(separator: "; ")
}

/// Decides whether two images lie on each other, and refuses where nothing says so.
///
/// One grid alone is no statement: a camera gives every examination the same grid, wherever the head lay.
package func alignment(
  of ictal: SubtractionInput, and interictal: SubtractionInput, isStated: Bool,
  registration: String? = nil
) throws(Problem) -> PairAlignment {
  guard ictal.space == interictal.space else {
    throw Problem(
      .data, interictal.fileName,
      "it is in \(interictal.space.rawValue) space, \(ictal.fileName) in \(ictal.space.rawValue)",
      expected: "two images in one space")
  }
  if let registration { return .registered(registration) }
  if isStated { return .stated }
  try requireOneTemplate(ictal, interictal)
  guard ictal.volume.grid.matches(interictal.volume.grid), ictal.space == .mni152 else {
    throw Problem(
      .data, interictal.fileName, "nothing says that it is registered to \(ictal.fileName)",
      expected: "one grid, and both files in MNI152 space",
      remedy: "Give a transform between them, or one for each to a third image; or state that they "
        + "agree: --aligned, in the viewer :siscom aligned")
  }
  return .files
}

/// Templates of one family are millimetres apart: one space is not one template.
private func requireOneTemplate(
  _ ictal: SubtractionInput, _ interictal: SubtractionInput
) throws(Problem) {
  guard let a = templateName(ofFileNamed: ictal.fileName),
    let b = templateName(ofFileNamed: interictal.fileName), a != b,
    a != Space.mni152.rawValue, b != Space.mni152.rawValue
  else { return }
  throw Problem(
    .data, interictal.fileName, "its name says \(b), that of \(ictal.fileName) \(a)",
    expected: "two images in one template",
    remedy: "Give a transform between them; or state that they agree: --aligned, in the viewer "
      + ":siscom aligned")
}

/// Ictal minus interictal, both in per cent of their mean over the brain; clusters of its scores.
///
/// - Parameters:
///   - brain: on the ictal image's grid; nil derives one from each image and takes what they share.
///   - atlas: names regions in MNI space.
package func siscom(
  ictal: SubtractionInput, interictal: SubtractionInput, isStated: Bool,
  registration: String? = nil, brain: Mask?, rule: ClusterRule, atlas: LabelMap?,
  progress: WorkProgress = .silent
) throws(Problem) -> SiscomReport {
  let why = try alignment(
    of: ictal, and: interictal, isStated: isStated, registration: registration)
  let grid = ictal.volume.grid
  var warnings: [String] = []
  if let swapped = swappedRoles(ictal: ictal, interictal: interictal) {
    warnings.append(swapped)
  }
  var second = interictal.volume
  if !second.grid.matches(grid) {
    // A cubic spline keeps the resolution that linear interpolation would take from one of the two.
    second = second.resampled(to: grid, .cubic)
    warnings.append("the interictal image was resampled (cubic) to the ictal one's grid")
  }
  try progress.check()
  let mask: Mask
  if let brain {
    mask = brain
  } else {
    guard let a = Mask.perfusionBrain(from: ictal.volume), let b = Mask.perfusionBrain(from: second)
    else {
      throw Problem(
        .data, ictal.fileName, "no brain stands out in the pair", expected: "images of a head",
        remedy: "Give a mask with --mask")
    }
    let common = commonBrain(a, b, names: (ictal.fileName, interictal.fileName))
    mask = common.mask
    if let told = common.warning { warnings.append(told) }
  }
  progress.report("subtracting", 0.5)
  let subtraction = try Subtraction(ictal: ictal.volume, interictal: second, brain: mask)
  if subtraction.similarity < Subtraction.leastSimilarity {
    warnings.append(
      "the two images are not much alike (r \(fixed(subtraction.similarity, 2)) over the brain): they may "
        + "not lie on each other")
  }
  let sides = sideRule(ictal.space, .known, mask)
  return SiscomReport(
    subtraction: subtraction, brain: mask, alignment: why, rule: rule,
    clusters: clusters(
      of: subtraction.score, rule, side: sides.side(of:),
      labels: ictal.space == .mni152 ? atlas : nil), warnings: warnings,
    ictal: ictal.fileName, interictal: interictal.fileName,
    isSwapped: swappedRoles(ictal: ictal, interictal: interictal) != nil)
}
