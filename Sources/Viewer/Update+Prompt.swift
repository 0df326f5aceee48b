import Basics
import CellUI
import Connectivity
import Imaging
import Targeting

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

func runCommand(_ model: inout Model, _ text: String) -> [Effect] {
  if text.isEmpty { return [] }
  let word = String(text.prefix { $0 != " " })
  let rest = String(text.dropFirst(word.count)).trimmedBlanks
  let matches = CommandNames.found(word)
  guard let name = matches.first else {
    return refuse(&model, "there is no command \(visibleText(word, limit: 40)); ? lists them")
  }
  guard matches.count == 1 else {
    return refuse(
      &model, "\(word) begins several commands: \(matches.prefix(12).joined(separator: ", "))")
  }
  guard let command = KeyMap.commands.first(where: { $0.name == name }) else {
    guard let action = CommandNames.actions.first(where: { $0.name == name })?.action else {
      return []
    }
    return act(&model, action)
  }
  if let fault = Parameter.of(name).fault(name, rest) { return refuse(&model, fault) }
  let numbers = typedNumbers(rest)
  func need() -> [Effect] { refuse(&model, ":\(command.name) takes \(command.takes)") }
  switch command.name {
  case "quit": return act(&model, .quit)
  case "voxel": return goToVoxel(&model, numbers)
  case "peak": return goToPeak(&model)
  case "bookmark": return rest.isEmpty ? need() : setBookmark(&model, rest)
  case "unbookmark": return rest.isEmpty ? need() : dropBookmark(&model, rest)
  case "session": return sessionCommand(&model, rest) ?? need()
  case "targets": return askTargets(&model)
  case "goto": return rest.isEmpty ? need() : goTo(&model, rest)
  case "seed":
    guard !rest.isEmpty else { return need() }
    return seedCommand(&model, rest)
  case "findings":
    let lines =
      model.scene.problems.map { "blocking: \($0.sentence)" }
      + model.scene.findings.map { "\($0.severity.rawValue): \($0.text)" }
    tell(&model, lines.isEmpty ? "nothing odd was found" : lines.joined(separator: "  "))
    return []
  case "reference":
    if rest.isEmpty { return need() }
    guard !model.scene.spects.isEmpty else { return refuse(&model, "there is no SPECT (--spect)") }
    noteSetting(&model, "reference " + rest)
    return [.reference(rest)]
  case "palette":
    guard let palette = Palette(typed: rest) else {
      return refuse(
        &model, "palettes are " + Palette.allCases.map(\.rawValue).joined(separator: ", "))
    }
    model.shell.palette = palette
    return []
  case "layout", "spacing", "mix", "alternate", "zoom", "centre", "plane", "convention":
    return layoutCommand(&model, command.name, rest, numbers) ?? need()
  case "debug":
    model.shell.showsCost.toggle()
    return []
  case "load":
    if rest.isEmpty { return need() }
    guard model.hasWorld else {
      return refuse(
        &model, "the file does not say which side is left, so targets have no place in it")
    }
    return [.loadTargets(rest)]
  case "threshold":
    return thresholdCommand(&model, rest) ?? need()
  case "range", "sign", "cluster", "outline", "fade", "contour", "opacity", "colours", "overlays",
    "choose", "keep", "raise", "lower", "hide", "show", "across", "isoline", "underlay",
    "histogram":
    return overlayCommand(&model, command.name, rest, numbers) ?? need()
  case "fwhm":
    guard let v = numbers?.first, v >= 0, v <= 30 else { return need() }
    model.averaging.camera.fwhm = v
    return refreshRight(&model)
  case "window":
    guard let v = numbers?.first, v > 0 else { return need() }
    model.averaging.camera.windowSeconds = v
    return refreshRight(&model)
  case "camera", "start", "average", "losses":
    return averagingCommand(&model, command.name, rest, numbers) ?? need()
  case "proxy", "scan", "contrast", "asymmetry", "siscom", "perfusion":
    return perfusionCommand(&model, command.name, rest, numbers) ?? need()
  case "frame":
    guard let v = numbers?.first, let run = model.scene.run, v >= 0, v < Double(run.frameCount)
    else {
      return need()
    }
    model.navigation.frame = Int(v)
    return []
  case "fdr":
    guard let q = numbers?.first, q > 0, q < 1 else { return need() }
    return callByFDR(&model, q)
  case "alff": return askActivity(&model, .alff)
  case "falff": return askActivity(&model, .falff)
  case "reho": return askActivity(&model, .reho)
  case "tsnr": return askActivity(&model, .tsnr)
  case "windows":
    guard let v = numbers?.first, v > 0 else { return need() }
    return askMovie(&model, seconds: v)
  case "motion", "matrix", "networks":
    let action: Action =
      command.name == "motion" ? .motion : command.name == "matrix" ? .matrix : .networks
    return actOnAnalyses(&model, action) ?? []
  case "change":
    guard model.scene.secondTitle != nil else {
      return refuse(&model, "there is no second session: start with --second FILE")
    }
    model.panes.right = .change
    return refreshRight(&model)
  case "lesson": return toggleLesson(&model)
  case "register":
    let opened = model.shell.panel == .registration ? [] : openRegistration(&model)
    guard model.shell.panel == .registration else { return opened }
    return opened + runRegistration(&model)
  case "sphere":
    guard let n = numbers, n.count == 3 || n.count == 4, n.count == 3 || (n[3] > 0 && n[3] <= 100)
    else { return need() }
    if let reason = model.scene.targetsRefusal {
      return refuse(&model, "no target search: \(reason)")
    }
    noteSetting(&model, "sphere " + rest)
    return searchSphere(&model, WorldPoint(n[0], n[1], n[2]), radius: n.count == 4 ? n[3] : 20)
  case "protocol", "method", "percentile":
    return targetCommand(&model, command.name, rest, numbers) ?? need()
  default:
    return cleaningCommand(&model, command.name, rest, numbers) ?? need()
  }
}

/// Commands that change how targets are looked for, and look again; nil when what was typed is not
/// understood.
private func targetCommand(
  _ model: inout Model, _ name: String, _ rest: String, _ numbers: [Double]?
) -> [Effect]? {
  var settings = model.targets.protocol
  switch name {
  case "protocol":
    let shipped = TargetProtocol.shipped
    guard let known = shipped.first(where: { !rest.isEmpty && $0.id.hasPrefix(rest.lowercased()) })
    else {
      return refuse(
        &model, "protocols are " + shipped.map(\.id).joined(separator: ", "))
    }
    settings = known.settings
  case "method":
    guard let method = TargetMethod(rawValue: rest) else { return nil }
    settings.method = method
  default:
    guard let p = numbers?.first, p >= 0.1, p <= 50 else { return nil }
    settings.percentile = p
  }
  model.targets.protocol = settings
  model.targets.isSearching = false
  noteSetting(&model, name + " " + rest)
  return askTargets(&model)
}

/// Commands that change what is removed from the run; nil when what was typed is not understood.
private func cleaningCommand(
  _ model: inout Model, _ name: String, _ rest: String, _ numbers: [Double]?
) -> [Effect]? {
  // What was asked for and has not come yet counts: else a second command would undo the first.
  var choice = model.ways.wantedChoice ?? model.scene.choice
  switch name {
  case "band":
    if rest == "none" {
      choice.bandHertz = nil
    } else if let n = numbers, n.count == 2, n[0] >= 0, n[1] > n[0] {
      choice.bandHertz = n[0]...n[1]
    } else {
      return nil
    }
    choice.bandIsChosen = true
  case "polort":
    guard let v = numbers?.first, (0...10).contains(v), v == v.rounded() else { return nil }
    choice.polort = Int(v)
  case "gsr":
    guard rest == "on" || rest == "off" else { return nil }
    choice.removesGlobalSignal = rest == "on"
  case "smooth":
    guard let v = numbers?.first, v >= 0, v <= 30 else { return nil }
    choice.smoothingFWHM = v
  case "highpass":
    if rest == "none" {
      choice.highPassHertz = nil
    } else if let v = numbers?.first, v > 1, v <= 10_000 {
      choice.highPassHertz = 1 / v
    } else {
      return nil
    }
  case "preset":
    guard
      let preset = NuisancePreset.allCases.first(where: {
        $0.rawValue.lowercased() == rest.lowercased()
      })
    else { return nil }
    choice.preset = preset
    choice.columns = []
  case "censor":
    if rest == "none" {
      choice.censoring.displacementMillimetres = nil
    } else if let v = numbers?.first, v > 0, v < 1000 {
      choice.censoring.displacementMillimetres = v
    } else {
      return nil
    }
  case "drop":
    guard let v = numbers?.first, v >= 0, v == v.rounded(), v < 1e6 else { return nil }
    choice.droppedFrames = Int(v)
  default: return nil
  }
  guard model.scene.run != nil else {
    return refuse(&model, "there is no BOLD run to clean (--bold)")
  }
  model.shell.progress = ("cleaning", 0)
  model.ways.wantedChoice = choice
  noteSetting(&model, name + " " + rest)
  return [.prepare(choice)]
}

func seedCommand(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.scene.run != nil else { return refuse(&model, "a seed needs a BOLD run (--bold)") }
  guard model.hasWorld else {
    return refuse(
      &model, "the file does not say which side is left, so millimetres have no meaning")
  }
  model.connectivity.seedFollows = true
  stopMovie(&model)
  // The minus sign that the screen shows may be typed back.
  return [
    .seedText(
      String(text.map { $0 == "−" ? "-" : $0 }), model.averaging.camera,
      wantsBlurred: model.panes.right == .mapBlurred)
  ]
}

func saveTarget(_ model: inout Model, _ name: String) -> [Effect] {
  guard isTargetName(name) else {
    return refuse(&model, "a name has letters, digits, - _ and . only")
  }
  guard var record = model.targetRecord(named: name) else { return [] }
  // The confirm screen stood with side, place and warnings when the name was typed.
  record.decision = .accepted
  record.isAcknowledged = true
  return [.save([record], name: name)]
}
