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
      wakeDescriptor: mailbox.wakeDescriptor, plan: options.screen.plan(environment))
  } catch {
    complain(error.sentence)
    throw ExitCode(69)
  }
  // Nothing may print over the pictures while they are up.
  let kept = dup(2)
  let nowhere = open("/dev/null", O_WRONLY)
  dup2(nowhere, 2)
  let loop = ViewerLoop(
    runner: runner, mailbox: mailbox, isScripted: false, startsLesson: startsLesson,
    palette: options.screen.palette)
  _ = loop.run(&terminal)
  terminal.close()
  dup2(kept, 2)
  close(kept)
  close(nowhere)
  runner.waitUntilIdle(seconds: 2)
  // Libraries would wait at exit for threads that still compute what nobody wants any more.
  _exit(0)
}
