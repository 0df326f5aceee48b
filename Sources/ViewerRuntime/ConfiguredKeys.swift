import Basics
import CellUI
import Viewer

/// Keys of a config file by the names of their actions: each text is one key or several, as a key script writes them.
struct ConfiguredKeys {
  typealias Fault = (_ member: String, _ found: String, _ expected: String) -> Problem

  private let fault: Fault
  private var table = KeyTable()
  /// Names of the actions by the keys that were given to them.
  private var taken: [Key: String] = [:]
  private var redefined: Set<Action> = []

  private init(_ fault: @escaping Fault) { self.fault = fault }

  static func read(_ json: JSON, _ fault: @escaping Fault) throws(Problem) -> KeyTable {
    guard let members = json.members else { throw fault("keys", "keys is no object", "{ … }") }
    var keys = ConfiguredKeys(fault)
    for (name, value) in members { try keys.take(name, value) }
    try keys.finish()
    return keys.table
  }

  private mutating func take(_ name: String, _ value: JSON) throws(Problem) {
    let member = "keys.\(name)"
    guard let action = Action.allCases.first(where: { $0.name == name }) else {
      throw fault(
        member, "no key does \(visibleText(name, limit: 40))",
        "one of " + Action.allCases.map(\.name).joined(separator: ", "))
    }
    redefined.insert(action)
    // The ways out keep their keys whatever else is added.
    let binding = KeyMap.binding(of: action)
    let required = Set(KeyTable.required.map(\.key))
    for key in binding?.keys ?? [] where !required.contains(key) && table.changed[key] == nil {
      table.changed[key] = .some(nil)
    }
    guard let texts = value.asString.map({ [$0] }) ?? value.items?.compactMap(\.asString),
      !texts.isEmpty, value.items.map({ $0.count == texts.count }) ?? true
    else { throw fault(member, "\(name) has no key", "\"x\", \"<C-x>\" or a list of them") }
    for text in texts { try take(text, for: action, member) }
  }

  /// One key of an action.
  private mutating func take(
    _ text: String, for action: Action, _ member: String
  ) throws(Problem) {
    guard let parsed = try? KeyScript.parse(text), parsed.count == 1, let key = parsed.first
    else {
      throw fault(
        member, "\(visibleText(text, limit: 20)) is not one key",
        "one character, or a name such as <Up>, <C-x>, <F2>, <Space>, <Lt>")
    }
    if case .mouse = key { throw fault(member, "the mouse is no key", "a key") }
    if let kept = KeyTable.required.first(where: { $0.key == key }),
      KeyMap.action(for: key) != action
    {
      throw fault(
        member, "\(kept.shown) cannot be \(action.name): it leads out or to help", "another key")
    }
    if let other = taken[key] {
      throw fault(
        member, "\(visibleText(text)) is the key of \(other) already", "each key once")
    }
    taken[key] = action.name
  }

  /// No action loses its only key to another.
  private mutating func finish() throws(Problem) {
    for (key, name) in taken {
      if let before = KeyMap.action(for: key), !redefined.contains(before), !before.givesWay {
        let rest =
          KeyMap.binding(of: before)?.keys.filter { taken[$0] == nil } ?? []
        guard !rest.isEmpty else {
          throw fault(
            "keys.\(name)", "\(KeyScript.text(key)) is the only key of \(before.name)",
            "another key, or one for \(before.name) as well")
        }
      }
      table.changed[key] = .some(Action.allCases.first { $0.name == name })
    }
  }
}
