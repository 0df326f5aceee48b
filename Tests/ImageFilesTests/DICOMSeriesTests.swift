import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Several files of one series, each with what distinguishes it.
struct SeriesFiles {
  static let mr = "1.2.840.10008.5.1.4.1.1.4"
  static let ct = "1.2.840.10008.5.1.4.1.1.2"
  static let pet = "1.2.840.10008.5.1.4.1.1.128"

  var phantom = DICOMPhantom()
  var sopClass = mr
  var times = 3
  /// What a slice says beside the usual, by its place and time.
  var more: (_ k: Int, _ t: Int) -> [DICOMWriter.Element] = { _, _ in [] }
  /// The number of an image.
  var instance: (_ k: Int, _ t: Int) -> Int
  /// Which are there.
  var holds: (_ k: Int, _ t: Int) -> Bool = { _, _ in true }

  init(_ sopClass: String = mr, times: Int = 3) {
    phantom.imageType = "ORIGINAL\\PRIMARY\\M"
    phantom.modality = "MR"
    self.sopClass = sopClass
    self.times = times
    let slices = phantom.slices
    instance = { k, t in t * slices + k + 1 }
  }

  /// Stored values of a time: those of the phantom and 100 for each time before.
  func words(_ k: Int, _ t: Int) -> [UInt16] { phantom.words(k).map { $0 + UInt16(100 * t) } }

  func write(to folder: String) throws {
    for t in 0..<times {
      for k in 0..<phantom.slices where holds(k, t) {
        let number = instance(k, t)
        var elements = phantom.slice(k, sopClass: sopClass, instance: number)
        let extra = more(k, t) + [.init(0x7fe0, 0x10, "OW", .words(words(k, t)))]
        elements = elements.filter { e in
          !extra.contains { ($0.group, $0.element) == (e.group, e.element) }
        }
        // Names that follow nothing.
        let name = folder + "/IM\((number * 7919) % 100_003)"
        try Data(phantom.writer.file(elements + extra)).write(to: URL(filePath: name))
      }
    }
    // What hospitals put beside.
    try Data("read me".utf8).write(to: URL(filePath: folder + "/README.txt"))
    try Data([0xff, 0xd8, 0xff, 0]).write(to: URL(filePath: folder + "/picture.jpg"))
  }

  func check(_ header: ImageHeader, _ samples: SampleStore) {
    #expect(header.shape == [phantom.columns, phantom.rows, phantom.slices, times])
    var wrong = 0
    for t in 0..<times {
      for place in 0..<header.grid.count {
        let v = header.grid.index(at: place)
        let world = header.grid.world(v)
        // Back to the phantom's own slice: its first pixel's way.
        let k = phantom.step < 0 ? phantom.slices - 1 - v.k : v.k
        let truth = (0..<3).map { axis -> Double in
          let p =
            phantom.position(k)[axis] + Double(v.i) * phantom.spacing.0 * phantom.row[axis]
            + Double(v.j) * phantom.spacing.1 * phantom.column[axis]
          return axis == 2 ? p : -p
        }
        let stored = phantom.stored(v.i, v.j, k) + 100 * t
        let value = Double(stored) * (phantom.slope ?? 1) + (phantom.intercept ?? 0)
        let off = world.distance(to: WorldPoint(truth[0], truth[1], truth[2]))
        if off > 1e-4 || samples.value(at: t * header.grid.count + place) != value { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }
}

@Suite("Series of slices become volumes by where and when they were taken")
struct DICOMSeriesTests {
  /// The path of some file of a folder.
  static func anyFile(_ folder: String) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let images = names.filter { $0.hasPrefix("IM") }.sorted()
    return folder + "/" + (try #require(images.dropFirst(images.count / 2).first))
  }

  static func problem(_ files: SeriesFiles) throws -> String {
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let problem = #expect(throws: Problem.self) { try ImageReader.read(anyFile(folder)) }
      return problem?.sentence ?? ""
    }
  }

  static func expectProblem(_ files: SeriesFiles, _ words: String) throws {
    let sentence = try problem(files)
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test(arguments: ["volumes", "slices", "temporal", "clock"], [4.5, -4.5])
  func timeIsFound(_ way: String, _ step: Double) throws {
    var files = SeriesFiles()
    files.phantom.step = step
    let (times, slices) = (files.times, files.phantom.slices)
    (files.phantom.row, files.phantom.column) = DICOMNuclearTests.oblique[7]
    files.more = { _, _ in [.init(0x18, 0x80, "DS", "2000")] }
    switch way {
    case "slices": files.instance = { k, t in k * times + t + 1 }
    case "temporal":
      // Numbers of images that follow nothing.
      files.instance = { k, t in t + times * ((k * 5) % slices) + 1 }
      files.more = { _, t in [.init(0x20, 0x100, "IS", "\(t + 1)")] }
    case "clock":
      files.more = { k, t in
        [
          .init(8, 0x22, "DA", "20240229"),
          .init(
            8, 0x32, "TM", String(format: "2359%05.2f", 58 + 0.6 * Double(t) + 0.1 * Double(k))),
        ]
      }
    default: break
    }
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let (header, samples) = try ImageReader.read(Self.anyFile(folder))
      files.check(header.header, samples)
      if way == "volumes" { #expect(header.headerRepetitionTimeSeconds == 2) }
      // The folder stands for its only series, and has the same hash.
      let (byFolder, _) = try ImageReader.read(folder)
      #expect(byFolder.sha256 == header.sha256)
    }
  }

  @Test func slicesThatCannotBeOneStackAreRefused() throws {
    var files = SeriesFiles(times: 1)
    files.holds = { k, _ in k != 3 }
    try Self.expectProblem(files, "slices are missing")
    files = SeriesFiles(times: 3)
    files.holds = { k, t in (k, t) != (2, 1) }
    try Self.expectProblem(files, "filled 2 times")
    files = SeriesFiles(times: 1)
    let phantom = files.phantom
    func moved(_ at: Int, _ by: [Double]) -> (Int, Int) -> [DICOMWriter.Element] {
      return { k, _ in
        guard k == at else { return [] }
        let p = zip(phantom.position(k), by).map { $0 + $1 }
        return [.init(0x20, 0x32, "DS", decimals(p))]
      }
    }
    files.more = moved(2, [0, 0, 0.3])
    try Self.expectProblem(files, "off its place")
    files.more = moved(2, [0.3, 0, 0])
    try Self.expectProblem(files, "off its place")
    files.more = { k, _ in
      let p = zip(phantom.position(k), [0, Double(k) * 0.4, 0]).map { $0 + $1 }
      return [.init(0x20, 0x32, "DS", decimals(p))]
    }
    try Self.expectProblem(files, "tilted gantry")
    files.more = { k, _ in
      k == 4 ? [.init(0x20, 0x37, "DS", "0\\1\\0\\0\\0\\-1")] : []
    }
    try Self.expectProblem(files, "another orientation")
    files.more = { k, _ in k == 4 ? [.init(0x20, 0x32, "DS", "")] : [] }
    try Self.expectProblem(files, "no usable position")
    files.more = { k, _ in k == 4 ? [.init(0x28, 0x30, "DS", "3\\3")] : [] }
    try Self.expectProblem(files, "pixel spacing")
    files.more = { k, _ in k == 4 ? [.init(0x10, 0x10, "PN", "Other^Person")] : [] }
    let sentence = try Self.problem(files)
    #expect(sentence.contains("patient") && !sentence.contains("Other"))
    files.more = { k, _ in k == 4 ? [.init(8, 0x18, "UI", "1.2.826.0.1.1.2")] : [] }
    try Self.expectProblem(files, "same object")
    files.more = { k, _ in [.init(0x18, 0x81, "DS", k == 4 ? "30" : "20")] }
    try Self.expectProblem(files, "echo time")
  }

  @Test func aSliceThatIsThereTwiceIsRefused() throws {
    // Two objects of one place that differ in nothing that orders them.
    var files = SeriesFiles(times: 2)
    files.more = { k, t in
      [
        .init(8, 0x18, "UI", "1.2.826.0.9.\(k).\(t)"), .init(0x20, 0x13, "IS", "\(k + 1)"),
      ]
    }
    try Self.expectProblem(files, "nothing says which was first")
    // CT has no times.
    try Self.expectProblem(SeriesFiles(SeriesFiles.ct, times: 2), "same place")
  }

  @Test func numbersThatContradictEachOtherAreRefused() throws {
    var files = SeriesFiles(times: 3)
    files.more = { _, t in
      [
        .init(0x20, 0x100, "IS", "\(t + 1)"), .init(8, 0x22, "DA", "20240229"),
        .init(8, 0x32, "TM", "12000\(3 - t)"),
      ]
    }
    try Self.expectProblem(files, "different orders")
  }

  @Test func aRepetitionTimeIsComparedWithTheClock() throws {
    var files = SeriesFiles(times: 3)
    files.more = { _, t in
      [
        .init(0x18, 0x80, "DS", "1500"), .init(8, 0x22, "DA", "20240229"),
        .init(8, 0x32, "TM", "12000\(2 * t).25"),
      ]
    }
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let header = try ImageReader.describe(Self.anyFile(folder))
      #expect(header.blockingTime?.text.contains("2 s") == true)
    }
  }

  @Test func unequalSlopesGiveExactValues() throws {
    var files = SeriesFiles(SeriesFiles.pet, times: 1)
    files.phantom.imageType = "ORIGINAL\\PRIMARY"
    let slopes = [0.731, 1.25, 0.0917, 3.3, 12.75, 0.5]
    files.more = { k, _ in
      [
        .init(0x28, 0x1053, "DS", decimals([slopes[k]])), .init(0x28, 0x1052, "DS", "0"),
        .init(0x54, 0x1000, "CS", "STATIC\\IMAGE"),
      ]
    }
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let (header, samples) = try ImageReader.read(Self.anyFile(folder))
      var wrong = 0
      for place in 0..<header.grid.count {
        let v = header.grid.index(at: place)
        let value = Float(Double(files.phantom.stored(v.i, v.j, v.k)) * slopes[v.k])
        if Float(samples.value(at: place)) != value { wrong += 1 }
      }
      #expect(wrong == 0)
      #expect(header.findings.contains { $0.code == "slopes-differ" })
    }
  }

  @Test func paddingIsToldAndKept() throws {
    var files = SeriesFiles(SeriesFiles.ct, times: 1)
    files.phantom.isSigned = true
    files.more = { _, _ in [.init(0x28, 0x120, "SS", .shorts([-400]))] }
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let (header, samples) = try ImageReader.read(Self.anyFile(folder))
      #expect(header.findings.contains { $0.code == "padding" })
      files.check(header.header, samples)
    }
  }

  @Test func otherObjectsAreListedWithTheReason() throws {
    try withTemporaryFolder { folder in
      var files = SeriesFiles(times: 1)
      try files.write(to: folder)
      for (n, tail) in ["7", "88.33", "66.4", "11.1", "104.1"].enumerated() {
        files = SeriesFiles(times: 1)
        files.phantom.slices = 1
        files.phantom.seriesUID = "1.2.826.0.1.\(n + 10)"
        files.phantom.seriesNumber = 100 + n
        files.sopClass = "1.2.840.10008.5.1.4.1.1." + tail
        files.instance = { _, _ in 500 + n }
        try files.write(to: folder)
      }
      let list = try DICOMFolder(folder)
      #expect(list.series.count == 6)
      #expect(list.otherFiles == 2)
      #expect(list.series.filter(\.canBeOpened).map(\.number) == [7])
      let sentences = list.series.compactMap(\.problem?.sentence)
      for word in ["screen capture", "report", "segmentation", "presentation state", "document"] {
        #expect(sentences.contains { $0.contains(word) }, "\(word)")
      }
      #expect(sentences.allSatisfy { !$0.contains("Secret") && !$0.contains("4711") })
      let series = try #require(list.series.first)
      #expect(series.date == "2024-02-29" && series.time == "09:15")
      #expect(series.shape == [15, 12, 6, 1])
      // A folder with one series that can be opened stands for it.
      #expect(try ImageReader.describe(folder).shape == [15, 12, 6, 1])
    }
  }
}
