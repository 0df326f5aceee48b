package import Basics
import Connectivity
import Imaging
import Perfusion
import Records
import Study
import Targeting
import Workflows

/// The numbers of a report as the commands' own answers hold them.
extension ChartReport {
  package var result: [(String, JSON)] {
    [
      ("person", .optional(source.subject)), ("visit", .optional(source.session)),
      ("title", .string(source.title)),
      ("space", .string(source.template ?? source.space.rawValue)),
      ("laterality", .string(source.laterality.rawValue)), ("made", .optional(maker.time)),
      ("operator", .string(maker.operatorName)), ("unmeasured", .optional(unmeasured)),
      (
        "files",
        .array(
          source.files.map { file in
            .object([
              ("role", .string(file.role)), ("name", .string(file.name)),
              ("person", .optional(file.person)),
              ("changed", .optional(file.changed)), ("sha256", .string(file.sha256)),
              ("place", .string(file.place)),
            ])
          })
      ), ("warnings", .array(warnings.map(JSON.string))), ("run", runJSON),
      ("networks", results.networks.value.map { .object(networksResult($0)) } ?? .null),
      (
        "perfusion",
        .array(
          source.scans.indices.map {
            perfusionJSON(source.scans[$0], results.scans[$0], results.asymmetries[$0])
          })
      ), ("siscom", siscomJSON),
      ("losses", losses?.jsonWithoutPlaces(results.wish.eventSeconds) ?? .null),
      (
        "targets",
        results.targets.value.map { report in
          .object(
            targetsResult(
              report, space: source.space,
              native: {
                self.source.space == .mni152 ? self.source.transforms.nativePlace($0) : nil
              })
          )
        } ?? .null
      ), ("marks", .array(source.marks.map(\.json))), ("change", changeJSON),
    ]
  }

  private var runJSON: JSON {
    guard let reduced = results.cleaned.value, let first = source.prepared.first else {
      return .null
    }
    let motion = source.prepared.map { one in
      JSON.object(
        ConfoundsPage.qualitySummary(one.quality, one.denoising).map { ($0.key, $0.value) })
    }
    return .object(
      [
        ("runs", .int(source.prepared.count)),
        ("confounds_chosen", .string(source.confoundsChosen)),
        ("degrees_of_freedom", .int(reduced.degreesOfFreedom)),
        ("seconds_kept", .optional(reduced.secondsKept)),
        ("frames_kept", .int(reduced.projection.frameCount)),
        ("repetition_time_s", .meant(first.run.repetitionTimeSeconds)),
        ("rank_report", .string(reduced.projection.report.summary)), ("quality", .array(motion)),
      ] + denoisingJSON(source.prepared))
  }

  private func perfusionJSON(
    _ scan: ReportScan, _ made: Made<PerfusionReport>, _ asymmetry: Made<PerfusionReport>
  ) -> JSON {
    guard let report = made.value else {
      return .object([
        ("file", .string(scan.name)), ("sha256", .string(scan.sha256)),
        ("refused", .optional(made.refusal)),
      ])
    }
    let page = PerfusionPage(
      report: report, spheres: [], space: scan.request.space, isSimulated: scan.isSimulated,
      brainVoxels: scan.request.brain.count, brainOrigin: scan.request.brain.origin)
    return .object(
      [
        ("file", .string(scan.name)), ("sha256", .string(scan.sha256)),
        ("placement", .string(scan.placement)), ("simulated", .bool(scan.isSimulated)),
        ("parameters", .object(page.parameters)),
        (
          "asymmetry",
          asymmetry.value.map { asymmetryJSON($0, space: scan.request.space) } ?? .null
        ),
      ] + page.numbers)
  }

  private var changeJSON: JSON {
    guard let made = results.change.value else { return .null }
    let ratios = made.change.ratio.filter(\.isFinite).map { Double(abs($0)) }
    return .object([
      ("first", .string(made.first)), ("second", .string(made.second)),
      ("seed", .string(made.change.first.seed.title)),
      ("median_standard_error", .optional(medianOfNumbers(made.change.standardError))),
      ("largest_ratio", .optional(ratios.max())),
      (
        "networks",
        .array(made.networks.map { networkChangesJSON(from: $0.first, to: $0.second) } ?? [])
      ), ("warnings", .array(made.change.warnings.map(JSON.string))),
    ])
  }
}

extension LossReport {
  fileprivate func jsonWithoutPlaces(_ seconds: Double) -> JSON {
    .object(json(places: [], eventSeconds: seconds))
  }
}
