import Connectivity
import Imaging
import Perfusion

/// The SPECT that the right pane shows, else the first.
func shownSPECT(_ model: Model) -> Int? {
  model.rightSPECT ?? (model.scene.spects.isEmpty ? nil : 0)
}

func chooseProxy(_ model: inout Model, _ proxy: ProxyChoice) -> [Effect] {
  guard let run = model.scene.run else {
    return refuse(&model, "a proxy is averaged with a BOLD run (--bold)")
  }
  guard model.scene.proxies.contains(proxy) else {
    switch proxy {
    case .asl: return refuse(&model, "there is no map of blood flow: start with --asl FILE")
    case .gm: return refuse(&model, "there is no map of grey matter: start with --gm FILE")
    case .template:
      return refuse(&model, "the template needs grey and white matter: start with --gm and --white")
    default: return refuse(&model, "this is not to be had here")
    }
  }
  let needsTime = proxy == .alff || proxy == .template
  guard !needsTime || run.repetitionTimeSeconds != nil else {
    return refuse(&model, "the repetition time is unknown: state it with --tr")
  }
  if needsTime, model.averaging.camera.average != .window {
    return refuse(
      &model,
      "slow fluctuations have no amplitude in two minutes of uptake; :average window first")
  }
  model.averaging.camera.proxy = proxy
  model.perfusion.made[.scan] = nil
  if !(model.panes.right == .simulated || model.panes.right == .made(.lostContrast)) {
    model.panes.right = .simulated
  }
  return refreshRight(&model)
}

/// What a picture that was asked for still needs.
func askMade(_ model: inout Model, _ kind: MadeKind) -> [Effect] {
  switch kind {
  case .scan:
    return model.perfusion.made[.scan] == nil
      ? refuse(&model, "there is no scan of this; :scan makes one") : []
  case .lostContrast:
    return [.simulate(model.averaging.camera, spect: nil)]
  case .asymmetry, .subtraction:
    if model.perfusion.made[kind] != nil { return [] }
    if let reason = refusal(of: kind, model.scene) {
      // Carried along from another person: what this one has is shown, and why.
      model.panes.right = model.scene.spects.isEmpty ? .simulated : .measured(0)
      return refuse(&model, reason) + refreshRight(&model)
    }
    model.shell.progress = ("computing", 0)
    return [.makePicture(kind)]
  }
}

/// Why a scene has no picture of this kind; nil where it can be made.
private func refusal(of kind: MadeKind, _ scene: Scene) -> String? {
  switch kind {
  case .subtraction: scene.subtractionRefusal
  case .asymmetry(let n, _):
    scene.spects.indices.contains(n)
      ? nil : "there is no SPECT \(n + 1) whose asymmetry could be shown"
  case .scan, .lostContrast: nil
  }
}

/// Shows a picture of foci that was asked for by name: its pane is marked once it is there, so that the key
/// for the next cluster goes through its own.
func showMade(_ model: inout Model, _ kind: MadeKind) -> [Effect] {
  model.panes.right = .made(kind)
  model.perfusion.wantsMark = kind
  markMade(&model)
  return refreshRight(&model)
}

/// A picture that could not be made leaves its pane to what it would have been made of: the empty one would come back
/// with the person.
func leaveUnmade(_ model: inout Model, _ kind: MadeKind) {
  model.perfusion.wantsMark = nil
  guard model.panes.right == .made(kind), model.perfusion.made[kind] == nil,
    !model.scene.spects.isEmpty
  else { return }
  if case .asymmetry(let n, _) = kind, model.scene.spects.indices.contains(n) {
    model.panes.right = .measured(n)
  } else {
    model.panes.right = .measured(0)
  }
}

/// One that comes without having been asked for by name, as after a step back, leaves the mark where it is.
private func markMade(_ model: inout Model) {
  guard let kind = model.perfusion.wantsMark, model.perfusion.made[kind] != nil else { return }
  model.perfusion.wantsMark = nil
  guard model.panes.right == .made(kind) else { return }
  model.panes.rightHasFocus = true
  // Clusters of another map are counted from the first.
  model.ways.cluster = nil
}

/// Takes in what was made.
func receivePerfusion(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .made(let kind, let picture):
    model.perfusion.made[kind] = picture
    markMade(&model)
    model.shell.progress = nil
    if let answer = picture.answer { tell(&model, answer) }
  case .perfusion(let sheet):
    model.perfusion.sheet = sheet
    model.shell.progress = nil
  case .peaks(let seed, let camera, let lines):
    model.perfusion.peakLines = (seed, camera, lines)
  default: break
  }
  return []
}

/// What hangs on a SPECT's place or scale is no longer true once that changed.
func forgetMadeOfSPECT(_ model: inout Model) {
  model.perfusion.made = model.perfusion.made.filter { kind, _ in
    switch kind {
    case .asymmetry, .subtraction: false
    case .scan, .lostContrast: true
    }
  }
  model.lesson.perfusion = nil
  model.lesson.failures[.perfusion] = nil
  model.perfusion.sheet = nil
  if model.shell.panel == .perfusion { model.shell.panel = nil }
}

/// Keys on the sheet; nil for all others.
func actOnPerfusion(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard model.shell.panel == .perfusion, var sheet = model.perfusion.sheet else { return nil }
  switch action {
  case .next, .previous:
    guard !sheet.peaks.isEmpty else {
      return refuse(&model, "there is no cluster; :perfusion X looks for them beyond ± X")
    }
    let count = sheet.peaks.count
    let step = action == .next ? 1 : -1
    sheet.index = sheet.index.map { ($0 + step + count) % count } ?? (step > 0 ? 0 : count - 1)
    if let n = sheet.index {
      model.cursor = sheet.peaks[n]
      model.navigation.hasMoved = true
    }
  case .down: sheet.top += 1
  case .up: sheet.top = max(0, sheet.top - 1)
  case .sliceBack: sheet.top += 15
  case .sliceForward: sheet.top = max(0, sheet.top - 15)
  default: return nil
  }
  // The last page stays full.
  sheet.top = min(sheet.top, max(0, sheet.lines.count - 5))
  model.perfusion.sheet = sheet
  return []
}
