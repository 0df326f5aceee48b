import Basics
import CellUI
import CursesTerminal
import Foundation
import ImageFiles
import Imaging
import Records
package import Study
import Synchronization
package import Viewer

/// Says what changed since it last said something, in lines that only ever follow one another.
package final class Speaker: Sendable {
  private let said = Mutex<(before: [Utterance], lines: [String])>(([], []))
  private let write: @Sendable (String) -> String

  /// - Parameter write: takes each line as it is said; what it gives back is kept.
  package init(_ write: @escaping @Sendable (String) -> String) { self.write = write }

  package var all: [String] { said.withLock { $0.lines } }

  package func take(_ model: Model) {
    let now = spoken(model)
    said.withLock { state in
      for one in changes(state.before, now) {
        state.lines.append(write(visibleText("\(one.topic): \(one.words)", limit: 2000)))
      }
      state.before = now
      // A long session needs no more than what was said last.
      if state.lines.count > 10_000 { state.lines.removeFirst(5000) }
    }
  }
}

/// The viewer in words: keys as ever, lines on standard output, no screen.
package func openSpokenViewer(
  _ options: StudyRequest, _ start: ViewerStart, library: StudyLibrary = StudyLibrary()
) throws {
  let mailbox = Mailbox()
  let sessions = ViewerSessions(options, mailbox: mailbox, keepsMarks: true, library: library)
  TerminalGuard.install()
  var terminal = LineTerminal(wakeDescriptor: mailbox.wakeDescriptor)
  let speaker = Speaker { line in
    var text = line + "\n"
    text.withUTF8 { bytes in
      var at = 0
      while at < bytes.count {
        let wrote = Foundation.write(1, bytes.baseAddress.map { $0 + at }, bytes.count - at)
        // Nobody listens any more: going on would be talking to nobody.
        if wrote <= 0 { Foundation.exit(74) }
        at += wrote
      }
    }
    return line
  }
  var loop = ViewerLoop(
    sessions: sessions, mailbox: mailbox, isScripted: isatty(0) == 0, start: start)
  loop.mustEnd = { TerminalGuard.mustEnd }
  loop.speak = { speaker.take($0) }
  let last = loop.run(&terminal)
  terminal.close()
  if isatty(0) == 0, let refusal = sessions.runner.refusal {
    for problem in sessions.finish(withinSeconds: 30, last: last) {
      complain("not saved: " + problem.sentence)
    }
    throw refusal
  }
  leave(sessions, last)
}
