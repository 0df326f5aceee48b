import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Headers made from raw bytes, one field wrong at a time (reliability.md 2.3).
@Suite struct GateTests {
  /// A valid 3×4×5 int16 image with an sform; little-endian.
  static func image(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var b = [UInt8](repeating: 0, count: 352 + 120)
    put(&b, Int32(348), 0)
    for (n, d) in [3, 3, 4, 5, 1, 1, 1, 1].enumerated() { put(&b, Int16(d), 40 + 2 * n) }
    put(&b, Int16(4), 70)
    put(&b, Int16(16), 72)
    for (n, p) in [1, 2, 2, 2, 0, 0, 0, 0].enumerated() { put(&b, Float(p), 76 + 4 * n) }
    put(&b, Float(352), 108)
    b[123] = 2
    put(&b, Int16(1), 254)
    for (n, v) in [2, 0, 0, -3, 0, 2, 0, -4, 0, 0, 2, -5].enumerated() {
      put(&b, Float(v), 280 + 4 * n)
    }
    b.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    for n in 0..<60 { put(&b, Int16(n), 352 + 2 * n) }
    change(&b)
    return b
  }

  static func put<T: BitwiseCopyable>(_ b: inout [UInt8], _ value: T, _ at: Int) {
    b.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: at, as: T.self) }
  }

  func read(_ bytes: [UInt8], name: String = "x.nii") throws -> (ImageDescription, SampleStore) {
    try withTemporaryFolder { folder in
      let path = folder + "/" + name
      try Data(bytes).write(to: URL(filePath: path))
      return try ImageReader.read(path)
    }
  }

  @Test func aValidImageOpensWithoutFindings() throws {
    let (d, samples) = try read(Self.image())
    #expect(d.findings.isEmpty)
    #expect(d.shape == [3, 4, 5, 1])
    #expect(samples.value(at: 59) == 59)
  }

  static let wrong: [(String, @Sendable (inout [UInt8]) -> Void)] = [
    ("dim[0] 0", { put(&$0, Int16(0), 40) }), ("dim[0] 8", { put(&$0, Int16(8), 40) }),
    ("dim[0] 256", { put(&$0, Int16(256), 40) }), ("dim[1] 0", { put(&$0, Int16(0), 42) }),
    ("dim[3] negative", { put(&$0, Int16(-5), 46) }),
    (
      "dim[5] 3",
      {
        put(&$0, Int16(5), 40)
        put(&$0, Int16(3), 50)
      }
    ),
    ("datatype 0", { put(&$0, Int16(0), 70) }), ("RGB", { put(&$0, Int16(128), 70) }),
    ("complex", { put(&$0, Int16(32), 70) }), ("offset 0", { put(&$0, Float(0), 108) }),
    ("offset 348", { put(&$0, Float(348), 108) }), ("offset NaN", { put(&$0, Float.nan, 108) }),
    ("offset 1e30", { put(&$0, Float(1e30), 108) }),
    ("offset 352.5", { put(&$0, Float(352.5), 108) }),
    ("sform NaN", { put(&$0, Float.nan, 284) }), ("sform zero row", { put(&$0, Float(0), 280) }),
    ("sform huge", { put(&$0, Float(1e30), 280) }),
    // So far away that all voxels have the same millimetres.
    ("sform far away", { put(&$0, Float(1e20), 292) }),
    (
      "qform far away",
      {
        put(&$0, Int16(1), 252)
        put(&$0, Float(1e20), 268)
      }
    ),
    (
      "qform quaternion too long",
      {
        put(&$0, Int16(1), 252)
        put(&$0, Float(1), 256)
        put(&$0, Float(1), 260)
      }
    ),
    (
      "qform offset NaN",
      {
        put(&$0, Int16(1), 252)
        put(&$0, Float.nan, 268)
      }
    ),
    (
      "qform pixdim 0",
      {
        put(&$0, Int16(1), 252)
        put(&$0, Float(0), 80)
      }
    ),
    (
      "slope valid, intercept NaN",
      {
        put(&$0, Float(2), 112)
        put(&$0, Float.nan, 116)
      }
    ),
    ("magic damaged", { $0[345] = UInt8(ascii: "x") }),
    ("magic of a pair", { $0[345] = UInt8(ascii: "i") }),
    ("Analyze", { for n in 344..<348 { $0[n] = 0 } }), ("header size", { put(&$0, Int32(347), 0) }),
    ("short", { $0.removeLast(1) }),
    (
      "many extensions",
      { b in
        b.replaceSubrange(348..<352, with: [1, 0, 0, 0])
        put(&b, Float(352 + 16 * 2000), 108)
        var list: [UInt8] = []
        for _ in 0..<2000 { list += [16, 0, 0, 0, 6, 0, 0, 0] + [UInt8](repeating: 0, count: 8) }
        b.insert(contentsOf: list, at: 352)
      }
    ),
  ]

  @Test(arguments: wrong.indices)
  func oneWrongFieldIsRefused(_ n: Int) throws {
    let (name, change) = Self.wrong[n]
    let problem = #expect(throws: Problem.self, "\(name)") { try read(Self.image(change)) }
    #expect(problem?.kind == .data, "\(name)")
    #expect(problem?.sentence.contains("x.nii") == true, "\(name)")
  }

  @Test func oddButReadableFieldsAreFindings() throws {
    let cases: [(String, (inout [UInt8]) -> Void)] = [
      ("bitpix-wrong", { Self.put(&$0, Int16(8), 72) }), ("unit-unknown", { $0[123] = 0 }),
      ("trailing-data", { $0 += [1, 2, 3] }),
      ("spacing-differs", { Self.put(&$0, Float(3), 80) }),
      (
        "forms-differ",
        {
          Self.put(&$0, Int16(2), 252)
          Self.put(&$0, Float(9), 268)
        }
      ),
      (
        "forms-mirror",
        {
          Self.put(&$0, Int16(2), 252)
          Self.put(&$0, Float(-1), 76)
        }
      ),
    ]
    for (code, change) in cases {
      let (d, _) = try read(Self.image(change))
      #expect(d.findings.contains { $0.code == code }, "\(code)")
    }
  }

  /// The eight flips and turns that a quaternion of whole half-turns and qfac can make.
  @Test(arguments: [
    ([0, 0, 0], 1, [1, 1, 1]), ([0, 0, 0], -1, [1, 1, -1]), ([1, 0, 0], 1, [1, -1, -1]),
    ([0, 1, 0], 1, [-1, 1, -1]), ([0, 0, 1], 1, [-1, -1, 1]), ([0, 1, 0], -1, [-1, 1, 1]),
    ([1, 0, 0], -1, [1, -1, 1]), ([0, 0, 1], -1, [-1, -1, -1]),
  ])
  func qformTurnsAndMirrors(_ quaternion: [Int], _ qfac: Int, _ signs: [Int]) throws {
    let (d, _) = try read(
      Self.image {
        Self.put(&$0, Int16(0), 254)
        Self.put(&$0, Int16(1), 252)
        Self.put(&$0, Float(qfac), 76)
        for n in 0..<3 {
          Self.put(&$0, Float(quaternion[n]), 256 + 4 * n)
          Self.put(&$0, Float(n + 1), 268 + 4 * n)
        }
      })
    #expect(d.form == .qform)
    let rows = try #require(d.affine).rows
    for r in 0..<3 {
      for c in 0..<3 { #expect(abs(rows[r][c] - (r == c ? 2 * Double(signs[r]) : 0)) < 1e-6) }
      #expect(rows[r][3] == Double(r + 1))
    }
  }

  @Test func bothFormCodesZeroMeansSideUnknown() throws {
    let (d, _) = try read(Self.image { Self.put(&$0, Int16(0), 254) })
    #expect(d.laterality == .unknown)
    #expect(d.affine == nil)
    #expect(d.form == .none)
  }

  @Test func micrometresAndMetresBecomeMillimetres() throws {
    for (unit, scale) in [(UInt8(1), 1000.0), (3, 0.001)] {
      let bytes = Self.image {
        $0[123] = unit
        for n in 0..<12 where n % 4 != 3 {
          let v: Float = n % 5 == 0 ? Float(2 / scale) : 0
          Self.put(&$0, v, 280 + 4 * n)
        }
        for n in 1...3 { Self.put(&$0, Float(2 / scale), 76 + 4 * n) }
      }
      let (d, _) = try read(bytes)
      #expect(abs(d.spacing.0 - 2) < 1e-4)
    }
  }

  @Test func repetitionTimeUnits() throws {
    for (unit, stored, seconds) in [
      (UInt8(8), Float(2), 2.0), (16, 2000, 2.0), (24, 2_000_000, 2.0), (0, 2, nil), (8, 2000, nil),
      (8, 0, nil),
    ] {
      let bytes = Self.image {
        Self.put(&$0, Int16(4), 40)
        Self.put(&$0, Int16(5), 46)
        Self.put(&$0, Int16(2), 48)
        Self.put(&$0, stored, 92)
        $0[123] = 2 | unit
        $0 += [UInt8](repeating: 0, count: 120)
      }
      let (d, _) = try read(bytes)
      #expect(d.headerRepetitionTimeSeconds == seconds, "unit \(unit) stored \(stored)")
    }
  }

  @Test func bigEndianAndNaNSurvive() throws {
    var floats = Self.image {
      Self.put(&$0, Int16(16), 70)
      Self.put(&$0, Int16(32), 72)
      $0 += [UInt8](repeating: 0, count: 120)
    }
    for n in 0..<60 { Self.put(&floats, n == 7 ? Float.nan : Float(n) / 3, 352 + 4 * n) }
    let (_, little) = try read(floats)
    #expect(little.value(at: 7).isNaN)
    var big = floats
    func reverse(_ at: Int, _ n: Int) {
      big.replaceSubrange(at..<at + n, with: Array(big[at..<at + n].reversed()))
    }
    reverse(0, 4)
    for n in 0..<8 { reverse(40 + 2 * n, 2) }
    for at in [70, 72, 252, 254] { reverse(at, 2) }
    for n in 0..<8 { reverse(76 + 4 * n, 4) }
    for at in [108, 112, 116] { reverse(at, 4) }
    for n in 0..<12 { reverse(280 + 4 * n, 4) }
    for n in 0..<60 { reverse(352 + 4 * n, 4) }
    let (_, swapped) = try read(big)
    for n in 0..<60 where n != 7 { #expect(swapped.value(at: n) == little.value(at: n)) }
    #expect(swapped.value(at: 7).isNaN)
  }

  @Test func aFIFOAndAFolderAreRefusedWithoutWaiting() throws {
    try withTemporaryFolder { folder in
      let fifo = folder + "/f.nii"
      #expect(mkfifo(fifo, 0o600) == 0)
      #expect(throws: Problem.self) { try ImageReader.describe(fifo) }
      #expect(throws: Problem.self) { try ImageReader.describe(folder) }
      let missing = #expect(throws: Problem.self) {
        try ImageReader.describe(folder + "/none.nii.gz")
      }
      #expect(missing?.kind == .missingInput)
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = Self.image()
    for cut in stride(from: 0, to: whole.count, by: 13) {
      #expect(throws: Problem.self, "cut at \(cut)") { try read(Array(whole.prefix(cut))) }
    }
  }

  /// Random damage must end in an image or a Problem, never in a trap.
  @Test func randomDamageNeverTraps() throws {
    var generator = SeededGenerator(seed: 7)
    var opened = 0
    for _ in 0..<2000 {
      var b = Self.image()
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        b[Int.random(in: 0..<352, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if (try? read(b)) != nil { opened += 1 }
    }
    #expect(opened > 100)
  }
}

@Suite struct WritingTests {
  @Test(arguments: ["a.nii", "a.nii.gz"])
  func whatIsWrittenReadsBackTheSame(_ name: String) throws {
    try withTemporaryFolder { folder in
      let grid = try #require(
        Grid(
          dimensions: (4, 5, 6),
          worldFromVoxel: Affine(rows: [
            [-2, 0.1, 0, 30], [0.1, 2.5, 0.2, -40], [0, -0.2, 3, -50],
          ])))
      let volume = Small.volume(grid) { $0.i == 2 ? .nan : Float($0.i + 10 * $0.j) / 7 }
      let path = folder + "/" + name
      try ImageWriter.write(path, volume, formCode: 4, note: "test", overwrite: false)
      let back = try ImageReader.readVolume(path)
      #expect(back.description.formCode == 4)
      #expect(back.description.grid.matches(grid))
      #expect(
        back.volume.values.elementsEqual(volume.values) { $0 == $1 || ($0.isNaN && $1.isNaN) })
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      let again = #expect(throws: Problem.self) {
        try ImageWriter.write(path, volume, formCode: 4, note: "test", overwrite: false)
      }
      #expect(again?.kind == .cannotCreate)
      try ImageWriter.write(path, volume, formCode: 4, note: "test", overwrite: true)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == [name])
    }
  }

  @Test func failureLeavesTheOldFileAndNoTemporary() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/old.nii"
      try Data("old".utf8).write(to: URL(filePath: path))
      #expect(throws: Problem.self) {
        try AtomicFile.write(path, overwrite: true) { (put) throws(Problem) in
          try put([1, 2, 3])
          throw Problem(.data, "x", "stops half-way")
        }
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["old.nii"])
    }
  }

  @Test func sha256OfTheStandardsExample() {
    #expect(
      sha256(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
