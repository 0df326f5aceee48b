import Connectivity
import Imaging
import ImagingIO
import Targeting
import Workflows

/// What the target search takes beside the run.
struct TargetInputs {
  var greyMatter: Volume?
  var atlas: LabelMap?
  var hashes: [(role: String, sha256: String)]
  var findings: [Finding]

  init(
    _ loaded: LoadedRun, greyMatter path: String?
  ) throws(Problem) {
    try loaded.requireLaterality(for: "a target")
    try requireMNI(loaded.space, fileName: loaded.description.name, for: "the search region")
    try loaded.requireTime()
    hashes = loaded.inputs
    findings = loaded.findings
    if let path {
      let (d, volume) = try readSingleVolume(path)
      try requireSameSides(d, as: loaded.description)
      let found = try Workflows.greyMatter(
        volume, isIntegerCoded: d.isIntegerCoded, on: loaded.run.grid, fileName: d.name)
      greyMatter = found.probability
      findings += found.findings
      hashes.append(("gm", d.sha256))
    }
    atlas = try AtlasFiles.standard()
  }
}

extension ImageDescription {
  /// Whole numbers without scaling.
  var isIntegerCoded: Bool {
    type != .float32 && type != .float64 && slope == 1 && intercept == 0
  }
}

/// The documented JSON of `targets`.
func targetsJSON(
  _ report: TargetReport, space: Space, inputs: [(role: String, sha256: String)]
) -> JSON {
  let s = report.settings
  return .object([
    ("space", .string(space.rawValue)), ("protocol", .string(s.name)),
    ("method", .string(s.methodText)),
    ("candidates", .array(report.result.candidates.map(candidateJSON))),
    ("selected", report.result.selected.map(JSON.int) ?? .null),
    ("selected_reason", .optional(report.result.reason)),
    ("region_mean_r", .number(report.result.regionMeanR)),
    ("weighted_seed_r_with_sgacc", .optional(report.weightedSeedR)),
    ("detected", .bool(report.result.isDetected)),
    ("radius95_mm", .optional(report.result.confidence?.radius95Millimetres)),
    ("split_mm", .optional(report.result.confidence?.splitMillimetres)),
    ("reliability", .optional(report.result.confidence?.reliability)),
    ("confidence", confidenceJSON(report.result.confidence)),
    (
      "spect_resolution",
      .object([
        ("banner", .string("SIMULATED FROM rsfMRI: MAP BLURRED")),
        ("fwhm_mm", .number(report.cameraFWHM)),
        ("mm", report.cameraTarget.map(JSON.point) ?? .null),
        ("distance_mm", .optional(report.cameraMillimetres)),
      ])
    ),
    ("degrees_of_freedom", .int(report.degreesOfFreedom)),
    ("effective_n", .optional(report.effectiveN)),
    ("seconds_kept", .optional(report.secondsKept)),
    (
      "without_global_signal_removal",
      .object([
        (
          "candidates",
          .array(report.withoutGlobalSignalRemoval.candidates.map(candidateJSON))
        ),
        ("r_at_first_candidate", .optional(report.firstCandidateWithout)),
        ("region_mean_r", .number(report.withoutGlobalSignalRemoval.regionMeanR)),
      ])
    ),
    ("warnings", .array(report.warnings.map(JSON.string))),
    (
      "parameters",
      .object(
        [
          ("seed", .string(s.seed.title)), ("region", .string(s.region.name)),
          ("region_voxels", .int(report.result.regionVoxelCount)),
          ("search", .string(s.method.rawValue)), ("polarity", .string(s.polarity.rawValue)),
          ("percentile", .number(s.percentile)),
          ("largest_split_mm", .number(s.largestSplitMillimetres)),
          ("least_cluster_voxels", .int(s.leastClusterVoxels)),
          ("surrogates", .int(s.surrogateCount)), ("random_seed", .int(Int(s.randomSeed))),
        ] + denoisingJSON(report.denoising))
    ),
    ("inputs", inputsJSON(inputs)), ("version", .string(boldspectVersion)),
    ("notice", .string(researchUse)),
  ])
}

private func confidenceJSON(_ c: TargetConfidence?) -> JSON {
  guard let c else { return .null }
  return .object([
    ("odd_even_mm", .optional(c.oddEvenMillimetres)), ("runs_mm", .optional(c.runMillimetres)),
    ("bootstraps", .int(c.bootstrapCount)), ("found_fraction", .number(c.foundFraction)),
    ("chance_mm", .number(c.chanceMillimetres)),
    (
      "ellipsoid",
      .array(
        c.ellipsoid.map {
          .object([("sd_mm", .number($0.millimetres)), ("axis", .point($0.axis))])
        })
    ),
  ])
}

private func candidateJSON(_ c: Candidate) -> JSON {
  .object([
    ("rank", .int(c.rank)), ("mm", .point(c.point)), ("side", .string(c.side.rawValue)),
    ("r", .number(c.r)), ("z", .number(c.z)), ("label", .optional(c.label)),
    ("voxels", .int(c.voxelCount)), ("peak_mm", .point(c.peak)), ("peak_r", .number(c.peakR)),
    ("region_wide_p", .number(c.regionWideP)),
    ("distances_mm", .object(c.distances.map { ($0.name, .number($0.millimetres)) })),
  ])
}

/// Candidates as records that can be saved.
func records(_ report: TargetReport, space: Space) -> [TargetRecord] {
  report.result.candidates.map { c in
    TargetRecord(
      name: "candidate-\(c.rank)", note: report.warnings.joined(separator: "; "), point: c.point,
      space: space, side: c.side, label: c.label, r: c.r,
      method: report.settings.methodText + "; " + report.denoising.summary)
  }
}

/// Candidates for a person to read.
func targetsText(_ report: TargetReport, space: Space) -> String {
  var lines = [
    "\(report.settings.name), \(space.rawValue), RAS+ mm, \(report.denoising.summary)",
    "\(report.degreesOfFreedom) degrees of freedom, "
      + (report.secondsKept.map { "\(fixed($0 / 60, 1)) min" } ?? "unknown time"),
  ]
  for c in report.result.candidates {
    let group = c.distances.first { $0.name == "group optimum" }?.millimetres ?? .nan
    lines.append(
      "\(c.rank == report.result.selected ? "*" : " ") \(c.rank)  \(c.side.rawValue)  "
        + [c.point.x, c.point.y, c.point.z].map { fixed($0, 1, signed: true) }.joined(
          separator: " ")
        + " mm  r \(fixed(c.r, 3, signed: true))  \(c.voxelCount) voxels  region-wide p "
        + "\(fixed(c.regionWideP, 3))  \(fixed(group, 1)) mm from the group site  \(c.label ?? "")")
  }
  lines += report.confidenceLines
  if let without = report.withoutGlobalSignalRemoval.candidates.first {
    lines.append(
      "without global-signal removal: "
        + [without.point.x, without.point.y, without.point.z].map { fixed($0, 1, signed: true) }
        .joined(separator: " ") + " mm, r \(fixed(without.r, 3, signed: true))"
        + (report.firstCandidateWithout.map { "; r there \(fixed($0, 3, signed: true))" } ?? ""))
  } else {
    lines.append("without global-signal removal: no candidate")
  }
  lines += report.warnings.map { "! \($0)" }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}

/// A target's two files: the TSV that was asked for and the JSON beside it.
enum TargetFiles {
  static func jsonPath(_ tsv: String) -> String { String(tsv.dropLast(4)) + ".json" }

  static func check(_ tsv: String, overwrite: Bool) throws(Problem) {
    guard tsv.hasSuffix(".tsv") else {
      throw Problem(.usage, fileName(tsv), "targets are written as .tsv", expected: "such a name")
    }
    try checkFolder(of: tsv)
    try AtomicFile.checkFree(tsv, overwrite: overwrite)
    try AtomicFile.checkFree(jsonPath(tsv), overwrite: overwrite)
  }

  /// Writes both, reads the JSON back and compares before anybody is told that it is saved.
  static func write(
    _ targets: [TargetRecord], document: JSON, to tsv: String, overwrite: Bool
  ) throws(Problem) {
    try check(tsv, overwrite: overwrite)
    var members: [(String, JSON)] = [("targets", .array(targets.map(\.json)))]
    if case .object(let rest) = document { members += rest }
    let json = JSON.object(members).text + "\n"
    try AtomicFile.write(jsonPath(tsv), Array(json.utf8), overwrite: overwrite)
    try AtomicFile.write(tsv, Array(TargetRecord.tsv(targets).utf8), overwrite: overwrite)
    let back = try TargetRecord.load(
      try readTextFile(jsonPath(tsv)), file: fileName(jsonPath(tsv)))
    guard back.count == targets.count, zip(targets, back).allSatisfy({ $0.isReadBack(as: $1) })
    else {
      throw Problem(.inputOutput, fileName(tsv), "what was read back differs from what was written")
    }
  }
}
