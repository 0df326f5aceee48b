package import Basics
import Connectivity
package import Records
import Study
package import Workflows

/// How a cohort run went, as text and JSON.
package struct CohortPage {
  package var findings: [Finding]
  package var result: [(String, JSON)]
  package var text: String
  package var someFailed: Bool

  package init(_ summary: CohortSummary) {
    let failed = summary.failed
    findings = summary.findings
    someFailed = !failed.isEmpty
    let count = summary.outcomes.count
    result = [
      ("visits", .int(count)), ("done", .int(count - failed.count)),
      ("skipped", .int(summary.skipped)), ("failed", .int(failed.count)),
      (
        "outcomes",
        .array(
          summary.outcomes.map {
            .object([
              ("participant", .string($0.participant)), ("session", .optional($0.session)),
              ("status", .string($0.status.rawValue)), ("reason", .string($0.reason)),
              ("seconds", .optional($0.seconds)),
            ])
          })
      ),
    ]
    let words =
      "\(counted(count, "visit", "visits")): \(count - failed.count) done, of them "
      + "\(summary.skipped) before; "
    text = ([words + "\(failed.count) failed"] + failed.map { "  " + Self.line($0, false) })
      .joined(separator: "\n")
  }

  package init(_ group: GroupRun, _ progress: WorkProgress) throws(Problem) {
    let files = try group.work(progress)
    findings = group.findings
    someFailed = false
    result = [
      ("people", .int(group.people)), ("written", .array(files.map(JSON.string))),
    ]
    text = ([counted(group.people, "person", "people")] + files).joined(separator: "\n")
  }

  /// One visit in a line.
  package static func line(_ outcome: Outcome, _ isSkipped: Bool) -> String {
    let who = outcome.participant + (outcome.session.map { " " + $0 } ?? "")
    let how = isSkipped ? "done before" : outcome.status.rawValue
    let seconds = outcome.seconds.map { isSkipped ? "" : ", \(fixed($0, 1)) s" } ?? ""
    return visibleText("\(who): \(how)\(seconds)", limit: 400)
      + (outcome.reason.isEmpty ? "" : "; " + outcome.reason)
  }
}

extension BatchOptions {
  /// All that decides about a number, for records: results of other options are other results.
  package func json(task: String?) -> JSON {
    .object([
      ("parts", .array(BatchPart.allCases.filter(parts.contains).map { .string($0.rawValue) })),
      ("task", .optional(task.map(CohortVisit.taskLabel))), ("tr_s", .optional(run.tr)),
      ("space", .optional(run.space)),
      ("preset", .optional(preset?.rawValue)), ("columns", .optional(run.columns)),
      ("drop", run.drop.map(JSON.int) ?? .null), ("fd_mm", .optional(run.fd)),
      ("dvars", .optional(run.dvars)), ("min_run", .int(run.minRun)),
      ("censoring", .string(run.censoring.rawValue)),
      ("band_hz", .optional(cleaning.frequencies.band?.description)),
      ("polort", .int(cleaning.frequencies.polort)),
      ("high_pass_s", .optional(cleaning.frequencies.highPass)),
      ("gsr", cleaning.frequencies.gsr.map(JSON.bool) ?? .null),
      ("smoothing_fwhm_mm", .number(cleaning.fwhm)), ("seeds", .array(seeds.map(JSON.string))),
      ("names", .optional(network.names)), ("covariates", .optional(norms.covariates)),
      ("normals_count", normals.normalsCount.map(JSON.int) ?? .null),
      ("reference", .optional(reference)), ("protocol", TargetProtocols.json(target)),
    ])
  }
}
