/// JSON to be written: keys keep their order, and what is missing is written as null.
package indirect enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  /// Written in the shortest form that reads back as the same number; null when not finite.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  package static func numbers(_ values: [Double]) -> JSON { .array(values.map(JSON.number)) }
  package static func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
  package static func optional(_ value: Bool?) -> JSON { value.map(JSON.bool) ?? .null }
  package static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

  /// A number as it was meant: one that came from 32 bits, such as a header's 1.16 s, in their shortest form.
  package static func meant(_ value: Double) -> JSON {
    let short = Float(value)
    return .number(Double(short) == value ? Double("\(short)") ?? value : value)
  }

  /// The same, null for no number.
  package static func meant(_ value: Double?) -> JSON { value.map { meant($0) } ?? .null }

  /// The same with every number in it as it was meant: for people, not for what is read back to the last bit.
  package var meant: JSON {
    switch self {
    case .number(let x): .meant(x)
    case .array(let items): .array(items.map(\.meant))
    case .object(let members): .object(members.map { ($0.0, $0.1.meant) })
    default: self
    }
  }

  /// An object with more members at its end; anything else as it is.
  package func adding(_ more: [(String, JSON)]) -> JSON {
    if case .object(let members) = self { .object(members + more) } else { self }
  }

  package static func == (a: JSON, b: JSON) -> Bool { a.text == b.text }

  /// Indented by two, arrays of plain values on one line.
  package var text: String {
    var out = ""
    write(to: &out, indent: "\n")
    return out
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  /// - Parameter indent: a line's end, and what the next line begins with.
  private func write(to out: inout String, indent: String) {
    switch self {
    case .null: out += "null"
    case .bool(let b): out += b ? "true" : "false"
    case .int(let n): out += String(n)
    case .number(let x) where !x.isFinite: out += "null"
    case .number(let x):
      out += x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) + ".0" : "\(x)"
    case .string(let s): JSON.quote(s, to: &out)
    case .array(let items):
      let isLine = items.allSatisfy(\.isPlain)
      let deeper = isLine ? indent : indent + "  "
      out += "["
      for (n, item) in items.enumerated() {
        if n > 0 { out += isLine ? ", " : "," }
        if !isLine { out += deeper }
        item.write(to: &out, indent: deeper)
      }
      out += isLine ? "]" : indent + "]"
    case .object(let members) where members.isEmpty: out += "{}"
    case .object(let members):
      let deeper = indent + "  "
      out += "{"
      for (n, member) in members.enumerated() {
        out += n > 0 ? "," + deeper : deeper
        JSON.quote(member.0, to: &out)
        out += ": "
        member.1.write(to: &out, indent: deeper)
      }
      out += indent + "}"
    }
  }

  private static func quote(_ s: String, to out: inout String) {
    let isPlain = s.utf8.allSatisfy { (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }
    if isPlain {
      out += "\""
      out += s
      out += "\""
    } else {
      out += quoted(s)
    }
  }

  private static func quoted(_ s: String) -> String {
    var out = "\""
    for scalar in s.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case let c where isInvisible(c):
        for unit in String(c).utf16 {
          let hex = String(unit, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
