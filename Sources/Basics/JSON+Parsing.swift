/// Why text is no JSON, and where.
package struct JSONFault: Error, Equatable, Sendable {
  package let line: Int
  package let found: String
}

extension JSON {
  /// The value that text states, and the line of each member by its path, such as `keys.quit`.
  ///
  /// A name that stands twice in one object is refused: readers disagree on which of the two counts.
  package static func parse(
    _ text: String
  ) throws(JSONFault) -> (value: JSON, lines: [String: Int]) {
    var parser = JSONParser(text)
    let value = try parser.value("", 0)
    parser.skipBlanks()
    guard parser.isAtEnd else { throw parser.fault("something follows the end") }
    return (value, parser.lines)
  }

  package var asString: String? { if case .string(let s) = self { s } else { nil } }

  package var number: Double? {
    switch self {
    case .number(let x): x
    case .int(let n): Double(n)
    default: nil
    }
  }

  package var items: [JSON]? { if case .array(let a) = self { a } else { nil } }

  package var members: [(String, JSON)]? { if case .object(let m) = self { m } else { nil } }

  package subscript(_ name: String) -> JSON? { members?.first { $0.0 == name }?.1 }
}

private struct JSONParser {
  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var line = 1
  /// Of members whose path is short, and of no more than a person would look for: both are for messages, and a long
  /// name around many members would otherwise be written out for each of them.
  private(set) var lines: [String: Int] = [:]
  private static let longestPath = 200
  private static let mostLines = 100_000

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  var isAtEnd: Bool { at >= scalars.count }

  func fault(_ found: String) -> JSONFault { JSONFault(line: line, found: found) }

  mutating func skipBlanks() {
    while at < scalars.count, [" ", "\t", "\r", "\n"].contains(scalars[at]) {
      if scalars[at] == "\n" { line += 1 }
      at += 1
    }
  }

  private mutating func take(_ word: String) -> Bool {
    let wanted = Array(word.unicodeScalars)
    guard at + wanted.count <= scalars.count,
      Array(scalars[at..<at + wanted.count]) == wanted
    else { return false }
    at += wanted.count
    return true
  }

  /// - Parameter path: nil where it is too long to be told.
  mutating func value(_ path: String?, _ depth: Int) throws(JSONFault) -> JSON {
    skipBlanks()
    guard depth < 64 else { throw fault("it is nested too deeply") }
    guard at < scalars.count else { throw fault("it ends too early") }
    switch scalars[at] {
    case "{": return try object(path, depth)
    case "[": return try array(path, depth)
    case "\"": return .string(try string())
    case "-", "0"..."9": return try number()
    default:
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      if take("null") { return .null }
      throw fault("\(scalars[at]) begins no value")
    }
  }

  /// The path of a member or an item.
  private static func inner(_ path: String?, _ name: String) -> String? {
    guard let path, path.utf8.count + name.utf8.count < longestPath else { return nil }
    return path.isEmpty ? name : path + "." + name
  }

  private mutating func object(_ path: String?, _ depth: Int) throws(JSONFault) -> JSON {
    at += 1
    var members: [(String, JSON)] = []
    var names: Set<String> = []
    skipBlanks()
    if take("}") { return .object([]) }
    while true {
      skipBlanks()
      guard at < scalars.count, scalars[at] == "\"" else { throw fault("a name is missing") }
      let name = try string()
      let inner = Self.inner(path, name)
      guard names.insert(name).inserted else { throw fault("\(name) stands twice") }
      if let inner, lines.count < Self.mostLines { lines[inner] = line }
      skipBlanks()
      guard take(":") else { throw fault("a colon is missing after \(name)") }
      members.append((name, try value(inner, depth + 1)))
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { throw fault("a comma or } is missing after \(name)") }
    }
  }

  private mutating func array(_ path: String?, _ depth: Int) throws(JSONFault) -> JSON {
    at += 1
    var items: [JSON] = []
    skipBlanks()
    if take("]") { return .array([]) }
    while true {
      items.append(try value(Self.inner(path, "\(items.count)"), depth + 1))
      skipBlanks()
      if take("]") { return .array(items) }
      guard take(",") else { throw fault("a comma or ] is missing") }
    }
  }

  private mutating func number() throws(JSONFault) -> JSON {
    let start = at
    while at < scalars.count, "+-.0123456789eE".unicodeScalars.contains(scalars[at]) { at += 1 }
    let text = String(String.UnicodeScalarView(scalars[start..<at]))
    if let n = Int(text) { return .int(n) }
    guard let x = Double(text), x.isFinite else { throw fault("\(text) is no number") }
    return .number(x)
  }

  private mutating func string() throws(JSONFault) -> String {
    at += 1
    var out = String.UnicodeScalarView()
    while at < scalars.count {
      let c = scalars[at]
      at += 1
      switch c {
      case "\"": return String(out)
      case "\\":
        guard at < scalars.count else { throw fault("a text has no end") }
        let e = scalars[at]
        at += 1
        switch e {
        case "n": out.append("\n")
        case "t": out.append("\t")
        case "r": out.append("\r")
        case "b": out.append("\u{8}")
        case "f": out.append("\u{c}")
        case "\"", "\\", "/": out.append(e)
        case "u": out.append(try escaped())
        default: throw fault("\\\(e) is no escape")
        }
      default:
        guard c.value >= 0x20 else { throw fault("a text has no end on its line") }
        out.append(c)
      }
    }
    throw fault("a text has no end")
  }

  private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
    func unit() -> UInt32? {
      guard at + 4 <= scalars.count else { return nil }
      return UInt32(String(String.UnicodeScalarView(scalars[at..<at + 4])), radix: 16)
    }
    guard let first = unit() else { throw fault("\\u has no four digits") }
    at += 4
    if let scalar = Unicode.Scalar(first) { return scalar }
    // Two halves of one character beyond the first 65536.
    guard (0xd800...0xdbff).contains(first), take("\\u"), let second = unit(),
      (0xdc00...0xdfff).contains(second),
      let whole = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw fault("\\u names half a character") }
    at += 4
    return whole
  }
}
