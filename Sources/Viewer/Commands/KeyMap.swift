package import CellUI

/// Keys and lines as help, key line and documents show them, out of the registry.
package enum KeyMap {
  package static let bindings: [CommandKey] = CommandRegistry.keys.compactMap(\.key)
  package static let commands: [CommandSpec] = CommandRegistry.lines

  private static let byKey = Dictionary(
    bindings.flatMap { binding in binding.keys.map { ($0, binding.action) } },
    uniquingKeysWith: { first, _ in first })

  private static let byAction = Dictionary(
    bindings.map { ($0.action, $0) }, uniquingKeysWith: { first, _ in first })

  package static func action(for key: Key) -> Action? { byKey[key] }

  /// The program's own keys of an action; nil when it has none.
  package static func binding(of action: Action) -> CommandKey? { byAction[action] }
}
