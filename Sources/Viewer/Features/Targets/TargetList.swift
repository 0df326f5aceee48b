import Basics
import Connectivity
import Imaging
import Targeting

/// Actions while the target list is open; nil for those that mean the same as elsewhere.
func actOnTargets(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard let state = model.targets.list else { return nil }
  switch action {
  case .left, .right, .up, .down, .sliceForward, .sliceBack:
    if state.isFollowing {
      _ = moveCursor(&model, action)
      return searchAroundCursor(&model)
    }
    guard action != .left, action != .right else { return [] }
    let step = action == .down || action == .sliceBack ? 1 : -1
    if state.isConfirming {
      let last = TargetScreen(model, state, Layout(model.shell.size)).lastFirstLine
      model.targets.list?.firstLine = max(0, min(last, state.firstLine + step))
      return []
    }
    return stepList(&model, step)
  case .next, .previous:
    return state.isConfirming ? [] : stepList(&model, action == .next ? 1 : -1)
  case .accept:
    guard let entry = model.currentTarget else { return [] }
    if state.isConfirming {
      if let mark = model.targets.mark(at: entry.point), mark.decision == .rejected {
        return refuse(
          &model,
          "this place was rejected as \(mark.name); Esc, then \(model.key(.take)) "
            + "accepts it after all")
      }
      let name = entry.name.map { $0 == " " ? "-" : $0 }
      model.shell.prompt = Prompt(purpose: .targetName, text: String(name))
      return []
    }
    return confirm(&model)
  case .mark, .rename, .note, .take, .reject, .undo:
    guard !state.isConfirming else {
      return refuse(&model, "Esc leaves the confirm screen; there marks and notes are made")
    }
    return editBook(&model, action)
  case .searchHere: return searchAroundCursor(&model)
  case .live:
    model.targets.list?.isFollowing.toggle()
    return model.targets.list?.isFollowing == true ? searchAroundCursor(&model) : []
  case .frameBack: return stepPercentile(&model, -1)
  case .frameForward: return stepPercentile(&model, 1)
  case .targets:
    model.targets.list = nil
    return []
  default: return nil
  }
}

/// Looks for targets by the model's protocol; an older search gives way.
func searchTargets(_ model: inout Model) -> [Effect] {
  model.targets.isSearching = true
  model.shell.progress = ("looking for targets", 0)
  return [.findTargets(model.targets.protocol)]
}

private func stepList(_ model: inout Model, _ step: Int) -> [Effect] {
  guard let state = model.targets.list else { return [] }
  let count = model.targetEntries.count
  model.targets.list?.index = max(0, min(count - 1, state.index + step))
  jumpToTarget(&model)
  return []
}

/// Shows what will be saved, and asks for the coil over it.
private func confirm(_ model: inout Model) -> [Effect] {
  guard let state = model.targets.list else { return [] }
  if state.report.isPreliminary {
    return refuse(&model, "how far the targets can be trusted is still being found out")
  }
  model.targets.list?.isConfirming = true
  model.targets.list?.firstLine = 0
  model.targets.list?.isFollowing = false
  jumpToTarget(&model)
  guard let record = model.targetRecord(named: "target") else { return [] }
  return [.planCoil(record)]
}

/// The search region becomes one sphere around the cursor.
private func searchAroundCursor(_ model: inout Model) -> [Effect] {
  // The first candidate of what is found is what one wants to see.
  model.targets.list?.index = 0
  return searchSphere(
    &model, WorldPoint(model.cursor.x, model.cursor.y, model.cursor.z), radius: 20)
}

func searchSphere(_ model: inout Model, _ centre: WorldPoint, radius: Double) -> [Effect] {
  let p = [centre.x, centre.y, centre.z].map { plainNumber($0, 1) }.joined(separator: ", ")
  model.targets.protocol.region = SearchRegion(
    name: "one \(plainNumber(radius, 1)) mm sphere at \(p)", centres: [centre], radius: radius)
  if !model.targets.protocol.isMovedByHand { model.targets.protocol.name += ", region by hand" }
  model.targets.protocol.isMovedByHand = true
  return searchTargets(&model)
}

private let percentileSteps = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30]

private func stepPercentile(_ model: inout Model, _ step: Int) -> [Effect] {
  guard model.targets.protocol.method == .cluster else {
    return refuse(&model, "only clusters have a percentile; :method cluster")
  }
  let now = model.targets.protocol.percentile
  let wanted =
    step > 0
    ? percentileSteps.first { $0 > now + 1e-9 } : percentileSteps.last { $0 < now - 1e-9 }
  guard let wanted else { return [] }
  model.targets.protocol.percentile = wanted
  return searchTargets(&model)
}

/// Carries the cursor to the entry that is looked at.
func jumpToTarget(_ model: inout Model) {
  if let entry = model.currentTarget { model.cursor = entry.point }
}

/// Keeps the place at the cursor, outside of the list.
func markCursor(_ model: inout Model) -> [Effect] {
  guard model.hasWorld else {
    return refuse(
      &model, "the file does not say which side is left, so a place in it has no millimetres")
  }
  if let block = model.scene.sidesBlock { return refuse(&model, block) }
  let record = model.record(
    at: model.cursor, named: "mark-\(model.targets.book.count + 1)", method: "marked by hand",
    r: nil)
  let name = record.name
  return changed(&model, "\(name), \(record.side.rawValue): t lists it, U undoes") {
    $0.append(record)
  }
}

func undoBook(_ model: inout Model) -> [Effect] {
  guard let before = model.targets.bookHistory.popLast() else {
    return refuse(&model, "there is nothing to undo")
  }
  model.targets.book = before
  if let state = model.targets.list {
    let last = model.targetEntries.count - 1
    model.targets.list?.index = min(state.index, last)
  }
  model.notice = Notice(text: "undone", isError: false)
  return [.keepBook(before + model.targets.others)]
}

/// Changes the book, remembers what it was, and has it kept.
private func changed(
  _ model: inout Model, _ words: String, _ body: (inout [TargetRecord]) -> Void
) -> [Effect] {
  model.targets.bookHistory.append(model.targets.book)
  body(&model.targets.book)
  model.notice = Notice(text: words, isError: false)
  return [.keepBook(model.targets.book + model.targets.others)]
}

private func editBook(_ model: inout Model, _ action: Action) -> [Effect] {
  if action == .undo { return undoBook(&model) }
  guard let entry = model.currentTarget else { return [] }
  if case .saved = entry, action != .mark {
    return refuse(&model, "it was saved to a file; \(model.key(.mark)) marks the place anew")
  }
  let at: Int
  var effects: [Effect] = []
  if case .marked(let n, _) = entry, action != .mark {
    at = n
  } else if action != .mark, let n = model.targets.markIndex(at: entry.point) {
    // One place has one decision, whichever of its rows is looked at.
    at = n
    let candidates = model.targets.list?.report.result.candidates.count ?? 0
    model.targets.list?.index = candidates + n
  } else {
    // A candidate or a site becomes a mark of its own before anything is said about it.
    guard let record = model.targetRecord(named: "mark-\(model.targets.book.count + 1)") else {
      return []
    }
    at = model.targets.book.count
    let name = record.name
    effects = changed(
      &model,
      "\(name), \(record.side.rawValue): \(model.key(.rename)) names it, \(model.key(.note)) notes, "
        + "\(model.key(.take)) accepts, \(model.key(.reject)) rejects"
    ) { $0.append(record) }
    let candidates = model.targets.list?.report.result.candidates.count ?? 0
    model.targets.list?.index = candidates + at
  }
  let mark = model.targets.book[at]
  switch action {
  case .rename: model.shell.prompt = Prompt(purpose: .rename, text: mark.name)
  case .note: model.shell.prompt = Prompt(purpose: .note, text: mark.note)
  case .take, .reject:
    let decision: TargetDecision = action == .take ? .accepted : .rejected
    // The same key again changes nothing: what the line says is what is kept.
    guard mark.decision != decision else {
      return refuse(
        &model,
        "\(mark.name) \(mark.side.rawValue) is \(mark.decisionWords ?? "") already; U undoes")
    }
    let isDoubtful = action == .take && model.targets.list?.report.result.selected == nil
    let words =
      "\(mark.name) \(mark.side.rawValue) \(decision.rawValue)"
      + (isDoubtful ? ", though NO RELIABLE TARGET was found" : "") + "; U undoes"
    effects = changed(&model, words) {
      $0[at].decision = decision
    }
  default: break
  }
  return effects
}

/// What was typed for the mark that is looked at.
func finishEdit(_ model: inout Model, _ purpose: Prompt.Purpose, _ text: String) -> [Effect] {
  guard case .marked(let at, _)? = model.currentTarget else { return [] }
  if purpose == .rename {
    guard isTargetName(text) else {
      return refuse(&model, "a name has letters, digits, - _ and . only")
    }
    if let conflict = SideInName.conflict(text, with: model.targets.book[at].side) {
      return refuse(&model, conflict)
    }
    return changed(&model, "named \(text)") { $0[at].name = text }
  }
  return changed(&model, text.isEmpty ? "note taken away" : "noted") { $0[at].note = text }
}

extension TargetsState {
  /// What must be known about an entry's own place: a candidate's warnings are about the candidate.
  func warnings(of entry: TargetEntry) -> [String] {
    if let candidate = report.candidate(at: entry.point) { return report.warnings(of: candidate) }
    let own =
      switch entry {
      case .marked(_, let record), .saved(let record): record.warnings
      case .candidate, .site: [String]()
      }
    let here = report.warnings(atPlace: entry.point)
    return here + own.filter { !here.contains($0) }
  }
}

/// Whether a name can be a file's.
func isTargetName(_ name: String) -> Bool {
  !name.isEmpty && name.count <= 60
    && name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
    } && name.first != "."
}

extension Model {
  /// The list: candidates, marks, saved targets, published sites.
  package var targetEntries: [TargetEntry] {
    (targets.list?.report.result.candidates.map(TargetEntry.candidate) ?? [])
      + targets.book.enumerated().map { TargetEntry.marked($0, $1) }
      + targets.saved.map(TargetEntry.saved) + Sites.treatment.map(TargetEntry.site)
  }

  /// The entry of the list that is looked at.
  package var currentTarget: TargetEntry? {
    guard let targets = self.targets.list, targetEntries.indices.contains(targets.index) else {
      return nil
    }
    return targetEntries[targets.index]
  }

  private func origin(of entry: TargetEntry, _ state: TargetsState) -> String {
    switch entry {
    case .candidate: state.report.settings.methodText + "; " + state.report.denoising.summary
    case .marked(_, let record), .saved(let record): record.method
    case .site(let site): "published site, \(site.source)"
    }
  }

  /// The place in the native world, where a transform leads there.
  func nativePlace(of p: WorldPoint) -> NativePlace? {
    scene.native.map { NativePlace(point: $0.affine.applied(to: p), imageSHA256: $0.imageSHA256) }
  }

  fileprivate func record(
    at point: WorldPoint, named name: String, method: String, r: Double?
  ) -> TargetRecord {
    var out = TargetRecord(
      name: name, note: "", point: point, space: scene.space, template: scene.template,
      side: scene.sideRule.side(of: point), label: scene.regionName(at: point), r: r,
      method: method, imageSHA256: scene.imageSHA256, imageOrigin: scene.imageOrigin,
      native: nativePlace(of: point))
    out.person = scene.person
    return out
  }

  /// The entry as a record under the name that was typed; what a person noted stays with it.
  func targetRecord(named name: String) -> TargetRecord? {
    guard let state = targets.list, let entry = currentTarget else { return nil }
    var out = record(
      at: entry.point, named: name, method: origin(of: entry, state),
      r: entry.candidate?.r ?? state.report.coupling(at: entry.point))
    out.warnings = state.warnings(of: entry)
    if case .marked(_, let mark) = entry {
      out.note = mark.note
      out.decision = mark.decision
      out.decider = mark.decider
    }
    return out
  }
}
