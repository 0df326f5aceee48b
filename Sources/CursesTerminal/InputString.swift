package import CellUI

/// A control string on its way in (OSC, DCS, APC, PM, SOS): read over, with a bound in time and length.
package struct InputString {
  static let introducers: [Character] = ["]", "P", "_", "^", "X"]
  /// What follows an escape that begins a sequence, and is nobody's key.
  private static let sequences = Set("[O]P_^X".unicodeScalars.map { Int32($0.value) })
  /// Codes beyond those of ncurses' own keys.
  package static let firstCode: Int32 = 1510
  package static let endCode: Int32 = 1520
  /// No answer is as long as this; what follows are keys again.
  package static let lengthLimit = 1 << 20
  package static let pauseMilliseconds = 150.0
  static let limitMilliseconds = 5000.0
  /// The end of a string may come in two pieces; behind the Escape key there is nothing.
  package static let escapeMilliseconds = 100.0

  package enum Step: Equatable {
    case goesOn
    case ends
    /// The string was cut off by a key.
    case isKey
    /// It was cut off by the Escape key, behind which another one lay ready.
    case isKeyBehindEscape
    /// There was no string: somebody typed Escape or Alt and its first byte.
    case wasTyped([Key])
  }

  private let first: Character
  private let began: Double
  private var last: Double
  private var isAfterEscape = false
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
    // Escape breaks a string off, and with the backslash behind it ends it.
    if isAfterEscape {
      if code == 0x5c { return .ends }
      return Self.sequences.contains(code) ? .isKey : .isKeyBehindEscape
    }
    switch code {
    case 7, 0x18, 0x1a, Self.endCode: return .ends
    case 0x1b:
      isAfterEscape = true
      return .goesOn
    case 3: return .isKey
    case 256...: return .isKey
    default:
      let isTooMuch = length >= Self.lengthLimit || time - began > Self.limitMilliseconds
      return isTooMuch ? .ends : .goesOn
    }
  }

  /// Nothing came.
  package mutating func pause(at time: Double) -> Step {
    if isAfterEscape {
      return time - last >= Self.escapeMilliseconds ? .wasTyped([.escape]) : .goesOn
    }
    guard time - last >= Self.pauseMilliseconds else { return .goesOn }
    guard length == 0, let scalar = first.unicodeScalars.first else { return .ends }
    return .wasTyped([.escape, .character(scalar)])
  }
}
