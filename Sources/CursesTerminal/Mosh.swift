import Foundation
import Glibc

/// Whether a mosh server stands between here and the terminal: it leaves a mark in the environment,
/// and is an ancestor of this process.
package func isUnderMosh(_ environment: [String: String]) -> Bool {
  if environment["NCURSES_NO_UTF8_ACS"] == "1" { return true }
  var process = getppid()
  for _ in 0..<64 where process > 1 {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
    else { return false }
    if text[open...close].contains("mosh-server") { return true }
    // After the name: state, then the parent.
    let rest = text[text.index(after: close)...].split(separator: " ")
    guard rest.count > 1, let parent = Int32(rest[1]) else { return false }
    process = parent
  }
  return false
}
