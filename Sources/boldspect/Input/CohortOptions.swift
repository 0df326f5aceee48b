import ArgumentParser
import Basics
import Connectivity
import Study
import Workflows

/// How everybody of a cohort is cleaned; files are each person's own.
struct CohortOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Seconds per frame, for all runs.", valueName: "s"))
  var tr: Double?
  @Option(help: ArgumentHelp("Space of all files: MNI152 or native.", valueName: "name"))
  var space: String?
  @Option(help: "Confounds by a published name; else those that a table has columns for.")
  var preset: NuisancePreset?
  @Option(help: ArgumentHelp("Columns of the confounds to remove.", valueName: "a,b,…"))
  var columns: String?
  @Option(help: ArgumentHelp("First frames to drop.", valueName: "n"))
  var drop: Int?
  @Option(help: ArgumentHelp("Censor frames with a larger displacement.", valueName: "mm"))
  var fd: Double?
  @Option(help: ArgumentHelp("Censor frames with a larger standardised DVARS.", valueName: "x"))
  var dvars: Double?
  @Option(help: ArgumentHelp("Censor kept pieces with fewer frames too.", valueName: "n"))
  var minRun = 5
  @Option(help: "joint, interpolate or auto.")
  var censoring = CensoringMethod.auto
  @OptionGroup var denoising: DenoisingOptions
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Of a seed map; may be repeated (PCC).", valueName: "seed"))
  var seed: [String] = []
  @Option(help: ArgumentHelp("What perfusion is in per cent of.", valueName: "name"))
  var reference: String?

  var options: BatchOptions {
    get throws {
      var out = BatchOptions()
      out.run = RunRequest(
        tr: tr, space: space, columns: columns, drop: drop, fd: fd, dvars: dvars, minRun: minRun,
        censoring: censoring)
      (out.preset, out.cleaning, out.reference) = (preset, denoising.request, reference)
      if !seed.isEmpty { out.seeds = seed }
      return out
    }
  }
}
