package import Basics
import ImageFiles

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
