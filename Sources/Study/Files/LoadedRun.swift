package import Basics
import Connectivity
package import ImageFiles
package import Imaging
import Targeting

/// A BOLD run with what else is known about it.
package struct LoadedRun: Sendable {
  package var description: ImageDescription
  package var run: Run
  package var space: Space
  package var sideRule: SideRule
  package var findings: [Finding]
  /// SHA-256 of every file that had a part in it, by its part.
  package var inputs: [Provenance]

  /// Reads a run and its mask.
  package init(
    _ path: String, as role: Role = .bold, tr: Double?, mask maskPath: String?,
    into study: inout LoadedStudy, sharedMask: Mask? = nil, progress: WorkProgress,
    firstLook: (FirstLook) -> Void = { _ in }
  ) throws(Problem) {
    var extra: [Finding] = []
    var inputs: [Provenance] = []
    var door = study
    let told = study.findings.count
    let (description, run) = try ImageReader.readRun(
      path, repetitionTimeSeconds: tr,
      mask: { (d) throws(Problem) -> Mask? in
        try door.admit(d, path, as: role)
        // Several runs of one person share the mask of the first.
        if let sharedMask, sharedMask.grid.matches(d.grid) { return sharedMask }
        guard let maskPath else { return nil }
        let (m, volume) = try door.read(maskPath, as: .mask)
        inputs.append(Provenance("mask", m))
        let found = try brainMask(volume, on: d.grid, fileName: m.name)
        extra += found.findings
        return found.mask
      }, progress: progress, firstLook: firstLook)
    self.description = description
    self.run = run
    try door.settle(description, path)
    space = transformEnd(description, stated: study.stated).space
    sideRule = Study.sideRule(space, description.laterality, run.mask)
    findings = []
    self.inputs = [Provenance("bold", description)] + inputs
    try learnField()
    findings =
      description.header.findings(decidedBy: tr) + extra
      + run.faults.findings(frameCount: run.frameCount) + door.findings.dropFirst(told)
    try placeInTemplate()
    study = door
  }

  /// Refuses a run that is said to lie in MNI152 and does not, and tells of one that lies there in part.
  mutating func placeInTemplate() throws(Problem) {
    guard space == .mni152, let share = run.mask.shareInTemplate else { return }
    if let problem = TemplatePlace.refusal(share, description.name) { throw problem }
    if let told = TemplatePlace.doubt(share, description.name) {
      findings.append(
        Finding(
          StudyRules.farFromTemplate.code, .warning, told.sentence, file: told.subject))
    }
  }

  /// Where extraction set the background to 0, the template's brain says what of the brain was not scanned.
  mutating func learnField() throws(Problem) {
    guard space == .mni152, description.laterality == .known, run.hasUnexplainedBackground,
      let brain = try AtlasFiles.mniBrain()
    else { return }
    run = run.knowing { brain.nearest($0) > 0 }
  }

  /// Refuses a run that cannot be put together with another one of the same person.
  package func requireJoinable(with first: LoadedRun) throws(Problem) {
    guard run.grid.matches(first.run.grid) else {
      throw Problem(
        .data, description.name, "its grid differs from that of \(first.description.name)",
        expected: "runs of one person on one grid")
    }
  }

  /// Refuses work that needs a trustworthy repetition time.
  package func requireTime() throws(Problem) {
    if run.repetitionTimeSeconds == nil { throw description.header.timeProblem }
  }

  /// Refuses world coordinates where nobody knows where left is.
  package func requireLaterality(for what: String) throws(Problem) {
    try requireKnownSides(description, for: what)
  }
}

/// Refuses world coordinates of an image whose sides are unknown.
package func requireKnownSides(
  _ described: some ImageDescribing, for what: String
) throws(Problem) {
  let d = described.header
  guard d.laterality == .known, d.affine != nil else {
    throw Problem(
      .data, d.name, "its header does not say which side is left, so \(what) has no meaning",
      expected: "an image that says it (a valid sform or qform, or its format's matrix)")
  }
}

/// A file that must hold one volume. What is infinite in it is no number, and no data.
package func readSingleVolume(
  _ path: String
) throws(Problem) -> (description: ImageDescription, volume: Volume) {
  var found = try ImageReader.readVolume(path)
  let infinite = found.volume.values.count { $0.isInfinite }
  if infinite > 0 {
    found.volume = Volume(
      grid: found.volume.grid, values: found.volume.values.map { $0.isInfinite ? .nan : $0 })
    found.description.findings.append(
      Finding("infinite", .warning, "\(infinite) voxels are infinite and count as no data."))
  }
  guard !found.description.isSeries else {
    throw Problem(
      .data, found.description.name, "it has \(found.description.frameCount) volumes",
      expected: "one volume")
  }
  return found
}
