import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion

extension Averaging {
  /// "5.1–5.3 → 10 mm": the run's own resolution and the camera's; "stays 6.8 mm" where the camera is
  /// sharper than the run.
  var shortStep: String {
    let f = [nativeFWHM.0, nativeFWHM.1, nativeFWHM.2].sorted()
    let (low, high) = (plainNumber(f[0], 1), plainNumber(f[2], 1))
    let own = (nativeIsUpperLimit ? "≤ " : "") + (low == high ? low : "\(low)–\(high)")
    if f[0] >= targetFWHM { return "stays \(own) mm" }
    return "\(own)→\(plainNumber(targetFWHM, 1)) mm"
  }

  /// The same with where the run's own comes from.
  var stepWords: String {
    let origin = nativeOrigin.prefix { $0 != "," && $0 != ";" }
    return "\(shortStep) (own \(origin))"
  }
}

extension Model {
  /// SERIES BLURRED, or why there is none.
  var seriesContent: RightContent {
    let known =
      averaging.blurredSeries?.seed == connectivity.seedMap?.seed ? averaging.blurredSeries : nil
    let content = correlationContent(known?.volume, showsMap: true)
    let fwhm = plainNumber(known?.averaging.targetFWHM ?? averaging.camera.fwhm, 1)
    return RightContent(
      content: content, heading: "SIMULATED SERIES BLURRED", headingInk: Ink.red,
      detail: known == nil
        ? (connectivity.seedMap == nil ? "\(key(.seed)) sets a seed" : "being made…")
        : "frames through \(fwhm) mm, then correlated; grey: seed ± \(fwhm) mm",
      shortDetail: "\(fwhm) mm", unit: "r")
  }

  /// What is left at the cursor, beside the simulated value.
  var lossValues: [(String, String)] {
    guard let place = lossesAtCursor else { return [] }
    var out: [(String, String)] = []
    if place.recovery.isFinite { out.append(("recovery", fixed(place.recovery, 2))) }
    if place.contrastKept.isFinite {
      out.append(("contrast kept", "\(fixed(100 * place.contrastKept, 0)) %"))
    }
    return out
  }

  var lossesAtCursor: LossesAtPlace? {
    guard let simulated = averaging.simulated, !simulated.averaging.nativeIsAwaited,
      let contrast = averaging.contrast, let n = placeAtCursor,
      simulated.before.indices.contains(n),
      contrast.kept.indices.contains(n)
    else { return nil }
    return LossesAtPlace(
      place: cursor, before: Double(simulated.before[n]),
      after: Double(simulated.volume.nearest(cursor)), contrastKept: Double(contrast.kept[n]))
  }

  /// What time averaging leaves of a minute, for the line beside the time course.
  var timeLoss: String {
    guard let window = averaging.simulated?.window, window.seconds != nil else {
      return "SPECT would average all of it"
    }
    return "of a 60 s event \(fixed(100 * window.dilution(ofSeconds: 60), 1)) % is left"
  }
}

/// What the camera loses, line by line, with the place at the cursor.
func drawLosses(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  let width = area.columns - 2
  guard let simulated = model.averaging.simulated, !simulated.averaging.nativeIsAwaited,
    let mask = model.scene.run?.mask
  else {
    frame.put("being made…", row: area.row, column: 2, foreground: Ink.dim)
    return
  }
  let column = 30
  let at = frame.put(
    "what the camera loses", row: area.row, column: 2, foreground: Ink.blue, style: .bold)
  frame.put(
    "  SIMULATED, from \(simulated.proxyWords)", row: area.row, column: at, foreground: Ink.red)
  var row = area.row + 1
  for (name, text) in lossLines(model, simulated, mask) {
    frame.put(name, row: row, column: 2, foreground: Ink.dim)
    for line in wrapped(text, max(10, width - column)) where row < area.row + area.rows {
      frame.put(line, row: row, column: column, foreground: Ink.text)
      row += 1
    }
  }
  let peaks =
    model.perfusion.peakLines.map { $0.seed == model.connectivity.seedMap?.seed ? $0.lines : [] }
    ?? []
  for (n, line) in peaks.enumerated() where row < area.row + area.rows {
    frame.put(
      n == 0 ? "peaks of the seed map" : "", row: row, column: 2, foreground: Ink.dim)
    for part in wrapped(line, max(10, width - column)) where row < area.row + area.rows {
      frame.put(part, row: row, column: column, foreground: Ink.text)
      row += 1
    }
  }
  row += 1
  for line in wrapped(BlurredSenses.difference, min(100, width)) where row < area.row + area.rows {
    frame.put(line, row: row, column: 2, foreground: Ink.dim)
    row += 1
  }
}

/// Each loss by its name.
private func lossLines(
  _ model: Model, _ simulated: SimulatedSPECT, _ mask: Mask
) -> [(name: String, text: String)] {
  let losses = Losses(averaging: simulated.averaging, window: simulated.window, mask: mask)
  func percent(_ x: Double, _ decimals: Int = 0) -> String { "\(fixed(100 * x, decimals)) %" }
  var lines: [(String, String)] = [
    ("resolution", simulated.averaging.stepWords),
    ("time", simulated.window.note),
    (
      "resolution elements",
      "\(fixed(losses.elementsBefore, 0)) → \(fixed(losses.elementsAfter, 0)), "
        + "\(fixed(losses.elementRatio, 1)) times fewer"
    ),
    (
      "sphere 10, 20, 30 mm keeps",
      [10.0, 20, 30].map { percent(losses.recovery(ofSphere: $0)) }.joined(separator: ", ")
    ),
    (
      "cortex 2.5, 3, 4 mm keeps",
      [2.5, 3, 4].map { percent(losses.recovery(ofSlab: $0)) }.joined(separator: ", ")
    ),
    (
      "60 s event keeps",
      "\(percent(losses.dilution(ofSeconds: 60), 1)); +50 % shows as "
        + "+\(fixed(50 * losses.dilution(ofSeconds: 60), 1)) %"
    ),
  ]
  if let contrast = model.averaging.contrast {
    if let words = contrast.measured.words { lines.append(("not measured", words)) }
    lines.append(("local contrast kept", "\(percent(contrast.median)), median of the brain"))
  }
  if let place = model.lossesAtCursor, !place.before.isFinite || !place.after.isFinite {
    lines.append(("at the cursor", "no data"))
  } else if let place = model.lossesAtCursor {
    lines.append(
      (
        "at the cursor",
        "\(numberText(place.before)) → \(numberText(place.after)), recovery "
          + "\(fixed(place.recovery, 2)), contrast kept \(percent(place.contrastKept))"
      ))
  } else {
    lines.append(("at the cursor", "outside the brain"))
  }
  return lines
}
