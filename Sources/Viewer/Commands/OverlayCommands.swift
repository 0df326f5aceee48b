import Basics
import CellUI

extension CommandTopic {
  static let thresholds = CommandTopic(
    title: "Thresholds", keyRank: 4, fieldRank: 1,
    keys: [
      .key(
        .thresholdDown, [.character("{")], "{", "threshold down; right pane: white of its scale"),
      .key(.thresholdUp, [.character("}")], "}", "threshold up; right pane: the same"),
    ],
    lines: [
      .line(
        "threshold", "R, LO HI, P%, z Z, p P or q Q",
        "overlay threshold: |value|, a range, strongest part, or statistics",
        .other(example: "0.3"), field: .threshold
      ) { thresholdCommand(&$0, $1.text) },
      .line(
        "fdr", "Q from 0 to 1", "threshold at a false discovery rate",
        .number(0.0001...0.9999, "share of false discoveries")
      ) {
        guard let q = $1.number else { return nil }
        return callByFDR(&$0, q)
      },
    ],
    fields: [.showOverlay, .threshold, .ceiling])

  static let overlays = CommandTopic(
    title: "Overlays and underlay", keyRank: 5, fieldRank: 3,
    keys: [
      .key(.overlay, [.character("o")], "o", "overlay on or off"),
      .key(.nextOverlay, [.character("O")], "O", "next overlay"),
      .key(
        .keep, [.character("K")], "K", "keep this overlay on screen while O chooses others, or not"),
      .key(.overlays, [.character("V")], "V", "list of overlays"),
      .key(.raise, [.character("^")], "^", "this overlay one higher"),
      .key(.lower, [.character("_")], "_", "this overlay one lower"),
      .key(.thresholdKind, [.character("%")], "%", "threshold as value, percentile, z, p or q"),
      .key(.sign, [.character(";")], ";", "both signs, positive, negative"),
      .key(.clusterSize, [.character("#")], "#", "smallest cluster: 1, 10, 20, 50, 100"),
      .key(
        .outline, [.character("d")], "d", "outline what passes the threshold"),
      .key(.across, [.character("D")], "D", "the overlay's outline on the right side"),
      .key(.sheer, [.character(",")], ",", "overlay more transparent"),
      .key(.opaque, [.character(".")], ".", "overlay less transparent"),
      .key(.brighter, [.character("b")], "b", "underlay brighter"),
      .key(.darker, [.character("B")], "B", "underlay darker"),
      .key(.moreContrast, [.character("i")], "i", "underlay: more contrast"),
      .key(.lessContrast, [.character("I")], "I", "underlay: less contrast"),
      .key(.histogram, [.character("H")], "H", "histograms of overlay, underlay and right side"),
      .key(.underlay, [.character("u")], "u", "next underlay: anatomy, mean, frame"),
    ],
    lines: overlayLines,
    fields: [.underlayLow, .underlayHigh, .underlayGamma, .outlineAcross, .isoline, .styles])

  private static let overlayLines: [CommandSpec] = [
    .onOverlay(
      "range", "LO HI", "values of the overlay's darkest and brightest colour",
      .other(example: "0 0.8"), setting: .range
    ) {
      model, typed in
      guard let n = typed.numbers, n.count == 2 else { return nil }
      guard n[0] >= 0, n[1] > n[0], n[1] < 1e9 else {
        return refuse(&model, "colours go from a |value| of 0 or more to a larger one")
      }
      model.restyle {
        $0.floor = n[0]
        $0.ceiling = n[1]
      }
      return []
    },
    .onOverlay(
      "sign", "both, positive or negative", "which signs of the overlay are drawn",
      .of(SignShown.self), setting: .sign
    ) { model, typed in
      guard let sign = typed.beginning(SignShown.self) else { return nil }
      model.restyle { $0.sign = sign }
      return []
    },
    .onOverlay(
      "cluster", "VOXELS, MM3 mm3 or none", "smallest cluster that is drawn in full",
      .other(example: "20"), setting: .clusterSize
    ) { clusterCommand(&$0, $1.text) },
    .onOrOff("outline", "outline what passes the threshold", setting: .outline) { model, isOn in
      model.restyle { $0.isOutlined = isOn }
    },
    .onOrOff("fade", "what does not pass: faded, or left out", setting: .fade) { model, isOn in
      model.restyle { $0.isFaded = isOn }
    },
    .onOrOff("contour", "draw this overlay as a line only", setting: .contour) { model, isOn in
      model.restyle { $0.isContour = isOn }
    },
    .onOverlay(
      "opacity", "PERCENT", "how much of the overlay is seen", .number(10...100, "per cent"),
      setting: .opacity
    ) { model, typed in
      guard let v = typed.number else { return nil }
      model.restyle { $0.opacity = Int(v.rounded()) }
      return []
    },
    .onOverlay(
      "overlay-colours", "NAME",
      "colours of the overlay: red-blue, green-purple, teal-brown, a palette, …",
      .words(OverlayColours.all.map(\.name)), was: ["colours"], setting: .colours
    ) { model, typed in
      guard let colours = OverlayColours(typed: typed.text) else {
        return refuse(
          &model, "colours are " + OverlayColours.all.map(\.name).joined(separator: ", "))
      }
      model.restyle { $0.colours = colours }
      return []
    },
    .line("overlays", "list of overlays") {
      $0.shell.panel = .overlays
      return []
    },
    .onOverlay(
      "choose", "NAME", "the overlay that keys and commands speak of", .overlay,
      chooseOverlay),
    .onOrOff("keep", "keep this overlay on screen while others are chosen") { keep(&$0, $1) },
    .onOverlay("raise", "", "this overlay one higher") { model, _ in
      moveOverlay(&model, 1)
      return []
    },
    .onOverlay("lower", "", "this overlay one lower") { model, _ in
      moveOverlay(&model, -1)
      return []
    },
    .onOverlay("hide", "", "all overlays off", field: .showOverlay) { model, _ in
      model.overlays.isShown = false
      return []
    },
    .onOverlay("show", "", "overlays on", field: .showOverlay) { model, _ in
      model.overlays.isShown = true
      return []
    },
    .onOrOff("across", "the overlay's outline on the right side", field: .outlineAcross) {
      $0.view.outlinesAcross = $1
    },
    .line(
      "isoline", "VALUE or none", "a line on the left where the right side reaches a value",
      .other(example: "100"), field: .isoline, run: setIsoline),
    .line(
      "underlay", "N, or nothing", "the underlay by its place in the list, from 0, or the next one",
      .other(example: "1"), field: .underlay, run: setUnderlay),
    .line(
      "underlay-range", "LO HI [GAMMA], or auto",
      "percentiles of the underlay that are black and white, and the power",
      .other(example: "2 98 0.5"), field: .underlayLow, run: setUnderlayRange),
    .line("histogram", "histograms of overlay, underlay and right side") {
      $0.shell.panel = .histogram
      return []
    },
  ]
}

/// Which picture lies below. Two numbers and more were its range before that had a name of its own.
@Sendable private func setUnderlay(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  if typed.isEmpty { return act(&model, .underlay) }
  if typed.text == "auto" || (typed.numbers?.count ?? 0) > 1 {
    let effects = setUnderlayRange(&model, typed)
    if effects != nil, model.notice == nil { tell(&model, ":underlay-range is its name now") }
    return effects
  }
  guard let n = typed.number, n == n.rounded(), (0..<Double(model.underlayCount)).contains(n) else {
    return refuse(&model, "the underlays have the places 0 to \(model.underlayCount - 1)")
  }
  model.navigation.underlayIndex = Int(n)
  return []
}

/// What is black and white of the underlay.
@Sendable private func setUnderlayRange(
  _ model: inout Model, _ typed: TypedArgument
) -> [Effect]? {
  if typed.text == "auto" {
    model.view.underlay = UnderlayWindow()
    return []
  }
  guard let n = typed.numbers, n.count == 2 || n.count == 3 else { return nil }
  return setWindow(&model, n[0], n[1], n.count == 3 ? n[2] : model.view.underlay.gamma)
}

extension CommandSpec {
  /// A command that needs an overlay.
  fileprivate static func onOverlay(
    _ name: String, _ takes: String, _ text: String, _ parameter: Parameter = .nothing,
    was aliases: [String] = [], field: ViewField? = nil, setting: MapSetting? = nil,
    _ run: @escaping Run
  ) -> CommandSpec {
    .line(name, takes, text, parameter, was: aliases, field: field) { model, typed in
      if let reason = setting.flatMap(model.focusRefusal) { return refuse(&model, reason) }
      if setting == .range, case .perfusion(_, let top) = model.markedMap {
        guard let n = typed.numbers, n.count == 2 else { return nil }
        return setWhite(&model, n[0], n[1], top: top)
      }
      return model.overlayIDs.isEmpty ? noOverlay(&model) : run(&model, typed)
    }
  }

  fileprivate static func onOrOff(
    _ name: String, _ text: String, field: ViewField? = nil, setting: MapSetting? = nil,
    _ set: @escaping @Sendable (inout Model, Bool) -> Void
  ) -> CommandSpec {
    .onOverlay(name, "on or off", text, .onOff, field: field, setting: setting) { model, typed in
      guard let isOn = typed.isOn else { return nil }
      set(&model, isOn)
      return []
    }
  }
}

@Sendable private func chooseOverlay(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  guard !typed.isEmpty else { return nil }
  let names = model.overlayIDs.map { model.overlayName($0).lowercased() }
  let wanted = typed.text.lowercased()
  guard let at = names.firstIndex(of: wanted) ?? names.firstIndex(where: { $0.hasPrefix(wanted) })
  else {
    let all = names.map { visibleText($0, limit: 40) }.joined(separator: ", ")
    return refuse(&model, "overlays are \(all)")
  }
  model.overlays.index = at
  return []
}

@Sendable private func setIsoline(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  if typed.text == "none" {
    model.view.isoline = nil
    return []
  }
  guard let v = typed.number, typed.numbers?.count == 1, v > 0, v < 1e9 else { return nil }
  guard case .hot = model.rightContent.content.base else {
    return refuse(&model, "the right side shows no perfusion; \(model.key(.cycleRight)) goes on")
  }
  model.view.isoline = v
  return []
}

private func clusterCommand(_ model: inout Model, _ rest: String) -> [Effect]? {
  if rest == "none" {
    model.restyle { $0.leastCluster = nil }
    return []
  }
  let isVolume = rest.hasSuffix("mm3") || rest.hasSuffix("mm³")
  guard let n = typedNumbers(isVolume ? String(rest.dropLast(3)) : rest), n.count == 1 else {
    return nil
  }
  guard n[0] >= 1, n[0] <= 1e6, isVolume || n[0] == n[0].rounded() else {
    return refuse(&model, "a cluster has from 1 to 1000000 voxels, or mm3")
  }
  model.restyle { $0.leastCluster = isVolume ? .cubicMillimetres(n[0]) : .voxels(Int(n[0])) }
  return []
}

extension ViewField {
  static let showOverlay = flag("show-overlay", \.showsOverlay, "Overlay on or off.")
  static let threshold = number(
    "threshold", \.threshold, "|r| from which the overlay is drawn in full.", 0...0.99, "|r|",
    value: "r")
  static let ceiling = number(
    "ceiling", \.ceiling, "|r| of the brightest colour.", 0.05...1.1, "|r|", value: "r")
  static let underlayLow = number(
    "underlay-low", \.presentation.underlay.low, "What is black of the background.", 0...99,
    "per cent of the foreground", value: "%")
  static let underlayHigh = number(
    "underlay-high", \.presentation.underlay.high, "What is white of the background.", 1...100,
    "per cent of the foreground", value: "%")
  static let underlayGamma = number(
    "underlay-gamma", \.presentation.underlay.gamma, "Power of the background's grey.", 0.1...4,
    "power of the grey", value: "x")
  static let outlineAcross = flag(
    "outline-across", \.presentation.outlinesAcross, "The overlay's outline on the right side.")
  static let isoline = ViewField(
    name: "isoline", help: "A line on the left where the right side reaches a value.", value: "x",
    expected: "a value of the right side",
    write: { .optional($0.presentation.isoline) },
    read: { s, v in
      guard let x = v.number, x.isFinite else { return false }
      s.presentation.isoline = x
      return true
    })
}
