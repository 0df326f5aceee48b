import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Records
import Reports
import Study
import Workflows

extension BatchPart: ExpressibleByArgument {}

/// Which level of a BIDS App is asked for.
enum AnalysisLevel: String, ExpressibleByArgument, CaseIterable { case participant, group }

/// `boldspect bids`.
struct BidsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bids", abstract: "The same over a whole study: a BIDS App.",
    discussion: """
      \(researchUse)

      participant makes maps, tables and pictures of every visit, each run cleaned once, and writes how it went into \
      outcomes.tsv: 75 says that some failed. What is done is skipped while its files, the options and the version \
      are the same. group makes means, tables and a page of all who are done. Several runs may work on one output.
      """)

  @Argument(help: ArgumentHelp("The study's folder.", valueName: "in"))
  var input: String
  @Argument(help: ArgumentHelp("The folder of the results; made if need be.", valueName: "out"))
  var output: String
  @Argument(help: "participant or group.")
  var level: AnalysisLevel
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")],
    parsing: .upToNextOption, help: ArgumentHelp("These people alone.", valueName: "label"))
  var participants: [String] = []
  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: ArgumentHelp("These visits alone.", valueName: "label"))
  var sessions: [String] = []
  @Option(help: ArgumentHelp("Runs of this task alone.", valueName: "label"))
  var task: String?
  @Option(
    parsing: .upToNextOption,
    help: "What is made: \(BatchPart.words); networks where --networks is given.")
  var parts: [BatchPart] = []
  @OptionGroup var cohort: CohortOptions
  @OptionGroup var networks: NetworkOptions
  @OptionGroup var norms: NormOptions
  @OptionGroup var normals: NormalOptions
  @OptionGroup var target: TargetOptions
  @Flag(
    help: "Read every file to prove that it is unchanged; else size, time and inode are believed.")
  var rehash = false
  @Flag(help: "Files may be read and written by others as the umask has it; else by their owner.")
  var groupFiles = false
  @Flag(
    name: [.customLong("skip-bids-validation"), .customLong("skip_bids_validation")],
    help: "Taken for the sake of BIDS Apps: names and headers decide, nothing is validated.")
  var skipValidation = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    AtomicFile.followsUmask = groupFiles
    var request = CohortRequest(input: input, output: output)
    (request.participants, request.sessions) = (participants, sessions)
    (request.task, request.rehash) = (task, rehash)
    request.options = try cohort.options
    if !parts.isEmpty { request.options.parts = Set(parts) }
    request.options.network = networks.request
    if parts.isEmpty, networks.networks != nil { request.options.parts.insert(.networks) }
    (request.options.norms, request.options.normals) = (norms.request, normals.request)
    guard target.targetSeed == nil else {
      throw Problem(
        .usage, "--target-seed", "a cohort has one protocol", expected: "--protocol with a file")
    }
    request.options.target = try target.settings()
    let summary = try withStatus { progress in
      let run = try CohortRun(request, progress: progress)
      return level == .group
        ? try CohortPage(GroupRun(run), progress)
        : try CohortPage(run.work(progress: progress) { complain(CohortPage.line($0, $1)) })
    }
    try answer.give(
      CommandAnswer("bids \(level.rawValue)", findings: summary.findings, result: summary.result),
      text: summary.text)
    if summary.someFailed { throw ExitCode(75) }
  }
}
