package import Basics
package import Connectivity

/// What each network measures, and what is said of it.
package func networksResult(_ report: NetworkReport) -> [(String, JSON)] {
  let k = report.summary.networks.count
  return [
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
      "default_mode_attention_coupling_z",
      .optional(report.summary.defaultModeAttentionCoupling)
    ), ("alff_definition", .string(report.alffDefinition)),
    ("warnings", .array(report.warnings.map(JSON.string))),
    ("degrees_of_freedom", .int(report.matrix.degreesOfFreedom)),
    ("seconds_kept", .optional(report.matrix.secondsKept)),
  ]
}

/// The same for a person to read.
package func networksText(_ report: NetworkReport) -> String {
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
  if let anti = report.summary.defaultModeAttentionCoupling {
    lines.append("default mode with attention networks: mean z \(fixed(anti, 3, signed: true))")
  }
  lines += report.warnings.map { "! \($0)" }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}
