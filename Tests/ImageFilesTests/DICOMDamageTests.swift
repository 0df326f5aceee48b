import Basics
import Foundation
import ImageFiles
import TestSupport
import Testing

@Suite("What a damaged or contradictory copy of a series would make of it is refused")
struct DICOMDamageTests {
  /// Where the last piece of compressed pixel data begins: its head.
  static func lastPiece(_ bytes: [UInt8]) throws -> Int {
    let mark: [UInt8] = [0xfe, 0xff, 0x00, 0xe0]
    return try #require(
      (0..<bytes.count - 8).last { Array(bytes[$0..<$0 + 4]) == mark })
  }

  static func set(_ bytes: inout [UInt8], _ at: Int, _ value: Int) {
    for n in 0..<4 { bytes[at + n] = UInt8(value >> (8 * n) & 0xff) }
  }

  static func long(_ bytes: [UInt8], _ at: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }

  /// A phantom in RLE.
  static func packed() throws -> [UInt8] {
    var phantom = DICOMPhantom()
    phantom.packing = .rle
    return try withTemporaryFolder { folder in
      try ImageFilesTests.write(phantom.nuclear, of: phantom, to: folder + "/a.dcm")
      return Array(try Data(contentsOf: URL(filePath: folder + "/a.dcm")))
    }
  }

  /// The same with its last frame changed within its piece.
  static func runLengths(
    of packed: [UInt8], _ change: (_ piece: [UInt8]) -> [UInt8]
  ) throws -> [UInt8] {
    var bytes = packed
    let at = try lastPiece(bytes)
    let end = at + 8 + long(bytes, at + 4)
    let piece = change(Array(bytes[at + 8..<end]))
    bytes.replaceSubrange(at + 8..<end, with: piece)
    set(&bytes, at + 4, piece.count)
    return bytes
  }

  @Test func runsThatDoNotFillAFrameAreRefused() throws {
    let packed = try Self.packed()
    try withTemporaryFolder { folder in
      func expect(_ label: String, opens: Bool = false, _ change: ([UInt8]) -> [UInt8]) throws {
        let refused = try DICOMHostileTests.isRefused(Self.runLengths(of: packed, change), folder)
        #expect(refused == !opens, "\(label)")
      }
      try expect("whole", opens: true) { $0 }
      // Cut at every even length, from behind the table of segments.
      let count = Self.long(packed, try Self.lastPiece(packed) + 4)
      for left in stride(from: 64, to: count - 2, by: 2) {
        try expect("\(left) of \(count)") { Array($0.prefix(left)) }
      }
      // The second segment begins elsewhere.
      for offset in [64, 66, count - 2, count] {
        try expect("second segment at \(offset)") { piece in
          var piece = piece
          Self.set(&piece, 8, offset)
          return piece
        }
      }
      try expect("more than a frame") { $0 + [1, 2, 3, 4] }
    }
  }

  @Test func anElementThatStandsTwiceIsRefused() throws {
    var phantom = DICOMPhantom()
    phantom.place = .top
    let elements = phantom.nuclear
    let twice: [(DICOMWriter.Element, String)] = [
      (.init(0x20, 0x37, "DS", "-1\\0\\0\\0\\1\\0"), "(0020,0037)"),
      (.init(0x28, 0x1053, "DS", "7"), "(0028,1053)"),
      (
        .init(0x7fe0, 0x10, "OW", .words((0..<phantom.slices).flatMap { phantom.words($0) })),
        "(7fe0,0010)"
      ),
    ]
    try withTemporaryFolder { folder in
      let path = folder + "/scan.dcm"
      for encoding in DICOMWriter.Encoding.allCases {
        for (element, tag) in twice {
          try Data(DICOMWriter(encoding).file(elements + [element])).write(
            to: URL(filePath: path))
          let problem = #expect(throws: Problem.self) { try ImageReader.describe(path) }
          #expect(problem?.found.contains(tag) == true, "\(problem?.sentence ?? "")")
        }
      }
      // Within an item as well.
      phantom.place = .detector
      var inside = phantom.nuclear.filter { ($0.group, $0.element) != (0x54, 0x22) }
      inside.append(
        .init(
          0x54, 0x22, "SQ",
          .items([phantom.geometry(0) + [.init(0x20, 0x32, "DS", "1\\2\\3")]])))
      try Data(phantom.writer.file(inside)).write(to: URL(filePath: path))
      let problem = #expect(throws: Problem.self) { try ImageReader.read(path) }
      #expect(problem?.found.contains("(0020,0032)") == true)
      // Out of order, far apart.
      let writer = phantom.writer
      let late = writer.file(phantom.nuclear) + writer.bytes(.init(0x20, 0x32, "DS", "1\\2\\3"))
      try Data(late).write(to: URL(filePath: path))
      let other = #expect(throws: Problem.self) { try ImageReader.describe(path) }
      #expect(other?.found.contains("(0020,0032)") == true)
    }
  }

  /// A static PET series of phantoms.
  static func positron(
    _ more: @escaping (Int) -> [DICOMWriter.Element] = { _ in [] }
  ) -> SeriesFiles {
    var files = SeriesFiles(SeriesFiles.pet, times: 1)
    files.phantom.imageType = "ORIGINAL\\PRIMARY"
    files.more = { k, _ in
      [
        .init(0x54, 0x1000, "CS", "STATIC\\IMAGE"), .init(0x54, 0x1001, "CS", "BQML"),
        .init(0x54, 0x81, "US", .shorts([6])),
      ].filter { e in !more(k).contains { ($0.group, $0.element) == (e.group, e.element) } }
        + more(k)
    }
    return files
  }

  @Test func aSlopeThatIsMissingIsNotTakenForOne() throws {
    for sopClass in [SeriesFiles.ct, SeriesFiles.pet, SeriesFiles.mr] {
      for gone in [UInt16(0x1052), 0x1053] {
        try withTemporaryFolder { folder in
          let files = SeriesFiles(sopClass, times: 1)
          try files.write(to: folder)
          var odd = files
          odd.phantom.without = [(0x28, gone)]
          odd.holds = { k, _ in k == 3 }
          try odd.write(to: folder)
          let problem = #expect(throws: Problem.self) {
            try ImageReader.read(DICOMSeriesTests.anyFile(folder))
          }
          #expect(problem?.found.contains("slope") == true, "\(problem?.sentence ?? "")")
        }
      }
    }
    // Nobody has one: fine for MR, where numbers mean nothing by themselves.
    for sopClass in [SeriesFiles.ct, SeriesFiles.pet] {
      var files = SeriesFiles(sopClass, times: 1)
      (files.phantom.slope, files.phantom.intercept) = (nil, nil)
      try DICOMSeriesTests.expectProblem(files, "lacks a rescale slope")
    }
    var files = SeriesFiles(times: 1)
    files.more = { _, _ in [.init(0x28, 0x1053, "DS", "2\\3")] }
    try DICOMSeriesTests.expectProblem(files, "no usable number")
    // Both missing in one slice alone.
    try withTemporaryFolder { folder in
      let files = SeriesFiles(times: 1)
      try files.write(to: folder)
      var odd = files
      (odd.phantom.slope, odd.phantom.intercept) = (nil, nil)
      odd.holds = { k, _ in k == 3 }
      try odd.write(to: folder)
      let problem = #expect(throws: Problem.self) {
        try ImageReader.read(DICOMSeriesTests.anyFile(folder))
      }
      #expect(problem?.found.contains("others of its series") == true, "\(problem?.sentence ?? "")")
    }
  }

  @Test func meaningsThatDifferAreRefused() throws {
    try withTemporaryFolder { folder in
      try Self.positron().write(to: folder)
      #expect(try ImageReader.describe(folder).shape == [15, 12, 6, 1])
    }
    let differing: [(UInt16, UInt16, String, String, String)] = [
      (0x54, 0x1001, "CNTS", "BQML", "unit"), (0x54, 0x1102, "NONE", "START", "decay"),
      (0x28, 0x1054, "HU", "US", "rescale type"), (8, 0x60, "PT", "CT", "modality"),
    ]
    for (group, element, a, b, words) in differing {
      let files = Self.positron { k in [.init(group, element, "CS", k == 2 ? a : b)] }
      try DICOMSeriesTests.expectProblem(files, words)
    }
    var files = SeriesFiles(times: 2)
    files.more = { k, t in [.init(0x18, 0x80, "DS", (k, t) == (2, 1) ? "3000" : "2000")] }
    try DICOMSeriesTests.expectProblem(files, "repetition time")
    files.more = { k, _ in [.init(0x18, 0x81, "DS", k == 2 ? "fast" : "30")] }
    try DICOMSeriesTests.expectProblem(files, "cannot be read")
    files.more = { _, _ in [.init(0x28, 0x30, "DS", "1e30\\1e30")] }
    try DICOMSeriesTests.expectProblem(files, "pixel spacing")
  }

  @Test func aCountThatIsNotThereIsRefused() throws {
    var files = Self.positron()
    files.holds = { k, _ in k < 5 }
    try DICOMSeriesTests.expectProblem(files, "says 6 slices, and 5 are here")
    files = SeriesFiles(times: 1)
    files.more = { _, _ in [.init(0x20, 0x1002, "IS", "7")] }
    try DICOMSeriesTests.expectProblem(files, "says 7 images, and 6 are here")
    // Every second slice is gone, which its thickness shows.
    files = SeriesFiles(SeriesFiles.ct, times: 1)
    files.more = { _, _ in [.init(0x18, 0x50, "DS", "2.25")] }
    try withTemporaryFolder { folder in
      try files.write(to: folder)
      let header = try ImageReader.describe(folder)
      #expect(header.findings.contains { $0.code == "slice-gap" && $0.text.contains("2.25 mm") })
    }
  }

  @Test func aVolumeThatIsMissingBlocksTheTime() throws {
    for (seconds, blocks) in [
      ([0, 2, 4, 6], false), ([0, 2, 8, 10], true), ([0, 4, 6, 8], true),
      // Right on the whole, and wrong in between.
      ([0, 1, 5, 6], true),
    ] {
      var files = SeriesFiles(times: 4)
      files.more = { k, t in
        [
          .init(0x18, 0x80, "DS", "2000"), .init(8, 0x22, "DA", "20240229"),
          .init(8, 0x32, "TM", String(format: "1200%05.2f", Double(seconds[t]) + 0.25)),
        ]
      }
      try withTemporaryFolder { folder in
        try files.write(to: folder)
        let header = try ImageReader.describe(folder)
        #expect((header.blockingTime != nil) == blocks, "\(seconds)")
      }
    }
  }
}
