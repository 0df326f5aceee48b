import Glibc
import Synchronization

/// One sentence on standard error.
///
/// Each is said once: what a rule noticed comes by with the answer again.
package func complain(_ sentence: String) {
  guard said.withLock({ $0.insert(sentence).inserted }) else { return }
  writeToStandardError("boldspect: \(sentence)\n")
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
