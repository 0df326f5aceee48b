/// DICOM written and read by hand, explicit little endian with lengths: nothing here is what the program uses.
package enum SmallDICOM {
  /// One element: tag, value representation, bytes.
  package typealias Element = (tag: UInt32, vr: String, value: [UInt8])

  package static func text(_ tag: UInt32, _ vr: String, _ value: String) -> Element {
    raw(tag, vr, Array(value.utf8))
  }

  /// Bytes as they are, padded to an even number.
  package static func raw(_ tag: UInt32, _ vr: String, _ value: [UInt8]) -> Element {
    let pad: UInt8 = vr == "UI" ? 0 : 0x20
    return (tag, vr, value.count % 2 == 0 ? value : value + [pad])
  }

  package static func words(_ tag: UInt32, _ values: UInt16...) -> Element {
    (tag, "US", values.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
  }

  private static func encoded(_ e: Element) -> [UInt8] {
    func little(_ n: Int, _ bytes: Int) -> [UInt8] {
      (0..<bytes).map { UInt8(n >> (8 * $0) & 0xff) }
    }
    let head =
      little(Int(e.tag >> 16), 2) + little(Int(e.tag & 0xffff), 2) + Array(e.vr.utf8)
    let isLong = ["OB", "OW", "OF", "SQ", "UT", "UN"].contains(e.vr)
    return head + (isLong ? [0, 0] + little(e.value.count, 4) : little(e.value.count, 2))
      + e.value
  }

  /// A file with preamble and meta header.
  package static func file(_ elements: [Element]) -> [UInt8] {
    func value(_ tag: UInt32) -> String {
      elements.first { $0.tag == tag }.map { String(decoding: $0.value, as: UTF8.self) } ?? "1.2"
    }
    let meta = [
      (0x0002_0001, "OB", [0, 1]), text(0x0002_0002, "UI", value(0x0008_0016)),
      text(0x0002_0003, "UI", value(0x0008_0018)),
      text(0x0002_0010, "UI", "1.2.840.10008.1.2.1"), text(0x0002_0012, "UI", "1.2.3.4"),
    ].flatMap(encoded)
    let count = [UInt8(meta.count & 0xff), UInt8(meta.count >> 8), 0, 0]
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + encoded((0x0002_0000, "UL", count)) + meta
      + elements.sorted { $0.tag < $1.tag }.flatMap(encoded)
  }

  /// What a source of the tests says when nothing else is asked for.
  package static let frame = "1.2.826.0.1.77"
  package static let series = "1.2.826.0.1.66"
  package static let study = "1.2.826.0.1.55"

  /// An MR image of one slice.
  ///
  /// - Parameters:
  ///   - changed: elements instead of the usual ones.
  ///   - without: tags that are left out.
  package static func source(_ changed: [Element] = [], without: Set<UInt32> = []) -> [UInt8] {
    let usual: [Element] = [
      text(0x0008_0005, "CS", "ISO_IR 100"), text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\M"),
      text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4"),
      text(0x0008_0018, "UI", "1.2.826.0.1.88"), text(0x0008_0020, "DA", "20240102"),
      text(0x0008_0030, "TM", "101112"), text(0x0008_0050, "SH", "ACC1"),
      text(0x0008_0060, "CS", "MR"), text(0x0008_0090, "PN", "Doc^Tor"),
      // In Latin 1, as the character set says.
      raw(0x0010_0010, "PN", Array("M".utf8) + [0xfc] + Array("ller^Secret".utf8)),
      text(0x0010_0020, "LO", "PAT-007"), text(0x0010_0030, "DA", "19600102"),
      text(0x0010_0040, "CS", "F"), text(0x0018_5100, "CS", "HFS"),
      text(0x0020_000d, "UI", study), text(0x0020_000e, "UI", series),
      text(0x0020_0010, "SH", "S1"), text(0x0020_0011, "IS", "4"), text(0x0020_0013, "IS", "1"),
      text(0x0020_0032, "DS", "-10\\-20\\30"), text(0x0020_0037, "DS", "-1\\0\\0\\0\\-1\\0"),
      text(0x0020_0052, "UI", frame), words(0x0028_0002, 1),
      text(0x0028_0004, "CS", "MONOCHROME2"), words(0x0028_0010, 2), words(0x0028_0011, 2),
      text(0x0028_0030, "DS", "3\\2"), words(0x0028_0100, 16), words(0x0028_0101, 16),
      words(0x0028_0102, 15), words(0x0028_0103, 0),
      (0x7fe0_0010, "OW", [UInt8](repeating: 0, count: 8)),
    ]
    let new = Set(changed.map(\.tag)).union(without)
    return file(usual.filter { !new.contains($0.tag) } + changed)
  }
}

/// Elements of a data set or an item, as they were found.
package struct DICOMTree {
  private var values: [UInt32: (vr: String, bytes: [UInt8])] = [:]

  /// Nil when the bytes are no file with preamble, or no explicit little endian with lengths.
  package init?(file bytes: [UInt8]) {
    guard bytes.count > 132, Array(bytes[128..<132]) == Array("DICM".utf8) else { return nil }
    self.init(Array(bytes[132...]))
  }

  private init?(_ bytes: [UInt8]) {
    func little(_ at: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
    var at = 0
    while at < bytes.count {
      guard at + 8 <= bytes.count else { return nil }
      let tag = UInt32(little(at, 2)) << 16 | UInt32(little(at + 2, 2))
      let vr = String(decoding: bytes[at + 4..<at + 6], as: UTF8.self)
      let isLong = ["OB", "OW", "OF", "OD", "SQ", "UT", "UN", "UC"].contains(vr)
      guard !isLong || at + 12 <= bytes.count else { return nil }
      let length = isLong ? little(at + 8, 4) : little(at + 6, 2)
      at += isLong ? 12 : 8
      guard at + length <= bytes.count else { return nil }
      values[tag] = (vr, Array(bytes[at..<at + length]))
      at += length
    }
  }

  package func bytes(_ tag: UInt32) -> [UInt8]? { values[tag]?.bytes }

  /// Text without its padding.
  package func text(_ tag: UInt32) -> String? {
    values[tag].map { value in
      var bytes = value.bytes
      while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Decimal strings.
  package func decimals(_ tag: UInt32) -> [Double] {
    (text(tag) ?? "").split(separator: "\\").compactMap { Double($0) }
  }

  package func int16s(_ tag: UInt32) -> [Int16] {
    let all = bytes(tag) ?? []
    return stride(from: 0, to: all.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(all[$0]) | UInt16(all[$0 + 1]) << 8)
    }
  }

  package func floats(_ tag: UInt32) -> [Float] {
    let all = bytes(tag) ?? []
    return stride(from: 0, to: all.count - 3, by: 4).map { at in
      Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(all[at + $1]) << (8 * $1) })
    }
  }

  /// Items of a sequence, in order.
  package func items(_ tag: UInt32) -> [DICOMTree] {
    let all = bytes(tag) ?? []
    var out: [DICOMTree] = []
    var at = 0
    while at + 8 <= all.count {
      let length = (0..<4).reduce(0) { $0 | Int(all[at + 4 + $1]) << (8 * $1) }
      guard at + 8 + length <= all.count,
        let item = DICOMTree(Array(all[at + 8..<at + 8 + length]))
      else { return out }
      out.append(item)
      at += 8 + length
    }
    return out
  }

  /// Every item within, at any depth.
  package var descendants: [DICOMTree] {
    values.keys.sorted().filter { values[$0]?.vr == "SQ" }.flatMap { tag in
      items(tag).flatMap { [$0] + $0.descendants }
    }
  }

  package var tags: Set<UInt32> { Set(values.keys) }
}
