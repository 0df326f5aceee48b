import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

extension MapStatistic: ExpressibleByArgument {}
extension EffectiveNMethod: ExpressibleByArgument {}

/// `boldspect seedmap`.
struct SeedMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seedmap",
    abstract: "The connectivity of a seed with every voxel of the brain.",
    discussion: """
      Drift, stop-band and confounds are removed in one projection on the kept frames. Several runs \
      of one person are cleaned each by itself and put one after the other. A sphere takes every \
      voxel whose centre lies within its radius (≤). Named seeds need a run in MNI space. z, p and q \
      rest on the effective number of observations, never on the number of volumes. Several --seed \
      give a 4-D image, one volume each. Outside the mask the map is NaN.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person.", valueName: "bold"))
  var bold: [String]
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("\(seedForms). May be repeated.", valueName: "seed"))
  var seed: [String] = []
  @Option(help: ArgumentHelp("Radius of the seed sphere (6; sgACC 10).", valueName: "mm"))
  var radius: Double?
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @Option(
    help: ArgumentHelp(
      "r, z (Fisher), zstat, p, q (false discovery rate) or n (effective).", valueName: "name"))
  var statistic = MapStatistic.r
  @Option(help: ArgumentHelp("bartlett or xdf.", valueName: "name"))
  var effectiveN = EffectiveNMethod.bartlett
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    guard !seed.isEmpty else {
      throw Problem(.usage, "--seed", "no seed is given", expected: seedForms)
    }
    try output.check(inputs: bold + runOptions.inputFiles + seed.flatMap(seedFiles))
    try withStatus { progress in
      var runs = try CleanedRuns(
        bold, runOptions.request, denoisingOptions.request, progress: progress)
      var inputs = runs.inputs
      var seeds: [Seed] = []
      for text in seed {
        seeds.append(try runs.seed(text, radius: radius, inputs: &inputs))
      }
      let reduced = try runs.cleaned(progress: progress)
      var volumes: [Volume] = []
      var rows: [JSON] = []
      var warnings: [String] = []
      for seed in seeds {
        let map = try reduced.seedMap(seed)
        let inference =
          statistic.needsInference
          ? try map.inference(
            in: reduced, method: effectiveN, progress: progress) : nil
        volumes.append(values(of: map, as: statistic, inference))
        warnings = map.warnings
        rows.append(
          .object([
            ("seed", .string(seed.title)), ("seed_voxels", .int(map.seedVoxelCount)),
            ("effective_n_median", .optional(inference?.medianN)),
            ("least_r_at_q_0.05", .optional(inference?.leastR(map.r, at: 0.05))),
          ]))
      }
      for warning in warnings { complain("LOCKED for targets: \(warning)") }
      let one = seeds.count == 1
      let derived = Derived(
        command: "seedmap", inputs: inputs, space: runs.space,
        parameters: [
          ("seed", one ? .string(seeds[0].title) : .array(seeds.map { .string($0.title) })),
          ("maps", .array(rows)), ("statistic", .string(statistic.title)),
          (
            "effective_n_method",
            statistic.needsInference ? .string(effectiveN.rawValue) : .null
          ), ("warnings", .array(warnings.map(JSON.string))),
        ] + runs.parameters(reduced), findings: runs.findings, isSimulated: runs.isSimulated,
        meaning: statistic.meaning(degreesOfFreedom: reduced.degreesOfFreedom))
      let code = runs.first.description.formCode
      if one {
        try derived.write(volumes[0], formCode: code, to: output.place)
      } else {
        try derived.write(
          volumes.count, grid: runs.first.run.grid, formCode: code, to: output.place,
          progress: progress
        ) { (n) throws(Problem) in volumes[n].values }
      }
      try answer.give(CommandAnswer(derived))
    }
  }
}
