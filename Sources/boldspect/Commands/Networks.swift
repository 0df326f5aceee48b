import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Workflows

/// `boldspect networks`.
struct Networks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Networks that are over-active, under-active or out of sync.",
    discussion: """
      \(researchUse)

      Global coupling first: against a reference, within and between are adjusted for it. Activity (ALFF by the brain's mean), homogeneity (ReHo), mean Fisher z within and between, left–right structure, \
      segregation, and the coupling of the default mode with the attention networks. Against other \
      people only with --norms: a table of network, measure (malff, reho, within, between), mean, \
      sd and n; or one row per person with participant_id, covariates and a column measure:network. \
      Without it each network is compared with the person's other networks, and the table says so.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person, in MNI space.", valueName: "bold"))
  var bold: [String]
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var norms: NormOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    guard networkOptions.networks != nil else {
      throw Problem(
        .usage, "--networks", "no networks are given", expected: "a label map of networks")
    }
    let table = try norms.request.table()
    let own = try norms.request.own()
    try withStatus { progress in
      var runs = try CleanedRuns(
        bold, runOptions.request, denoisingOptions.request, progress: progress)
      var inputs = runs.inputs
      if let path = norms.norms { inputs.append(("norms", try sha256(ofFile: path))) }
      let parcels = try networkOptions.request.parcels(&runs, inputs: &inputs)
      let report = try networkReport(
        of: runs.prepared, parcels: parcels, reference: table, covariates: own, progress: progress)
      if json {
        try printResult(networksJSON(report, runs, inputs).text)
      } else {
        try printResult(networksText(report))
      }
    }
  }
}

private func networksJSON(
  _ report: NetworkReport, _ runs: CleanedRuns, _ inputs: [(role: String, sha256: String)]
) -> JSON {
  let k = report.summary.networks.count
  return .object([
    ("basis", .string(report.basis)), ("global_coupling_z", .number(report.globalCoupling.z)),
    ("global_coupling_t", .optional(report.globalCoupling.score?.t)),
    (
      "least_detectable",
      .object(report.leastDetectable.map { ($0.measure.rawValue, .number($0.difference)) })
    ),
    (
      "networks",
      .array(
        report.summary.networks.map { n in
          .object(
            [
              ("name", .string(n.name)), ("regions", .int(n.parcelCount)),
              ("voxels", .int(n.voxelCount)), ("within_z", .number(n.within)),
              ("between_z", .number(n.between)), ("segregation", .number(n.segregation)),
            ]
              + report.findings.filter { $0.network == n.name }.map { f in
                (
                  f.measure.rawValue,
                  .object([
                    ("value", .number(f.value)), ("t", .optional(f.score?.t)),
                    ("degrees_of_freedom", .optional(f.score?.degreesOfFreedom)),
                    ("p", .optional(f.score?.p)), ("q", .optional(f.q)),
                    ("percentile", .optional(f.score?.percentile)),
                    ("adjusted", .optional(f.adjusted)),
                    ("word", .optional(f.word)), ("within_person", .bool(f.isWithinPerson)),
                  ])
                )
              })
        })
    ),
    (
      "between_z",
      .array((0..<k).map { row in .numbers((0..<k).map { report.summary.between[row * k + $0] }) })
    ), ("segregation", .number(report.summary.segregation)),
    (
      "default_mode_anticorrelation_z",
      .optional(report.summary.defaultModeAnticorrelation)
    ), ("alff_definition", .string(report.alffDefinition)),
    ("warnings", .array(report.warnings.map(JSON.string))),
    ("degrees_of_freedom", .int(report.matrix.degreesOfFreedom)),
    ("seconds_kept", .optional(report.matrix.secondsKept)),
    ("space", .string(runs.space.rawValue)),
    ("parameters", .object(denoisingJSON(runs.prepared))), ("inputs", inputsJSON(inputs)),
    ("findings", findingsJSON(runs.findings)), ("version", .string(boldspectVersion)),
    ("notice", .string(researchUse)),
  ])
}

private func networksText(_ report: NetworkReport) -> String {
  var lines = [report.basis, report.globalCoupling.text]
  func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
  lines.append(
    padded("network", 22) + padded("regions", 9)
      + NetworkMeasure.columns.map { padded($0.title, 20) }.joined() + "segregation")
  for n in report.summary.networks {
    var line = padded(n.name, 22) + padded("\(n.parcelCount)", 9)
    for f in report.findings
    where f.network == n.name && NetworkMeasure.columns.contains(f.measure) {
      let t = f.score.map { " (t \(fixed($0.t, 1, signed: true)))" } ?? ""
      line += padded(fixed(f.value, 3) + t, 20)
    }
    lines.append(line + fixed(n.segregation, 2))
  }
  for f in report.findings {
    if let word = f.word, let score = f.score {
      lines.append(
        "! \(f.network): \(word)\(f.isWithinPerson ? " within this person" : ""), \(f.measure.title) "
          + "\(fixed(f.value, 3)), t \(fixed(score.t, 1, signed: true)), p \(probabilityText(score.p)), q "
          + probabilityText(f.q ?? .nan))
    }
  }
  if !report.findings.contains(where: { $0.word != nil }) {
    lines.append("nothing stands out at a false discovery rate of 5 % over the table")
  }
  lines.append(report.leastText)
  lines.append("system segregation \(fixed(report.summary.segregation, 3))")
  if let anti = report.summary.defaultModeAnticorrelation {
    lines.append("default mode with attention networks: mean z \(fixed(anti, 3, signed: true))")
  }
  lines += report.warnings.map { "! \($0)" }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}
