import Basics
import CellUI
import Imaging

/// What a command takes: for completion, for help and for the words of a refusal.
package enum Parameter: Sendable, Equatable {
  case nothing
  /// A number within a range of a unit, or the word `none` where that is said.
  case number(ClosedRange<Double>, String, orNone: Bool)
  case words([String])
  case seed, place, region, bookmark, workspace
  /// A file whose name ends so; any when there is none.
  case file([String])
  /// The name of an overlay.
  case overlay
  case other(example: String)

  static let onOff = Parameter.words(["on", "off"])

  /// One of the words of a kind.
  static func of<T: CaseIterable & RawRepresentable>(_ type: T.Type) -> Parameter
  where T.RawValue == String { .words(T.allCases.map(\.rawValue)) }

  static func number(_ range: ClosedRange<Double>, _ unit: String) -> Parameter {
    .number(range, unit, orNone: false)
  }

  /// Why what was typed cannot be meant, with range and unit; nil when it may be.
  func fault(_ name: String, _ rest: String) -> String? {
    guard case .number(let range, let unit, let orNone) = self else { return nil }
    let expected =
      "a number from \(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound)) (\(unit))"
      + (orNone ? ", or none" : "")
    if orNone, rest == "none" { return nil }
    if rest.isEmpty { return ":\(name) takes \(expected)" }
    let shown = visibleText(rest, limit: 30)
    guard let n = typedNumbers(rest) else {
      return "\(shown) is no number: :\(name) takes \(expected)"
    }
    guard n.count == 1 else { return "\(shown) is not one number: :\(name) takes \(expected)" }
    return range.contains(n[0]) ? nil : "\(shown) is out of range: :\(name) takes \(expected)"
  }
}
