import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
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
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let stated = try Study.stated(space, by: "--space")
    try withStatus { progress in
      let d = try ImageReader.identify(file)
      var study = LoadedStudy(stated: stated, allowsMixedPeople: people.mixedPeople)
      let found: NativeResolution
      var inputs: [Provenance]
      var findings: [Finding]
      let maskName: String
      if d.isSeries {
        let loaded = try LoadedRun(file, tr: nil, mask: mask, into: &study, progress: progress)
        found = try nativeResolution(of: loaded.run, progress: progress)
        (inputs, findings, maskName) = (loaded.inputs, loaded.findings, loaded.run.mask.origin)
      } else {
        let volume = try study.read(file, as: .overlay).volume
        (inputs, findings) = ([Provenance("image", d)], d.findings)
        let region: Mask
        if let mask {
          let (m, own) = try study.read(mask, as: .mask)
          inputs.append(Provenance("mask", m))
          let given = try brainMask(own, on: d.grid, fileName: m.name)
          findings +=
            given.findings + study.findings.filter { !findings.contains($0) }
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
      let about = Derived(
        command: "resolution", inputs: inputs,
        space: Study.space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
        parameters: [("mask", .string(isDerived ? "DERIVED" : "given"))], findings: findings,
        isSimulated: d.isSimulated)
      try answer.give(
        CommandAnswer(about, resolutionResult(found)),
        text: resolutionText(found, isDerived: isDerived, isSimulated: d.isSimulated))
    }
  }
}
