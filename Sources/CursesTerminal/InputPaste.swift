/// Pasted text on its way in, with a bound in time and length: the mark of its end may be lost.
package struct InputPaste {
  /// More than a screen of text is no name and no command; the rest is read over.
  static let lengthLimit = 10_000
  package static let pauseMilliseconds = 500.0
  package static let limitMilliseconds = 2000.0
  /// A byte of pasted text has the next one behind it; the Escape key has nothing.
  package static let escapeMilliseconds = 100.0

  package enum Step: Equatable {
    case goesOn
    case ends
    /// Somebody pressed Escape, to be rid of a paste without an end.
    case endsByEscape
  }

  private let began: Double
  private var last: Double
  private var scalars = String.UnicodeScalarView()
  private var isAfterEscape = false

  package init(at time: Double) {
    began = time
    last = time
  }

  package var text: String { String(scalars) }

  /// One more character; nil for a key that has none.
  package mutating func take(_ scalar: Unicode.Scalar?, at time: Double) -> Step {
    last = time
    isAfterEscape = scalar == "\u{1b}"
    if let scalar, scalars.count < Self.lengthLimit { scalars.append(scalar) }
    return time - began < Self.limitMilliseconds ? .goesOn : .ends
  }

  /// Nothing came.
  package mutating func pause(at time: Double) -> Step {
    if isAfterEscape, time - last >= Self.escapeMilliseconds {
      if scalars.last == "\u{1b}" { scalars.removeLast() }
      return .endsByEscape
    }
    return time - last < Self.pauseMilliseconds ? .goesOn : .ends
  }
}
