package import CellUI

/// What keys do: the program's own table, with what a person changed in the config file.
package struct KeyTable: Sendable, Equatable {
  /// Keys with another meaning; nil takes theirs away.
  package var changed: [Key: Action?] = [:]

  package init() {}

  /// Keys that nobody may take: the ways out and to help.
  package static let required: [(key: Key, shown: String)] = [
    (.character("q"), "q"), (.control("c"), "<C-c>"), (.character("?"), "?"), (.escape, "<Esc>"),
    (.character(":"), ":"),
  ]

  package func action(for key: Key) -> Action? {
    if let own = changed[key] { return own }
    return KeyMap.action(for: key)
  }

  /// How the keys of an action are written now; nil when it has none.
  package func shown(_ action: Action) -> String? {
    let usual = KeyMap.binding(of: action)
    guard !changed.isEmpty, let usual else { return usual?.shown }
    let kept = usual.keys.filter { changed[$0] == nil }
    let own = changed.filter { $0.value == action }.map { KeyTable.written($0.key) }.sorted()
    if own.isEmpty, kept.count == usual.keys.count { return usual.shown }
    let all = own + kept.map(KeyTable.written)
    return all.isEmpty ? nil : all.joined(separator: " ")
  }

  /// A key as a key script writes it.
  package static func written(_ key: Key) -> String { KeyScript.text(key) }
}
