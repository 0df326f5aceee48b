import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Workflows

/// A perfusion image with its brain mask and what else is known about it.
struct LoadedPerfusion {
  var description: ImageDescription
  var volume: Volume
  var space: Space
  var findings: [Finding]
  var inputs: [(role: String, sha256: String)]

  /// Reads a measured image; one whose sides are unknown is refused.
  init(_ path: String, role: String, stated: Space?) throws(Problem) {
    (description, volume) = try readSingleVolume(path)
    try requireKnownSides(description, for: "a quantification by sides and places")
    space = Workflows.space(
      ofFileNamed: description.name, formCode: description.formCode, stated: stated)
    findings = description.findings
    inputs = [(role, description.sha256)]
  }

  /// Carries the image to the world of a transform's FIXED.
  mutating func carry(by path: String) throws(Problem) {
    let t = try transformOf(description, path)
    try description.carry(by: t)
    volume = Volume(grid: description.grid, values: volume.values)
    space = t.fixed.space
    inputs.append(("transform", try sha256(ofFile: path)))
    let words = Placement.registered(by: t.maker, isAccepted: t.isAccepted).words
    findings.append(Finding("carried", t.isAccepted == true ? .note : .warning, words + "."))
  }

  /// The brain: a mask file, else derived from the image.
  mutating func brain(_ path: String?, stated: Space?) throws(Problem) -> Mask {
    if let mask = try givenBrain(path, stated: stated) { return mask }
    guard let mask = Mask.perfusionBrain(from: volume) else {
      throw Problem(
        .data, description.name, "no brain stands out in it", expected: "an image of a head",
        remedy: "Give a mask with --mask")
    }
    return mask
  }

  /// The brain of a mask file; nil without one.
  mutating func givenBrain(_ path: String?, stated: Space?) throws(Problem) -> Mask? {
    guard let path else { return nil }
    let (m, mask) = try readSingleVolume(path)
    try requireSameSides(m, as: description)
    try requireSameSpace(m, grid: volume.grid, space, stated: stated)
    inputs.append(("mask", m.sha256))
    let found = try brainMask(mask, on: volume.grid, fileName: m.name)
    findings += found.findings
    return Mask(grid: volume.grid, offsets: found.mask.offsets, origin: "given")
  }
}

/// What a person may state about perfusion images and their brain.
struct PerfusionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Brain mask: voxels above 0. Without it one is derived.", valueName: "file"))
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Space of all files given, when they do not say it: MNI152 or native.", valueName: "name"))
  var space: String?
  @Option(help: ArgumentHelp("Smallest cluster that is told.", valueName: "voxels"))
  var minVoxels = 10

  func statedSpace() throws(Problem) -> Space? { try Self.space(space) }

  /// The space that was stated, refused when it is none that is known.
  static func space(_ name: String?) throws(Problem) -> Space? {
    guard let space = name else { return nil }
    guard let known = Space(named: space) else {
      throw Problem(.usage, "--space", "there is no space \(space)", expected: "MNI152 or native")
    }
    return known
  }
}

/// People whose perfusion is normal.
struct NormalOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Images of the normals' mean and SD, in MNI space.", valueName: "mean sd"))
  var normals: [String] = []
  @Option(help: ArgumentHelp("How many people they come from.", valueName: "n"))
  var normalsCount: Int?
  @Option(
    help: ArgumentHelp(
      "A folder of normal people's images (.nii, .nii.gz), in MNI space; at least "
        + "\(Normals.leastCount).", valueName: "folder"))
  var normalsFolder: String?

  /// Refuses what cannot be meant, before any file is read.
  func check() throws(Problem) {
    guard normals.isEmpty || normalsFolder == nil else {
      throw Problem(
        .usage, "--normals", "normals are given twice", expected: "two images or a folder")
    }
    guard normals.isEmpty || normals.count == 2 else {
      throw Problem(
        .usage, "--normals", "there are \(normals.count) images",
        expected: "two: the mean and the SD")
    }
    if let normalsCount {
      guard !normals.isEmpty else {
        throw Problem(
          .usage, "--normals-count", "there is no mean it could belong to", expected: "--normals")
      }
      try Normals.require(normalsCount)
    }
  }

  /// The images, with what was read.
  func load(
    person: ImageDescription, stated: Space?, inputs: inout [(role: String, sha256: String)],
    isSimulated: inout Bool, progress: WorkProgress
  ) throws(Problem) -> NormalImages? {
    var volumes: [Volume] = []
    let paths = try normalsFolder.map(Self.images) ?? normals
    for (n, path) in paths.enumerated() {
      try progress.check()
      let (d, volume) = try readSingleVolume(path)
      try requireKnownSides(d, for: "a comparison by places")
      try requireMNI(
        space(ofFileNamed: d.name, formCode: d.formCode, stated: stated), fileName: d.name,
        for: "the space of normals")
      guard d.sha256 != person.sha256 else {
        throw Problem(
          .usage, d.name, "it is the person's own image", expected: "normals that are other people")
      }
      let role = normalsFolder == nil ? ["normal mean", "normal SD"][n] : "normal"
      inputs.append((role, d.sha256))
      isSimulated = isSimulated || d.isSimulated
      volumes.append(volume)
      progress.report("normals", Double(n + 1) / Double(paths.count))
    }
    if normalsFolder != nil { return .people(volumes) }
    guard volumes.count == 2 else { return nil }
    guard volumes[0].grid.matches(volumes[1].grid) else {
      throw Problem(
        .data, fileName(normals[1]), "its grid differs from that of \(fileName(normals[0]))",
        expected: "mean and SD on one grid")
    }
    return .meanAndDeviation(volumes[0], volumes[1], count: normalsCount)
  }

  /// Images of a folder, by name.
  private static func images(_ folder: String) throws(Problem) -> [String] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      throw Problem(
        .missingInput, fileName(folder), "it is no folder that can be read", expected: "a folder")
    }
    let images = names.filter {
      !$0.hasPrefix(".") && ($0.hasSuffix(".nii") || $0.hasSuffix(".nii.gz"))
    }
    try Normals.require(images.count)
    return images.sorted().map { folder + "/" + $0 }
  }
}
