package import Basics
import Foundation
import ImageFiles

/// Refuses outputs that are inputs of the command, or the half of one that stands beside it: with force they
/// would be replaced by what was made of them.
package func requireNoInput(
  _ outputs: [String], among inputs: [String?]
) throws(Problem) {
  for input in inputs.compactMap({ $0 }) {
    // What stands beside a transform is half of it.
    let half = input.hasSuffix(".txt") ? [String(input.dropLast(4)) + ".json"] : []
    for output in outputs where ([input] + half).contains(where: { isSameFile($0, output) }) {
      throw Problem(
        .usage, fileName(output), "it is an input of this command", expected: "another name")
    }
  }
}

/// Refuses to replace a JSON that another program wrote.
func requireOwnJSON(_ path: String) throws(Problem) {
  guard FileManager.default.fileExists(atPath: path),
    !(try readTextFile(path).contains("\"GeneratedBy\": \"boldspect\""))
  else { return }
  throw Problem(
    .cannotCreate, fileName(path), "it was not written by boldspect",
    remedy: "Choose another name for what is written beside it")
}
