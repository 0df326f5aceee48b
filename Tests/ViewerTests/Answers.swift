import Connectivity
import Imaging
import Perfusion
import Targeting
import Viewer

/// A key; or an answer, given as if it had just been asked for. What comes back are the effects without
/// their names.
///
/// Searches through a map are answered at once.
func update(_ model: inout Model, _ message: Message) -> [Effect] {
  let requests: [Request]
  switch message {
  case .event, .tick, .answer: requests = update(&model, by: message)
  default:
    let id = model.requests.awaiting(message) ?? model.requests.stamp(message.question(model)).id
    requests = update(&model, by: .answer(id, madeOf: nil, message))
  }
  var effects: [Effect] = []
  for request in requests {
    // What a map holds is found at once here.
    if case .findPeaks(let search) = request.effect, let found = try? search.found({ _ in }) {
      effects += update(&model, by: .answer(request.id, madeOf: nil, .foundPeaks(search, found)))
        .map(\.effect)
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    } else {
      effects.append(request.effect)
    }
  }
  return effects.filter { if case .forget = $0 { false } else { true } }
}

extension Requests {
  /// The newest request that such an answer would come for.
  fileprivate func awaiting(_ message: Message) -> RequestID? {
    pending.filter { $0.value.overtakes != nil && $0.value.overtakes == message.kind }
      .keys.max()
  }
}

extension Message {
  fileprivate var kind: OvertakenWork? {
    switch self {
    case .seedMap, .blurredMap, .inference: .map
    case .simulated, .contrast: .simulation
    case .simulatedSlice: .slice
    case .blurredSeries: .series
    case .windowBand: .windowBand
    case .change: .change
    case .targets: .targets
    case .coil: .coil
    case .aligned: .alignment
    case .peaks: .peaks
    default: nil
    }
  }

  /// What this answers, where it was not asked in the test.
  fileprivate func question(_ model: Model) -> Effect {
    switch self {
    case .seedMap(let map, _, _):
      .seedMap(map.seed, model.averaging.camera, wantsBlurred: false, wantsInference: true)
    case .simulated, .contrast: .simulate(model.averaging.camera, spect: nil)
    case .targets: .findTargets(model.targets.protocol)
    case .matrix: .matrix
    case .networks: .networks
    case .motion: .motion
    case .made(let kind, _): .makePicture(kind)
    case .perfusion(let sheet): .perfusion(spect: sheet.spect, clustersBeyond: nil)
    case .aligned(let n, let spect):
      .align(spect: n, spect.sceneFromFile, by: "hand", isAccepted: false)
    case .files(let prefix, _): .listFiles(prefix, endings: [])
    default: .load
    }
  }
}
