import Foundation

/// Words that stand for names, numbers and dates, planted where nothing may be taken from.
package enum Planted {
  /// A word that nothing else contains.
  package static func word(_ n: Int) -> String {
    "Qzxv" + String(n + 1000, radix: 36).uppercased() + "k"
  }

  /// Control and bidi characters, as a hostile header has them.
  package static let marks = "\u{1b}[31m\u{202e}\u{200b}\u{9b}2J"

  /// What stands in text fields of DICOM, by tag and representation: PS3.6 of people, places, notes and devices.
  package static let fields: [(group: UInt16, element: UInt16, vr: String)] = [
    (8, 0x50, "SH"), (8, 0x80, "LO"), (8, 0x81, "ST"), (8, 0x90, "PN"), (8, 0x92, "ST"),
    (8, 0x94, "SH"),
    (8, 0x1010, "SH"), (8, 0x1030, "LO"), (8, 0x1040, "LO"), (8, 0x1048, "PN"), (8, 0x1050, "PN"),
    (8, 0x1060, "PN"), (8, 0x1070, "PN"), (8, 0x1080, "LO"), (8, 0x1084, "LO"), (8, 0x2111, "ST"),
    (8, 0x4000, "LT"), (0x10, 0x21, "LO"), (0x10, 0x22, "CS"), (0x10, 0x1000, "LO"),
    (0x10, 0x1001, "PN"),
    (0x10, 0x1005, "PN"), (0x10, 0x1040, "LO"), (0x10, 0x1060, "PN"), (0x10, 0x1080, "LO"),
    (0x10, 0x1090, "LO"), (0x10, 0x2000, "LO"), (0x10, 0x2110, "LO"), (0x10, 0x2150, "LO"),
    (0x10, 0x2152, "LO"), (0x10, 0x2154, "SH"), (0x10, 0x2160, "SH"), (0x10, 0x2180, "SH"),
    (0x10, 0x21b0, "LT"), (0x10, 0x21f0, "LO"), (0x10, 0x4000, "LT"), (0x18, 0x1000, "LO"),
    (0x18, 0x1400, "LO"), (0x18, 0x4000, "LT"), (0x20, 0x10, "SH"), (0x20, 0x3404, "LO"),
    (0x20, 0x4000, "LT"),
    (0x32, 0x12, "LO"), (0x32, 0x1032, "PN"), (0x32, 0x1033, "LO"), (0x32, 0x1060, "LO"),
    (0x32, 0x4000, "LT"),
    (0x38, 0x10, "LO"), (0x38, 0x300, "LO"), (0x38, 0x500, "LO"), (0x38, 0x4000, "LT"),
    (0x40, 6, "PN"),
    (0x40, 0x241, "AE"), (0x40, 0x242, "SH"), (0x40, 0x253, "SH"), (0x40, 0x254, "LO"),
    (0x40, 0x280, "ST"),
    (0x40, 0x1001, "SH"), (0x40, 0x1010, "PN"), (0x40, 0x1400, "LT"), (0x40, 0x2016, "LO"),
    (0x40, 0x2017, "LO"), (0x40, 0x2400, "LT"), (0x40, 0xa075, "PN"), (0x40, 0xa123, "PN"),
    (0x40, 0xa160, "UT"), (0x88, 0x140, "LO"), (0x4008, 0x10b, "ST"), (0x4008, 0x114, "PN"),
    (0x4008, 0x300, "ST"),
    (9, 0x10, "LO"), (9, 0x1001, "LO"), (9, 0x1002, "UN"), (0x29, 0x10, "LO"), (0x29, 0x1020, "UT"),
  ]

  /// All of them, each with a word of its own, and the same once more within an item.
  package static var elements: [DICOMWriter.Element] {
    var out: [DICOMWriter.Element] = []
    for (n, field) in fields.enumerated() {
      out.append(element(field, word(n)))
    }
    out.append(
      .init(
        0x8, 0x1140, "SQ",
        .items([
          [
            .init(0x8, 0x80, "LO", word(500)), .init(0x10, 0x10, "PN", word(501)),
            .init(0x10, 0x20, "LO", word(502)),
          ]
        ])))
    return out.sorted { ($0.group, $0.element) < ($1.group, $1.element) }
  }

  private static func element(
    _ field: (group: UInt16, element: UInt16, vr: String), _ word: String
  ) -> DICOMWriter.Element {
    let isShort = ["CS", "AE", "SH"].contains(field.vr)
    return .init(field.group, field.element, field.vr, isShort ? word : word + marks)
  }

  /// Words of a text that were planted.
  package static func found(in text: String) -> Set<String> {
    Set(text.matches(of: /Qzxv[0-9A-Z]+k/).map { String($0.0) })
  }

  /// Bytes of a text that drive a terminal or turn it round; line ends are none.
  package static func driving(_ text: String) -> [String] {
    text.unicodeScalars.filter { c in
      switch c.value {
      case 9, 10: false
      case 0..<32, 127..<160, 0x200b...0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x61c, 0xfeff: true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }
}
