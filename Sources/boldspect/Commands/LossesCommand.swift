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
      seed map: both ways to blur it, and how far its peaks move. -o writes 1 − contrast kept. With several \
      widths, --fwhm 2,4,6, the curve of what is kept; -o writes it as .tsv.
      """)

  @Argument(help: "A 4-D BOLD run.")
  var bold: String
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A place in RAS+ mm; may be repeated.", valueName: "x,y,z"))
  var at: [PointArgument] = []
  @Option(help: ArgumentHelp("Length of the short event (60).", valueName: "s"))
  var event: Double?
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
    if let event, !(event.isFinite && event > 0) {
      throw ValidationError("--event takes seconds above 0.")
    }
    if averaging.widths.count > 1, networks != nil || !at.isEmpty || event != nil {
      throw ValidationError("With several widths --at, --event and --networks have no meaning.")
    }
    if networks != nil, proxies.seed == nil {
      throw ValidationError("--networks belongs to --seed.")
    }
  }

  func run() throws {
    let curve = averaging.widths.count > 1
    let inputs = [bold, networks] + proxies.inputFiles + runOptions.inputFiles
    let table = curve ? result.output.map { TableOutput(path: $0, overwrite: result.force) } : nil
    try table?.check(inputs: inputs)
    let target = curve ? nil : try result.checked(inputs: inputs)
    var proxies = proxies.request
    if proxies.seed != nil {
      proxies = ProxyRequest(.map, files: proxies.files, seed: proxies.seed)
    }
    let request = averaging.request
    try withStatus { progress in
      var source = try LossSource(
        try AveragedRun(
          bold, request, proxies, runOptions.request, frequencies.request, progress: progress),
        proxies, widths: averaging.widths)
      if !at.isEmpty { try source.run.loaded.requireLaterality(for: "--at") }
      let report = curve ? nil : try source.report(networks: networks, progress: progress)
      let found = curve ? try source.curve(progress: progress) : nil
      let derived = source.derived(
        request, findings: report?.findings ?? [],
        denoising: proxies.isConnectivity ? denoisingJSON(source.run.prepared.denoising) : [])
      if let target, let report {
        try derived.write(
          report.contrast.lost, formCode: source.run.loaded.description.formCode, to: target)
      }
      if let table, let found { try table.write(found.tsv, derived) }
      let places = at.map(\.point)
      let lines =
        found?.lines() ?? report?.lines(places: places, eventSeconds: event ?? 60) ?? []
      try answer.give(
        CommandAnswer(
          derived,
          found.map { [("curve", $0.json)] }
            ?? report?.json(places: places, eventSeconds: event ?? 60) ?? []),
        text: (source.headLines(request) + lines).joined(separator: "\n"))
    }
  }
}
