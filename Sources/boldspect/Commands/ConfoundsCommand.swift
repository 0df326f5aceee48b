import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Workflows

/// `boldspect confounds`.
struct ConfoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confounds",
    abstract:
      "What a run's confounds hold, what presets would take of them, and how the head moved.",
    discussion: """
      Framewise displacement by Power and by Jenkinson, DVARS, the frames that --fd and --dvars would \
      censor, and for every preset its columns and what it leaves of the degrees of freedom.
      """)

  @Argument(help: ArgumentHelp("A 4-D BOLD run.", valueName: "bold"))
  var bold: String
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    try withStatus { progress in
      var choice = try runOptions.choice()
      try denoisingOptions.apply(to: &choice)
      var study = try runOptions.request.study()
      let loaded = try LoadedRun(
        bold, tr: runOptions.tr, mask: runOptions.mask, into: &study, progress: progress)
      var inputs = loaded.inputs
      var quiet = runOptions
      // Looking at a table needs no columns.
      if quiet.preset == .none, quiet.columns == nil, quiet.drop == nil { quiet.drop = 0 }
      let sources = try quiet.request.sources(
        of: loaded.run, number: 0, into: &study, inputs: &inputs)
      let quality = RunQuality(
        sources.table, try loaded.run.signalQuality(progress: progress))
      let chosen = try choice.denoising(of: loaded.run, sources, quality: quality)
      let rows = presetRows(loaded.run, choice, sources, quality)
      let summary = qualitySummary(quality, chosen)
      if json {
        try printResult(
          JSON.object([
            ("frames", .int(loaded.run.frameCount)),
            ("repetition_time_s", .optional(loaded.run.repetitionTimeSeconds)),
            ("columns", .array((sources.table?.names ?? []).map { .string($0) })),
            ("non_steady_frames", .int(sources.table?.nonSteadyFrames ?? 0)),
            (
              "suspected_non_steady_frames",
              .int(suspectedNonSteadyFrames(quality.globalSignal ?? []))
            ),
            ("presets", .array(rows.map(\.json))),
            ("quality", .object(summary.map { ($0.key, $0.value) })),
            ("chosen", .object(denoisingJSON(chosen))), ("inputs", inputsJSON(inputs)),
            ("findings", findingsJSON(loaded.findings)), ("version", .string(boldspectVersion)),
          ]).text)
        return
      }
      var lines = [
        "\(loaded.run.frameCount) frames, "
          + (sources.table.map { "\($0.names.count) columns: \($0.names.joined(separator: " "))" }
            ?? "no confounds given")
      ]
      lines += rows.map(\.text)
      lines += summary.map { "\($0.title): \($0.text)" }
      lines.append("censoring: \(choice.censoring.text)")
      try printResult(lines.map { visibleText($0, limit: 2000) }.joined(separator: "\n"))
    }
  }

  private struct PresetRow {
    var json: JSON
    var text: String
  }

  /// What each preset takes and leaves; those that cannot be had say why.
  private func presetRows(
    _ run: Run, _ choice: CleaningChoice, _ sources: ConfoundSources, _ quality: RunQuality
  ) -> [PresetRow] {
    NuisancePreset.allCases.map { preset in
      var changed = choice
      changed.preset = preset
      changed.columns = []
      do throws(Problem) {
        let denoising = try changed.denoising(of: run, sources, quality: quality)
        let projection = try run.cleaningProjection(denoising)
        return PresetRow(
          json: .object([
            ("preset", .string(preset.rawValue)), ("takes", .string(preset.text)),
            ("columns", .array(denoising.confounds.map { .string($0.name) })),
            ("degrees_of_freedom", .int(projection.degreesOfFreedom)),
            ("rank_report", .string(projection.report.summary)),
          ]),
          text:
            "\(preset.rawValue): \(preset.text); leaves \(projection.degreesOfFreedom) degrees of "
            + "freedom; \(projection.report.summary)")
      } catch {
        return PresetRow(
          json: .object([
            ("preset", .string(preset.rawValue)), ("takes", .string(preset.text)),
            ("problem", .string(error.sentence)),
          ]), text: "\(preset.rawValue): \(preset.text); not here: \(error.found)")
      }
    }
  }

  private func qualitySummary(
    _ quality: RunQuality, _ chosen: Denoising
  ) -> [(key: String, title: String, text: String, value: JSON)] {
    func row(
      _ key: String, _ title: String, _ unit: String, _ values: [Double]?
    ) -> (key: String, title: String, text: String, value: JSON) {
      guard let finite = values?.filter(\.isFinite), !finite.isEmpty else {
        return (key, title, "unknown", .null)
      }
      let mean = finite.reduce(0, +) / Double(finite.count)
      let high = finite.max() ?? 0
      return (
        key, title, "mean \(plainNumber(mean, 3))\(unit), largest \(plainNumber(high, 3))\(unit)",
        .object([("mean", .number(mean)), ("largest", .number(high))])
      )
    }
    return [
      row(
        "fd_power_mm", "framewise displacement (Power, \(quality.displacementOrigin))", " mm",
        quality.displacement),
      row("fd_jenkinson_mm", "framewise displacement (Jenkinson)", " mm", quality.jenkinson),
      row("dvars", "DVARS", "", quality.dvars),
      row("std_dvars", "standardised DVARS", "", quality.standardisedDVARS),
      (
        "frames_censored", "frames censored",
        chosen.censoringText.map { $0.replacing(" frames censored", with: "") } ?? "0",
        .array(chosen.censoredFrames.map(JSON.int))
      ),
      (
        "frames_dropped", "first frames dropped", "\(chosen.droppedFrames)",
        .int(chosen.droppedFrames)
      ),
    ]
  }
}
