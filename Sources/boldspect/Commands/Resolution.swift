import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Study
import Workflows

/// `boldspect resolution`.
struct Resolution: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The resolution that an image or a run has already, from its own noise.",
    discussion: """
      FWHM of a Gaussian kernel along each voxel axis, from first differences and from a fit of \
      a·exp(−r²/2b²) + (1 − a)·exp(−r/c) to the autocorrelation, whose own width is √2 times the \
      kernel's. Of a run, what is left without mean and drift is looked at; of a single image structure \
      counts as blur, and the numbers are upper limits.
      """)

  @Argument(help: "A volume or a 4-D run.")
  var file: String
  @Option(
    help: ArgumentHelp("Voxels that are looked at: above 0. Without it derived.", valueName: "file")
  )
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Space of all files given, when they do not say it: MNI152 or native.", valueName: "name"))
  var space: String?
  @OptionGroup var people: PeopleOptions
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    let stated = try Study.stated(space, by: "--space")
    try withStatus { progress in
      let d = try ImageReader.identify(file)
      var study = LoadedStudy(stated: stated, allowsMixedPeople: people.mixedPeople)
      let found: NativeResolution
      var inputs: [(role: String, sha256: String)]
      var findings: [Finding]
      let maskName: String
      if d.isSeries {
        let loaded = try LoadedRun(file, tr: nil, mask: mask, into: &study, progress: progress)
        found = try nativeResolution(of: loaded.run, progress: progress)
        (inputs, findings, maskName) = (loaded.inputs, loaded.findings, loaded.run.mask.origin)
      } else {
        let volume = try study.read(file, as: .overlay).volume
        (inputs, findings) = ([("image", d.sha256)], d.findings)
        let region: Mask
        if let mask {
          let (m, own) = try study.read(mask, as: .mask)
          inputs.append(("mask", m.sha256))
          let given = try brainMask(own, on: d.grid, fileName: m.name)
          findings += given.findings + study.findings
          region = given.mask
        } else {
          guard let derived = Mask.derived(from: volume) else {
            throw Problem(
              .data, d.name, "nothing stands out in it", expected: "an image of a head",
              remedy: "Give a mask with --mask")
          }
          region = derived
        }
        maskName = region.origin
        found = try nativeResolution(
          of: region.offsets.map { volume.values[Int($0)] }, in: region)
      }
      let isDerived = maskName == "DERIVED"
      if json {
        let about = Derived(
          command: "resolution", inputs: inputs,
          space: Study.space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
          parameters: [("mask", .string(isDerived ? "DERIVED" : "given"))], findings: findings,
          isSimulated: d.isSimulated)
        try printResult(resolutionJSON(found, about).text)
      } else {
        try printResult(resolutionText(found, isDerived: isDerived, isSimulated: d.isSimulated))
      }
    }
  }
}

private func resolutionJSON(_ r: NativeResolution, _ about: Derived) -> JSON {
  guard case .object(let head) = about.json else { return .null }
  return .object(
    head + [
      (
        "axes",
        .array(
          zip(["i", "j", "k"], r.axes).map { name, axis in
            .object([
              ("axis", .string(name)), ("spacing_mm", .number(axis.spacing)),
              ("first_differences_fwhm_mm", .optional(axis.firstDifferences)),
              ("autocorrelation_kernel_fwhm_mm", .optional(axis.autocorrelation)),
              ("fwhm_mm", .optional(axis.fwhm)),
            ])
          })
      ),
      (
        "model",
        r.model.map { m in
          .object([
            ("a", .number(m.a)), ("b_mm", .number(m.b)), ("c_mm", .number(m.c)),
            ("autocorrelation_fwhm_mm", .number(m.fullWidthAtHalfMaximum)),
            ("kernel_fwhm_mm", .number(m.kernelFWHM)),
          ])
        } ?? .null
      ), ("origin", .string(r.origin)), ("is_upper_limit", .bool(r.driftTerms == nil)),
      ("voxels", .int(r.voxelCount)), ("frames", .int(r.frameCount)),
    ])
}

private func resolutionText(
  _ r: NativeResolution, isDerived: Bool, isSimulated: Bool
) -> String {
  var lines = isSimulated ? ["SIMULATED input: not a perfusion measurement"] : []
  lines.append("native resolution, \(r.origin)")
  lines.append("\(r.voxelCount) voxels, mask \(isDerived ? "DERIVED" : "given")")
  lines.append("axis  voxel mm  first differences  autocorrelation (kernel FWHM, mm)")
  func number(_ x: Double?, _ width: Int) -> String {
    let text = x.map { fixed($0, 2) } ?? "–"
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
  for (name, axis) in zip(["i", "j", "k"], r.axes) {
    lines.append(
      name + number(axis.spacing, 13) + number(axis.firstDifferences, 19)
        + number(axis.autocorrelation, 17)
        + (axis.fwhm == nil ? "  neighbours are not correlated: finer than a voxel" : ""))
  }
  if let m = r.model {
    lines.append(
      "all directions: a \(fixed(m.a, 3)), b \(fixed(m.b, 2)) mm, c \(fixed(m.c, 2)) mm; the autocorrelation's own "
        + "FWHM \(fixed(m.fullWidthAtHalfMaximum, 2)) mm is √2 times the kernel's \(fixed(m.kernelFWHM, 2)) mm"
    )
  }
  return lines.joined(separator: "\n")
}
