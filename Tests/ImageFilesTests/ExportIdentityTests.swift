import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Whose an exported object is, and what it says of itself.
@Suite struct ExportIdentityTests {
  private func everyObject(_ source: ExportSource) throws -> [DICOMTree] {
    let note = ExportObjectTests.note
    let volume = Small.volume(try ExportObjectTests.grids()[0]) { Float($0.i) }
    let map = ExportObjectTests.map(volume)
    let target = ExportTarget(
      name: "t\\1", point: WorldPoint(-44, 40, 29), side: .left, label: "Frontal", r: -0.25,
      remarks: ["halves\u{1b}[31m 3 mm"])
    let files = [
      try ParametricMap.file(map, source: source, series: 1, name: "a.dcm"),
      try #require(try MRSlices.files(map, source: source, series: 2, name: "b").files.first),
      try SecondaryCapture.file(
        width: 2, height: 1, rgb: [1, 2, 3, 4, 5, 6], note: note, source: source, series: 3,
        instance: 1, name: "c.dcm"),
      try EncapsulatedPDF.file(
        Array("%PDF-1.4\n%%EOF".utf8), note: note, source: source, series: 4, name: "d.dcm"),
      try MeasurementReport.file(
        [target], note: note, source: source, series: 5, name: "e.dcm"),
    ]
    return try files.map(ExportObjectTests.parsed)
  }

  @Test func identityIsInheritedAndNamesAreNew() throws {
    let trees = try everyObject(try ExportObjectTests.source())
    let inherited: [(UInt32, String)] = [
      (0x0008_0005, "ISO_IR 192"), (0x0008_0020, "20240102"), (0x0008_0030, "101112"),
      (0x0008_0050, "ACC1"), (0x0008_0090, "Doc^Tor"), (0x0010_0010, "Müller^Secret"),
      (0x0010_0020, "PAT-007"), (0x0010_0030, "19600102"), (0x0010_0040, "F"),
      (0x0020_000d, SmallDICOM.study), (0x0020_0010, "S1"),
    ]
    var uids: Set<String> = []
    for tree in trees {
      for (tag, value) in inherited { #expect(tree.text(tag) == value) }
      for tag in [UInt32(0x0008_0018), 0x0020_000e] {
        let uid = try #require(tree.text(tag))
        #expect(uid.hasPrefix("2.25.") && ExportText.isUID(uid))
        uids.insert(uid)
      }
      #expect(tree.text(0x0018_1020) == boldspectVersion && tree.text(0x0008_0070) == "boldspect")
      #expect(tree.text(0x0008_103e)?.contains("no diagnosis") == true)
    }
    #expect(uids.count == 2 * trees.count)
    // What has a place is in the source's frame; a document is in none.
    #expect(
      trees.map { $0.text(0x0020_0052) } == [SmallDICOM.frame, SmallDICOM.frame, nil, nil, nil])
    #expect(trees.prefix(4).map { $0.text(0x0028_0301) } == ["NO", "NO", "YES", "YES"])
    #expect(trees[2].text(0x0008_0008) == "DERIVED\\SECONDARY")
    #expect(trees[2].bytes(0x7fe0_0010) == [1, 2, 3, 4, 5, 6])
    // The odd byte is padding, and the length says so.
    #expect(
      trees[3].bytes(0x0042_0011)?.count == 14 && trees[3].text(0x0042_0012) == "application/pdf")
    let said = trees[1].text(0x0020_4000) ?? ""
    #expect(said.contains(researchUse))
  }

  @Test func aTargetIsAPointInTheFrame() throws {
    let report = try #require(try everyObject(try ExportObjectTests.source()).last)
    let all = report.descendants
    let point = try #require(all.first { $0.text(0x0070_0023) == "POINT" })
    // RAS+ (−44, 40, 29) is LPS+ (44, −40, 29).
    #expect(point.floats(0x0070_0022) == [44, -40, 29])
    #expect(point.text(0x3006_0024) == SmallDICOM.frame)
    let codes = all.compactMap { $0.text(0x0008_0104) }
    #expect(codes.contains("Left") && !codes.contains("Right"))
    let words = all.compactMap { $0.text(0x0040_a160) }
    #expect(words.contains { $0.hasPrefix("t\\1, LEFT") })
    #expect(words.contains("halves<U+1B>[31m 3 mm"))
    #expect(words.contains { $0.contains(researchUse) })
    #expect(report.text(0x0040_a493) == "UNVERIFIED")
    #expect(all.contains { $0.decimals(0x0040_a30a) == [-0.25] })
  }

  @Test func aSourceWithoutIdentityIsRefused() throws {
    for tag in [UInt32(0x0008_0016), 0x0008_0018, 0x0010_0020, 0x0020_000d, 0x0020_000e] {
      #expect(throws: Problem.self, "\(String(tag, radix: 16))") {
        try ExportObjectTests.source(without: [tag])
      }
    }
    let empty = SmallDICOM.text(0x0010_0020, "LO", " ")
    #expect(throws: Problem.self) { try ExportObjectTests.source([empty]) }
    let odd = SmallDICOM.text(0x0020_000d, "UI", "1.02.x")
    #expect(throws: Problem.self) { try ExportObjectTests.source([odd]) }
    let rude = SmallDICOM.text(0x0010_0010, "PN", "A\u{7}B")
    #expect(throws: Problem.self) { try ExportObjectTests.source([rude]) }
    // Bytes of no character set that it names.
    let bare = SmallDICOM.text(0x0008_0005, "CS", "")
    #expect(throws: Problem.self) { try ExportObjectTests.source([bare]) }
    // Without a frame documents go out, places do not.
    let lost = try ExportObjectTests.source(without: [0x0020_0052])
    let map = ExportObjectTests.map(Small.volume(try ExportObjectTests.grids()[0]) { _ in 1 })
    #expect(throws: Problem.self) {
      try ParametricMap.file(map, source: lost, series: 1, name: "m.dcm")
    }
    #expect(throws: Problem.self) {
      try MeasurementReport.file(
        [], note: ExportObjectTests.note, source: lost, series: 1, name: "t.dcm")
    }
    _ = try EncapsulatedPDF.file(
      Array("%PDF-1.4\n%%EOF\n".utf8), note: ExportObjectTests.note, source: lost, series: 1,
      name: "d.dcm")
  }

  @Test func damagedSourcesAreRefused() throws {
    let whole = SmallDICOM.source()
    try withTemporaryFolder { folder in
      let path = folder + "/s.dcm"
      // Cut anywhere before the study's own name, it is refused; behind it nothing may happen but that.
      let study = Array(SmallDICOM.study.utf8)
      let end = try #require(whole.indices.first { whole[$0...].starts(with: study) })
      for count in stride(from: 0, to: whole.count, by: 5) {
        try Data(whole.prefix(count)).write(to: URL(filePath: path))
        let opened = try? ExportSource(path)
        #expect(opened == nil || count > end, "\(count)")
      }
      try Data("no DICOM at all".utf8).write(to: URL(filePath: path))
      #expect(throws: Problem.self) { try ExportSource(path) }
      #expect(throws: Problem.self) { try ExportSource(folder) }
      #expect(throws: Problem.self) { try ExportSource(folder + "/none") }
    }
  }

  @Test func wordsFitTheirElements() throws {
    #expect(ExportText.line("a\\b\u{1b}[0m\nc") == "a/b<U+1B>[0m<U+A>c")
    #expect(ExportText.line("  müde \u{202e}x ") == "müde <U+202E>x")
    let long = ExportText.line(String(repeating: "ä", count: 90))
    #expect(long.unicodeScalars.count == 64 && long.hasSuffix("…"))
    #expect(ExportText.block("a\\b\nc\u{7f}", limit: 20) == "a\\b\r\nc<U+7F>")
    // The standard's own example (PS3.5, B.2).
    let uuid: [UInt8] = [
      0xf8, 0x1d, 0x4f, 0xae, 0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0x00, 0xa0, 0xc9, 0x1e, 0x6b,
      0xf6,
    ]
    #expect(ExportText.uid(of: uuid) == "2.25.329800735698586629295641978511506172918")
    #expect(ExportText.uid(of: [UInt8](repeating: 0, count: 16)) == "2.25.0")
    for value in [
      0.1, -0.0, 1e-9, -123.456789012345, 1.0 / 3, -1e22, 32767.5, .leastNormalMagnitude,
    ] {
      let text = ExportText.decimal(value)
      #expect(text.utf8.count <= 16, "\(text)")
      let back = try #require(Double(text))
      #expect(abs(back - value) <= 1e-9 * abs(value))
    }
    #expect(ExportText.decimal(-0.0) == "0.0")
    #expect(!ExportText.isUID("1.2.03") && !ExportText.isUID("1..2") && ExportText.isUID("1.2.0"))
  }

  @Test func onlyAWholePDFIsOne() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/r.pdf"
      func write(_ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      try write("%PDF-1.7\n1 0 obj\n%%EOF\n")
      #expect(try EncapsulatedPDF.read(path).count == 23)
      for text in ["", "%PDF-1.7\n1 0 obj\n", "<html>%%EOF", " %PDF-1.7 %%EOF"] {
        try write(text)
        #expect(throws: Problem.self) { try EncapsulatedPDF.read(path) }
      }
    }
  }

  @Test func aFolderIsWholeOrNotThere() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/out"
      let files = [
        ExportedFile(name: "a.dcm", bytes: [1]), ExportedFile(name: "b.dcm", bytes: [2]),
      ]
      let hashes = try ExportFolder.write(files, to: out)
      #expect(hashes == [sha256(of: [1]), sha256(of: [2])])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: out).sorted() == ["a.dcm", "b.dcm"])
      #expect(throws: Problem.self) { try ExportFolder.write(files, to: out) }
      #expect(throws: Problem.self) { try ExportFolder.check(out) }
      // A name that cannot be written takes the others with it.
      let bad = [files[0], ExportedFile(name: "no/where.dcm", bytes: [3])]
      #expect(throws: Problem.self) { try ExportFolder.write(bad, to: folder + "/other") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out"])
      // What a run left that is gone goes too; no process has this number.
      let left = folder + "/.boldspect-2147483646-0-1.part"
      try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: left)
      _ = try ExportFolder.write(files, to: folder + "/third")
      #expect(!FileManager.default.fileExists(atPath: left))
    }
  }
}
