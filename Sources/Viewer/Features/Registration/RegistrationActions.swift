import CellUI
package import Imaging
import Perfusion

/// A SPECT that is being moved over the anatomy.
package struct RegistrationState: Equatable, Sendable {
  /// Its place among the scene's.
  package var spect: Int
  /// From the file's world to the scene's, as it is on screen.
  package var place: Affine
  /// Where it was before each step.
  var history: [Affine] = []
  /// Millimetres and degrees of a step.
  package var step = 1.0
  /// Who moved it last.
  package var maker = "hand"
  /// Squares of one in the other, or the edges of one on the other.
  package var showsEdges = false
  package var isRunning = false
  /// The planes that were chosen with the outlines on it since it lies as it does.
  package var looked: Set<Plane> = []

  /// Which of the three planes were looked at, in words.
  var lookedWords: String {
    Plane.allCases.map { $0.rawValue + (looked.contains($0) ? " seen" : " not seen") }.joined(
      separator: "  ")
  }

  var unseen: [Plane] { Plane.allCases.filter { !looked.contains($0) } }
}

/// What speaks against where a SPECT lies, and why a person takes it all the same.
package struct AnsweredDoubts: Equatable, Sendable {
  package var warnings: [String] = []
  package var because: String?

  package init(warnings: [String] = [], because: String? = nil) {
    (self.warnings, self.because) = (warnings, because)
  }
}

/// Remembers that the chosen plane is on screen with the outlines, after every message.
func rememberLooking(_ model: inout Model) {
  guard model.shell.panel == .registration, let state = model.registration, !state.isRunning,
    model.scene.spects.indices.contains(state.spect)
  else { return }
  let spect = model.scene.spects[state.spect]
  let isThere = spect.outlines != nil && spect.sceneFromFile == state.place
  if state.showsEdges, isThere { model.registration?.looked.insert(model.navigation.plane) }
}

/// Shows how the SPECT of the right pane lies over the anatomy.
func openRegistration(_ model: inout Model) -> [Effect] {
  guard model.hasWorld else {
    return refuse(
      &model, "the file does not say which side is left: nothing can be registered to it")
  }
  guard !model.scene.spects.isEmpty else {
    return refuse(&model, "there is no SPECT (--spect)")
  }
  var n = 0
  if case .measured(let shown) = model.panes.right, model.scene.spects.indices.contains(shown) {
    n = shown
  }
  let spect = model.scene.spects[n]
  model.shell.panel = .registration
  model.registration = RegistrationState(spect: n, place: spect.sceneFromFile)
  return [aligned(model, spect.sceneFromFile, accepted: spect.isAccepted, by: spect.maker)]
}

/// Actions while the registration is looked at; nil for those that mean the same as elsewhere.
func actOnRegistration(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard model.shell.panel == .registration, let state = model.registration else { return nil }
  if state.isRunning, action != .back {
    return refuse(&model, "it is being registered; Esc cancels")
  }
  let axes = ScreenAxes(
    plane: model.navigation.plane, isRadiological: model.navigation.isRadiological)
  let normal = model.navigation.plane.normalAxis
  switch action {
  case .left: return shift(&model, axes.horizontalAxis, -axes.horizontalSign)
  case .right: return shift(&model, axes.horizontalAxis, axes.horizontalSign)
  case .up: return shift(&model, axes.verticalAxis, 1)
  case .down: return shift(&model, axes.verticalAxis, -1)
  case .sliceForward: return shift(&model, normal, 1)
  case .sliceBack: return shift(&model, normal, -1)
  case .frameBack: return turn(&model, -1, axes)
  case .frameForward: return turn(&model, 1, axes)
  case .thresholdDown:
    model.registration?.step = max(0.25, state.step / 2)
    return []
  case .thresholdUp:
    model.registration?.step = min(8, state.step * 2)
    return []
  case .overlay:
    model.registration?.showsEdges.toggle()
    return []
  case .undo:
    guard let before = model.registration?.history.popLast() else {
      return refuse(&model, "there is nothing to undo")
    }
    model.registration?.place = before
    model.registration?.looked = []
    return [aligned(model, before, accepted: false, by: "hand")]
  case .reject: return move(&model, to: .identity, by: "hand")
  case .seed: return runRegistration(&model)
  case .accept:
    guard state.unseen.isEmpty else {
      return refuse(&model, state.lookFirst)
    }
    model.shell.prompt = Prompt(purpose: .transformName, text: model.transformName)
    let doubts = model.registrationDoubts
    if !doubts.isEmpty {
      tell(
        &model, doubts.joined(separator: "; ") + ": after the name say why it is right all the same"
      )
    }
    return []
  case .cycleRight:
    return refuse(&model, "this is one scan's place: Esc first, then choose another")
  case .registration:
    model.shell.panel = nil
    return []
  default: return nil
  }
}

/// Has elastix look for it.
func runRegistration(_ model: inout Model) -> [Effect] {
  guard let state = model.registration else { return [] }
  model.registration?.history.append(state.place)
  model.registration?.isRunning = true
  model.registration?.looked = []
  model.registration?.maker = "elastix"
  model.shell.progress = ("registering", 0)
  return [.register(spect: state.spect)]
}

/// Takes what is on screen, and has it written: under a name, after which a person may say why it is right.
func acceptRegistration(_ model: inout Model, _ text: String) -> [Effect] {
  guard let state = model.registration else { return [] }
  let words = text.split(separator: " ", maxSplits: 1).map(String.init)
  let name = words.first ?? ""
  let because = words.count > 1 ? words[1] : nil
  guard isTargetName(name) else {
    return refuse(&model, "a name has letters, digits, - _ and . only")
  }
  let doubts = model.registrationDoubts
  if !doubts.isEmpty, (because ?? "").count < 8 {
    return refuse(
      &model, doubts.joined(separator: "; ") + ": say after the name why it is right all the same")
  }
  // It counts as accepted once it is written.
  return [
    .keepTransform(
      spect: state.spect, state.place, by: state.maker, name: name,
      AnsweredDoubts(warnings: doubts, because: because))
  ]
}

/// The transform was written: what was kept is accepted, where it still lies so.
func keptRegistration(_ model: inout Model) -> [Effect] {
  guard
    case .keepTransform(let spect, let place, let maker, _, _)? = model.requests.answering?.effect
  else { return [] }
  if let state = model.registration, state.spect != spect || state.place != place { return [] }
  return [.align(spect: spect, place, by: maker, isAccepted: true)]
}

extension Model {
  /// What speaks against where the SPECT lies, which a person must answer.
  var registrationDoubts: [String] {
    guard let n = registration?.spect, scene.spects.indices.contains(n) else { return [] }
    return scene.spects[n].outlines?.warnings ?? []
  }

  /// A name for a transform that says whose it is, as far as the SPECT's own name does.
  var transformName: String {
    let n = registration?.spect ?? 0
    let name = scene.spects.indices.contains(n) ? scene.spects[n].name : ""
    let stem = name.prefix { $0 != "." }
    let words = stem.split(separator: "_")
    let who = words.filter {
      $0.hasPrefix("sub-") || $0.hasPrefix("ses-") || $0.lowercased().contains("ictal")
    }
    let own = (who.isEmpty ? words.prefix(3) : who[...]).joined(separator: "_") + "_transform"
    return isTargetName(own) ? own : "spect-transform"
  }
}

private func aligned(_ model: Model, _ place: Affine, accepted: Bool, by maker: String) -> Effect {
  .align(spect: model.registration?.spect ?? 0, place, by: maker, isAccepted: accepted)
}

private func move(_ model: inout Model, to place: Affine, by maker: String) -> [Effect] {
  guard let state = model.registration else { return [] }
  model.registration?.history.append(state.place)
  model.registration?.place = place
  model.registration?.looked = []
  model.registration?.maker = maker
  return [aligned(model, place, accepted: false, by: maker)]
}

/// Along a world axis, as it is seen on the screen.
private func shift(_ model: inout Model, _ axis: Int, _ sign: Double) -> [Effect] {
  guard let state = model.registration else { return [] }
  var rows = Affine.identity.rows
  rows[axis][3] = sign * state.step
  return move(&model, to: Affine(rows: rows).composed(after: state.place), by: "hand")
}

/// In the plane that is seen, about the cursor; positive is clockwise on the screen.
private func turn(_ model: inout Model, _ sign: Double, _ axes: ScreenAxes) -> [Effect] {
  guard let state = model.registration else { return [] }
  let (h, v) = (axes.horizontalAxis, axes.verticalAxis)
  // Clockwise on the screen takes up to the right.
  let angle = sign * state.step * .pi / 180
  let (c, s) = unitTurn(angle)
  var rows = Affine.identity.rows
  rows[h][h] = c
  rows[h][v] = axes.horizontalSign * s
  rows[v][h] = -axes.horizontalSign * s
  rows[v][v] = c
  let p = model.cursor
  let turned = Affine(rows: rows).applied(to: p)
  for axis in 0..<3 { rows[axis][3] = p[axis] - turned[axis] }
  return move(&model, to: Affine(rows: rows).composed(after: state.place), by: "hand")
}

/// Cosine and sine of a small angle by their series: no C library may be reached from here.
private func unitTurn(_ x: Double) -> (Double, Double) {
  let x2 = x * x
  let s = x * (1 - x2 / 6 * (1 - x2 / 20 * (1 - x2 / 42 * (1 - x2 / 72))))
  return ((1 - s * s).squareRoot(), s)
}

extension RegistrationState {
  /// What is still to be looked at before it can be accepted.
  fileprivate var lookFirst: String {
    let keys = unseen.map { "\($0.rawValue) (\(String($0.rawValue.prefix(1))))" }
    return "look at the outlines first: "
      + (showsEdges ? "" : "o, then ") + keys.joined(separator: ", ")
  }
}

extension NamedSPECT {
  var isAccepted: Bool {
    if case .registered(_, let accepted) = measured.placement { return accepted == true }
    return false
  }

  var maker: String {
    if case .registered(let maker, _) = measured.placement { return maker }
    return "hand"
  }
}

/// A SPECT as it lies now.
func receiveRegistration(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .aligned(let n, let spect):
    guard model.scene.spects.indices.contains(n) else { return [] }
    model.shell.progress = nil
    model.scene.spects[n] = spect
    forgetMadeOfSPECT(&model)
    if model.registration?.spect == n {
      model.registration?.isRunning = false
      if model.registration?.place != spect.sceneFromFile { model.registration?.looked = [] }
      model.registration?.place = spect.sceneFromFile
    }
    return []
  default: return []
  }
}
