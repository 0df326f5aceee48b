package import Basics
import Connectivity
import ImageFiles
package import Imaging
import Workflows

/// A derived image and the JSON beside it that says what it was made of.
package struct Derived {
  package var command: String
  package var inputs: [(role: String, sha256: String)]
  package var space: Space
  package var parameters: [(String, JSON)]
  package var findings: [Finding] = []
  /// Whether an input says of itself that it is no measurement: then neither is this.
  package var isSimulated: Bool
  /// The SIMULATED line of images that are no measurement.
  package var banner: String?

  package init(
    command: String, inputs: [(role: String, sha256: String)], space: Space,
    parameters: [(String, JSON)], findings: [Finding] = [], isSimulated: Bool, banner: String? = nil
  ) {
    self.command = command
    self.inputs = inputs
    self.space = space
    self.parameters = parameters
    self.findings = findings
    self.isSimulated = isSimulated
    self.banner = banner
  }

  /// The sidecar's content: inputs by hash, not by name, because names may be a person's.
  package var json: JSON {
    .object(
      [
        ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
        ("command", .string(command)),
      ] + (banner.map { [("banner", JSON.string($0))] } ?? []) + [
        ("simulated", .bool(isSimulated || banner != nil)),
        ("space", .string(space.rawValue)), ("coordinates", .string("RAS+ mm")),
        ("inputs", inputsJSON(inputs)), ("parameters", .object(parameters)),
        ("findings", findingsJSON(findings)), ("notice", .string(researchUse)),
      ])
  }

  /// At most 79 bytes for the image header.
  package var note: String {
    if let banner { return String(banner.prefix(60)) }
    return (isSimulated ? "SIMULATED " : "")
      + "boldspect \(boldspectVersion) \(command), research use"
  }

  /// Writes a volume and its sidecar.
  package func write(_ volume: Volume, formCode: Int, to output: ImageOutput) throws(Problem) {
    try ImageWriter.write(
      output.output, volume, formCode: formCode, note: note, overwrite: output.force)
    try writeSidecar(to: output)
  }

  /// Writes several volumes one after the other as one 4-D image, and its sidecar.
  ///
  /// - Parameter repetitionTimeSeconds: only for what follows a clock.
  package func write(
    _ count: Int, grid: Grid, formCode: Int, repetitionTimeSeconds: Double? = nil,
    to output: ImageOutput, progress: WorkProgress, frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) {
    try ImageWriter.write(
      output.output,
      ImageWriter.Content(
        grid: grid, formCode: formCode, frameCount: count,
        repetitionTimeSeconds: repetitionTimeSeconds, note: note), overwrite: output.force,
      progress: progress, frame: frame)
    try writeSidecar(to: output)
  }

  package func writeSidecar(to output: ImageOutput) throws(Problem) {
    try AtomicFile.write(
      sidecarPath(output.output), Array((json.text + "\n").utf8), overwrite: output.force)
  }
}
