package import Basics
package import ImageFiles
package import Imaging

/// The transforms that a person accepted for the image with a hash, the newest last.
package typealias KeptTransforms = @Sendable (_ movingSHA256: String) -> [GivenTransforms.One]

/// An image where it lies in a study, and as it was stored.
package struct CarriedImage {
  package var description: ImageDescription
  package var volume: Volume
  package var stored: ImageDescription
  /// Nil where it lies as it was stored.
  package var transform: Transform?
}

/// The files of one person: the only place where images meet.
///
/// A file comes in through `admit`, which asks every rule of `StudyRules`. A command throws what is refused; the
/// viewer collects it and goes on.
package struct LoadedStudy: Sendable {
  /// What was admitted, in its order.
  package private(set) var files: [StudyFile] = []
  package var findings: [Finding] = []
  /// The space that was stated for all files.
  package var stated: Space?
  /// Whether a person stated that files of several people are meant.
  package var allowsMixedPeople: Bool
  package var transforms: GivenTransforms
  /// What earlier sessions accepted; taken for a scan that nothing else was given for.
  package var kept: KeptTransforms = { _ in [] }
  /// What is known of the sides of two images, by their hashes.
  package var sides: SideLedger.Source = SideLedger.judged

  package init(
    stated: Space? = nil, allowsMixedPeople: Bool = false,
    transforms: GivenTransforms = GivenTransforms()
  ) {
    self.stated = stated
    self.allowsMixedPeople = allowsMixedPeople
    self.transforms = transforms
  }

  /// The file in whose world the others are laid.
  package var first: StudyFile? { files.first { $0.role.isOfPerson } }

  /// The space of the first file.
  package var space: Space { first?.space ?? .native }

  /// Lets a file in.
  ///
  /// - Parameters:
  ///   - way: the transform that carried it to where `d` says that it lies.
  ///   - volume: its values, where a rule may look at them.
  /// - Throws: the first rule that refuses it.
  @discardableResult
  package mutating func admit(
    _ d: some ImageDescribing, _ path: String, as role: Role,
    carriedBy way: GivenTransforms.One? = nil, volume: Volume? = nil
  ) throws(Problem) -> StudyFile {
    var file = StudyFile(d, path: path, as: role, stated: stated, volume: volume)
    if let way {
      file.place(by: way)
    } else if !role.mustShareSpace, role.isOfPerson, let first, first.world != file.world {
      file.alignment = .notRegistered
    }
    for rule in StudyRules.all {
      guard let problem = rule.check(file, self) else { continue }
      if rule.severity == .blocking { throw problem }
      tell(rule, problem)
    }
    tellSides(of: file)
    files.append(file)
    return file
  }

  /// Sets the hash of a file that was admitted by its header, before it was read to its end.
  package mutating func settle(_ d: ImageDescription, _ path: String) {
    guard let n = files.lastIndex(where: { $0.path == path && $0.role.isOfPerson }) else { return }
    let isNews = files[n].sha256 != d.sha256
    files[n].sha256 = d.sha256
    if isNews { tellSides(of: files[n]) }
  }

  /// Reads an image of one volume, carries it by the transform that was made for it, and lets it in.
  package mutating func read(
    _ path: String, as role: Role
  ) throws(Problem) -> (description: ImageDescription, volume: Volume) {
    let found = try readCarried(path, as: role)
    return (found.description, found.volume)
  }

  /// The same with how the file lay before, and with the transform.
  package mutating func readCarried(
    _ path: String, as role: Role
  ) throws(Problem) -> CarriedImage {
    let found = try readSingleVolume(path)
    // What was said of the person's world is not said of other people's.
    let space = role.isOfPerson ? transformEnd(found.description, stated: stated).space : .mni152
    let way =
      transforms.one(for: found.description, space: space)
      ?? keptTransform(of: found.description, as: role)
    return try take(found, path, as: role, by: way)
  }

  /// Lets an image in that was read already, where a transform carries it.
  package mutating func take(
    _ found: (description: ImageDescription, volume: Volume), _ path: String, as role: Role,
    by way: GivenTransforms.One?
  ) throws(Problem) -> CarriedImage {
    var (d, volume) = found
    let stored = d
    let storedSpace = transformEnd(d, stated: self.stated).space
    if let way {
      try d.carry(by: way.transform)
      volume = Volume(grid: d.grid, values: volume.values)
    }
    try admit(d, path, as: role, carriedBy: way, volume: volume)
    tell(d.findings, of: role)
    if way != nil { files[files.count - 1].storedSpace = storedSpace }
    return CarriedImage(
      description: d, volume: volume, stored: stored, transform: way?.transform)
  }

  /// Where a person accepted a scan to lie over an image that is here too; from now on it counts as given.
  private mutating func keptTransform(
    of d: ImageDescription, as role: Role
  ) -> GivenTransforms.One? {
    guard role == .spect || role == .interictal else { return nil }
    let here = Set(files.filter { $0.role.isOfPerson }.map(\.sha256))
    guard
      let found = kept(d.sha256).last(where: {
        $0.transform.moving.sha256 == d.sha256 && $0.transform.isAccepted == true
          && here.contains($0.transform.fixed.sha256)
      })
    else { return nil }
    transforms.all.append(found)
    findings.append(
      Finding("kept-registration", .note, "It lies as it was \(found.file).", file: d.name))
    return found
  }

  /// Places a file anew that was admitted before its transform could carry it.
  package mutating func carry(_ d: ImageDescription, by way: GivenTransforms.One) {
    guard let n = files.firstIndex(where: { $0.sha256 == d.sha256 && $0.role.isOfPerson }) else {
      return
    }
    files[n].place(by: way)
    files[n].grid = d.grid
    for rule in [StudyRules.notAccepted] {
      if let problem = rule.check(files[n], self) { tell(rule, problem) }
    }
  }

  /// Reads a label map in the MNI space that the first file is in.
  package mutating func readAtlas(
    _ path: String, as role: Role, names: [Int32: String]? = nil
  ) throws(Problem) -> LabelMap {
    let what = role == .networks ? "a map of networks" : "an atlas"
    if let first, first.space != .mni152 {
      return try readNativeAtlas(path, as: role, over: first, what, names: names)
    }
    let found = try AtlasFiles.read(path, space: stated, names: names)
    try admit(found.description, path, as: role)
    tell(found.findings, of: role)
    return found.atlas
  }

  /// A label map of the person's own: on the grid of the native image that it is laid over, and saying itself
  /// that it lies in the person's space.
  private mutating func readNativeAtlas(
    _ path: String, as role: Role, over first: StudyFile, _ what: String, names: [Int32: String]?
  ) throws(Problem) -> LabelMap {
    let (d, volume) = try readSingleVolume(path)
    let file = StudyFile(d, path: path, as: role, stated: stated)
    guard first.space == .native, first.laterality == .known, file.laterality == .known,
      file.space == .native, volume.grid.matches(first.grid),
      stated == .native || otherSpace(ofFileNamed: d.name) != nil || [1, 2].contains(d.formCode)
    else { throw notInMNI(fileName: first.name, for: what) }
    let found = try AtlasFiles.labelled(d, volume, path, names: names)
    try checkNamedSides(found.atlas, fileName: d.name, isNative: true)
    try admit(d, path, as: role)
    tell(found.findings, of: role)
    tell(
      [
        Finding(
          "native-atlas", .note,
          "it lies on the grid of \(first.name), in the person's own space; nothing checks it against a template"
        ).of(d.name)
      ], of: role)
    return found.atlas
  }

  /// Refuses a transform that carried none of these files: a wrong one would stay unseen.
  ///
  /// One from a native image to MNI needs none of them where the study itself lies in MNI: it tells where a
  /// place lies in that image. Where a person said that native images share its world, one must have been given.
  package func requireTransformsUsed() throws(Problem) {
    for one in transforms.all {
      let t = one.transform
      let isForPlaces =
        t.moving.space == .native && t.fixed.space == .mni152
        && first?.storedSpace == .mni152 && !transforms.isSameWorld
      let isUsed = files.contains {
        if case .transform(one.file, _, _) = $0.alignment { true } else { false }
      }
      if isForPlaces || isUsed { continue }
      let moving = files.first { $0.sha256 == t.moving.sha256 }
      throw Problem(
        .data, one.file,
        moving.map {
          "its MOVING is \($0.name), the \($0.role.rawValue), which lies with \(first?.name ?? "its run"): that was not carried"
        }
          ?? (transforms.isSameWorld
            ? "no native image was given that it could carry"
            : "its MOVING is none of the images given"),
        expected: "a transform that was made for one of them")
    }
  }

  /// What a file says of itself is told with everything that it had a part in; of a folder of people only what
  /// is more than a note.
  package mutating func tell(_ own: [Finding], of role: Role) {
    for finding in own where !findings.contains(finding) {
      if role.isOfNormals, finding.severity == .note { continue }
      findings.append(finding)
    }
  }

  private mutating func tell(_ rule: StudyRule, _ problem: Problem) {
    let finding = Finding(rule.code, rule.severity, problem.sentence, file: problem.subject)
    if !findings.contains(finding) { findings.append(finding) }
  }
}

extension StudyFile {
  fileprivate mutating func place(by way: GivenTransforms.One) {
    let t = way.transform
    space = t.fixed.space
    template = t.fixed.space == .mni152 ? t.fixed.template : nil
    alignment = .transform(
      file: way.file, origin: t.origin, isAccepted: t.isAccepted == true)
  }
}
