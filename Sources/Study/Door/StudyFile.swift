import Basics
import Foundation
package import ImageFiles
package import Imaging
import Perfusion

/// What a file is of a person's study.
package enum Role: String, Sendable, CaseIterable {
  case bold, second, anatomy, spect, interictal, mask, gm, white, asl, wm, csf, overlay
  case seedImage = "seed"
  case weights, atlas, networks, normals
  case referenceMask = "reference mask"
  case referencePeople = "reference people"
  case attenuation
  /// The T1 in whose world a navigator works.
  case navigatorAnatomy = "navigator's T1"
  case moving, fixed, like

  /// Whether the file shows the person; atlases and other people do not.
  package var isOfPerson: Bool {
    switch self {
    case .atlas, .networks, .normals, .referencePeople: false
    default: true
    }
  }

  /// Whether it is laid over what was admitted before it; the ends of a transform need not lie alike, and a
  /// SPECT may be shown as it is stored, which is said. Normals have a rule of their own.
  package var mustShareSpace: Bool {
    switch self {
    case .bold, .spect, .interictal, .moving, .fixed, .like, .atlas, .networks: false
    default: !isOfNormals
    }
  }

  /// Whether it shows other people whom the person is compared with.
  package var isOfNormals: Bool { self == .normals || self == .referencePeople }

  /// Whether sides are compared with those of what it is laid over; normals have a rule of their own, and what a
  /// transform is made for is refused before it comes in.
  package var mustShareSides: Bool {
    switch self {
    case .moving, .fixed, .like: false
    default: !isOfNormals
    }
  }
}

/// How a file came to lie where it lies.
package enum Alignment: Equatable, Sendable {
  /// By its own header, in the world of the study.
  case sameWorld
  case transform(file: String, origin: String, isAccepted: Bool)
  /// In a world of its own.
  case notRegistered

  package var words: String {
    switch self {
    case .sameWorld: "same world"
    case .transform(let file, _, let isAccepted):
      "by \(file)" + (isAccepted ? ", accepted" : ", NOT ACCEPTED")
    case .notRegistered: "NOT REGISTERED"
    }
  }
}

/// A file of a study, as far as the rules look at it.
package struct StudyFile: Sendable {
  package var role: Role
  package var path: String
  package var name: String
  package var sha256: String
  /// What its values are known by in whatever file they lie.
  package var voxelsSHA256: String?
  /// All that it is known by; none before it was read.
  package var hashes: [String] {
    [sha256.isEmpty ? nil : sha256, voxelsSHA256].compactMap { $0 }
  }
  /// Whether both are one image, under whatever name and packing; false before they were read.
  func isSameImage(as other: StudyFile) -> Bool {
    !Set(hashes).isDisjoint(with: other.hashes)
  }
  /// `sub-` and `ses-` of its name, else of the folders that it lies in; nil where nothing says it.
  package var subject: String?
  /// The same of the file that it is a link to; nil where it is none.
  package var linkedSubject: String?
  /// Whose it is by its own header, where that says it.
  package var patient: DICOMPatient?
  package var session: String?
  /// What stands beside it of how it was made, and whether a person's decision says where it lies.
  package var lineage: Lineage
  package var hasTrustedForm: Bool
  /// Where it lies now, and where it lay before a transform carried it.
  package var space: Space
  package var storedSpace: Space
  /// The template that its name states.
  package var template: String?
  package var formCode: Int
  package var formsApartMillimetres: Double?
  package var laterality: Laterality
  package var grid: Grid
  /// Its voxels where they lay before a transform carried it.
  package var storedGrid: Grid
  package var alignment = Alignment.sameWorld
  /// What spoke against the transform that carried it, and why a person accepted it in spite of that.
  package var transformDoubts: String?
  /// Hashes of the transforms that carried it.
  package var carriedBy: [String] = []
  /// What was not measured: the synthetic person, or what a simulated camera made; nil for a measurement.
  package var unmeasured: String?
  /// The statistic that its header says it is.
  package var statistic: String?
  /// Set where it does not look like what it is given as.
  package var looksLike: String?
  /// Whether it was cleaned before, by its name or by what was written into it.
  package var isCleanedBefore = false
  /// How much of the brain of a scan in MNI152 lies where that has it; nil where nothing says it.
  var shareInTemplate: Double?
  /// Set where its values cannot be counts.
  package var oddCounts: String?

  package init(
    _ described: some ImageDescribing, path: String, as role: Role, stated: Space?,
    volume: Volume? = nil
  ) {
    let d = described.header
    self.role = role
    self.path = path
    name = d.name
    sha256 = described.knownSHA256 ?? ""
    voxelsSHA256 = described.knownVoxelsSHA256
    // Normal people's images and atlases may lie in the folder of a person whose they are not.
    let isAnybodys = role.isOfNormals || [.atlas, .networks].contains(role)
    let words = BIDSWords(isAnybodys ? d.name : path)
    (subject, session) = (words.subject, words.session)
    linkedSubject = BIDSWords(behindLink: path)?.subject
    patient = d.patient
    (lineage, hasTrustedForm) = (d.lineage, d.hasTrustedForm)
    let end = transformEnd(described, stated: stated)
    space = end.space
    storedSpace = end.space
    template = templateName(ofFileNamed: d.name)
    formCode = d.formCode
    statistic = d.statistic
    formsApartMillimetres = d.formsApartMillimetres
    laterality = d.laterality
    grid = d.grid
    storedGrid = d.grid
    unmeasured =
      d.isSyntheticPerson ? "of the synthetic person" : d.isSimulated ? "simulated" : nil
    if [.spect, .interictal, .normals].contains(role) { looksLike = unlikeSPECT(d.name, volume) }
    if role == .spect || role == .interictal {
      oddCounts = volume.flatMap(Study.oddCounts)
    }
    if [.spect, .interictal, .normals].contains(role), space == .mni152 {
      shareInTemplate = volume.flatMap(Mask.perfusionBrain(from:))?.shareInTemplate
    }
    isCleanedBefore = wasCleanedBefore(fileNamed: d.name, d.findings)
  }

  /// Of a scan with noise of single voxels it is said too: it is no proof.
  static let sharpWords =
    "an anatomy (MRI), or a scan with noise of single voxels: its values change more within 4 mm than a camera shows"

  /// Hashes of what it was made of, as far as boldspect wrote them down.
  package var ancestors: [String] { lineage.ancestors }
  /// Whether it is known to be made of another one; looking like it is not that.
  func isMade(of other: StudyFile) -> Bool {
    other.hashes.contains { ancestors.contains($0) && !lineage.lookalikes.contains($0) }
  }

  /// What its millimetres are called: two files may be laid over each other where this is the same.
  package var world: String {
    if space == .mni152 { return Space.mni152.rawValue }
    return template.map { $0.hasPrefix("MNI152") ? space.rawValue : $0 } ?? space.rawValue
  }

  /// Whether it says itself in which world it lies: by form code 4 or by its name. What was stated for all files
  /// has been compared with that already.
  var saysSpace: Bool {
    alignment != .sameWorld || space == .mni152 || template != nil
      || otherSpace(ofFileNamed: name) != nil
  }

  /// Whether the boxes of two grids have anything in common.
  func overlaps(_ other: StudyFile) -> Bool {
    let (a, b) = (grid.corners, other.grid.corners)
    return (0..<3).allSatisfy { axis in
      let (x, y) = (a.map { $0[axis] }, b.map { $0[axis] })
      guard let xl = x.min(), let xh = x.max(), let yl = y.min(), let yh = y.max() else {
        return false
      }
      return xl <= yh && yl <= xh
    }
  }
}

/// The `sub-` label of a file's name, else of the folders that it lies in; nil where nothing says it.
package func subjectLabel(ofPath path: String) -> String? { BIDSWords(path).subject }

/// Who a file is of, by names after BIDS.
package struct BIDSWords {
  package var subject: String?
  package var session: String?
  /// "sub-01 ses-1"; nil where nothing says who.
  package var person: String? {
    subject.map {
      visibleText(([$0] + [session].compactMap { $0 }).joined(separator: " "), limit: 80)
    }
  }

  package init(_ path: String) {
    let parts = path.split(separator: "/")
    // The nearest word counts: the file's own name before its folders'.
    for part in parts.reversed() {
      let words = part.split(whereSeparator: { "_.".contains($0) })
      subject = subject ?? words.first { $0.hasPrefix("sub-") && $0.count > 4 }.map(String.init)
      session = session ?? words.first { $0.hasPrefix("ses-") && $0.count > 4 }.map(String.init)
      if subject != nil { break }
    }
    if subject == nil { session = nil }
  }

  /// Of the file that a link leads to; nil where the path is none.
  init?(behindLink path: String) {
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    if target == path { return nil }
    self.init(target)
  }
}

/// Between scans, at most 0.14, and anatomies, at least 0.26 (`relativeDifferenceAt4Millimetres`).
private let sharpestScan = 0.2

/// Why a file given as SPECT looks like something else; nil where it does not.
private func unlikeSPECT(_ name: String, _ volume: Volume?) -> String? {
  let stem = name.split(separator: ".").first.map(String.init) ?? name
  let last = stem.split(whereSeparator: { "_- ".contains($0) }).last?.lowercased() ?? ""
  // SPECT_in_T1w.nii is a scan that was laid over a T1.
  let saysScan = lowerWords(stem).contains {
    ["pet", "nm", "ecd"].contains($0) || $0.hasSuffix("spect") || $0.hasSuffix("hmpao")
  }
  for (words, what) in [
    (["mask", "brainmask"], "a mask"),
    (["t1", "t1w", "mprage", "mp2rage", "spgr", "flair", "t2", "t2w"], "an anatomy (MRI)"),
    (["dseg", "labels", "aparc+aseg", "aseg"], "a label map"), (["probseg"], "a tissue map"),
    (["bold", "boldref"], "a BOLD image"),
  ] where words.contains(last) && !saysScan { return "\(what), by its name" }
  guard let volume else { return nil }
  if volume.differentNumbers(upTo: 2) == 1 { return "a mask: all that is not 0 is one number" }
  if volume.looksLikeLabels { return "a label map: its whole numbers stand for regions" }
  guard let sharp = volume.relativeDifferenceAt4Millimetres, sharp > sharpestScan else {
    return nil
  }
  return StudyFile.sharpWords
}

/// Counts are above 0 and not tiny; reconstructions by filtered back projection dip a little below 0.
private func oddCounts(_ volume: Volume) -> String? {
  guard let range = volume.range else { return nil }
  if range.low < -0.01 * max(range.high, 0) {
    let below = volume.values.reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
    let share = 100 * Double(below) / Double(max(1, volume.values.count))
    return "\(below) of its voxels (\(plainNumber(share, 1)) %) are below 0, down to \(range.low)"
  }
  if range.high > 0, range.high < 1e-3 {
    return "its largest value is \(range.high): no counts, unless they were scaled"
  }
  return nil
}
