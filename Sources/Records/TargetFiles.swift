package import Basics
import Connectivity
import ImageFiles
package import Imaging
package import Study
package import Targeting
import Workflows

/// The documented JSON of saved candidates.
package func targetsJSON(
  _ report: TargetReport, space: Space, inputs: [Provenance], findings: [Finding],
  native: (WorldPoint) -> NativePlace? = { _ in nil }
) -> JSON {
  .object(
    targetsResult(report, space: space, native: native) + [
      ("inputs", inputsJSON(inputs)), ("findings", findingsJSON(findings)),
      ("version", .string(boldspectVersion)),
      ("notice", .string(researchUse)),
    ])
}

/// Candidates, and how far each can be trusted.
package func targetsResult(
  _ report: TargetReport, space: Space, native: (WorldPoint) -> NativePlace? = { _ in nil }
) -> [(String, JSON)] {
  let s = report.settings
  return [
    ("space", .string(space.rawValue)), ("protocol", .string(s.name)),
    ("method", .string(s.methodText)),
    (
      "candidates",
      .array(report.result.candidates.map { candidateJSON($0, native: native($0.point)) })
    ),
    ("selected", report.result.selected.map(JSON.int) ?? .null),
    ("selected_reason", .optional(report.result.reason)),
    ("region_mean_r", .number(report.result.regionMeanR)),
    ("weighted_seed_r_with_sgacc", .optional(report.weightedSeedR)),
    ("detected", .bool(report.result.isDetected)),
    ("radius95_mm", .optional(report.radius95Millimetres)),
    ("radius95_at_least_mm", .optional(report.radiusAtLeastMillimetres)),
    ("budget_mm", budgetJSON(report.budget)),
    ("checks", .array(report.checks.map(checkJSON))),
    ("null", nullJSON(report.result.null)),
    ("split_mm", .optional(report.result.confidence?.splitMillimetres)),
    ("agreement_of_halves", .optional(report.result.confidence?.agreementOfHalves)),
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
      // A protocol may keep the signal: then the other search is the one without it.
      report.settings.removesGlobalSignal
        ? "without_global_signal_removal" : "with_global_signal_removal",
      .object([
        (
          "candidates",
          .array(
            report.withoutGlobalSignalRemoval.candidates.map { candidateJSON($0, native: nil) })
        ),
        ("r_at_first_candidate", .optional(report.firstCandidateWithout)),
        ("region_mean_r", .number(report.withoutGlobalSignalRemoval.regionMeanR)),
      ])
    ),
    ("comparators", .array(report.comparators.map(comparatorJSON))),
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
          ("surrogates", .int(min(s.surrogateCount, OwnBrainNull.mostMaps))),
          ("random_seed", .int(Int(s.randomSeed))),
        ] + denoisingJSON(report.denoising))
    ),
  ]
}

private func budgetJSON(_ budget: TargetBudget) -> JSON {
  .object([
    (
      "terms",
      .array(
        budget.terms.map {
          .object([
            ("name", .string($0.name)), ("mm", .optional($0.millimetres)),
            ("status", .string($0.status.rawValue)), ("source", .string($0.source)),
          ])
        })
    ),
    ("together_mm", .number(budget.togetherMillimetres)),
    ("together_is_lower_bound", .bool(budget.isLowerBound)),
  ])
}

private func checkJSON(_ check: TargetCheck) -> JSON {
  .object([
    ("name", .string(check.name)), ("outcome", .string(check.outcome.rawValue.lowercased())),
    ("mm", check.point.map(JSON.point) ?? .null), ("distance_mm", .optional(check.millimetres)),
    ("r_at_target", .optional(check.rAtTarget)),
  ])
}

private func nullJSON(_ null: OwnBrainNull) -> JSON {
  .object([
    ("other_seeds", .int(null.controlCount)), ("maps", .int(null.extremes.count)),
    ("part_of_other_seeds", .number(null.controlShare)),
  ])
}

private func confidenceJSON(_ c: TargetConfidence?) -> JSON {
  guard let c else { return .null }
  return .object([
    ("odd_even_mm", .optional(c.oddEvenMillimetres)), ("runs_mm", .optional(c.runMillimetres)),
    ("redrawn_maps", .int(c.bootstrapCount)), ("found_fraction", .number(c.foundFraction)),
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

private func candidateJSON(_ c: Candidate, native: NativePlace?) -> JSON {
  .object([
    ("rank", .int(c.rank)), ("mm", .point(c.point)),
    ("native_mm", native.map { .point($0.point) } ?? .null),
    ("native_image_sha256", .optional(native?.imageSHA256)), ("side", .string(c.side.rawValue)),
    ("r", .number(c.r)), ("z", .number(c.z)), ("label", .optional(c.label)),
    ("networks", footprintJSON(c.footprint)), ("voxels", .int(c.voxelCount)),
    ("peak_mm", .point(c.peak)), ("peak_r", .number(c.peakR)),
    ("region_wide_p", .number(c.regionWideP)),
    ("r_without_slow_breathing", .optional(c.rWithoutBreathing)),
    ("distances_mm", .object(c.distances.map { ($0.name, .number($0.millimetres)) })),
  ])
}

private func footprintJSON(_ f: Footprint?) -> JSON {
  f.map { f in
    .object([
      ("covered", .number(f.covered)),
      (
        "parts",
        .object(f.shares.map { ($0.network, .number(f.covered > 0 ? $0.part / f.covered : 0)) })
      ),
    ])
  } ?? .null
}

private func comparatorJSON(_ c: Comparator) -> JSON {
  .object([
    ("name", .string(c.site.name)), ("mm", .point(c.site.point)),
    ("side", .string(c.side.rawValue)), ("distance_mm", .optional(c.millimetres)),
    ("r", .optional(c.r)), ("r_without_global_signal_removal", .optional(c.rWithout)),
    ("label", .optional(c.label)), ("networks", footprintJSON(c.footprint)),
    ("source", .string(c.site.source)),
  ])
}

/// Candidates as records that can be saved.
package func records(
  _ report: TargetReport, run: LoadedRun, transforms: GivenTransforms
) -> [TargetRecord] {
  report.result.candidates.map { c in
    var record = TargetRecord(
      name: "candidate-\(c.rank)", note: "", point: c.point, space: run.space,
      template: run.space == .mni152 ? templateName(ofFileNamed: run.description.name) : nil,
      side: c.side, label: c.label,
      r: c.r, method: report.settings.methodText + "; " + report.denoising.summary,
      warnings: report.warnings(of: c), imageSHA256: run.description.sha256,
      imageOrigin: run.description.origin,
      native: run.space == .mni152 ? transforms.nativePlace(c.point) : nil)
    record.person = BIDSWords(run.description.path).person
    return record
  }
}

/// Candidates for a person to read.
package func targetsText(
  _ report: TargetReport, space: Space, native: (WorldPoint) -> NativePlace?
) -> String {
  var lines = [
    "\(report.settings.name), \(space.rawValue), RAS+ mm, \(report.denoising.summary)",
    "\(report.degreesOfFreedom) degrees of freedom, "
      + (report.secondsKept.map { "\(fixed($0 / 60, 1)) min" } ?? "unknown time"),
  ]
  for c in report.result.candidates {
    let group = c.distances.first { $0.name == "group optimum" }?.millimetres ?? .nan
    let away = report.settings.hasGroupSite ? "  \(fixed(group, 1)) mm from the group site" : ""
    lines.append(
      "\(c.rank == report.result.selected ? "*" : " ") \(c.rank)  \(c.side.rawValue)  "
        + [c.point.x, c.point.y, c.point.z].map { fixed($0, 1, signed: true) }.joined(
          separator: " ")
        + " mm  r \(fixed(c.r, 3, signed: true))  \(c.voxelCount) voxels  \(c.pWords)\(away)  "
        + (c.label ?? ""))
    if let native = native(c.point) { lines.append("       \(native.words)") }
  }
  if !report.result.candidates.isEmpty {
    lines.append(report.orderWords)
    lines.append("r is \(report.extremeWords); p: \(report.nullWords)")
  }
  lines += report.confidenceLines
  lines += report.settings.evidence
  if let without = report.withoutGlobalSignalRemoval.candidates.first {
    lines.append(
      "\(report.otherChoiceWords): "
        + [without.point.x, without.point.y, without.point.z].map { fixed($0, 1, signed: true) }
        .joined(separator: " ") + " mm, r \(fixed(without.r, 3, signed: true))"
        + (report.firstCandidateWithout.map { "; r at candidate 1 \(fixed($0, 3, signed: true))" }
          ?? ""))
  } else {
    lines.append("\(report.otherChoiceWords): no candidate")
  }
  lines += report.warnings.map { "! \($0)" }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}

/// A target's files: the TSV that was asked for, and beside it the JSON and the one-page report.
package enum TargetFiles {
  package static func sheetPath(_ tsv: String) -> String { String(tsv.dropLast(4)) + ".txt" }
  package static func jsonPath(_ tsv: String) -> String { String(tsv.dropLast(4)) + ".json" }

  /// Every file of one save.
  package static func paths(_ tsv: String) -> [String] { [tsv, jsonPath(tsv), sheetPath(tsv)] }

  package static func check(_ tsv: String, overwrite: Bool) throws(Problem) {
    guard tsv.hasSuffix(".tsv") else {
      throw Problem(.usage, fileName(tsv), "targets are written as .tsv", expected: "such a name")
    }
    try checkFolder(of: tsv)
    for path in paths(tsv) { try AtomicFile.checkFree(path, overwrite: overwrite) }
    try requireNoInput(paths(tsv), among: [])
    // Target files of 0.1 do not say who wrote them, but hold targets.
    try requireOwn(jsonPath(tsv)) {
      $0.contains("\"GeneratedBy\": \"boldspect\"")
        || (try? TargetRecord.load($0, file: tsv))?.isEmpty == false
    }
    try requireOwn(sheetPath(tsv)) { $0.contains("boldspect") }
  }

  /// The record, the document and the one-page report.
  package static func write(
    _ targets: [TargetRecord], _ report: TargetReport, space: Space,
    inputs: [Provenance], findings: [Finding], coil: [String] = [], to tsv: String, overwrite: Bool
  ) throws(Problem) {
    try requireNoInput(
      paths(tsv), among: inputs.map(\.path))
    // What a person decided about the sides speaks in each of the three files, and in what is exported from them.
    let decisions = findings.filter(\.isOfDecidedSides)
      .map(\.text)
    let targets = targets.map { target in
      var out = target
      out.warnings += decisions.filter { !target.warnings.contains($0) }
      return out
    }
    let sheet = targets.first.map {
      targetSheet(
        $0, report, inputs: inputs, coil: coil, version: boldspectVersion, notice: researchUse)
    }
    try write(
      targets, document: targetsJSON(report, space: space, inputs: inputs, findings: findings),
      sheet: sheet, to: tsv, overwrite: overwrite)
  }

  /// The targets of a file.
  ///
  /// - Throws: a file beside which lies a table or a report of another save.
  package static func load(_ path: String) throws(Problem) -> [TargetRecord] {
    let text = try readTextFile(path)
    let records = try TargetRecord.load(text, file: fileName(path))
    guard path.hasSuffix(".json"), let set = (try? JSON.parse(text).value)?["set"] else {
      return records
    }
    let tsv = String(path.dropLast(5)) + ".tsv"
    try requireOneSave(
      [(tsv, set["tsv_sha256"]), (sheetPath(tsv), set["sheet_sha256"])], as: path)
    return records
  }

  /// One target of a file: the only one, or the one with a name.
  package static func record(_ path: String, named name: String?) throws(Problem) -> TargetRecord {
    let file = fileName(path)
    let records = try load(path)
    let names = records.map(\.name).joined(separator: ", ")
    if let name {
      guard let found = records.first(where: { $0.name == name }) else {
        throw Problem(
          .usage, "--name", "\(file) holds no target \(visibleText(name, limit: 60))",
          expected: names)
      }
      return found
    }
    guard records.count == 1, let only = records.first else {
      throw Problem(
        .usage, file, "it holds \(records.count) targets", expected: "one of them by --name",
        remedy: "They are \(names)")
    }
    return only
  }

  /// Refuses names, also the file's, that say another side than a target lies on.
  private static func requireSides(_ targets: [TargetRecord], in tsv: String) throws(Problem) {
    for target in targets {
      try SideInName.require(
        target.name, side: target.side, subject: fileName(tsv),
        remedy: "Give the target another name")
    }
    try SideInName.require(file: fileName(tsv), ending: ".tsv", holding: targets)
  }

  /// Refuses a file's name that says another side than where a search looks, before anything is searched.
  package static func require(_ tsv: String, fits region: SearchRegion) throws(Problem) {
    guard let side = region.side else { return }
    try SideInName.require(
      String(fileName(tsv).dropLast(4)), side: side, subject: fileName(tsv),
      whose: "the search region", kind: .usage, remedy: "Give the file another name")
  }

  /// Writes all as one save; the JSON is read back and compared before it takes its place.
  package static func write(
    _ targets: [TargetRecord], document: JSON, sheet: String? = nil, to tsv: String,
    overwrite: Bool
  ) throws(Problem) {
    try check(tsv, overwrite: overwrite)
    try requireSides(targets, in: tsv)
    var members: [(String, JSON)] = [
      ("GeneratedBy", .string("boldspect")), ("targets", .array(targets.map(\.json))),
    ]
    if case .object(let rest) = document { members += rest }
    let set = FileSet(overwrite: overwrite)
    var hashes = [("tsv_sha256", JSON.string(try set.add(tsv, TargetRecord.tsv(targets))))]
    if let sheet {
      hashes.append(("sheet_sha256", .string(try set.add(sheetPath(tsv), sheet))))
    }
    members.append(("set", .object(hashes)))
    try set.add(jsonPath(tsv), JSON.object(members).text + "\n")
    let back = try TargetRecord.load(
      try set.text(of: jsonPath(tsv)), file: fileName(jsonPath(tsv)))
    guard back.count == targets.count, zip(targets, back).allSatisfy({ $0.isReadBack(as: $1) })
    else {
      throw Problem(.inputOutput, fileName(tsv), "what was read back differs from what was written")
    }
    try set.commit(last: jsonPath(tsv))
  }
}
