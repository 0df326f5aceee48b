import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Workflows

/// `boldspect losses`.
struct LossesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "losses",
    abstract: "What a SPECT camera and its time lose of a run, in numbers and as a map. SIMULATED.",
    discussion: """
      Resolution elements, recovery of simple objects and of places, local contrast that is kept (slope of \
      after on before within 20 mm, inside the brain), the share of a short event. With --seed the image is the \
      seed map: both ways to blur it, and how far its peaks move. -o writes 1 − contrast kept.
      """)

  @Argument(help: "A 4-D BOLD run.")
  var bold: String
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A place in RAS+ mm; may be repeated.", valueName: "x,y,z"))
  var at: [PointArgument] = []
  @Option(help: ArgumentHelp("Length of the short event.", valueName: "s"))
  var event = 60.0
  @Option(
    help: ArgumentHelp(
      "With --seed: a label map in MNI space; the strongest peak of each network is followed.",
      valueName: "file"))
  var networks: String?
  @OptionGroup(title: "Proxy") var proxies: ProxyOptions
  @OptionGroup(title: "Averaging") var averaging: AveragingOptions
  @OptionGroup(title: "The run") var runOptions: RunOptions
  @OptionGroup(title: "Cleaning, for ALFF and connectivity") var frequencies: FrequencyOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var result: OptionalOutput

  func validate() throws {
    guard event.isFinite, event > 0 else { throw ValidationError("--event takes seconds above 0.") }
    if networks != nil, proxies.seed == nil {
      throw ValidationError("--networks belongs to --seed.")
    }
  }

  func run() throws {
    let target = try result.checked(
      inputs: [bold, networks] + proxies.inputFiles + runOptions.inputFiles)
    var proxies = proxies.request
    if proxies.seed != nil { proxies.name = .map }
    try withStatus { progress in
      var source = try AveragedRun(
        bold, averaging.request, proxies, runOptions.request, frequencies.request,
        progress: progress)
      if !at.isEmpty { try source.loaded.requireLaterality(for: "--at") }
      guard
        let report = try LossReport(
          of: &source, proxies, networks: networks, progress: progress)
      else { return }
      let name = proxies.isConnectivity ? "seed map" : source.proxy?.name ?? ""
      let banner = simulatedBanner(
        proxy: name, source: source.proxy?.source ?? "rsfMRI", fwhm: averaging.request.targetFWHM,
        time: source.hasTime ? source.window.words : "none, one map")
      let derived = Derived(
        command: "losses", inputs: source.inputs, space: source.loaded.space,
        parameters: [("proxy", .string(name))]
          + averaging.request.json(source.settings, source.window, hasTime: source.hasTime)
          + [
            (
              "map",
              .string(
                "1 - contrast kept, the slope of after on before within 20 mm inside the brain")
            )
          ]
          + (proxies.isConnectivity ? denoisingJSON(source.prepared.denoising) : []),
        findings: source.findings + report.findings,
        isSimulated: source.loaded.description.isSimulated, banner: banner)
      if let target {
        try derived.write(
          report.contrast.lost, formCode: source.loaded.description.formCode, to: target)
      }
      let places = at.map(\.point)
      try answer.give(
        CommandAnswer(derived, report.json(places: places, eventSeconds: event)),
        text: ([banner, source.settings.averaging.nativeWords + "; " + source.window.note]
          + report.lines(places: places, eventSeconds: event)).joined(separator: "\n"))
    }
  }
}
