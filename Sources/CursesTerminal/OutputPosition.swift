/// Where in a stream for the terminal one is: between characters and control sequences, or inside one.
///
/// The states are those of ECMA-48 and UTF-8, as far as this program writes them.
package struct OutputPosition: Equatable {
  private enum State: Equatable {
    case between, escape, charset, control, command, string, stringEscape
    /// Bytes of a character in UTF-8 that are still to come.
    case character(Int)
  }

  private var state = State.between
  package var isBetween: Bool { state == .between }

  package init() {}

  package mutating func take(_ byte: UInt8) {
    switch state {
    case .between: state = Self.beginning(byte)
    case .escape: state = Self.afterEscape(byte)
    case .control: if (0x40...0x7e).contains(byte) { state = .between }
    case .charset, .stringEscape: state = .between
    // The Linux console's own way to reset its colours, OSC R, has no end.
    case .command where byte == UInt8(ascii: "R"): state = .between
    case .command, .string: state = byte == 7 ? .between : byte == 0x1b ? .stringEscape : .string
    case .character(let left): state = left > 1 ? .character(left - 1) : .between
    }
  }

  /// How many of the bytes that come next end what is under way.
  package func bytesToEnd(in next: [UInt8]) -> Int {
    var position = self
    var count = 0
    while !position.isBetween, count < next.count {
      position.take(next[count])
      count += 1
    }
    return count
  }

  private static func beginning(_ byte: UInt8) -> State {
    switch byte {
    case 0x1b: .escape
    case 0xc0...0xdf: .character(1)
    case 0xe0...0xef: .character(2)
    case 0xf0...0xf7: .character(3)
    default: .between
    }
  }

  private static func afterEscape(_ byte: UInt8) -> State {
    switch byte {
    case UInt8(ascii: "["): .control
    case UInt8(ascii: "]"): .command
    case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): .string
    case 0x20...0x2f: .charset
    default: .between
    }
  }
}
