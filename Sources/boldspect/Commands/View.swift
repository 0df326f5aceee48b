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
  @Flag(help: "Say everything in lines of text instead of pictures, for screen readers.")
  var speak = false

  func run() throws {
    let config = try Config.read(options.config)
    let (opened, session) = try options.opened()
    try opened.validateRequest()
    let start = try ViewerStart(
      opened, config: config, session: session,
      arguments: session?.arguments ?? Array(ProcessInfo.processInfo.arguments.dropFirst(2)))
    if speak {
      try openSpokenViewer(opened, start)
    } else {
      try openViewer(opened, start, config)
    }
  }
}

/// Opens the viewer on the terminal and gives the terminal back, whatever happens.
///
/// - Parameter config: what the person chose, where there is such a file.
func openViewer(_ options: ViewOptions, _ start: ViewerStart, _ config: Config?) throws {
  let mailbox = Mailbox()
  let runner = EffectRunner(
    options, mailbox: mailbox, keepsMarks: true, arguments: start.arguments)
  TerminalGuard.install()
  let environment = ProcessInfo.processInfo.environment
  var terminal: CursesTerminal
  do {
    terminal = try CursesTerminal(
      wakeDescriptor: mailbox.wakeDescriptor, plan: options.screen.plan(environment, config))
  } catch {
    complain(error.sentence)
    throw ExitCode(69)
  }
  // Nothing may print over the pictures while they are up.
  let kept = dup(2)
  let nowhere = open("/dev/null", O_WRONLY)
  dup2(nowhere, 2)
  var loop = ViewerLoop(runner: runner, mailbox: mailbox, isScripted: false, start: start)
  loop.mustEnd = { TerminalGuard.mustEnd }
  let last = loop.run(&terminal)
  terminal.close()
  TypedKeeper.keep(last.ways.typedToKeep)
  dup2(kept, 2)
  close(kept)
  close(nowhere)
  runner.waitUntilIdle(seconds: TerminalGuard.mustEnd ? 0.8 : 2)
  // Libraries would wait at exit for threads that still compute what nobody wants any more.
  _exit(TerminalGuard.exitCode)
}
