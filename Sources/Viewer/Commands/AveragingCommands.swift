import Basics
import CellUI
import Imaging
import Perfusion

extension CommandTopic {
  static let camera = CommandTopic(
    title: "Simulated camera", keyRank: 9, fieldRank: 6,
    keys: [
      .key(
        .cycleRight, [.character("v")], "v",
        "right: measured, simulated, map or series blurred, difference, change"),
      .key(.finer, [.character("-")], "-", "camera resolution 1 mm finer"),
      .key(.coarser, [.character("+"), .character("=")], "+", "camera resolution 1 mm coarser"),
    ],
    lines: [
      .line(
        "camera-fwhm", "MM", "camera resolution", .number(0...30, "mm"), was: ["fwhm"],
        field: .cameraFWHM
      ) {
        guard let v = $1.number else { return nil }
        $0.averaging.camera.fwhm = v
        return refreshRight(&$0)
      },
      .line(
        "camera-preset", "osem-recovery, osem, usual, fbp-sharp or fbp-smooth",
        "its resolution by name", .of(CameraPreset.self), was: ["camera"], field: .cameraFWHM
      ) { model, typed in
        guard let preset = CameraPreset(rawValue: typed.text.lowercased()) else { return nil }
        model.averaging.camera.fwhm = preset.fwhm
        return refreshRight(&model)
      },
      .line(
        "window", "SECONDS", "camera time window", .number(1...100_000, "seconds"), field: .window,
        run: setWindowSeconds),
      .line(
        "start", "SECONDS", "where the window begins in the run", .number(0...100_000, "seconds"),
        field: .start, run: setStart),
      .line(
        "average", "window, or uptake [MINUTES]", "seconds alike, or as a tracer is taken up",
        .words(["window", "uptake"]), field: .average, run: setAverage),
    ],
    fields: [
      .right, .cameraFWHM, .proxy, .window, .start, .average, .scale, .focus, .palette, .course,
      .panel, .live, .cursor,
    ])
}

@Sendable private func setWindowSeconds(
  _ model: inout Model, _ typed: TypedArgument
) -> [Effect]? {
  guard let v = typed.number else { return nil }
  let camera = model.averaging.camera
  model.averaging.camera.windowSeconds = v
  let effects = refreshRight(&model)
  if model.notice == nil, let seconds = model.scene.run?.seconds,
    v > seconds - camera.startSeconds + 0.001
  {
    tell(
      &model,
      "the run has \(plainNumber(max(0, seconds - camera.startSeconds), 1)) s from "
        + "\(plainNumber(camera.startSeconds, 1)) s on: they are averaged, not \(plainNumber(v, 1)) s"
    )
  }
  return effects
}

@Sendable private func setStart(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  guard let v = typed.number else { return nil }
  guard let seconds = model.scene.run?.seconds else {
    return refuse(&model, "this needs a BOLD run (--bold) with a known repetition time")
  }
  guard v < seconds else {
    return refuse(&model, "the run ends at \(plainNumber(seconds, 1)) s")
  }
  model.averaging.camera.startSeconds = v
  return refreshRight(&model)
}

@Sendable private func setAverage(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  let words = typed.text.split(separator: " ").map(String.init)
  switch words.first {
  case "window" where words.count == 1: model.averaging.camera.average = .window
  case "uptake" where words.count <= 2:
    let tau = words.count == 2 ? Double(words[1]) : TimeAverage.usualTauMinutes
    guard let tau, (0.01...60).contains(tau) else { return nil }
    guard model.scene.run?.repetitionTimeSeconds != nil else {
      return refuse(&model, "this needs a BOLD run (--bold) with a known repetition time")
    }
    model.averaging.camera.average = .uptake(tauMinutes: tau)
  default: return nil
  }
  return refreshRight(&model)
}

extension ViewField {
  static let right = ViewField(
    name: "right", help: "What the right pane shows.", value: "what",
    expected:
      "measured [N], simulated, map-blurred, series-blurred, difference [N], second, change, lost-contrast, asymmetry [N], asymmetry-higher [N], siscom or siscom-aligned",
    write: { .string($0.right.words) },
    read: { s, v in
      guard let found = v.asString.flatMap(RightPane.init(words:)) else { return false }
      s.right = found
      return true
    })
  static let cameraFWHM = number(
    "camera-fwhm", \.camera.fwhm, "Resolution of the simulated camera.", 0...30, "mm", value: "mm")
  static let proxy = words(
    "proxy", \.camera.proxy, "What stands for perfusion before the camera.",
    ProxyChoice.allCases.map { ($0.rawValue, $0) }, value: "name")
  static let window = ViewField(
    name: "window", help: "Time window of the simulated camera.", value: "s",
    expected: "seconds above 0", write: { .optional($0.camera.windowSeconds) },
    read: { s, v in
      guard let x = v.number, x > 0, x < 1e6 else { return false }
      s.camera.windowSeconds = x
      return true
    })
  static let start = number(
    "start", \.camera.startSeconds, "Where that window begins in the run.", 0...1e6, "s", value: "s"
  )
  static let average = ViewField(
    name: "average", help: "Seconds alike, or as a tracer is taken up.", value: "how",
    expected: "window, or uptake with 0.01 to 60 minutes",
    write: {
      if case .uptake(let tau) = $0.camera.average {
        .string("uptake \(tau)")
      } else {
        .string("window")
      }
    },
    read: { s, v in
      let parts = (v.asString ?? "").split(separator: " ").map(String.init)
      if parts == ["window"] {
        s.camera.average = .window
      } else if parts.count == 2, parts[0] == "uptake", let tau = Double(parts[1]),
        (0.01...60).contains(tau)
      {
        s.camera.average = TimeAverage.uptake(tauMinutes: tau)
      } else {
        return false
      }
      return true
    })
  static let scale = number(
    "scale", \.rightScale, "White of the right pane.", 0.2...1.5, "of the right pane's range",
    value: "x")
  static let focus = words(
    "focus", \.rightHasFocus, "Pane that { and } speak of.", [("left", false), ("right", true)],
    value: "pane")
  static let palette = words(
    "palette", \.palette, "Colours of perfusion.", Palette.allCases.map { ($0.rawValue, $0) },
    value: "name")
}
