import CellUI
import Connectivity
import Imaging
import Targeting

/// A key while a line is typed.
func typePrompt(_ model: inout Model, _ key: Key) -> [Effect] {
  guard var prompt = model.prompt else { return [] }
  switch key {
  case .escape, .control("c"):
    model.prompt = nil
    return []
  case .backspace, .delete:
    if prompt.text.isEmpty {
      model.prompt = nil
    } else {
      prompt.text.removeLast()
      model.prompt = prompt
    }
    return []
  case .control("u"):
    prompt.text = ""
    model.prompt = prompt
    return []
  case .tab:
    if prompt.purpose == .command,
      let match = KeyMap.commands.first(where: { $0.name.hasPrefix(prompt.text) })
    {
      prompt.text = match.name + (match.takes.isEmpty ? "" : " ")
      model.prompt = prompt
    }
    return []
  case .enter:
    model.prompt = nil
    let text = trimmed(prompt.text)
    switch prompt.purpose {
    case .command: return runCommand(&model, text)
    case .place: return text.isEmpty ? [] : goTo(&model, text)
    case .targetName: return saveTarget(&model, text)
    }
  case .character(let scalar):
    if prompt.text.unicodeScalars.count < 200 {
      prompt.text.unicodeScalars.append(scalar)
      model.prompt = prompt
    }
    return []
  default: return []
  }
}

private func trimmed(_ text: String) -> String {
  var t = text[...]
  while t.first == " " { t.removeFirst() }
  while t.last == " " { t.removeLast() }
  return String(t)
}

/// Numbers separated by commas or blanks; nil when anything else is among them.
func typedNumbers(_ text: String) -> [Double]? {
  let parts = text.split { $0 == "," || $0 == " " }
  let numbers = parts.compactMap { part -> Double? in
    // The minus sign that the screen shows may be typed back.
    Double(String(part.map { $0 == "−" ? "-" : $0 }))
  }
  return !parts.isEmpty && numbers.count == parts.count && numbers.allSatisfy(\.isFinite)
    ? numbers : nil
}

private func runCommand(_ model: inout Model, _ text: String) -> [Effect] {
  if text.isEmpty { return [] }
  let word = String(text.prefix { $0 != " " })
  let rest = trimmed(String(text.dropFirst(word.count)))
  let matches = KeyMap.commands.filter { $0.name.hasPrefix(word) }
  guard let command = matches.first(where: { $0.name == word }) ?? matches.first else {
    return refuse(&model, "there is no command \(word); ? lists them")
  }
  let numbers = typedNumbers(rest)
  func need() -> [Effect] { refuse(&model, ":\(command.name) takes \(command.takes)") }
  switch command.name {
  case "quit": return act(&model, .quit)
  case "targets": return askTargets(&model)
  case "goto": return rest.isEmpty ? need() : goTo(&model, rest)
  case "seed":
    guard !rest.isEmpty else { return need() }
    return seedCommand(&model, rest, numbers)
  case "findings":
    let findings = model.scene.findings
    return refuse(
      &model,
      findings.isEmpty
        ? "nothing odd was found"
        : findings.map { "\($0.severity.rawValue): \($0.text)" }.joined(separator: "  "))
  case "reference":
    if rest.isEmpty { return need() }
    return model.scene.spects.isEmpty
      ? refuse(&model, "there is no SPECT (--spect)") : [.reference(rest)]
  case "load":
    if rest.isEmpty { return need() }
    guard model.hasWorld else {
      return refuse(
        &model, "the file does not say which side is left, so targets have no place in it")
    }
    return [.loadTargets(rest)]
  case "threshold":
    guard let v = numbers?.first, v >= 0, v < 1 else { return need() }
    model.threshold = v
    model.ceiling = max(model.ceiling, v + 0.05)
    return []
  case "fwhm":
    guard let v = numbers?.first, v >= 0, v <= 30 else { return need() }
    model.camera.fwhm = v
    return refreshRight(&model)
  case "window":
    guard let v = numbers?.first, v > 0 else { return need() }
    model.camera.windowSeconds = v
    return refreshRight(&model)
  case "frame":
    guard let v = numbers?.first, let run = model.scene.run, v >= 0, v < Double(run.frameCount)
    else {
      return need()
    }
    model.frame = Int(v)
    return []
  case "band":
    if rest == "none" {
      model.scene.denoising.bandHertz = nil
    } else if let n = numbers, n.count == 2, n[0] >= 0, n[1] > n[0] {
      model.scene.denoising.bandHertz = n[0]...n[1]
    } else {
      return need()
    }
    return cleanAnew(&model)
  case "polort":
    guard let v = numbers?.first, (0...10).contains(v), v == v.rounded() else { return need() }
    model.scene.denoising.polort = Int(v)
    return cleanAnew(&model)
  case "gsr":
    guard rest == "on" || rest == "off" else { return need() }
    model.scene.denoising.removesGlobalSignal = rest == "on"
    return cleanAnew(&model)
  case "smooth":
    guard let v = numbers?.first, v >= 0, v <= 30 else { return need() }
    model.scene.denoising.smoothingFWHM = v
    return cleanAnew(&model)
  default: return []
  }
}

/// After the cleaning changed: the map of the same seed once more.
private func cleanAnew(_ model: inout Model) -> [Effect] {
  guard let seed = model.seedMap?.seed else { return [] }
  return askSeedMap(&model, seed)
}

private func seedCommand(_ model: inout Model, _ text: String, _ numbers: [Double]?) -> [Effect] {
  guard model.scene.run != nil else { return refuse(&model, "a seed needs a BOLD run (--bold)") }
  guard model.hasWorld else {
    return refuse(
      &model, "the file does not say which side is left, so millimetres have no meaning")
  }
  if let n = numbers, n.count == 3 || n.count == 4 {
    let centre = WorldPoint(n[0], n[1], n[2])
    model.cursor = centre
    return askSeedMap(
      &model, .sphere(centre: centre, radius: n.count == 4 ? max(0, n[3]) : 6, name: nil))
  }
  guard let site = Sites.seed(named: text) else {
    return refuse(
      &model,
      "there is no seed \(text); known are "
        + Sites.seeds.map(\.name).joined(separator: ", "))
  }
  guard model.scene.space == .mni152 else {
    return refuse(
      &model, "\(site.name) is in MNI space and this run does not say that it is; see --space")
  }
  model.cursor = site.point
  return askSeedMap(
    &model, .sphere(centre: site.point, radius: site.seedRadius, name: site.name))
}

/// Carries the cursor to millimetres or to a named place.
private func goTo(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.hasWorld else {
    return refuse(
      &model, "the file does not say which side is left, so millimetres have no meaning")
  }
  if let n = typedNumbers(text), n.count == 3 {
    model.cursor = WorldPoint(n[0], n[1], n[2])
  } else {
    let sites = Sites.seeds + Sites.treatment
    guard let site = sites.first(where: { $0.name.lowercased().hasPrefix(text.lowercased()) })
    else {
      return refuse(&model, "no place \(text); type X,Y,Z in mm or a name such as PCC")
    }
    guard model.scene.space == .mni152 else {
      return refuse(&model, "\(site.name) is in MNI space and this image does not say that it is")
    }
    model.cursor = site.point
  }
  model.hasMoved = true
  // The list marks its own place; elsewhere there is nothing to confirm.
  model.targets = nil
  return model.isLive ? askSeedMap(&model, .sphere(centre: model.cursor, radius: 6, name: nil)) : []
}

private func saveTarget(_ model: inout Model, _ name: String) -> [Effect] {
  let ok =
    !name.isEmpty && name.count <= 60
    && name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
    } && name.first != "."
  guard ok else {
    return refuse(&model, "a name has letters, digits, - _ and . only")
  }
  guard let record = model.targetRecord(named: name) else { return [] }
  return [.save([record], name: name)]
}
