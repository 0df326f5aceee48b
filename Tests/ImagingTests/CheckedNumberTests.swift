import Basics
import Imaging
import TestSupport
import Testing

/// Numbers of a file's choosing where a whole number, a bin or memory is made of them.
@Suite struct CheckedNumberTests {
  @Test(arguments: [
    (2.9, 2), (-0.5, 0), (1e300, 7), (-1e300, 0), (.infinity, 7), (-.infinity, 0), (.nan, 0),
    (.leastNonzeroMagnitude, 0), (7, 7),
  ])
  func wholeNumbersStayInTheirRange(_ x: Double, _ expected: Int) {
    #expect(wholeNumber(x, in: 0...7) == expected)
    #expect(wholeNumber(Float(x), in: 0...7) == expected)
  }

  static let extremes: [[Float]] = [
    [1e20], [3e38], [-3e38, 3e38], [.leastNonzeroMagnitude], [-1e20], [.infinity, 1e30],
    [.nan, 1e19],
  ]

  @Test(arguments: extremes)
  func otsuTakesWhateverAFileHolds(_ hot: [Float]) throws {
    var values = (0..<1000).map { Float($0 % 2 == 0 ? 10 : 100) + Float($0 % 7) }
    for (n, value) in hot.enumerated() { values[n] = value }
    let level = try #require(otsuThreshold(values))
    #expect(level.isFinite)
    // A single voxel lies beyond the 99.5th percentile and moves nothing.
    if hot == [1e20] || hot == [3e38] { #expect(level > 16 && level <= 100) }
    let many = (0..<1000).map { $0 % 2 == 0 ? hot[0] : hot[hot.count - 1] / 2 }
    _ = otsuThreshold(many)
  }

  @Test func otsuPartsTheWholeRangeOfFloatsAndTheSmallest() throws {
    let wide = (0..<1000).map { Float($0 % 2 == 0 ? -3e38 : 3e38) }
    #expect(abs(try #require(otsuThreshold(wide))) < 3e38)
    let tiny = (0..<1000).map { Float($0 % 2 == 0 ? 0 : 8 * Float.leastNonzeroMagnitude) }
    let level = try #require(otsuThreshold(tiny))
    #expect(level >= 0 && level <= 8 * Float.leastNonzeroMagnitude)
  }

  @Test(arguments: extremes)
  func likenessTakesWhateverAFileHolds(_ hot: [Float]) throws {
    let grid = Small.grid(12, 12, 12, spacing: (4, 4, 4))
    let plain = Small.volume(grid) { Float(($0.i * 7 + $0.j * 3 + $0.k) % 11) }
    var values = plain.values
    for n in values.indices where n % 3 == 0 { values[n] = hot[n % hot.count] }
    let odd = Volume(grid: grid, values: values)
    for meter in [
      LikenessMeter(fixed: odd, moving: plain), LikenessMeter(fixed: plain, moving: odd),
      LikenessMeter(fixed: odd, moving: odd),
    ] {
      let found = meter.likeness(.identity)
      #expect(found.nmi.isFinite && found.overlap.isFinite)
      _ = meter.brightCentre
    }
  }

  @Test func placesBeyondEveryImageStayOutside() {
    let grid = Small.grid(4, 4, 4)
    for x in [1e300, -1e300, .infinity, .nan] {
      #expect(!grid.contains(VoxelPoint(x, 1, 1).rounded))
    }
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    #expect(mask.places(around: WorldPoint(1e300, 0, 0), radius: 5).isEmpty)
    #expect(mask.places(around: WorldPoint(0, 0, 0), radius: 1e300).count == 64)
  }

  @Test func memoryIsRefusedInWordsAndSizesDoNotOverflow() {
    #expect(MemoryBudget.product(32767, 32767, 32767, 1 << 40) == .max)
    #expect(MemoryBudget.sum(.max, 1) == .max)
    #expect(MemoryBudget.product(3, 4) == 12 && MemoryBudget.sum(3, 4) == 7)
    #expect(MemoryBudget.availableBytes > 0)
    #expect {
      try MemoryBudget.require(.max, of: "a.nii", for: "reading it")
    } throws: {
      let sentence = ($0 as? Problem)?.sentence ?? ""
      return sentence.contains("'a.nii': reading it needs") && sentence.contains("memory")
    }
    #expect(throws: Problem.self) {
      try MemoryBudget.require(11, of: "a", for: "b", most: 10)
    }
    #expect(throws: Never.self) { try MemoryBudget.require(10, of: "a", for: "b", most: 10) }
  }
}

@Suite struct UntrustedTextTests {
  static let unseen: [UInt32] = [
    0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200e, 0x2028, 0x202e,
    0x2060, 0x2066, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0001, 0xe0100, 0x7f, 0x9b, 0x1b,
  ]

  @Test(arguments: unseen)
  func whatShowsNothingBecomesVisible(_ value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let text = "a" + String(Character(scalar)) + "b"
    #expect(visibleText(text) == "a\\u{" + String(value, radix: 16) + "}b")
    let json = JSON.string(text).text
    #expect(!json.unicodeScalars.contains(scalar))
    #expect(json.hasPrefix("\"a\\u"))
    // What is escaped is still the same text.
    #expect(try JSON.parse(json).value == .string(text))
  }

  @Test func wordsOfAllScriptsStay() {
    let text = "Frontal_Mid_L é ü 前頭葉 лоб فص 🙂 −1.5 °"
    #expect(visibleText(text) == text)
    #expect(JSON.string(text).text == "\"\(text)\"")
  }

  @Test(arguments: [
    ("=cmd|calc!A0", "'=cmd|calc!A0"), ("+1", "'+1"), ("-x", "'-x"), ("@a", "'@a"),
    (" =1", "' =1"), ("=\u{301}1", "'=\u{301}1"), ("＝1", "'＝1"), ("a\tb\nc", "a\\u{9}b\\u{a}c"),
    ("", "n/a"), ("L-1", "L-1"),
  ])
  func aCellIsNoFormulaAndOneCell(_ text: String, _ cell: String) {
    #expect(tableCell(text) == cell)
  }
}
