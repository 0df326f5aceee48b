package import Basics
import Foundation
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
  package internal(set) var files: [StudyFile] = []
  package var findings: [Finding] = []
  /// The space that was stated for all files.
  package var stated: Space?
  /// Whether a person stated that files of several people are meant.
  package var allowsMixedPeople: Bool
  package var transforms: GivenTransforms
  /// How the person's values came about that normals are held against; nil where nothing was made of them yet.
  package var making: ValueMaking?
  /// What earlier sessions accepted; taken for a scan that nothing else was given for.
  package var kept: KeptTransforms = { _ in [] }
  /// Hashes of the transforms that brought an atlas to the run.
  var usedForAtlas: Set<String> = []
  /// Series of the runs that were read, by which a copy is seen.
  var prints: [SeriesPrint] = []
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

  /// `sub-` and `ses-` of the files, by their names and folders.
  package var whose: (subject: String?, session: String?) {
    let own = files.first { $0.role.isOfPerson && $0.subject != nil }
    return (own?.subject, own?.session)
  }

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
    try admit(
      d, path, as: role, placedBy: way.map { way in { $0.place(by: .matrix(way)) } },
      volume: volume)
  }

  @discardableResult
  private mutating func admit(
    _ d: some ImageDescribing, _ path: String, as role: Role,
    placedBy place: ((inout StudyFile) -> Void)?, volume: Volume?
  ) throws(Problem) -> StudyFile {
    var file = StudyFile(d, path: path, as: role, stated: stated, volume: volume)
    if let place {
      place(&file)
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
  ///
  /// - Throws: what only the hash tells: that another one was made of it.
  package mutating func settle(_ d: ImageDescription, _ path: String) throws(Problem) {
    guard let n = files.lastIndex(where: { $0.path == path && $0.role.isOfPerson }) else { return }
    let isNews = files[n].sha256 != d.sha256
    files[n].sha256 = d.sha256
    files[n].voxelsSHA256 = d.voxelsSHA256
    // What it is a copy of is known by its voxels, too.
    files[n].lineage = d.header.lineage
    guard isNews else { return }
    if let problem = StudyRules.madeOfOther.check(files[n], self) { throw problem }
    tellSides(of: files[n])
    if let problem = StudyRules.sameSession.check(files[n], self) {
      tell(StudyRules.sameSession, problem)
    }
  }

  /// Refuses a run that is one that is here already, in other units, smoothed or on other voxels; of the second of two
  /// sessions it is told, as of the same file.
  mutating func admit(series print: SeriesPrint) throws(Problem) {
    for other in prints where print.role == other.role || print.role == .second {
      guard let r = print.likeness(other), r >= SeriesPrint.leastOfCopies else { continue }
      let problem = Problem(
        .data, print.name,
        "its series go with those of \(other.name) as copies do (r \(fixed(r, 2))): it is the same measurement",
        remedy: print.role == other.role ? "Give each measurement once" : nil)
      if print.role == other.role { throw problem }
      // The same file was told as such.
      if findings.contains(where: { $0.code == "same-session" && $0.file == print.name }) {
        continue
      }
      tell(StudyRules.sameSession, problem)
    }
    prints.append(print)
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
    if let bent = transforms.bent(for: found.description, space: space) {
      return try take(found, path, as: role, by: bent)
    }
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
    if way != nil { setStored(storedSpace, stored.grid) }
    return CarriedImage(
      description: d, volume: volume, stored: stored, transform: way?.transform)
  }

  /// How the file that was let in last lay before it was carried.
  mutating func setStored(_ space: Space, _ grid: Grid) {
    files[files.count - 1].storedSpace = space
    files[files.count - 1].storedGrid = grid
  }

  /// Lets a file in that a warp has put on another grid.
  mutating func admit(
    _ d: ImageDescription, _ path: String, as role: Role, carriedBy bent: GivenTransforms.Bent,
    volume: Volume? = nil
  ) throws(Problem) {
    try admit(d, path, as: role, placedBy: { $0.place(by: .bent(bent)) }, volume: volume)
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
    // What goes on from there goes on for it too.
    guard transforms.append(found), let way = transforms.one(for: d, space: .native) else {
      return nil
    }
    findings.append(
      Finding("kept-registration", .note, "It lies as it was \(found.file).", file: d.name))
    return way
  }

  /// Places a file anew that was admitted before its transform could carry it.
  package mutating func carry(_ d: ImageDescription, by way: GivenTransforms.One) {
    guard let n = files.firstIndex(where: { $0.sha256 == d.sha256 && $0.role.isOfPerson }) else {
      return
    }
    files[n].place(by: .matrix(way))
    files[n].grid = d.grid
    for rule in [StudyRules.notAccepted, StudyRules.warned] {
      if let problem = rule.check(files[n], self) { tell(rule, problem) }
    }
  }

  /// Refuses a file that lies in another space than the first since transforms carried one of them.
  package func requireOneSpace(_ d: ImageDescription) throws(Problem) {
    guard let file = files.last(where: { $0.sha256 == d.sha256 }),
      let problem = StudyRules.space.check(file, self)
    else { return }
    throw problem
  }

  /// Refuses a transform that carried none of these files: a wrong one would stay unseen.
  ///
  /// One from a native image to MNI needs none of them where the study itself lies in MNI: it tells where a
  /// place lies in that image. Where a person said that native images share its world, one must have been given.
  package func requireTransformsUsed() throws(Problem) {
    for link in transforms.links {
      let isForPlaces =
        link.moving.space == .native && link.fixed.space == .mni152
        && first?.storedSpace == .mni152 && !transforms.isSameWorld
      let own = link.inputs.first?.sha256 ?? ""
      let isUsed = usedForAtlas.contains(own) || files.contains { $0.carriedBy.contains(own) }
      if isForPlaces || isUsed { continue }
      if let problem = transforms.unusedProblem(link) { throw problem }
      let moving = files.first { $0.sha256 == link.moving.sha256 }
      throw Problem(
        .data, link.file,
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

  /// Lets a table in that stands beside a run, such as its confounds, by the words of its name and folders.
  ///
  /// - Throws: a table of another person than the run, by its name or by what it is a link to.
  package mutating func admit(table path: String, ofRun run: String) throws(Problem) {
    let (own, theirs) = (BIDSWords(run), BIDSWords(path))
    let name = fileName(path)
    for one in [theirs, BIDSWords(behindLink: path)].compactMap({ $0 }) {
      guard let person = own.subject, let other = one.subject, person != other else { continue }
      let found =
        "it is of \(visibleText(other)), but \(fileName(run)) is of \(visibleText(person))"
      guard allowsMixedPeople else {
        throw Problem(
          .data, name, found, expected: "the run's own table",
          remedy: "If that is meant, say --mixed-people")
      }
      tell(StudyRules.mixedPeople, Problem(.data, name, found + ", as stated"))
      return
    }
    let (a, b) = (EntityName(fileName(run)), EntityName(name))
    var apart: [String] = []
    if let mine = own.session, let other = theirs.session, mine != other { apart.append(other) }
    for key in [EntityName.Key.task, .run] {
      if let mine = a[key], let other = b[key], mine != other {
        apart.append(key.written + "-" + other)
      }
    }
    guard !apart.isEmpty else { return }
    let finding = Finding(
      "table-of-another-run", .warning,
      "The table \(name) is of \(visibleText(apart.joined(separator: " "))), and the run \(fileName(run)) is not: another run's motion is removed.",
      file: name)
    if !findings.contains(finding) { findings.append(finding) }
  }

  private mutating func tell(_ rule: StudyRule, _ problem: Problem) {
    let finding = Finding(rule.code, rule.severity, problem.sentence, file: problem.subject)
    if !findings.contains(finding) { findings.append(finding) }
  }
}

extension StudyFile {
  fileprivate mutating func place(by way: GivenTransforms.Link) {
    space = way.fixed.space
    template = way.fixed.space == .mni152 ? way.fixed.template : nil
    alignment = .transform(
      file: way.file, origin: way.story.origin, isAccepted: way.story.isAccepted == true)
    carriedBy = way.inputs.map(\.sha256)
    transformDoubts = way.doubts.warnings.isEmpty ? nil : way.warning
  }
}
