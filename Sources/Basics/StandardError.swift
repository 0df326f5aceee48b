import Glibc
import Synchronization

/// One sentence on standard error.
///
/// Each is said once: what a rule noticed comes by with the answer again. What a file put into it shows as escapes:
/// nobody needs to have thought of that before.
///
/// - Parameter endsWork: whether it says why nothing was done, which is said to whoever wants it quiet too.
package func complain(_ sentence: String, endsWork: Bool = false) {
  guard endsWork || !Quiet.isWanted else { return }
  guard said.withLock({ $0.insert(sentence).inserted }) else { return }
  writeToStandardError("boldspect: \(visibleText(sentence, limit: 4000))\n")
}

/// Whether nothing but what ends the work is to be said on standard error.
package enum Quiet {
  private static let wanted = Atomic<Bool>(false)

  package static var isWanted: Bool {
    get { wanted.load(ordering: .relaxed) }
    set { wanted.store(newValue, ordering: .relaxed) }
  }
}

private let said = Mutex<Set<String>>([])

/// Text on standard error; nobody may be there to read it, and that must never end the work.
package func writeToStandardError(_ text: String) {
  let bytes = Array(text.utf8)
  var done = 0
  while done < bytes.count {
    let wrote = bytes[done...].withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    if wrote <= 0 {
      if wrote < 0, errno == EINTR { continue }
      return
    }
    done += wrote
  }
}

/// Bytes on standard output.
///
/// - Returns: false when the reader went away: `| head` has read enough, which is no error of ours.
package func writeToStandardOutput(_ bytes: [UInt8]) throws(Problem) -> Bool {
  var done = 0
  while done < bytes.count {
    let wrote = bytes[done...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if wrote > 0 {
      done += wrote
    } else if errno == EPIPE {
      return false
    } else if errno != EINTR {
      throw Problem(.inputOutput, "standard output", "it cannot be written")
    }
  }
  return true
}
