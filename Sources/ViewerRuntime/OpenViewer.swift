import Basics
package import CellUI
import CursesTerminal
import Foundation
import Imaging
import Records
package import Study
import Viewer

/// Opens the viewer on the terminal and gives the terminal back, whatever happens.
///
/// - Parameter plan: what the terminal may be asked.
package func openViewer(_ options: StudyRequest, _ start: ViewerStart, _ plan: TerminalPlan) throws
{
  let mailbox = Mailbox()
  let runner = EffectRunner(
    options, mailbox: mailbox, keepsMarks: true, arguments: start.arguments)
  TerminalGuard.install()
  var terminal: CursesTerminal
  do {
    terminal = try CursesTerminal(
      wakeDescriptor: mailbox.wakeDescriptor, plan: plan)
  } catch {
    complain(error.sentence)
    exit(69)
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
