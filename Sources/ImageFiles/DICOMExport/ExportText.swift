import Basics
import Foundation

/// Text and numbers as DICOM elements hold them (PS3.5, 6.2).
package enum ExportText {
  /// One value of a short text (SH, LO): one line, without the backslash that divides values, and with what shows
  /// nothing of itself made visible.
  ///
  /// - Parameter limit: characters.
  package static func line(_ text: String, limit: Int = 64) -> String {
    let seen = text.unicodeScalars.map { scalar -> String in
      if scalar == "\\" { return "/" }
      return isInvisible(scalar) ? code(scalar) : String(scalar)
    }
    return shortened(trimmed(seen.joined()), limit)
  }

  /// A longer text (ST, LT, UT), in which backslashes and line ends mean themselves.
  package static func block(_ text: String, limit: Int) -> String {
    let seen = text.unicodeScalars.map { scalar -> String in
      if scalar == "\n" { return "\r\n" }
      return isInvisible(scalar) ? code(scalar) : String(scalar)
    }
    return shortened(trimmed(seen.joined()), limit)
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: CharacterSet(charactersIn: " "))
  }

  private static func shortened(_ text: String, _ limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
  }

  /// A decimal string (DS): at most 16 bytes, as exact as they allow.
  package static func decimal(_ value: Double) -> String {
    // A zero has no sign.
    let value = value == 0 ? 0 : value
    let shortest = "\(value)"
    if shortest.utf8.count <= 16 { return shortest }
    for digits in stride(from: 15, to: 1, by: -1) {
      let text = String(format: "%.\(digits)g", value)
      if text.utf8.count <= 16 { return text }
    }
    return String(format: "%.1g", value)
  }

  /// Date and time of day (DA, TM) of now, by the clock on the wall.
  static func now() -> (date: String, time: String) {
    let c = Calendar(identifier: .gregorian)
      .dateComponents([.year, .month, .day, .hour, .minute, .second], from: Date())
    let date = String(format: "%04d%02d%02d", c.year ?? 0, c.month ?? 0, c.day ?? 0)
    return (date, String(format: "%02d%02d%02d", c.hour ?? 0, c.minute ?? 0, c.second ?? 0))
  }

  /// A new unique identifier: 2.25 and a random UUID as one decimal number (PS3.5, B.2).
  package static func newUID() -> String {
    let u = UUID().uuid
    return uid(of: [
      u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
    ])
  }

  /// The identifier of a UUID's 16 bytes, most significant first.
  package static func uid(of uuid: [UInt8]) -> String {
    var number = uuid
    var digits: [UInt8] = []
    while number.contains(where: { $0 != 0 }) {
      var rest = 0
      for n in number.indices {
        let part = rest << 8 | Int(number[n])
        number[n] = UInt8(part / 10)
        rest = part % 10
      }
      digits.append(UInt8(ascii: "0") + UInt8(rest))
    }
    return "2.25." + (digits.isEmpty ? "0" : String(decoding: digits.reversed(), as: UTF8.self))
  }

  /// Whether text is an identifier: numbers without leading zeros, divided by points, at most 64 bytes.
  package static func isUID(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 64 && parts.count > 1
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
          && (part.count == 1 || part.first != "0")
      }
  }
}
