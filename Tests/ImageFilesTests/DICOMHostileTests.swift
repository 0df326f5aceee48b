import Basics
import Foundation
import ImageFiles
import TestSupport
import Testing

@Suite("Damaged and hostile DICOM files are refused, and end nothing")
struct DICOMHostileTests {
  /// Whether a file was refused, with its name; anything else it may do is to open.
  @discardableResult
  static func isRefused(_ bytes: [UInt8], _ folder: String) throws -> Bool {
    let path = folder + "/bad.dcm"
    try Data(bytes).write(to: URL(filePath: path))
    do throws(Problem) {
      _ = try ImageReader.read(path)
      return false
    } catch {
      #expect(!error.sentence.contains("Secret"))
      return true
    }
  }

  static func expectRefused(_ bytes: [UInt8], _ folder: String, _ label: String = "") throws {
    let refused = try isRefused(bytes, folder)
    #expect(refused, "\(label)")
  }

  /// An element with a short length, explicit little endian.
  private static func element(
    _ group: UInt8, _ element: UInt8, _ vr: String, _ text: String
  ) -> [UInt8] {
    let value = Array(text.utf8) + (text.utf8.count % 2 == 0 ? [] : [0x20])
    return [group, 0, element, 0] + Array(vr.utf8) + [UInt8(value.count), 0] + value
  }

  @Test func truncatedFiles() throws {
    let phantom = DICOMPhantom()
    let whole = phantom.writer.file(phantom.nuclear)
    try withTemporaryFolder { folder in
      for count in stride(from: 0, to: whole.count, by: 13) {
        try Self.expectRefused(Array(whole.prefix(count)), folder, "\(count) bytes")
      }
      let refused = try Self.isRefused(whole, folder)
      #expect(!refused)
    }
  }

  @Test func bytesThatWereChanged() throws {
    var random = SeededGenerator(seed: 11)
    try withTemporaryFolder { folder in
      for packing in DICOMPhantom.Packing.allCases {
        var phantom = DICOMPhantom()
        phantom.packing = packing
        try write(phantom.nuclear, of: phantom, to: folder + "/good.dcm")
        let whole = Array(try Data(contentsOf: URL(filePath: folder + "/good.dcm")))
        try FileManager.default.removeItem(atPath: folder + "/good.dcm")
        for _ in 0..<60 {
          var bytes = whole
          for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: 132..<bytes.count, using: &random)] = UInt8.random(
              in: 0...255, using: &random)
          }
          try Self.isRefused(bytes, folder)
        }
      }
    }
  }

  @Test func nestingBeyondReason() throws {
    // Sequences of unknown length in one another, a hundred thousand deep.
    let open: [UInt8] = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]
    let item: [UInt8] = [0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff]
    let phantom = DICOMPhantom()
    let head = phantom.writer.file([.init(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.20")])
    try withTemporaryFolder { folder in
      let deep = [[UInt8]](repeating: open + item, count: 100_000).flatMap { $0 }
      try Self.expectRefused(head + deep, folder)
      // The same hidden in elements of unknown kind.
      let unknown: [UInt8] = [0x09, 0, 0x40, 0x11, 0x55, 0x4e, 0, 0, 0xff, 0xff, 0xff, 0xff]
      let hidden =
        unknown + item
        + [[UInt8]](
          repeating: [0x08, 0, 0x40, 0x11, 0xff, 0xff, 0xff, 0xff] + item, count: 100_000
        ).flatMap { $0 }
      try Self.expectRefused(head + hidden, folder)
    }
  }

  @Test(arguments: ["4294967295", "2147483647", "-1", "0", "99999999999999999999", "1e3"])
  func countsOfFrames(_ count: String) throws {
    var phantom = DICOMPhantom()
    phantom.extra = [.init(0x28, 8, "IS", count)]
    try withTemporaryFolder { folder in
      for packing in [DICOMPhantom.Packing.explicitLittle, .rle] {
        phantom.packing = packing
        if packing == .rle {
          // Compressed first, and the count changed afterwards, because the encoder refuses it.
          var good = DICOMPhantom()
          good.packing = .rle
          let path = folder + "/good.dcm"
          try write(good.nuclear, of: good, to: path)
          let bytes = Array(try Data(contentsOf: URL(filePath: path)))
          try FileManager.default.removeItem(atPath: path)
          let usual = Self.element(0x28, 8, "IS", "\(good.slices)")
          let at = try #require(
            bytes.indices.first { bytes[$0...].starts(with: usual) })
          func with(_ count: String) -> [UInt8] {
            bytes[..<at] + Self.element(0x28, 8, "IS", count) + bytes[(at + usual.count)...]
          }
          try #require(try !Self.isRefused(with("\(good.slices) "), folder))
          try Self.expectRefused(with(count), folder)
        } else {
          try Self.expectRefused(phantom.writer.file(phantom.nuclear), folder)
        }
      }
    }
  }

  @Test func sizesBeyondReason() throws {
    var phantom = DICOMPhantom()
    phantom.extra = [
      .init(0x28, 0x10, "US", .shorts([65535])), .init(0x28, 0x11, "US", .shorts([65535])),
    ]
    try withTemporaryFolder { folder in
      try Self.expectRefused(phantom.writer.file(phantom.nuclear), folder)
      for syntax in ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80"] {
        let bytes = DICOMWriter(.explicitLittle, syntax: syntax).file(phantom.nuclear)
        try Self.expectRefused(bytes, folder)
      }
    }
  }

  @Test func deflatedNonsense() throws {
    let head = DICOMWriter(.explicitLittle, syntax: "1.2.840.10008.1.2.1.99").file([])
    try withTemporaryFolder { folder in
      try Self.expectRefused(head + [0xff, 0xff, 0xff], folder)
      try Self.expectRefused(head, folder)
    }
  }
}
