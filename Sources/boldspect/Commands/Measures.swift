import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

extension ActivityMeasure: ExpressibleByArgument {}
extension MapScale: ExpressibleByArgument {}

/// `boldspect measures`.
struct Measures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Maps of activity and synchrony: ALFF, fALFF, ReHo, temporal SNR.",
    discussion: """
      ALFF and fALFF as DPABI defines them, on the series without drift and confounds but without a \
      low-pass; fitted by least squares where frames were censored. ReHo is Kendall's W with average \
      ranks and tie correction of the band-passed series. With --reference-mean, --reference-sd and \
      --reference-n the map is Crawford and Howell's t against those people. --spectrum prints the \
      amplitudes by frequency at one place.
      """)

  @Argument(help: ArgumentHelp("A 4-D BOLD run.", valueName: "bold"))
  var bold: String
  @Option(help: "alff, falff, reho or tsnr.")
  var measure = ActivityMeasure.alff
  @Option(help: ArgumentHelp("Frequencies of ALFF and fALFF, in hertz.", valueName: "lo,hi"))
  var amplitudeBand = BandChoice(0.01...0.08)
  @Option(help: ArgumentHelp("Voxels of ReHo's neighbourhood: 7, 19 or 27.", valueName: "n"))
  var neighbours = 27
  @Option(
    help: ArgumentHelp(
      "raw, mean (divided by the mask's mean) or z (over the mask, or grey matter with --gm).",
      valueName: "name"))
  var scale = MapScale.raw
  @Option(help: ArgumentHelp("Grey matter probability for --scale z.", valueName: "file"))
  var gm: String?
  @Option(help: ArgumentHelp("Mean map of reference people.", valueName: "file"))
  var referenceMean: String?
  @Option(help: ArgumentHelp("Map of their standard deviation.", valueName: "file"))
  var referenceSd: String?
  @Option(help: ArgumentHelp("How many they are.", valueName: "n"))
  var referenceN: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Print the amplitude spectrum at a place in RAS+ mm.", valueName: "x,y,z"))
  var spectrum: PointArgument?
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var result: OptionalOutput

  /// Refuses options that the measure does not look at: who gives one takes the numbers for made with it.
  private func requireUsed() throws(Problem) {
    let isAmplitude = measure == .alff || measure == .falff
    for (isGiven, option, belongs) in [
      (denoisingOptions.frequencies.band != nil && measure != .reho, "--band", "--measure reho"),
      (neighbours != 27 && measure != .reho, "--neighbours", "--measure reho"),
      (
        amplitudeBand != BandChoice(0.01...0.08) && !isAmplitude, "--amplitude-band",
        "--measure alff or falff"
      ),
    ] where isGiven {
      throw Problem(
        .usage, option, "\(measure.rawValue) does not look at it",
        expected: "\(option) with \(belongs)")
    }
  }

  func run() throws {
    guard spectrum != nil || result.output != nil else {
      throw Problem(
        .usage, "measures", "nothing is asked for", expected: "-o FILE or --spectrum X,Y,Z")
    }
    guard let neighbourhood = Neighbourhood(rawValue: neighbours) else {
      throw Problem(
        .usage, "--neighbours", "\(neighbours) voxels make no neighbourhood",
        expected: "7, 19 or 27")
    }
    guard let band = amplitudeBand.band else {
      throw Problem(.usage, "--amplitude-band", "none is no band", expected: "LO,HI in hertz")
    }
    try requireUsed()
    let target = try result.checked(
      inputs: [bold, gm, referenceMean, referenceSd] + runOptions.inputFiles)
    let wanted = MeasureRequest(
      measure: measure, band: band, neighbourhood: neighbourhood, scale: scale, greyMatter: gm,
      reference: ReferenceMaps(mean: referenceMean, sd: referenceSd, n: referenceN))
    try withStatus { progress in
      var runs = try CleanedRuns(
        [bold], runOptions.request, denoisingOptions.request, progress: progress)
      if let spectrum {
        let page = try SpectrumPage(of: runs, at: spectrum.point)
        try answer.give(page.answer, text: page.text)
      }
      guard let target else { return }
      let derived = try wanted.write(&runs, to: target, progress: progress)
      if spectrum == nil { try answer.give(CommandAnswer(derived)) }
    }
  }
}
