package import Basics
import ImageFiles
import Imaging
package import Records
import Study
package import Targeting
import Workflows

/// A saved target on its way to a navigator, as a person asked for it.
package struct TargetExport {
  /// What the coil is laid on, and how.
  package struct Coil {
    package var anatomy: String
    package var transforms: [String]
    /// Space of the anatomy, when it does not say it.
    package var space: String?
    /// Whether a native target's run was aligned with the anatomy.
    package var isSameWorld: Bool
    package var handleDegrees: Double
    /// From the scalp to the coil's centre, in mm.
    package var distanceMillimetres: Double
    /// Depth of the motor hot spot below the scalp, in mm.
    package var motorDepthMillimetres: Double?

    package init(
      anatomy: String, transforms: [String], space: String?, isSameWorld: Bool,
      handleDegrees: Double, distanceMillimetres: Double, motorDepthMillimetres: Double?
    ) {
      self.anatomy = anatomy
      self.transforms = transforms
      self.space = space
      self.isSameWorld = isSameWorld
      self.handleDegrees = handleDegrees
      self.distanceMillimetres = distanceMillimetres
      self.motorDepthMillimetres = motorDepthMillimetres
    }

    private func check() throws(Problem) {
      guard handleDegrees.isFinite, abs(handleDegrees) <= 180 else {
        throw Problem(
          .usage, "--handle", "\(plainNumber(handleDegrees)) degrees is no angle",
          expected: "-180 to 180")
      }
      guard (0...50).contains(distanceMillimetres) else {
        throw Problem(
          .usage, "--coil-distance", "\(plainNumber(distanceMillimetres)) mm is no useful distance",
          expected: "0 to 50")
      }
      if let motorDepthMillimetres, !(5...60).contains(motorDepthMillimetres) {
        throw Problem(
          .usage, "--motor-depth",
          "\(plainNumber(motorDepthMillimetres)) mm is no depth of a motor cortex",
          expected: "5 to 60")
      }
    }

    /// The anatomy, refused when a navigator could take it for something else.
    fileprivate func read() throws(Problem) -> (ImageDescription, Anatomy) {
      try check()
      let stated = try Study.stated(space, by: "--anat-space")
      let (d, volume) = try readSingleVolume(anatomy)
      try requireKnownSides(d, for: "a target")
      var study = LoadedStudy(stated: stated)
      try study.admit(d, anatomy, as: .navigatorAnatomy)
      return (
        d,
        Anatomy(
          volume: volume, end: transformEnd(d, stated: stated), fileName: visibleText(d.name))
      )
    }
  }

  package var target: String
  /// Which one, when the file holds several.
  package var name: String?
  package var coil: Coil
  package var files: NavigationFiles
  package var version: Brainsight.Version
  package var axes: Localite.Axes
  /// Whether a target that no person accepted may go out.
  package var allowsUndecided: Bool

  package init(
    target: String, name: String?, coil: Coil, files: NavigationFiles, version: Brainsight.Version,
    axes: Localite.Axes, allowsUndecided: Bool
  ) {
    self.target = target
    self.name = name
    self.coil = coil
    self.files = files
    self.version = version
    self.axes = axes
    self.allowsUndecided = allowsUndecided
  }

  private func decided() throws(Problem) -> TargetRecord {
    let record = try TargetFiles.record(target, named: name)
    guard record.decision != .rejected else {
      throw Problem(
        .data, record.name, "a person rejected this target", expected: "one that was not rejected")
    }
    guard record.decision == .accepted || allowsUndecided else {
      throw Problem(
        .data, record.name, "no person accepted this target", expected: "one that was accepted",
        remedy: "Look at it in the viewer, or state --undecided")
    }
    return record
  }

  /// Writes the navigator's files.
  ///
  /// - Returns: the answer, the same for a person to read, and what is to be warned of.
  package func write(
    progress: WorkProgress
  ) throws(Problem) -> (answer: CommandAnswer, text: String, warnings: [String]) {
    let record = try decided()
    try files.requireNames(record)
    let transform = try GivenTransforms.one(coil.transforms)
    let (d, anatomy) = try coil.read()
    // Before anything is worked out that would rest on them.
    let decisions = try sideDecisions(record, d)
    let doubt = try personDoubt(record, d)
    if transform != nil { try d.requireOwnGeometry(for: "a transform") }
    let way = try wayToAnatomy(
      record, anatomy, transform: transform, isSameWorld: coil.isSameWorld)
    let (plan, doubts) = try coilPlan(
      for: record, way: way, anatomy: anatomy, handleDegrees: coil.handleDegrees,
      coilDistance: coil.distanceMillimetres, progress: progress)
    let warnings = doubts + [doubt].compactMap { $0 } + decisions
    let dose = coil.motorDepthMillimetres.map {
      DoseAdjustment(siteMillimetres: plan.depth, motorMillimetres: $0)
    }
    let inputs =
      try [Provenance("target", file: target), Provenance("anat", d)] + (transform?.inputs ?? [])
    let written = try files.write(
      plan, record: record, way: way, dose: dose, warnings: warnings, anatomy: anatomy,
      form: Brainsight.Form(isQform: d.form == .qform, code: d.formCode), version: version,
      axes: axes, inputs: inputs)
    let told = ExportCautions(record, more: warnings).all
    let answer = CommandAnswer(
      "target export", inputs: inputs, findings: d.findings,
      result: [
        ("name", .string(plan.name)), ("side", .string(plan.side.rawValue)),
        ("target_mm", .point(record.point)), ("target_space", .string(record.spaceName)),
        ("anat_target_mm", .point(plan.cortex)), ("scalp_mm", .point(plan.scalp)),
        ("coil_mm", .point(plan.pose.centre)), ("depth_mm", .number(plan.depth)),
        ("handle_degrees", .number(plan.handleDegrees)),
        ("handle_axial_degrees", .optional(plan.axialHandleDegrees)),
        ("written", .array(written.map(JSON.string))),
        ("warnings", .array(told.map(JSON.string))),
      ])
    let text = planText(plan, record, anatomy, dose) + "\n" + written.joined(separator: "\n")
    return (answer, text, told)
  }
}
