package import Basics
import Connectivity
import Imaging
import Perfusion

/// One way of looking by name: the same in a workspace file, in the config file and on the command line.
package struct ViewField: Sendable {
  package let name: String
  /// What it is, in one line.
  package let help: String
  /// Its value in the help of an option: a word.
  package var value = ""
  /// What it takes, in words; with range and unit.
  package let expected: String
  /// Whether it speaks of one person's files, so that it has no place in a config file.
  package var isPersonal = false
  /// Its option of `view` and `snapshot` without dashes, where that has another name; empty for none.
  package var option: String?
  package let write: @Sendable (ViewState) -> JSON
  /// False when the value cannot be meant.
  package let read: @Sendable (inout ViewState, JSON) -> Bool

  package static let all: [ViewField] = CommandRegistry.fields

  package static func named(_ name: String) -> ViewField? { all.first { $0.name == name } }

  /// The fields of a state as one object; what is nil is left out.
  package static func json(_ state: ViewState) -> JSON {
    .object(all.map { ($0.name, $0.write(state)) }.filter { $0.1 != .null })
  }

  /// Its option with dashes; nil where it has none.
  package var optionName: String? { option == "" ? nil : "--" + (option ?? name) }

  /// What its option says of it: a switch needs no list of values.
  package var optionHelp: String {
    value == "on|off" ? help : "\(help.dropLast()): \(expected)."
  }

  /// Sets a field from what a person typed.
  package func set(_ state: inout ViewState, typed text: String) -> Bool {
    let typed = String(text.map { $0 == "−" ? "-" : $0 })
    let numbers = typedNumbers(typed) ?? []
    let value: JSON =
      numbers.count == 3
      ? .array(numbers.map(JSON.number))
      : Double(typed).map(JSON.number)
        ?? (typed == "on" ? .bool(true) : typed == "off" ? .bool(false) : .string(typed))
    return read(&state, value) || read(&state, .string(typed))
  }

  static func oneOf(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }

  static func words<T: Equatable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<ViewState, T> & Sendable, _ help: String,
    _ all: [(String, T)], value: String? = nil
  ) -> ViewField {
    ViewField(
      name: name, help: help, value: value ?? name, expected: oneOf(all.map(\.0)),
      write: { s in .optional(all.first { $0.1 == s[keyPath: path] }?.0) },
      read: { s, v in
        guard let found = all.first(where: { $0.0 == v.asString }) else { return false }
        s[keyPath: path] = found.1
        return true
      })
  }

  static func flag(
    _ name: String, _ path: any WritableKeyPath<ViewState, Bool> & Sendable, _ help: String,
    isPersonal: Bool = false
  ) -> ViewField {
    ViewField(
      name: name, help: help, value: "on|off", expected: "true or false; on or off when typed",
      isPersonal: isPersonal,
      write: { .bool($0[keyPath: path]) },
      read: { s, v in
        guard case .bool(let b) = v else { return false }
        s[keyPath: path] = b
        return true
      })
  }

  static func number(
    _ name: String, _ path: any WritableKeyPath<ViewState, Double> & Sendable, _ help: String,
    _ range: ClosedRange<Double>, _ unit: String, value: String
  ) -> ViewField {
    ViewField(
      name: name, help: help, value: value,
      expected: "\(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound)) (\(unit))",
      write: { .number($0[keyPath: path]) },
      read: { s, v in
        guard let x = v.number, range.contains(x) else { return false }
        s[keyPath: path] = x
        return true
      })
  }

  static func whole(
    _ name: String, _ path: any WritableKeyPath<ViewState, Int> & Sendable, _ help: String,
    _ range: ClosedRange<Int>, _ unit: String, value: String, isPersonal: Bool = false,
    option: String? = nil
  ) -> ViewField {
    ViewField(
      name: name, help: help, value: value,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound) (\(unit))",
      isPersonal: isPersonal, option: option,
      write: { .int($0[keyPath: path]) },
      read: { s, v in
        guard let x = v.number, x == x.rounded(), abs(x) < 1e9, range.contains(Int(x)) else {
          return false
        }
        s[keyPath: path] = Int(x)
        return true
      })
  }
}

extension RightPane {
  /// As a workspace file and the command line write it.
  package var words: String {
    switch self {
    case .measured(let n): n == 0 ? "measured" : "measured \(n)"
    case .simulated: "simulated"
    case .mapBlurred: "map-blurred"
    case .seriesBlurred: "series-blurred"
    case .difference(let n): n == 0 ? "difference" : "difference \(n)"
    case .second: "second"
    case .change: "change"
    case .made(.lostContrast): "lost-contrast"
    case .made(.asymmetry(let n, let side)):
      (side == .lower ? "asymmetry" : "asymmetry-higher") + (n == 0 ? "" : " \(n)")
    case .made(.subtraction(let isStated)): isStated ? "siscom-aligned" : "siscom"
    // Minutes of a camera are not spent by opening a file.
    case .made(.scan): "simulated"
    }
  }

  package init?(words: String) {
    let parts = words.split(separator: " ").map(String.init)
    guard let name = parts.first, parts.count <= 2 else { return nil }
    let n = parts.count == 2 ? Int(parts[1]) : 0
    guard let n, (0..<1000).contains(n) else { return nil }
    switch name {
    case "measured": self = .measured(n)
    case "difference": self = .difference(n)
    case "asymmetry": self = .made(.asymmetry(n, .lower))
    case "asymmetry-higher": self = .made(.asymmetry(n, .higher))
    case "lost-contrast" where parts.count == 1: self = .made(.lostContrast)
    case "siscom" where parts.count == 1: self = .made(.subtraction(isStated: false))
    case "siscom-aligned" where parts.count == 1: self = .made(.subtraction(isStated: true))
    case "simulated" where parts.count == 1: self = .simulated
    case "map-blurred" where parts.count == 1: self = .mapBlurred
    case "series-blurred" where parts.count == 1: self = .seriesBlurred
    case "second" where parts.count == 1: self = .second
    case "change" where parts.count == 1: self = .change
    default: return nil
    }
  }
}
