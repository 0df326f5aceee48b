import Basics
import Connectivity
import ImageFiles
import Imaging
import Workflows

/// A derived image and the JSON beside it that says what it was made of.
struct Derived {
  var command: String
  var inputs: [(role: String, sha256: String)]
  var space: Space
  var parameters: [(String, JSON)]
  var findings: [Finding] = []
  /// Whether an input says of itself that it is no measurement: then neither is this.
  var isSimulated: Bool
  /// The SIMULATED line of images that are no measurement.
  var banner: String?

  /// The sidecar's content: inputs by hash, not by name, because names may be a person's.
  var json: JSON {
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
  var note: String {
    if let banner { return String(banner.prefix(60)) }
    return (isSimulated ? "SIMULATED " : "")
      + "boldspect \(boldspectVersion) \(command), research use"
  }

  /// Writes a volume and its sidecar.
  func write(_ volume: Volume, formCode: Int, to output: OutputOptions) throws(Problem) {
    try ImageWriter.write(
      output.output, volume, formCode: formCode, note: note, overwrite: output.force)
    try writeSidecar(to: output)
  }

  /// Writes several volumes one after the other as one 4-D image, and its sidecar.
  ///
  /// - Parameter repetitionTimeSeconds: only for what follows a clock.
  func write(
    _ count: Int, grid: Grid, formCode: Int, repetitionTimeSeconds: Double? = nil,
    to output: OutputOptions, progress: WorkProgress, frame: (Int) throws(Problem) -> [Float]
  ) throws(Problem) {
    try ImageWriter.write(
      output.output,
      ImageWriter.Content(
        grid: grid, formCode: formCode, frameCount: count,
        repetitionTimeSeconds: repetitionTimeSeconds, note: note), overwrite: output.force,
      progress: progress, frame: frame)
    try writeSidecar(to: output)
  }

  func writeSidecar(to output: OutputOptions) throws(Problem) {
    try AtomicFile.write(
      sidecarPath(output.output), Array((json.text + "\n").utf8), overwrite: output.force)
  }
}

func inputsJSON(_ inputs: [(role: String, sha256: String)]) -> JSON {
  .array(inputs.map { .object([("role", .string($0.role)), ("sha256", .string($0.sha256))]) })
}

func findingsJSON(_ findings: [Finding]) -> JSON {
  .array(
    findings.map {
      .object([
        ("code", .string($0.code)), ("severity", .string($0.severity.rawValue)),
        ("text", .string($0.text)),
      ])
    })
}

/// How a run was cleaned, for sidecars and records.
func denoisingJSON(_ d: Denoising) -> [(String, JSON)] {
  [
    ("polort", .int(d.polort)),
    (
      "band_hz",
      d.bandHertz.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .null
    ),
    ("high_pass_s", .optional(d.highPassHertz.map { 1 / $0 })),
    ("confounds", .array(d.confounds.map { .string($0.name) })),
    ("global_signal_removed", .bool(d.touchesGlobalSignal)),
    ("frames_dropped", .int(d.droppedFrames)),
    ("frames_censored", .array(d.censoredFrames.map(JSON.int))),
    ("smoothing_fwhm_mm", .number(d.smoothingFWHM)),
    ("motion", .string(d.modelsMotion ? "modelled" : "MOTION NOT MODELLED")),
  ]
}

/// How several runs were cleaned: the first one's settings, and which frames each left out.
func denoisingJSON(_ runs: [PreparedRun]) -> [(String, JSON)] {
  guard let first = runs.first else { return [] }
  if runs.count == 1 { return denoisingJSON(first.denoising) }
  let perRun = ["frames_dropped", "frames_censored"]
  return denoisingJSON(first.denoising).filter { !perRun.contains($0.0) } + [
    ("frames_dropped", .array(runs.map { .int($0.denoising.droppedFrames) })),
    (
      "frames_censored",
      .array(runs.map { .array($0.denoising.censoredFrames.map(JSON.int)) })
    ),
  ]
}
