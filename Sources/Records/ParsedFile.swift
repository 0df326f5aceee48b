package import Basics
import ImageFiles

/// Refuses a file that a newer version wrote: what it says may mean something else there. It stays as it is.
///
/// - Parameters:
///   - format: the newest of its kind that is understood; files of older versions state none.
package func requireKnownVersion(_ json: JSON, file: String, format: Int) throws(Problem) {
  func refused(_ found: String) -> Problem {
    Problem(
      .unavailable, file, "a newer version of boldspect wrote it, \(found)",
      expected: "format \(format) or older, by version \(boldspectVersion) or older",
      remedy: "It stays as it is; open it with that version")
  }
  switch json["format"] {
  case .none: break
  case .int(let n)? where n >= 0:
    if n > format { throw refused("in format \(n)") }
  case .number(let x)? where x >= 0 && x == x.rounded():
    if x > Double(format) { throw refused("in format \(plainNumber(x))") }
  case .some:
    throw Problem(.data, file, "its format is no whole number", expected: "a number")
  }
  guard let version = json["version"]?.asString else { return }
  func parts(_ text: String) -> [Int] {
    text.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
  }
  let (theirs, own) = (parts(version), parts(boldspectVersion))
  for n in 0..<max(theirs.count, own.count) {
    let (a, b) = (n < theirs.count ? theirs[n] : 0, n < own.count ? own[n] : 0)
    if a > b { throw refused("version \(visibleText(version, limit: 20))") }
    if a < b { return }
  }
}

/// A JSON file with the line of each member.
package func parsedFile(_ path: String) throws(Problem) -> (JSON, [String: Int]) {
  let text = try readTextFile(path)
  do throws(JSONFault) {
    let parsed = try JSON.parse(text)
    return (parsed.value, parsed.lines)
  } catch {
    throw Problem(
      .data, fileName(path), "line \(error.line): \(error.found)", expected: "JSON")
  }
}
