import Basics
import Foundation
import ImageFiles
import TestSupport
import Testing

@Suite("A damaged file beside a series is not left out silently")
struct DICOMStrayTests {
  /// The last slice of a written series, found by its number.
  static func last(_ files: SeriesFiles, _ folder: String) -> String {
    folder + "/IM\((files.phantom.slices * 7919) % 100_003)"
  }

  static let damages: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
    ("its last bytes are gone", { Array($0.dropLast(10)) }),
    ("cut in its preamble", { Array($0.prefix(100)) }),
    ("cut behind its mark", { Array($0.prefix(140)) }),
    ("cut in its header", { Array($0.prefix(400)) }),
    ("empty", { _ in [] }),
    ("its mark is destroyed", { Array($0[..<128]) + [0, 0, 0, 0] + Array($0[132...]) }),
    ("all zeros", { [UInt8](repeating: 0, count: $0.count) }),
  ]

  @Test(arguments: damages.indices)
  func refusesItsSeries(_ n: Int) throws {
    let (label, change) = Self.damages[n]
    try withTemporaryFolder { folder in
      let files = SeriesFiles(times: 1)
      try files.write(to: folder)
      let path = Self.last(files, folder)
      let whole = Array(try Data(contentsOf: URL(filePath: path)))
      try Data(change(whole)).write(to: URL(filePath: path))
      let name = fileName(path)
      let intact = folder + "/IM7919"
      for asked in [intact, folder] {
        let problem = #expect(throws: Problem.self, "\(label)") { try ImageReader.describe(asked) }
        #expect(problem?.sentence.contains(name) == true, "\(label): \(problem?.sentence ?? "")")
      }
      let list = try DICOMFolder(folder)
      #expect(list.series.allSatisfy { !$0.canBeOpened })
    }
  }

  @Test func aFileWithoutASeriesRefusesThoseBesideIt() throws {
    try withTemporaryFolder { folder in
      var files = SeriesFiles(times: 1)
      try files.write(to: folder)
      files.phantom.without = [(0x20, 0x0e)]
      files.holds = { k, _ in k == 5 }
      try files.write(to: folder)
      let problem = #expect(throws: Problem.self) { try ImageReader.read(folder + "/IM7919") }
      #expect(problem?.sentence.contains("which series") == true)
    }
  }

  @Test func aDamagedFileOfAnotherSeriesDoesNot() throws {
    try withTemporaryFolder { folder in
      let files = SeriesFiles(times: 1)
      try files.write(to: folder)
      var other = SeriesFiles(times: 1)
      other.phantom.seriesUID = "1.2.826.0.1.99"
      other.phantom.seriesNumber = 9
      other.instance = { k, _ in 200 + k }
      try other.write(to: folder)
      let path = folder + "/IM\((203 * 7919) % 100_003)"
      let whole = Array(try Data(contentsOf: URL(filePath: path)))
      try Data(whole.dropLast(10)).write(to: URL(filePath: path))
      let header = try ImageReader.describe(folder + "/IM7919")
      #expect(header.shape == [15, 12, 6, 1])
      // Who named one file of a folder with several series is told so.
      #expect(
        header.findings.contains { $0.code == "other-series" && $0.text.contains("series 7") })
      let list = try DICOMFolder(folder)
      #expect(list.series.filter(\.canBeOpened).map(\.number) == [7])
    }
  }

  @Test func namesInAHeaderAreNotQuoted() throws {
    var files = SeriesFiles(times: 1)
    files.more = { k, _ in k == 3 ? [.init(8, 8, "CS", "SECRET^PERSON\\PRIMARY")] : [] }
    let sentence = try DICOMSeriesTests.problem(files)
    #expect(sentence.contains("PRIMARY") && !sentence.contains("SECRET"), "\(sentence)")
    files.more = { _, _ in [.init(0x28, 4, "CS", "SECRET^PERSON")] }
    let other = try DICOMSeriesTests.problem(files)
    #expect(other.contains("grey") && !other.contains("SECRET"), "\(other)")
    var phantom = DICOMPhantom()
    phantom.imageType = "ORIGINAL\\PRIMARY\\SECRET"
    try withTemporaryFolder { folder in
      try write(phantom.nuclear, of: phantom, to: folder + "/a.dcm")
      let problem = #expect(throws: Problem.self) { try ImageReader.read(folder + "/a.dcm") }
      #expect(problem?.sentence.contains("SECRET") == false)
    }
  }

  @Test func whatIsDescribedCanBeRead() throws {
    let phantom = DICOMPhantom()
    let whole = phantom.writer.file(phantom.nuclear)
    try withTemporaryFolder { folder in
      let path = folder + "/a.dcm"
      func expectRefused(_ bytes: [UInt8], _ label: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: Problem.self, "\(label)") { try ImageReader.describe(path) }
      }
      try expectRefused(whole + [1, 2, 3], "bytes behind its end")
      try expectRefused(
        DICOMWriter(.explicitLittle, syntax: "1.2.840.10008.1.2.5").file(phantom.nuclear),
        "said to be compressed")
      for element in [UInt16(8), 9] {
        let floats = phantom.nuclear.filter { $0.group != 0x7fe0 }
        try expectRefused(
          phantom.writer.file(
            floats + [.init(0x7fe0, element, "OF", .bytes([UInt8](repeating: 0, count: 16)))]),
          "pixels of another kind")
      }
      var packed = phantom
      packed.packing = .rle
      try write(packed.nuclear, of: packed, to: path)
      let compressed = Array(try Data(contentsOf: URL(filePath: path)))
      try expectRefused(Array(compressed.dropLast(40)), "cut within a compressed frame")
    }
  }
}
