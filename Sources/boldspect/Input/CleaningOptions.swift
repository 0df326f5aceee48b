import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Workflows

extension NuisancePreset: ExpressibleByArgument {}
extension CensoringMethod: ExpressibleByArgument {}

/// What every command that reads BOLD takes: the run's own facts, and where confounds come from.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds per frame, when the header does not say it or is wrong.", valueName: "s"))
  var tr: Double?
  @Option(
    help: ArgumentHelp("Brain mask: voxels above 0. Without it one is derived.", valueName: "file"))
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Space of all files given, when they do not say it: MNI152 or native.", valueName: "name"))
  var space: String?
  @Option(
    help: ArgumentHelp(
      "Confounds, one row per frame: fMRIPrep's .tsv, FSL's .par, SPM's rp_*.txt, AFNI's .1D, HCP's "
        + "Movement_Regressors.txt; one for each run, in their order.", valueName: "file"))
  var confounds: [String] = []
  @Option(
    help: ArgumentHelp(
      "Columns of the confounds to remove, separated by commas.", valueName: "a,b,…"))
  var columns: String?
  @Option(
    help: ArgumentHelp(
      "Columns by a published name: \(NuisancePreset.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var preset: NuisancePreset?
  @Option(
    help: ArgumentHelp(
      "White matter map or mask: its mean and five components become confounds.",
      valueName: "file"))
  var wm: String?
  @Option(help: ArgumentHelp("CSF map or mask: the same.", valueName: "file"))
  var csf: String?
  @Option(
    help: ArgumentHelp(
      "First frames to drop; without it those the confounds mark as not steady.", valueName: "n"))
  var drop: Int?
  @Option(
    help: ArgumentHelp("Censor frames with a larger framewise displacement.", valueName: "mm"))
  var fd: Double?
  @Option(help: ArgumentHelp("Censor frames with a larger standardised DVARS.", valueName: "x"))
  var dvars: Double?
  @Option(help: ArgumentHelp("Censor kept pieces with fewer frames too.", valueName: "n"))
  var minRun = 5
  @Option(
    help: ArgumentHelp(
      "How a band-pass goes with censoring: joint (one projection), interpolate (interpolated, "
        + "filtered, censored) or auto (interpolate where joint leaves less than nine tenths of its degrees of freedom).",
      valueName: "name"))
  var censoring = CensoringMethod.auto
  @OptionGroup var people: PeopleOptions
  @OptionGroup var ways: TransformOptions

  var request: RunRequest {
    var request = RunRequest(
      tr: tr, mask: mask, space: space, confounds: confounds, columns: columns,
      preset: preset ?? .none,
      wm: wm, csf: csf, drop: drop, fd: fd, dvars: dvars, minRun: minRun,
      censoring: censoring, mixedPeople: people.mixedPeople, transforms: ways.request)
    request.isPresetChosen = preset != nil
    return request
  }

  func statedSpace() throws(Problem) -> Space? { try request.statedSpace() }
  func choice() throws(Problem) -> CleaningChoice { try request.choice() }
  /// Files that a result must not replace.
  var inputFiles: [String?] { request.inputFiles }
}

/// Which frequencies are kept, and whether the global signal is.
struct FrequencyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Frequencies kept, in hertz, or none (0.01,0.1).", valueName: "lo,hi"))
  var band: BandChoice?
  @Option(help: ArgumentHelp("Degree of the drift polynomial.", valueName: "n"))
  var polort = 2
  @Option(
    help: ArgumentHelp(
      "Cosine high-pass: periods of so many seconds and longer go.", valueName: "s"))
  var highPass: Double?
  @Flag(
    inversion: .prefixedNo,
    help: "Remove the mean of the brain mask as well; without it as the preset has it.")
  var gsr: Bool?

  var request: FrequencyRequest {
    FrequencyRequest(band: band, polort: polort, highPass: highPass, gsr: gsr)
  }

  func apply(to choice: inout CleaningChoice) throws(Problem) { try request.apply(to: &choice) }
}

/// Which frequencies are kept and how smooth the result is.
struct DenoisingOptions: ParsableArguments {
  @OptionGroup var frequencies: FrequencyOptions
  @Option(
    name: [.customLong("smooth"), .customLong("fwhm")],
    help: ArgumentHelp(
      "Smoothing inside the mask after cleaning, full width at half maximum; --fwhm is the old name.",
      valueName: "mm"))
  var fwhm = 0.0

  var request: CleaningRequest {
    CleaningRequest(frequencies: frequencies.request, fwhm: fwhm)
  }

  func apply(to choice: inout CleaningChoice) throws(Problem) { try request.apply(to: &choice) }
}
