package import Basics
import ImageFiles
import Imaging

/// One rule about a file that comes into a study.
package struct StudyRule: Sendable {
  /// A short word that stays the same between versions.
  package var code: String
  /// Blocking refuses the file; the others become findings.
  package var severity: Finding.Severity
  package var check: @Sendable (StudyFile, LoadedStudy) -> Problem?
}

/// Every rule about how files may come together, once, for the viewer and for every command.
package enum StudyRules {
  package static let all = [
    statedSpace, person, linkedPerson, mixedPeople, namedAsAnother, ownNormals, sameNormals,
    sameSubject, session, sameSession, sides, space,
    peopleSpace, overlap,
    tissueName, statistic, navigatorForms, navigatorAxes,
    template, unmeasured, makingDiffers, makingUnsaid,
    outsideTemplate, farFromTemplate, unlike, unlikeNormal, notLabels, counts, cleanedBefore,
    cleanedApart,
    madeOfOther,
    notAccepted,
    warned,
  ]

  /// What is stated for all files does not overrule what one of them says of itself.
  static let statedSpace = StudyRule(code: "stated-space", severity: .blocking) { file, study in
    guard study.stated == .mni152, file.alignment == .sameWorld,
      let against = contradiction(ofFileNamed: file.name, formCode: file.formCode)
    else { return nil }
    return Problem(
      .data, file.name, "\(against), but MNI152 is stated for all files",
      expected: "files that do not say another space",
      remedy: "Give the file that lies in MNI152, or correct what this one says of itself")
  }

  /// A person who is among the normals is compared with a part of himself.
  static let ownNormals = StudyRule(code: "own-normals", severity: .blocking) { file, study in
    guard file.role.isOfNormals, let subject = file.subject,
      let own = study.files.first(where: { $0.role.isOfPerson && $0.subject == subject })
    else { return nil }
    return Problem(
      .data, file.name, "it is of \(subject), as \(own.name) is: normals must be other people",
      expected: "images of other people")
  }

  /// Twice the same image is no second person, and no deviation of a mean.
  static let sameNormals = StudyRule(code: "same-normals", severity: .blocking) { file, study in
    guard file.role.isOfNormals,
      let other = study.files.first(where: { $0.role.isOfNormals && $0.isSameImage(as: file) })
    else { return nil }
    return Problem(
      .data, file.name, "it is the same image as \(other.name)", expected: "images that differ")
  }

  /// An image changes by nothing from itself; the errors of such a change say something else.
  static let sameSession = StudyRule(code: "same-session", severity: .warning) { file, study in
    let earlier: [Role: Role] = [.second: .bold, .interictal: .spect]
    guard let role = earlier[file.role],
      let other = study.files.first(where: { $0.role == role && $0.isSameImage(as: file) })
    else { return nil }
    return Problem(
      .data, file.name, "it is the same image as \(other.name): between them nothing can change")
  }

  /// A person who counts twice makes the normals look more alike than people are.
  static let sameSubject = StudyRule(code: "same-subject", severity: .blocking) { file, study in
    guard file.role == .normals, let subject = file.subject,
      let other = study.files.first(where: { $0.role == .normals && $0.subject == subject })
    else { return nil }
    return Problem(
      .data, file.name, "it is of \(subject), as \(other.name) is: one person counts once",
      expected: "one image of each person")
  }

  /// Normals are compared place by place, so they lie in MNI space and know their sides; that a grid is equal
  /// says nothing of where other people's heads lay.
  static let peopleSpace = StudyRule(code: "normals-space", severity: .blocking) { file, study in
    guard file.role.isOfNormals else { return nil }
    guard file.laterality == .known else {
      return Problem(
        .data, file.name,
        "its header does not say which side is left, so a comparison by places has no meaning",
        expected: "an image that says it (a valid sform or qform, or its format's matrix)")
    }
    for one in [file] + (file.role == .normals ? [] : [study.first].compactMap { $0 })
    where one.space != .mni152 {
      return notInMNI(fileName: one.name, for: "the space of normals")
    }
    guard let first = study.first, first.laterality == .known, !file.overlaps(first) else {
      return nil
    }
    return Problem(
      .data, file.name, "it does not overlap \(first.name)",
      expected: "normals in the space of the image")
  }

  /// Files of two people are not one study.
  static let person = StudyRule(code: "person", severity: .blocking) { file, study in
    guard !study.allowsMixedPeople, let other = anotherPerson(file, study) else { return nil }
    return Problem(
      .data, file.name,
      personWords(file, other), expected: "files of one person",
      remedy: "If that is meant, say --mixed-people")
  }

  /// A link under one person's name that leads to another's file joins two people by its name alone.
  static let linkedPerson = StudyRule(code: "linked-person", severity: .blocking) { file, study in
    guard file.role.isOfPerson, !study.allowsMixedPeople, let own = file.subject,
      let other = file.linkedSubject, own != other
    else { return nil }
    return Problem(
      .data, file.name, "it is a link to a file of \(other), under the name of \(own)",
      expected: "the person's own file", remedy: "If that is meant, say --mixed-people")
  }

  static let mixedPeople = StudyRule(code: "mixed-people", severity: .warning) { file, study in
    guard study.allowsMixedPeople, let other = anotherPerson(file, study) else { return nil }
    return Problem(
      .data, file.name,
      personWords(file, other) + ", as stated")
  }

  /// A file that was put into the wrong person's folder is known by its name alone.
  static let namedAsAnother = StudyRule(code: Finding.namedAsAnother, severity: .warning) {
    file, _ in
    guard file.role.isOfPerson else { return nil }
    return strangerWords(ofPath: file.path).map {
      Problem(.data, file.name, $0, expected: "the person's own file")
    }
  }

  private static func anotherPerson(_ file: StudyFile, _ study: LoadedStudy) -> StudyFile? {
    // An atlas is nobody's, unless its name says whose it is.
    func isOfPerson(_ one: StudyFile) -> Bool {
      one.role.isOfPerson || [.atlas, .networks].contains(one.role)
    }
    guard isOfPerson(file) else { return nil }
    return study.files.first { isOfPerson($0) && (bySubject(file, $0) || byPatient(file, $0)) }
  }

  private static func bySubject(_ a: StudyFile, _ b: StudyFile) -> Bool {
    a.subject != nil && b.subject != nil && a.subject != b.subject
  }

  private static func byPatient(_ a: StudyFile, _ b: StudyFile) -> Bool {
    guard let x = a.patient, let y = b.patient else { return false }
    return x.isAnother(than: y)
  }

  /// Names no patient: what DICOM headers say of them stays there.
  private static func personWords(_ file: StudyFile, _ other: StudyFile) -> String {
    bySubject(file, other)
      ? "it is of \(file.subject ?? ""), but \(other.name) is of \(other.subject ?? "")"
      : "its header names another patient than that of \(other.name)"
  }

  /// Another session is told, except where one was asked for.
  static let session = StudyRule(code: "session", severity: .note) { file, study in
    guard file.role.isOfPerson, ![.second, .interictal].contains(file.role),
      let first = study.first, let a = first.session, let b = file.session, a != b
    else { return nil }
    return Problem(.data, file.name, "it is of \(b), but \(first.name) is of \(a)")
  }

  /// Laying an image whose sides are unknown over another by millimetres would be a guess.
  static let sides = StudyRule(code: "sides", severity: .blocking) { file, study in
    guard file.role.mustShareSides, let first = study.first else { return nil }
    if first.laterality == .known, file.laterality == .known { return nil }
    if first.laterality == .unknown, file.laterality == .unknown, first.grid.matches(file.grid) {
      return nil
    }
    let unknown = file.laterality == .unknown ? file : first
    return Problem(
      .data, unknown.name,
      "its header does not say which side is left, so it cannot be laid over "
        + (file.laterality == .unknown ? first.name : file.name),
      expected: "images whose sides are known")
  }

  /// Laying an image of another space over this one by millimetres would be a guess.
  static let space = StudyRule(code: "space", severity: .blocking) { file, study in
    if file.role == .bold, let other = study.files.first(where: { $0.role == .bold }) {
      return anotherSpace(file, other, expected: "runs in one space")
    }
    guard file.role.mustShareSpace, let first = study.first, file.world != first.world else {
      return nil
    }
    if file.role == .second {
      return anotherSpace(file, first, expected: "two sessions in one space")
    }
    if file.grid.matches(first.grid) {
      // A file that is silent about its space may be laid on its own grid. Of one that says where it lies, an
      // equal grid tells nothing: heads of one person lie centimetres apart on it.
      return file.saysSpace
        ? anotherSpace(file, first, expected: "an image in its space, not only on an equal grid")
        : nil
    }
    return Problem(
      .data, file.name,
      "it lies on another grid and does not say that it is in \(first.world) space as \(first.name)",
      expected: "an image on its grid or in its space",
      remedy: "If all files given are in one space, say --space \(first.space.rawValue)")
  }

  private static func anotherSpace(
    _ file: StudyFile, _ other: StudyFile, expected: String
  ) -> Problem? {
    guard file.world != other.world else { return nil }
    return Problem(
      .data, file.name,
      "it is in \(file.world) space, but \(other.name) is in \(other.world) space",
      expected: expected,
      remedy: "If all files given are in one space, say --space \(other.space.rawValue)")
  }

  static let overlap = StudyRule(code: "overlap", severity: .blocking) { file, study in
    guard file.role.mustShareSpace, file.role != .second, let first = study.first,
      first.laterality == .known, file.laterality == .known, !file.overlaps(first)
    else { return nil }
    return Problem(
      .data, file.name, "it does not overlap \(first.name)", expected: "an image of the same head")
  }

  /// A navigator may follow the other form.
  static let navigatorForms = StudyRule(code: "forms", severity: .blocking) { file, _ in
    guard file.role == .navigatorAnatomy, let apart = file.formsApartMillimetres, apart > 0.1 else {
      return nil
    }
    return Problem(
      .data, file.name,
      "its sform and qform put a corner \(plainNumber(apart, 2)) mm apart, and a navigator may follow the other one",
      expected: "forms that agree to 0.1 mm",
      remedy: "Write one of them into both, after looking which is right")
  }

  /// Navigators, Slicer and all that reads with ITK know right angles alone: they refuse the image, or straighten it.
  static let navigatorAxes = StudyRule(code: "sheared", severity: .blocking) { file, _ in
    let shear = file.storedGrid.worldFromVoxel.shearDegrees
    guard file.role == .navigatorAnatomy, shear > 0.01 else { return nil }
    return Problem(
      .data, file.name,
      "its axes are \(plainNumber(shear, 2))° off right angles, which navigators do not read",
      expected: "axes at right angles",
      remedy: "Resample it to a grid that has them, and plan on that")
  }

  /// Two templates of MNI152 differ by millimetres; a name that only says MNI152 says neither.
  static let template = StudyRule(code: "template-mixed", severity: .warning) { file, study in
    guard ![.moving, .fixed, .like].contains(file.role), file.space == .mni152,
      let own = file.statedTemplate,
      let other = study.files.first(where: {
        $0.space == .mni152 && $0.statedTemplate != nil && $0.statedTemplate != own
      })
    else { return nil }
    return Problem(
      .data, file.name,
      "it is in \(own), but \(other.name) is in \(other.statedTemplate ?? ""): places may differ by millimetres"
    )
  }

  /// A difference between what was measured and what was not is no change of a person.
  static let unmeasured = StudyRule(code: "simulated-mixed", severity: .warning) { file, study in
    let compared: [Role: Role] = [
      .bold: .bold, .second: .bold, .interictal: .spect, .normals: .normals,
    ]
    guard let role = compared[file.role],
      let other = study.files.first(where: { $0.role == role }), other.unmeasured != file.unmeasured
    else { return nil }
    return Problem(
      .data, file.name,
      "it is \(file.unmeasured ?? "measured"), but \(other.name) is \(other.unmeasured ?? "measured"): what "
        + "differs between them is no change of a person")
  }

  /// A run's brain is known when it was read: `LoadedRun` asks the same then.
  static let outsideTemplate = StudyRule(code: "outside-template", severity: .blocking) { file, _ in
    file.shareInTemplate.flatMap { TemplatePlace.refusal($0, file.name) }
  }

  static let farFromTemplate = StudyRule(code: "far-from-template", severity: .warning) { file, _ in
    file.shareInTemplate.flatMap { TemplatePlace.doubt($0, file.name) }
  }

  /// Every number of an image of values would be a region.
  static let notLabels = StudyRule(code: "not-labels", severity: .blocking) { file, _ in
    guard [.atlas, .networks].contains(file.role), let what = unlikeLabels(fileNamed: file.name)
    else {
      return nil
    }
    return Problem(
      .data, file.name, "it is given as \(file.role.rawValue) and looks like \(what)",
      expected: "a label map")
  }

  /// What is no scan is no normal person: each counts, and nobody looks at them one by one.
  static let unlikeNormal = StudyRule(code: "unlike-normal", severity: .blocking) { file, _ in
    guard file.role == .normals, file.looksLike != StudyFile.sharpWords else { return nil }
    return file.looksLike.map {
      Problem(
        .data, file.name, "it is given as a normal person's scan and looks like \($0)",
        expected: "a folder of perfusion images alone", remedy: "Take it out of the folder")
    }
  }

  static let unlike = StudyRule(code: "unlike", severity: .warning) { file, _ in
    guard file.role != .normals || file.looksLike == StudyFile.sharpWords else { return nil }
    return file.looksLike.map {
      Problem(.data, file.name, "it is given as \(file.role.rawValue) and looks like \($0)")
    }
  }

  static let counts = StudyRule(code: "odd-counts", severity: .warning) { file, _ in
    file.oddCounts.map { Problem(.data, file.name, $0) }
  }

  /// What an earlier cleaning removed is in no header: degrees of freedom that are not there are counted.
  static let cleanedBefore = StudyRule(code: CleanedBefore.code, severity: .warning) { file, _ in
    guard [.bold, .second].contains(file.role), let word = cleaningWord(ofFileNamed: file.name)
    else {
      return nil
    }
    return Problem(
      .data, file.name, "its name says \"\(word)\": \(CleanedBefore.words)",
      remedy: "Give the run as it was before")
  }

  /// What cleaning took from the one and not from the other is no change of a person.
  static let cleanedApart = StudyRule(code: "cleaned-apart", severity: .blocking) { file, study in
    guard file.role == .second, let other = study.files.first(where: { $0.role == .bold }),
      other.isCleanedBefore != file.isCleanedBefore
    else { return nil }
    let (cleaned, raw) = file.isCleanedBefore ? (file, other) : (other, file)
    return Problem(
      .data, file.name, "\(cleaned.name) was cleaned before and \(raw.name) was not",
      expected: "two sessions that were cleaned alike", remedy: "Give both as they were before")
  }

  /// A run counts once, and between a scan and what was made of it nothing can change.
  static let madeOfOther = StudyRule(code: "made-of-other", severity: .blocking) { file, study in
    let beside: [Role: Role] = [.bold: .bold, .second: .bold, .interictal: .spect]
    guard let role = beside[file.role],
      let other = study.files.first(where: { one in
        one.role == role && one.path != file.path && (file.isMade(of: one) || one.isMade(of: file))
      })
    else { return nil }
    return Problem(
      .data, file.name, "one of it and \(other.name) was made of the other",
      expected: "two examinations")
  }

  static let notAccepted = StudyRule(code: "not-accepted", severity: .warning) { file, _ in
    guard case .transform(let transform, _, false) = file.alignment else { return nil }
    return Problem(.data, file.name, "it lies here by \(transform), which is NOT ACCEPTED")
  }

  /// What spoke against a transform is told with everything that it carried, accepted or not.
  static let warned = StudyRule(code: "transform-warned", severity: .warning) { file, _ in
    guard case .transform(let transform, _, _) = file.alignment, let doubts = file.transformDoubts
    else { return nil }
    return Problem(.data, file.name, "it lies here by \(transform): \(doubts)")
  }
}

extension StudyFile {
  /// The template where the name says which of the MNI152 templates it is.
  fileprivate var statedTemplate: String? {
    guard alignment == .sameWorld, let template, template != "MNI152" else { return nil }
    return template
  }
}
