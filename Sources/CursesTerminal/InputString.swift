package import CellUI

/// A control string on its way in (OSC, DCS, APC, PM, SOS): read over, with a bound in time and length.
package struct InputString {
  static let introducers: [Character] = ["]", "P", "_", "^", "X"]
  /// Codes beyond those of ncurses' own keys.
  package static let firstCode: Int32 = 1510
  package static let endCode: Int32 = 1520
  static let mouseCode: Int32 = 1521
  /// No answer is as long as this; what follows are keys again.
  package static let lengthLimit = 1 << 20
  package static let pauseMilliseconds = 150.0
  static let limitMilliseconds = 5000.0

  package enum Step: Equatable {
    case goesOn
    case ends
    /// The string was cut off by a key.
    case isKey
    /// There was no string: somebody typed Escape or Alt and its first byte.
    case wasTyped([Key])
  }

  private let first: Character
  private let began: Double
  private var last: Double
  package private(set) var length: Int

  /// - Parameter length: bytes of it that were read over elsewhere.
  package init(introducer code: Int32, at time: Double, length: Int = 0) {
    first = Self.introducer(code) ?? "]"
    began = time
    last = time
    self.length = length
  }

  /// The rest of a string whose beginning was read elsewhere; nil where there is none.
  init?(after beginning: [UInt8], at time: Double) {
    guard beginning.count > 1, beginning[0] == 0x1b,
      let n = Self.introducers.firstIndex(of: Character(Unicode.Scalar(beginning[1])))
    else { return nil }
    self.init(
      introducer: Self.firstCode + Int32(n), at: time, length: beginning.count - 2)
  }

  static func introducer(_ code: Int32) -> Character? {
    let n = Int(code) - Int(firstCode)
    return introducers.indices.contains(n) ? introducers[n] : nil
  }

  /// One more byte or key.
  package mutating func take(_ code: Int32, at time: Double) -> Step {
    last = time
    length += 1
    switch code {
    case 7, 0x18, 0x1a, 0x1b, Self.endCode: return .ends
    case 3: return .isKey
    case 256...: return .isKey
    default:
      let isTooMuch = length >= Self.lengthLimit || time - began > Self.limitMilliseconds
      return isTooMuch ? .ends : .goesOn
    }
  }

  /// Nothing came.
  package mutating func pause(at time: Double) -> Step {
    guard time - last >= Self.pauseMilliseconds else { return .goesOn }
    guard length == 0, let scalar = first.unicodeScalars.first else { return .ends }
    return .wasTyped([.escape, .character(scalar)])
  }

  /// The mouse from button, column and row as single bytes from 32 on.
  package static func oldMouse(_ bytes: [Int32]) -> Mouse? {
    guard bytes.count == 3, bytes.allSatisfy({ (32...255).contains($0) }), bytes[1] > 32,
      bytes[2] > 32
    else { return nil }
    let button = bytes[0] - 32
    let kind: Mouse.Kind
    switch button & ~0x1c {
    case 0: kind = .press
    case 3: kind = .release
    case 32: kind = .drag
    case 64: kind = .wheelUp
    case 65: kind = .wheelDown
    default: return nil
    }
    return Mouse(kind, column: Int(bytes[1]) - 33, row: Int(bytes[2]) - 33)
  }
}
