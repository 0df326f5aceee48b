package import Basics
package import Connectivity
package import Imaging
import Study

/// What a run's confounds hold, what each preset would take and leave, and how the head moved.
package struct ConfoundsPage {
  private let run: Run
  private let names: [String]?
  private let nonSteadyFrames: Int
  private let quality: RunQuality
  private let chosen: Denoising
  private let censoring: String
  private let rows: [PresetRow]
  private let summary: [(key: String, title: String, text: String, value: JSON)]

  package init(
    _ run: Run, _ choice: CleaningChoice, _ sources: ConfoundSources, _ quality: RunQuality
  ) throws(Problem) {
    self.run = run
    self.quality = quality
    names = sources.table?.names
    nonSteadyFrames = sources.table?.nonSteadyFrames ?? 0
    chosen = try choice.denoising(of: run, sources, quality: quality)
    censoring = choice.censoring.text
    rows = Self.presetRows(run, choice, sources, quality)
    summary = Self.qualitySummary(quality, chosen)
  }

  package var result: [(String, JSON)] {
    [
      ("frames", .int(run.frameCount)),
      ("repetition_time_s", .meant(run.repetitionTimeSeconds)),
      ("columns", .array((names ?? []).map { .string($0) })),
      ("non_steady_frames", .int(nonSteadyFrames)),
      (
        "suspected_non_steady_frames",
        .int(suspectedNonSteadyFrames(quality.globalSignal ?? []))
      ),
      ("presets", .array(rows.map(\.json))),
      ("quality", .object(summary.map { ($0.key, $0.value) })),
      ("chosen", .object(denoisingJSON(chosen))),
    ]
  }

  package var text: String {
    var lines = [
      "\(run.frameCount) frames, "
        + (names.map { "\($0.count) columns: \($0.joined(separator: " "))" }
          ?? "no confounds given")
    ]
    lines += rows.map(\.text)
    lines += summary.map { "\($0.title): \($0.text)" }
    lines.append("censoring: \(censoring)")
    return lines.map { visibleText($0, limit: 2000) }.joined(separator: "\n")
  }

  /// A preset: its columns and what it leaves.
  private struct PresetRow {
    var json: JSON
    var text: String
  }

  /// What each preset takes and leaves; those that cannot be had say why.
  private static func presetRows(
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

  static func qualitySummary(
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
