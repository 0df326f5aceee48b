import Foundation

/// Writes DICOM files for tests by the letter of PS3.5 and PS3.10: nothing of it comes from a library.
package struct DICOMWriter {
  package enum Encoding: String, CaseIterable, Sendable {
    case explicitLittle, implicitLittle, explicitBig

    package var uid: String {
      switch self {
      case .implicitLittle: "1.2.840.10008.1.2"
      case .explicitLittle: "1.2.840.10008.1.2.1"
      case .explicitBig: "1.2.840.10008.1.2.2"
      }
    }
  }

  package indirect enum Value {
    case text(String)
    case shorts([Int])
    case longs([Int])
    case doubles([Double])
    /// Pixels or other words of 16 bits.
    case words([UInt16])
    case bytes([UInt8])
    /// Pairs of group and element.
    case tags([(UInt16, UInt16)])
    case items([[Element]])
  }

  package struct Element {
    package var group: UInt16
    package var element: UInt16
    package var vr: String
    package var value: Value

    package init(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: Value) {
      self.group = group
      self.element = element
      self.vr = vr
      self.value = value
    }

    package init(_ group: UInt16, _ element: UInt16, _ vr: String, _ text: String) {
      self.init(group, element, vr, .text(text))
    }
  }

  package var encoding = Encoding.explicitLittle
  /// What the meta header says instead of the encoding's own UID.
  package var syntax: String?

  package init(_ encoding: Encoding = .explicitLittle, syntax: String? = nil) {
    self.encoding = encoding
    self.syntax = syntax
  }

  /// A whole file: preamble, mark, meta header and the elements in their order.
  package func file(_ elements: [Element]) -> [UInt8] {
    let meta = DICOMWriter(.explicitLittle)
    func text(_ group: UInt16, _ element: UInt16) -> String {
      for case let e in elements where e.group == group && e.element == element {
        if case .text(let text) = e.value { return text }
      }
      return ""
    }
    let body =
      meta.bytes(Element(2, 1, "OB", .bytes([0, 1])))
      + meta.bytes(Element(2, 2, "UI", text(8, 0x16)))
      + meta.bytes(Element(2, 3, "UI", text(8, 0x18)))
      + meta.bytes(Element(2, 0x10, "UI", syntax ?? encoding.uid))
      + meta.bytes(Element(2, 0x12, "UI", "1.2.3.4"))
    let length = meta.bytes(Element(2, 0, "UL", .longs([body.count])))
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + body
      + dataset(elements)
  }

  package func dataset(_ elements: [Element]) -> [UInt8] {
    elements.sorted { ($0.group, $0.element) < ($1.group, $1.element) }.flatMap { bytes($0) }
  }

  private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
    let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    return encoding == .explicitBig ? little.reversed() : little
  }

  private func short(_ value: Int) -> [UInt8] { number(UInt64(truncatingIfNeeded: value), 2) }
  private func long(_ value: Int) -> [UInt8] { number(UInt64(truncatingIfNeeded: value), 4) }

  package func bytes(_ e: Element) -> [UInt8] {
    var value = content(e)
    if value.count % 2 != 0 { value.append(["UI", "OB", "UN"].contains(e.vr) ? 0 : 32) }
    let tag = short(Int(e.group)) + short(Int(e.element))
    if encoding == .implicitLittle { return tag + long(value.count) + value }
    let vr = Array(e.vr.utf8)
    if ["OB", "OW", "SQ", "UN", "UT", "OF"].contains(e.vr) {
      return tag + vr + [0, 0] + long(value.count) + value
    }
    return tag + vr + short(value.count) + value
  }

  private func content(_ e: Element) -> [UInt8] {
    switch e.value {
    case .text(let text): Array(text.utf8)
    case .shorts(let values): values.flatMap { short($0) }
    case .longs(let values): values.flatMap { long($0) }
    case .doubles(let values): values.flatMap { number($0.bitPattern, 8) }
    case .words(let values): values.flatMap { short(Int($0)) }
    case .bytes(let bytes): bytes
    case .tags(let tags): tags.flatMap { short(Int($0.0)) + short(Int($0.1)) }
    case .items(let items):
      items.flatMap { item in
        let inside = dataset(item)
        return short(0xfffe) + short(0xe000) + long(inside.count) + inside
      }
    }
  }
}

/// Numbers as decimal strings, apart by backslashes.
package func decimals(_ values: [Double]) -> String {
  values.map { value in
    // A decimal string has at most 16 characters.
    var digits = 12
    while true {
      let text = String(format: "%.\(digits)g", value)
      if text.utf8.count <= 16 || digits == 1 { return text }
      digits -= 1
    }
  }.joined(separator: "\\")
}
