import ArgumentParser
import Connectivity
import Imaging
import ImagingIO
import Workflows

extension MapStatistic: ExpressibleByArgument {}

/// `boldspect seedmap`.
struct SeedMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seedmap",
    abstract: "The connectivity of a seed with every voxel of the brain.",
    discussion: """
      Drift, stop-band and confounds are removed in one projection. A sphere takes every voxel whose \
      centre lies within its radius (≤). Named seeds need a run in MNI space. Outside the mask the map \
      is NaN.
      """)

  @Argument(help: "A 4-D BOLD run.")
  var bold: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "X,Y,Z[,R] in RAS+ mm, a name such as PCC, or a mask file.", valueName: "seed"))
  var seed: String
  @Option(help: ArgumentHelp("Radius of the seed sphere (6; sgACC 10).", valueName: "mm"))
  var radius: Double?
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @Option(help: "r, or z for Fisher z.")
  var statistic = MapStatistic.r
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [bold, runOptions.mask, runOptions.confounds, seed])
    let space = try runOptions.statedSpace()
    try withStatus { progress in
      let loaded = try LoadedRun(
        bold, tr: runOptions.tr, mask: runOptions.mask, space: space, progress: progress)
      try loaded.requireLaterality(for: "a seed in millimetres")
      if denoisingOptions.band.band != nil { try loaded.requireTime() }
      var inputs = loaded.inputs
      let place = try parseSeed(
        seed, radius: radius, space: loaded.space, run: loaded.description, inputs: &inputs)
      let confounds = try runOptions.nuisance(frameCount: loaded.run.frameCount)
      let denoising = try denoisingOptions.denoising(confounds)
      let map = try seedMap(
        of: loaded.run, seed: place, denoising: denoising, progress: progress)
      let derived = Derived(
        command: "seedmap", inputs: inputs, space: loaded.space,
        parameters: [
          ("seed", .string(place.title)), ("seed_voxels", .int(map.seedVoxelCount)),
          ("statistic", .string(statistic == .r ? "Pearson r" : "Fisher z")),
          ("degrees_of_freedom", .int(map.degreesOfFreedom)),
          ("seconds_kept", .optional(map.secondsKept)),
          ("repetition_time_s", .optional(loaded.run.repetitionTimeSeconds)),
          ("mask", .string(loaded.run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
        ] + denoisingJSON(denoising), findings: loaded.findings,
        isSimulated: loaded.description.isSimulated)
      try derived.write(
        statistic == .r ? map.volume : map.zVolume, formCode: loaded.description.formCode,
        to: output)
    }
  }
}
