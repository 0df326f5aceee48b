import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion

/// What the right pane shows now, with its words.
struct RightContent {
  var content: PaneContent
  var heading: String
  var headingInk: Colour
  var detail: String
  /// The same in the 30 columns that a small screen has.
  var shortDetail: String
  var unit: String
  /// Which file of several it is.
  var name = ""
  var detailInk = Ink.dim
  /// What the row below the name says where it has no room for all; nil cuts it.
  var narrowDetail: String?

  /// Whether it is made of the run and says so.
  var isSimulated: Bool { heading.hasPrefix("SIMULATED") }
}

extension RightPane {
  /// Which of the scans its picture is made of; nil for none.
  var spect: Int? {
    switch self {
    case .measured(let n), .difference(let n), .made(.asymmetry(let n, _)): n
    case .made(.subtraction): 0
    default: nil
    }
  }
}

extension Model {
  /// The second scan of a person who has one is none: what came along from another person or visit is that person's.
  package mutating func keepRightInReach() {
    guard !shell.isLoading, scene.grid != nil, let n = panes.right.spect, n > 0,
      !scene.spects.indices.contains(n)
    else { return }
    panes.right = scene.spects.isEmpty ? .simulated : .measured(0)
  }

  /// The measured scan that the right pane's picture is made of; nil where it is made of none.
  var rightSPECT: Int? {
    panes.right.spect.flatMap { scene.spects.indices.contains($0) ? $0 : nil }
  }

  /// The underlay in the window that was chosen.
  var greyBase: PaneContent.Base {
    guard var image = underlay else { return .none }
    image.window = image.window(view.underlay)
    return .grey(image)
  }

  /// The picture of the left pane.
  var leftContent: PaneContent {
    PaneContent(
      base: greyBase, layers: overlayLayers, showsMap: overlays.isShown, gamma: view.underlay.gamma)
  }

  /// Another map of correlations, drawn as the seed map is, over the underlay.
  func correlationContent(_ volume: Volume?, showsMap: Bool) -> PaneContent {
    let style = style(.map)
    let layers = volume.map {
      [
        MapLayer(
          volume: $0, level: rThreshold, floor: style.floor, ceiling: style.ceiling,
          sign: style.sign, colours: style.colours, isFaded: style.isFaded,
          isOutlined: style.isOutlined, unit: "r")
      ]
    }
    return PaneContent(
      base: greyBase, layers: layers ?? [], showsMap: showsMap, gamma: view.underlay.gamma)
  }

  /// A map on a fixed scale over the underlay.
  func scaledContent(
    _ volume: Volume?, level: Double, ceiling: Double, sign: SignShown = .both, unit: String
  ) -> PaneContent {
    PaneContent(
      base: greyBase,
      layers: volume.map {
        [MapLayer(volume: $0, level: level, floor: level, ceiling: ceiling, sign: sign, unit: unit)]
      } ?? [], showsMap: true, gamma: view.underlay.gamma)
  }

  /// The picture and words of the right pane.
  var rightContent: RightContent {
    var out = plainRightContent
    if view.outlinesAcross, overlays.isShown,
      var layer = shownOverlay(currentOverlayID).map(MapLayer.init)
    {
      layer.isContour = true
      layer.line = (Colour(120, 255, 255), Colour(205, 130, 255))
      if !out.content.showsMap { out.content.layers = [] }
      out.content.layers.append(layer)
      out.content.showsMap = true
      out.detail = "line: \(layer.name)  " + out.detail
    }
    return out
  }

  private var plainRightContent: RightContent {
    func plain(_ base: PaneContent.Base) -> PaneContent {
      PaneContent(
        base: base, palette: shell.palette, isMonochrome: shell.capabilities.hasNoColourScale)
    }
    let fwhm = plainNumber(averaging.camera.fwhm, 1)
    switch panes.right {
    case .measured(let n):
      guard scene.spects.indices.contains(n) else {
        return RightContent(
          content: plain(.none), heading: shell.isLoading ? "reading…" : "no SPECT given",
          headingInk: Ink.dim, detail: shell.isLoading ? "" : "start with --spect FILE",
          shortDetail: "",
          unit: "")
      }
      let spect = scene.spects[n]
      var content = plain(.hot(spect.measured.volume, top: hotTop * perfusion.rightScale))
      content.outlined = spect.z
      return RightContent(
        content: content,
        heading: (roleInPair(n) ?? spect.roleTitle) + " " + spect.kindWord
          + spect.unregisteredWords,
        headingInk: spect.isSimulated ? Ink.red : Ink.blue,
        detail:
          "% of \(spect.referenceWords)  \(spect.measured.placement.words)"
          + (spect.outlineWords.map { "  \($0)" } ?? ""),
        shortDetail: [
          spect.measured.placement.isUnregistered ? "" : spect.measured.placement.short,
          spect.z == nil ? "" : "|z| ≥ 2 outlined",
        ].filter { !$0.isEmpty }.joined(separator: "  "),
        unit: "% of \(spect.referenceWords)",
        name: visibleText(spect.name, limit: 120),
        detailInk: spect.measured.placement.ink,
        // What does not fit is left out from the end: the bar says what white is.
        narrowDetail: spect.outlineWords.map {
          "\(spect.measured.placement.short)  \($0)  % of \(spect.referenceWords)"
        } ?? "% of \(spect.referenceWords)  \(spect.measured.placement.short)")
    case .simulated:
      guard let simulated = self.averaging.simulated else {
        return RightContent(
          content: plain(.none), heading: "SIMULATED", headingInk: Ink.red, detail: "being made…",
          shortDetail: "being made…", unit: "")
      }
      return RightContent(
        content: plain(.hot(simulated.volume, top: simulatedTop(simulated) * perfusion.rightScale)),
        heading: "SIMULATED", headingInk: Ink.red,
        detail: (simulated.averaging.nativeIsAwaited ? "own resolution being measured  " : "")
          + "\(simulated.proxyWords), \(windowText(simulated)), \(simulated.averaging.stepWords)",
        shortDetail: simulated.averaging.nativeIsAwaited
          ? "being measured…"
          : "\(simulated.averaging.shortStep)  \(simulated.shortProxy)  \(windowText(simulated))",
        unit: simulated.proxyWords,
        narrowDetail: simulated.averaging.nativeIsAwaited
          ? "own resolution being measured"
          : "\(simulated.proxyWords)  \(windowText(simulated))  \(simulated.averaging.shortStep)")
    case .mapBlurred:
      return RightContent(
        content: correlationContent(averaging.blurredMap, showsMap: overlays.isShown),
        heading: "SIMULATED MAP BLURRED", headingInk: Ink.red,
        detail: averaging.blurredMap == nil
          ? "\(key(.seed)) sets a seed"
          : "this map through a \(fwhm) mm camera: correlations averaged",
        shortDetail: "\(fwhm) mm", unit: "r")
    case .seriesBlurred: return seriesContent
    case .second, .change: return comparedContent
    case .made(let kind): return madeContent(kind)
    case .difference(let n):
      let name = scene.spects.indices.contains(n) ? scene.spects[n].name : ""
      let isSynthetic =
        scene.spects.indices.contains(n) && scene.spects[n].isSyntheticPerson
      return RightContent(
        content: scaledContent(averaging.difference, level: 0.5, ceiling: 3, unit: "SD"),
        heading: isSynthetic ? "SYNTHETIC − SIMULATED" : "measured − SIMULATED",
        headingInk: Ink.red,
        detail: "\(shortened(visibleText(name, limit: 60), 20)), both standardised; not a test",
        shortDetail: "not a test", unit: "SD")
    }
  }

  /// What a SPECT was taken for in a subtraction that was made; nil without one.
  private func roleInPair(_ n: Int) -> String? {
    let isPair = perfusion.made.keys.contains {
      if case .subtraction = $0 { true } else { false }
    }
    return isPair && scene.spects.count == 2 ? ["ICTAL", "INTERICTAL"][n] : nil
  }

  /// The second session's map, or the change to it.
  private var comparedContent: RightContent {
    let isChange = panes.right == .change
    let name = shortened(visibleText(scene.secondTitle ?? "", limit: 60), 24)
    return RightContent(
      content: isChange
        ? scaledContent(currentChange?.ratio, level: 1.96, ceiling: 5, unit: "Δz/SE")
        : correlationContent(currentChange?.second, showsMap: true),
      heading: isChange ? "change: second − first" : "second session",
      headingInk: Ink.blue,
      detail: currentChange == nil
        ? (connectivity.seedMap == nil ? "\(key(.seed)) sets a seed" : "none of this seed yet")
        : isChange
          ? "change of Fisher z by its error; \(name)" : "the same seed in \(name)",
      shortDetail: isChange ? "by its error" : name, unit: isChange ? "Δz/SE" : "r")
  }

  /// White of the SPECT scale in per cent of the reference, the same in every slice.
  var hotTop: Double {
    guard case .measured(let n) = panes.right, scene.spects.indices.contains(n) else { return 120 }
    return scene.spects[n].top
  }

  func simulatedTop(_ simulated: SimulatedSPECT) -> Double {
    averaging.simulatedTop ?? Double(simulated.volume.range?.high ?? 1)
  }

  func windowText(_ simulated: SimulatedSPECT) -> String {
    if simulated.time == nil { return "one map, no time" }
    if case .uptake(let tau) = simulated.window.average {
      return "uptake \(plainNumber(tau, 2)) min"
    }
    let from = simulated.window.startSeconds
    return simulated.window.seconds.map {
      "\(fixed($0 / 60, 1)) min" + (from > 0 ? " from \(fixed(from / 60, 1))" : "")
    } ?? "whole run"
  }
}

extension SimulatedSPECT {
  /// The proxy as the screen names it.
  var proxyWords: String { proxy == "mean" ? "mean BOLD" : proxy }

  /// What stands for perfusion where there is little room: "GM/WM", "ALFF", "mean BOLD".
  var shortProxy: String {
    for word in ["GM/WM", "GM only", "ASL"] where proxy.contains(word) { return word }
    return proxyWords
  }
}

extension NamedSPECT {
  /// The largest value within reason, up to the next ten.
  var top: Double { ((Double(measured.largestPercent ?? 120) / 10).rounded(.up)) * 10 }
}

extension Placement {
  /// What nobody laid there, or nobody accepted, is seen at once.
  fileprivate var ink: Colour {
    switch self {
    case .asStored: Ink.amber
    case .registered(_, let isAccepted): isAccepted == true ? Ink.dim : Ink.amber
    case .alone, .sameTemplate: Ink.dim
    }
  }
}
