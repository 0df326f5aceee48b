package import Basics
import Foundation
import Glibc
import ImageFiles

/// Refuses outputs that are inputs of the command, or the half of one that stands beside it: with force they
/// would be replaced by what was made of them. Likewise two outputs that would be one file.
package func requireNoInput(
  _ outputs: [String], among inputs: [String?]
) throws(Problem) {
  for (n, output) in outputs.enumerated() {
    guard let other = outputs[..<n].first(where: { isSamePlace($0, output) }) else { continue }
    throw Problem(
      .usage, fileName(output),
      "two results would be written to it"
        + (other == output ? "" : ", by \(visibleText(other)) and \(visibleText(output))"),
      expected: "a name for each result")
  }
  for input in inputs.compactMap({ $0 }) {
    // What stands beside a transform is half of it, and a warp's fields are all of it.
    let half =
      input.hasSuffix(".txt")
      ? [String(input.dropLast(4)) + ".json"] : WarpFile.partPaths(of: input)
    for output in outputs where ([input] + half).contains(where: { isSameFile($0, output) }) {
      throw Problem(
        .usage, fileName(output), "it is an input of this command", expected: "another name")
    }
  }
}

/// Checks a transform and the JSON beside it before the work.
package func checkTransform(_ output: String, inputs: [String?]) throws(Problem) {
  guard !output.hasSuffix(".json") else {
    // A warp is one file.
    try requireNoInput([output], among: inputs)
    return try requireOwnJSON(output)
  }
  try requireNoInput([output, sidecarPath(output)], among: inputs)
  try requireOwnJSON(sidecarPath(output))
}

/// Checks several images of one command before the work: each by itself, and all of them together.
package func checkTogether(_ images: [ImageOutput], inputs: [String?]) throws(Problem) {
  try requireNoInput(images.map(\.output), among: inputs)
  // Two endings share what is written beside them.
  try requireNoInput(images.map { sidecarPath($0.output) }, among: inputs)
  for image in images { try image.check(inputs: inputs) }
}

/// Refuses a folder below an output folder that is a link: what is written there would lie in another place than was
/// named, perhaps among another person's files.
///
/// - Parameter place: of the file, from that folder.
package func requireNoLink(below root: String, _ place: String) throws(Problem) {
  var path = root
  for part in place.split(separator: "/").dropLast() {
    path += "/" + part
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { continue }
    throw Problem(
      .cannotCreate, String(part), "this folder of \(fileName(root)) is a link to another place",
      expected: "a folder", remedy: "Name the place itself with -o")
  }
}

/// Refuses to replace a JSON that another program wrote.
package func requireOwnJSON(_ path: String) throws(Problem) {
  try requireOwn(path) { $0.contains("\"GeneratedBy\": \"boldspect\"") }
}

/// Refuses to replace what stands beside an output and another program wrote: nobody named it, so force is not
/// said of it.
func requireOwn(_ path: String, _ isOwn: (_ text: String) -> Bool) throws(Problem) {
  guard FileManager.default.fileExists(atPath: path) else { return }
  // What is no text, or too long to be ours, is not ours.
  if let text = try? readTextFile(path), isOwn(text) { return }
  throw Problem(
    .cannotCreate, fileName(path), "it was not written by boldspect",
    remedy: "Choose another name for what is written beside it")
}
