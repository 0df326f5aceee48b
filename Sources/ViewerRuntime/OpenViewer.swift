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
/// - Parameters:
///   - plan: what the terminal may be asked.
///   - library: of the folder of people, where one is opened.
package func openViewer(
  _ options: StudyRequest, _ start: ViewerStart, _ plan: TerminalPlan,
  library: StudyLibrary = StudyLibrary()
) throws {
  let mailbox = Mailbox()
  let sessions = ViewerSessions(options, mailbox: mailbox, keepsMarks: true, library: library)
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
  var loop = ViewerLoop(sessions: sessions, mailbox: mailbox, isScripted: false, start: start)
  loop.mustEnd = { TerminalGuard.mustEnd }
  let last = loop.run(&terminal)
  terminal.close()
  dup2(kept, 2)
  close(kept)
  close(nowhere)
  leave(sessions, last)
}

/// Ends the program once all is written; what could not be written is said again, and in the exit code.
func leave(_ sessions: ViewerSessions, _ last: Model) -> Never {
  sessions.runner.saver.keepTyped(last.ways.typedToKeep)
  // After a signal the line may be gone and the system impatient.
  let failures = sessions.finish(withinSeconds: TerminalGuard.mustEnd ? 0.8 : 30, last: last)
  for problem in failures { complain("not saved: " + problem.sentence) }
  // Libraries would wait at exit for threads that still compute what nobody wants any more.
  _exit(failures.isEmpty ? TerminalGuard.exitCode : 74)
}
