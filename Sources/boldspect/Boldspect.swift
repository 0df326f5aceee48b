import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Registration
import Study
import Workflows

@main
struct Boldspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boldspect",
    abstract: "Resting-state fMRI connectivity beside SPECT perfusion, in a terminal.",
    discussion: """
      \(researchUse)

      World coordinates are RAS+ millimetres (+x right, +y anterior, +z superior); voxel indices and \
      frames count from 0. Results go to standard output, everything else to standard error. Exit \
      codes: 0 done, 64 wrong use, 65 wrong data, 66 no such input, 69 something needed is not here (a terminal, a program, a library), 73 will not \
      overwrite, 74 reading or writing failed, 75 some of a cohort failed, 130 cancelled. Files are written for their owner \
      alone (mode 0600) unless shared ones are asked for.
      """,
    version: boldspectVersion,
    subcommands: [
      Demo.self, LessonCommand.self, View.self, ListCommand.self,
      RatingsCommand.self, ImportCommand.self, Snapshot.self, Info.self, Value.self, Resample.self,
      Smooth.self,
      ConfoundsCommand.self, Clean.self, SeedMapCommand.self, Measures.self, Matrix.self,
      Networks.self, Windows.self, Compare.self, Simulate.self, LossesCommand.self,
      CameraCommand.self, PerfusionCommand.self, Siscom.self, Resolution.self, Targets.self,
      Protocols.self, Landmarks.self, Distance.self, TargetCommand.self, Register.self,
      TransformCommand.self, FlipCheckCommand.self, ExportCommand.self, ReportCommand.self,
      DoctorCommand.self, ConfigCommand.self, Sample.self, BidsCommand.self,
    ],
    // `boldspect FOLDER` opens the folder.
    defaultSubcommand: View.self)

  /// Parses and runs, so that every error has one form and one exit code.
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // A file size limit is an error of writing, not an end.
    signal(SIGXFSZ, SIG_IGN)
    // A core file would hold the scan.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_CORE.rawValue)), &none)
    PrivateFolder.removeLeftovers()
    SideLedger.use(
      { KeptSides().judged($0, $1) }, blocks: { KeptSides().blocking($0) },
      decided: { KeptSides().decided($0) },
      any: { !KeptSides().isEmpty })
    Lookalikes.use(any: { !KeptSides().isEmpty }) {
      KeptSides().resembling($0, voxels: $1)
    }
    let streams = StandardStreams()
    do {
      try requireTextArguments()
      // The minus sign that the program itself prints is one.
      let typed = CommandLine.arguments.dropFirst().map(plainMinus)
      Quiet.isWanted = typed.contains("--quiet")
      UserFolders.ignored(in: ProcessInfo.processInfo.environment).forEach { complain($0) }
      let settled = try streams.settled(settleSeries(typed.filter { $0 != "--quiet" }))
      var command = try parseAsRoot(settled.isEmpty ? ["--help"] : settled)
      let options = TypedOptions(settled)
      try options.requireOnce { type(of: command)._dumpHelp() }
      // `camera simulate` is no `simulate`.
      let name = type(of: command)._commandName
      try OptionNeeds.require(
        options, of: settled.first == name ? name : "\(settled.first ?? "") \(name)")
      try command.run()
      try streams.send()
    } catch let problem as Problem {
      complain(problem.sentence(among: CommandLine.arguments), endsWork: true)
      Foundation.exit(sysexit(problem.kind))
    } catch {
      let full = fullMessage(for: error)
      // Help and version are asked for, not refused.
      guard exitCode(for: error) != .success else { Foundation.exit(sayAsked(full)) }
      guard full.hasPrefix("Error:") else { exit(withError: error) }
      complain(argumentProblem(full).sentence, endsWork: true)
      Foundation.exit(sysexit(.usage))
    }
  }
}

/// sysexits codes.
func sysexit(_ kind: Problem.Kind) -> Int32 {
  switch kind {
  case .usage: 64
  case .data: 65
  case .missingInput: 66
  case .cannotCreate: 73
  case .inputOutput: 74
  case .unavailable: 69
  case .cancelled: 130
  }
}

/// Prints what the parser was asked for.
///
/// - Returns: the exit code.
private func sayAsked(_ text: String) -> Int32 {
  do { try printResult(text) } catch {
    complain("'standard output': it cannot be written.", endsWork: true)
    return sysexit(.inputOutput)
  }
  return 0
}

/// Prints a result; a reader that went away is no error of ours.
func printResult(_ text: String) throws {
  _ = try writeToStandardOutput(Array((text + "\n").utf8))
}
