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

/// Carries out a typed line.
func runCommand(_ model: inout Model, _ text: String) -> [Effect] {
  if text.isEmpty { return [] }
  let word = String(text.prefix { $0 != " " })
  let rest = String(text.dropFirst(word.count)).trimmedBlanks
  let matches = CommandRegistry.found(word)
  guard let command = matches.first.flatMap(CommandRegistry.named) else {
    return refuse(&model, "there is no command \(visibleText(word, limit: 40)); ? lists them")
  }
  guard matches.count == 1 else {
    return refuse(
      &model, "\(word) begins several commands: \(matches.prefix(12).joined(separator: ", "))")
  }
  let effects = command(&model, rest)
  if !command.name.hasPrefix(word) || command.aliases.contains(word) {
    sayNewName(&model, word, command.name)
  }
  return effects
}

/// A name of before does what it did, and says what it is called now.
private func sayNewName(_ model: inout Model, _ old: String, _ new: String) {
  let words = ":\(old) is called :\(new) now"
  guard var notice = model.notice else { return tell(&model, words) }
  guard !notice.text.contains(":" + new) else { return }
  notice.text += "; " + words
  model.notice = notice
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
  if let block = model.scene.sidesBlock { return refuse(&model, block) }
  guard var record = model.targetRecord(named: name) else { return [] }
  if let conflict = SideInName.conflict(name, with: record.side) { return refuse(&model, conflict) }
  // The confirm screen stood with side, place and warnings when the name was typed.
  record.decision = .accepted
  record.isAcknowledged = true
  return [.save([record], name: name)]
}
