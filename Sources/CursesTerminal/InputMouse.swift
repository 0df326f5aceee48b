package import CellUI

/// A report of the mouse on its way in, with a bound in time and length: the rest of it may be lost.
///
/// Two kinds: button, column and row as three bytes from 32 on (`ESC [ M`), or as numbers with `M` for a press and
/// `m` for a release behind them (`ESC [ <`, SGR 1006).
package struct InputMouse {
  /// Codes beyond those of ncurses' own keys.
  static let oldCode: Int32 = 1521
  static let code: Int32 = 1522
  /// Three numbers of a real terminal are shorter.
  static let lengthLimit = 64
  package static let pauseMilliseconds = 150.0

  package enum Step: Equatable {
    case goesOn
    /// It is over; nil when it says nothing that is known here.
    case ends(Mouse?)
    /// It was cut off by a key.
    case isKey
  }

  private let isOld: Bool
  private var last: Double
  private var codes: [Int32] = []

  package init(isOld: Bool, at time: Double) {
    self.isOld = isOld
    last = time
  }

  /// One more byte or key.
  package mutating func take(_ code: Int32, at time: Double) -> Step {
    last = time
    if isOld {
      guard (32...255).contains(code) else { return .isKey }
      codes.append(code)
      return codes.count < 3 ? .goesOn : .ends(old)
    }
    switch code {
    case 0x30...0x39, 0x3b:
      codes.append(code)
      return codes.count < Self.lengthLimit ? .goesOn : .ends(nil)
    case 0x4d, 0x6d: return .ends(numbered(isRelease: code == 0x6d))
    default: return .isKey
    }
  }

  /// Nothing came.
  package mutating func pause(at time: Double) -> Step {
    time - last >= Self.pauseMilliseconds ? .ends(nil) : .goesOn
  }

  private var old: Mouse? {
    guard codes[1] > 32, codes[2] > 32 else { return nil }
    return Self.kind(codes[0] - 32).map {
      Mouse($0, column: Int(codes[1]) - 33, row: Int(codes[2]) - 33)
    }
  }

  private func numbered(isRelease: Bool) -> Mouse? {
    let numbers = codes.split(separator: 0x3b, omittingEmptySubsequences: false).map { digits in
      digits.count > 5 ? nil : digits.reduce(0) { 10 * $0 + $1 - 0x30 }
    }
    guard numbers.count == 3, let button = numbers[0], let column = numbers[1], column > 0,
      let row = numbers[2], row > 0, let kind = Self.kind(button)
    else { return nil }
    return Mouse(
      isRelease && kind == .press ? .release : kind, column: Int(column) - 1, row: Int(row) - 1)
  }

  /// Of a button's number; Shift, Alt and Ctrl (4, 8, 16) say nothing here.
  private static func kind(_ button: Int32) -> Mouse.Kind? {
    switch button & ~0x1c {
    case 0: .press
    case 3: .release
    case 32, 35: .drag
    case 64: .wheelUp
    case 65: .wheelDown
    default: nil
    }
  }
}
