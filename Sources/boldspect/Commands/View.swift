import ArgumentParser
import CellUI
import CursesTerminal
import Foundation
import Imaging
import Viewer

/// `boldspect view`.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Browse images: connectivity on the left, SPECT on the right, one cursor.",
    discussion: "\(researchUse)\n\nPress ? for the keys.")

  @OptionGroup var options: ViewOptions

  func run() throws {
    try options.validateRequest()
    try openViewer(options)
  }
}

/// Opens the viewer on the terminal and gives the terminal back, whatever happens.
///
/// - Parameter startsLesson: once everything is loaded.
func openViewer(_ options: ViewOptions, startsLesson: Bool = false) throws {
  let mailbox = Mailbox()
  let runner = EffectRunner(options, mailbox: mailbox, keepsMarks: true)
  TerminalGuard.install()
  let environment = ProcessInfo.processInfo.environment
  var terminal: CursesTerminal
  do {
    terminal = try CursesTerminal(
      wakeDescriptor: mailbox.wakeDescriptor, colours: wantedColours(options.colours, environment),
      directColour: ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? ""))
  } catch {
    complain(error.sentence)
    throw ExitCode(69)
  }
  // Nothing may print over the pictures while they are up.
  let kept = dup(2)
  let nowhere = open("/dev/null", O_WRONLY)
  dup2(nowhere, 2)
  let loop = ViewerLoop(
    runner: runner, mailbox: mailbox, isScripted: false, startsLesson: startsLesson)
  _ = loop.run(&terminal)
  terminal.close()
  dup2(kept, 2)
  close(kept)
  close(nowhere)
  runner.waitUntilIdle(seconds: 2)
  // Libraries would wait at exit for threads that still compute what nobody wants any more.
  _exit(0)
}

/// What the person or NO_COLOR asks for; nil leaves it to the terminal.
func wantedColours(
  _ argument: ColourArgument, _ environment: [String: String]
) -> Capabilities.Colours? {
  switch argument {
  case .direct: return .direct
  case .indexed: return .indexed
  case .none: return Capabilities.Colours.none
  case .auto:
    return environment["NO_COLOR"].map { !$0.isEmpty } == true ? Capabilities.Colours.none : nil
  }
}
