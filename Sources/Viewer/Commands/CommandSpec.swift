package import CellUI

/// What was typed after a command's name.
package struct TypedArgument: Sendable {
  package let text: String
  /// Numbers separated by commas or blanks; nil when anything else is among them.
  package let numbers: [Double]?

  package init(_ text: String) {
    self.text = text
    numbers = typedNumbers(text)
  }

  var isEmpty: Bool { text.isEmpty }
  var number: Double? { numbers?.first }
  /// Nil when neither of the two words was typed.
  var isOn: Bool? { text == "on" ? true : text == "off" ? false : nil }

  /// The first of several words that begins as what was typed.
  func beginning<T: CaseIterable & RawRepresentable>(_ type: T.Type) -> T?
  where T.RawValue == String {
    isEmpty ? nil : T.allCases.first { $0.rawValue.hasPrefix(text) }
  }
}

/// Something that can be asked for: by a key, by a line after `:`, or by both.
///
/// Key map, typed line, completion, help, the words of undo, sessions, the config file, the options of `view` and
/// `snapshot` and the tables of the documents are made of these.
package struct CommandSpec: Sendable {
  /// Nil from it says that what was typed is not understood.
  package typealias Run = @Sendable (inout Model, TypedArgument) -> [Effect]?

  package let name: String
  /// Names of before: they still work, and say the new one.
  package var aliases: [String] = []
  /// What it takes, in words.
  package var takes = ""
  /// What it does, in one line.
  package let text: String
  package var parameter = Parameter.nothing
  /// Whether it changes what is computed, so that a workspace says it again.
  package var isSetting = false
  /// Whether lines of it hold names or paths of a person, which no history keeps.
  package var isPersonal = false
  /// The way of looking that it sets.
  package var field: ViewField?
  /// The key that does it; nil for a line alone.
  package var key: CommandKey?
  package let run: Run

  /// A line after `:`.
  static func line(
    _ name: String, _ takes: String, _ text: String, _ parameter: Parameter = .nothing,
    was aliases: [String] = [], isSetting: Bool = false, isPersonal: Bool = false,
    field: ViewField? = nil, run: @escaping Run
  ) -> CommandSpec {
    CommandSpec(
      name: name, aliases: aliases, takes: takes, text: text, parameter: parameter,
      isSetting: isSetting, isPersonal: isPersonal, field: field, run: run)
  }

  /// A line that takes nothing.
  static func line(
    _ name: String, _ text: String, run: @escaping @Sendable (inout Model) -> [Effect]
  ) -> CommandSpec {
    CommandSpec(name: name, text: text) { model, _ in run(&model) }
  }

  /// A key, whose name after `:` is that of its action.
  ///
  /// - Parameter own: what it does, where no context has a meaning of its own for it.
  static func key(
    _ action: Action, _ keys: [Key], _ shown: String, _ text: String,
    own: (@Sendable (inout Model) -> [Effect])? = nil
  ) -> CommandSpec {
    CommandSpec(
      name: action.name, text: text,
      key: CommandKey(action: action, keys: keys, shown: shown, text: text, own: own)
    ) { model, _ in act(&model, action) }
  }

  /// Takes what was typed; a refusal has the words of what it expects.
  func callAsFunction(_ model: inout Model, _ text: String) -> [Effect] {
    if let fault = parameter.fault(name, text) { return refuse(&model, fault) }
    return run(&model, TypedArgument(text)) ?? refuse(&model, ":\(name) takes \(takes)")
  }

  /// What help finds it by beside its own line.
  var otherWords: String {
    var all = aliases
    if case .words(let words) = parameter { all += words }
    if let field { all += [field.name, field.help] }
    return all.joined(separator: " ")
  }

  /// What it takes and does.
  var words: String { takes.isEmpty ? text : "\(takes): \(text)" }
}

/// The keys of a command.
package struct CommandKey: Sendable {
  package let action: Action
  package let keys: [Key]
  /// How the keys are written.
  package let shown: String
  package let text: String
  let own: (@Sendable (inout Model) -> [Effect])?
}

/// Commands, keys and ways of looking that belong together.
package struct CommandTopic: Sendable {
  package let title: String
  /// Where its keys stand on the help page, and its fields in a workspace file; lines stand in the order of the topics.
  var keyRank = 0
  var fieldRank = 0
  var keys: [CommandSpec] = []
  var lines: [CommandSpec] = []
  var fields: [ViewField] = []
}

/// Everything that can be asked for.
package enum CommandRegistry {
  /// The one list: a topic that is not in it does not exist.
  static let topics: [CommandTopic] = [
    .seeds, .places, .workspace, .report, .thresholds, .camera, .perfusion, .frames, .cleaning,
    .analyses,
    .networks, .visits, .people, .targets, .lesson, .registration, .reference, .overlays, .movement,
    .layouts, .sides, .history, .program,
  ]

  package static let keys: [CommandSpec] = topics.sorted { $0.keyRank < $1.keyRank }
    .flatMap(\.keys)
  package static let lines: [CommandSpec] = topics.flatMap(\.lines)
  package static let fields: [ViewField] = topics.sorted { $0.fieldRank < $1.fieldRank }
    .flatMap(\.fields)
  /// Names of commands that change what is computed: the only ones that a workspace repeats.
  package static let settings = Set(lines.filter(\.isSetting).map(\.name))

  /// Keys whose name no line has are commands too.
  package static let actions: [CommandSpec] = {
    let taken = Set(lines.map(\.name))
    return keys.filter { !taken.contains($0.name) }
  }()
  package static let names: [String] = lines.map(\.name) + actions.map(\.name)

  private static let byName = Dictionary(
    (lines + actions).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  private static let byAlias = Dictionary(
    lines.flatMap { spec in spec.aliases.map { ($0, spec) } },
    uniquingKeysWith: { first, _ in first })
  private static let byAction = Dictionary(
    keys.compactMap { spec in spec.key.map { ($0.action, spec) } },
    uniquingKeysWith: { first, _ in first })

  /// A command by its name, or by one that it had before.
  package static func named(_ name: String) -> CommandSpec? { byName[name] ?? byAlias[name] }
  package static func of(_ action: Action) -> CommandSpec? { byAction[action] }

  /// The name that a word is, else those that it begins: a line before a key's own name, both before a
  /// name of before.
  package static func found(_ word: String) -> [String] {
    if let exact = byName[word] ?? byAlias[word] { return [exact.name] }
    for some in [lines.map(\.name), actions.map(\.name)] {
      let fitting = some.filter { $0.hasPrefix(word) }
      if !fitting.isEmpty { return fitting }
    }
    return lines.filter { $0.aliases.contains { $0.hasPrefix(word) } }.map(\.name)
  }
}
