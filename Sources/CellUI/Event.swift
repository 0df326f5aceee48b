/// A key as a person pressed it.
package enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  case control(Unicode.Scalar)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, tab, backTab, backspace, delete
  case function(Int)
  /// Something that was pointed at.
  case mouse(Mouse)
  /// Text that came at once from somewhere else: it is never taken for keys.
  case pasted(String)
}

/// The mouse over a cell, counted from 0.
package struct Mouse: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case press, drag, release, wheelUp, wheelDown
  }
  package var kind: Kind
  package var column: Int
  package var row: Int

  package init(_ kind: Kind, column: Int, row: Int) {
    self.kind = kind
    self.column = column
    self.row = row
  }
}

/// What a terminal tells the loop.
package enum Event: Hashable, Sendable {
  case key(Key)
  case resized(Size)
  /// The program was stopped and goes on: everything must be drawn anew.
  case resumed
  /// The terminal is gone, or the program was asked to end.
  case ended
}

/// What showing one frame took.
package struct FrameCost: Equatable, Sendable {
  package var bytes: Int
  package var milliseconds: Double

  package init(bytes: Int, milliseconds: Double) {
    self.bytes = bytes
    self.milliseconds = milliseconds
  }
}

/// A terminal, real or recorded. One thread owns it.
package protocol Terminal {
  var size: Size { get }
  var capabilities: Capabilities { get }
  /// What the last frame took; nil where nobody counts.
  var cost: FrameCost? { get }
  /// The next event, or nil when none came within the time or `wake` was called.
  mutating func nextEvent(withinMilliseconds: Int) -> Event?
  /// Shows a frame.
  mutating func show(_ frame: Frame)
  /// Forgets what is on the screen, so that the next frame is drawn whole.
  mutating func repaint()
  /// Stops the program as Ctrl-Z does and puts the screen back when it goes on.
  mutating func suspend()
}

/// Keys from text: characters, and names in angle brackets such as `<Up>`, `<C-x>`, `<Lt>` for `<`;
/// the mouse as `<Press:COLUMN,ROW>`, `<Drag:…>`, `<Release:…>`, `<WheelUp:…>` and `<WheelDown:…>`.
package enum KeyScript {
  /// A name in angle brackets that is none.
  package struct UnknownKey: Error, Equatable {
    package let name: String
  }

  static let names: [String: Key] = [
    "up": .up, "down": .down, "left": .left, "right": .right, "pgup": .pageUp, "pgdn": .pageDown,
    "home": .home, "end": .end, "enter": .enter, "esc": .escape, "tab": .tab, "btab": .backTab,
    "bs": .backspace, "del": .delete, "space": .character(" "), "lt": .character("<"),
  ]

  package static func parse(_ text: String) throws(UnknownKey) -> [Key] {
    var keys: [Key] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      rest.removeFirst()
      guard scalar == "<", let end = rest.firstIndex(of: ">") else {
        keys.append(scalar == "\n" ? .enter : .character(scalar))
        continue
      }
      let name = String(String.UnicodeScalarView(rest[..<end]))
      rest = rest[rest.index(after: end)...]
      if let key = names[name.lowercased()] {
        keys.append(key)
      } else if name.count == 3, name.lowercased().hasPrefix("c-"),
        let letter = name.lowercased().unicodeScalars.last
      {
        keys.append(.control(letter))
      } else if name.lowercased().hasPrefix("f"), let n = Int(name.dropFirst()),
        (1...12).contains(n)
      {
        keys.append(.function(n))
      } else if let mouse = mouse(name) {
        keys.append(.mouse(mouse))
      } else {
        throw UnknownKey(name: name)
      }
    }
    return keys
  }

  private static func mouse(_ name: String) -> Mouse? {
    let parts = name.split(separator: ":")
    guard parts.count == 2,
      let kind = Mouse.Kind.allCases.first(where: {
        $0.rawValue.lowercased() == parts[0].lowercased()
      })
    else { return nil }
    let numbers = parts[1].split(separator: ",").compactMap { Int($0) }
    guard numbers.count == 2, numbers.allSatisfy({ (0..<10_000).contains($0) }) else { return nil }
    return Mouse(kind, column: numbers[0], row: numbers[1])
  }

  /// A key as `parse` reads it.
  package static func text(_ key: Key) -> String {
    switch key {
    case .character(" "): return "<Space>"
    case .character("<"): return "<Lt>"
    case .character(let scalar): return String(scalar)
    case .control(let scalar): return "<C-\(scalar)>"
    case .function(let n): return "<F\(n)>"
    case .pasted(let text): return "<Paste:\(text.count)>"
    case .mouse(let m): return "<\(m.kind.rawValue):\(m.column),\(m.row)>"
    default:
      // Names that two keys do not share, so the first that means it is the one.
      let name = names.filter { $0.value == key }.map(\.key).min() ?? "?"
      let shown = ["pgup": "PgUp", "pgdn": "PgDn", "btab": "BTab", "bs": "BS"][name]
      return "<" + (shown ?? name.prefix(1).uppercased() + name.dropFirst()) + ">"
    }
  }
}

/// A terminal that is not there: keys come from a script, frames are kept.
package struct RecordingTerminal: Terminal {
  package let size: Size
  package let capabilities: Capabilities
  private var keys: ArraySlice<Key>
  /// The last frame that was shown.
  package private(set) var frame: Frame?

  package init(size: Size, capabilities: Capabilities, keys: [Key]) {
    self.size = size
    self.capabilities = capabilities
    self.keys = keys[...]
  }

  /// The next key at once; the end when the script is over.
  package mutating func nextEvent(withinMilliseconds: Int) -> Event? {
    keys.popFirst().map(Event.key) ?? .ended
  }

  package mutating func show(_ frame: Frame) {
    self.frame = frame
  }

  package var cost: FrameCost? { nil }

  package mutating func repaint() {}

  package mutating func suspend() {}
}
