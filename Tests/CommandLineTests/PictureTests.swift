import Foundation
import TestSupport
import Testing

/// `snapshot --format png`.
@Suite struct PictureTests {
  static func sample(_ name: String) -> String {
    RealData.project.appending(path: "SampleData/sample_space-MNI152_" + name).path
  }

  static let files = [
    "snapshot", "--bold", sample("bold.nii.gz"), "--mask", sample("brainmask.nii.gz"), "--spect",
    sample("spect.nii.gz"), "--seed", "PCC", "--format", "png",
  ]

  func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// Chunks of a PNG by name, in order.
  func chunks(_ bytes: [UInt8]) throws -> [(name: String, data: [UInt8])] {
    #expect(bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    var out: [(String, [UInt8])] = []
    var at = 8
    while at + 12 <= bytes.count {
      let count = number(bytes, at)
      out.append(
        (
          String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self),
          Array(bytes[(at + 8)..<(at + 8 + count)])
        ))
      at += 12 + count
    }
    #expect(at == bytes.count)
    return out
  }

  func number(_ bytes: [UInt8], _ at: Int) -> Int {
    bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
  }

  @Test func aPictureHasItsPixelsItsWordsAndNoNames() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/a.png"
      let keys = ["--keys", "v<PgUp>R", "-o", out]
      let made = try Program.run(Self.files + ["--pixels", "1000x701"] + keys)
      #expect(made.status == 0, "\(made.errors)")
      let first = try bytes(out)
      let parts = try chunks(first)
      #expect(number(parts[0].data, 0) == 1000 && number(parts[0].data, 4) == 701)
      let texts = parts.filter { $0.name == "tEXt" }.map {
        String(decoding: $0.data, as: UTF8.self)
      }
      #expect(texts.count == 3 && texts[2] == "Unmeasured\0SYNTHETIC PERSON. SIMULATED")
      #expect(texts[0].hasPrefix("Software\0boldspect "))
      #expect(texts[1].hasPrefix("Disclaimer\0For research and education."))
      #expect(!parts.contains { $0.name == "tIME" })
      let all = String(decoding: first.map { $0 < 128 ? $0 : 63 }, as: UTF8.self)
      #expect(!all.contains("sample_") && !all.contains(folder))
      let mode = try FileManager.default.attributesOfItem(atPath: out)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      // Not over what is there, and the same when it is asked for.
      let refused = try Program.run(Self.files + ["--pixels", "1000x701"] + keys)
      #expect(refused.status == 73)
      let again = try Program.run(Self.files + ["--pixels", "1000x701", "--force"] + keys)
      #expect(again.status == 0)
      #expect(try bytes(out) == first)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.png"])
    }
  }

  /// The pixels of an 8-bit RGB picture whose rows are filtered in any of PNG's five ways.
  func pixels(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let all = try chunks(bytes)
    let head = all[0].data
    #expect(Array(head[8...9]) == [8, 2])
    let (width, height) = (number(head, 0), number(head, 4))
    let packed = all.filter { $0.name == "IDAT" }.flatMap(\.data)
    let raw = try #require(inflated(zlib: packed))
    var rows: [[UInt8]] = []
    for y in 0..<height {
      let at = y * (3 * width + 1)
      var row = Array(raw[(at + 1)..<(at + 1 + 3 * width)])
      for x in row.indices {
        let left = x >= 3 ? Int(row[x - 3]) : 0
        let up = y > 0 ? Int(rows[y - 1][x]) : 0
        let corner = x >= 3 && y > 0 ? Int(rows[y - 1][x - 3]) : 0
        let p = left + up - corner
        let paeth = [(abs(p - left), left), (abs(p - up), up), (abs(p - corner), corner)]
          .enumerated().min { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }?.element.1
        let guess = [0, left, up, (left + up) / 2, paeth ?? 0][Int(raw[at])]
        row[x] = UInt8(truncatingIfNeeded: Int(row[x]) + guess)
      }
      rows.append(row)
    }
    return rows
  }

  /// Hot Iron's own red and orange on the right, the map's orange on the left: a picture is in colour.
  @Test func aPictureIsInColour() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/a.png"
      let made = try Program.run(Self.files + ["--pixels", "1000x701", "-o", out])
      #expect(made.status == 0, "\(made.errors)")
      let rows = try pixels(try bytes(out))
      func coloured(_ columns: Range<Int>) -> Int {
        rows[150..<500].reduce(0) { n, row in
          n
            + columns.filter {
              Int(row[3 * $0]) > 180 && Int(row[3 * $0]) - Int(row[3 * $0 + 2]) > 120
            }.count
        }
      }
      #expect(coloured(0..<500) > 2000 && coloured(500..<1000) > 2000)
    }
  }

  @Test func cellsMakeThePixelsAndTheLineUnderThem() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/a.png"
      let made = try Program.run(
        Self.files + ["--size", "100x30", "--cell-size", "6", "-o", out])
      #expect(made.status == 0, "\(made.errors)")
      let head = try chunks(try bytes(out))[0].data
      // One line below, or two: as many as the longest needs.
      #expect(number(head, 0) == 600 && [31 * 12, 32 * 12].contains(number(head, 4)))
    }
  }

  @Test(arguments: [
    ["--format", "text", "--pixels", "800x600"], ["--pixels", "800x600", "--cell-size", "8"],
    ["--pixels", "200x100"], ["--cell-size", "2"], ["--pixels", "10000x10000"],
    ["--size", "40x10"], ["--size", "500x200", "--pixels", "800x600"],
  ])
  func whatCannotBeDrawnIsRefused(_ arguments: [String]) throws {
    try withTemporaryFolder { folder in
      let made = try Program.run(Self.files + arguments + ["-o", folder + "/a.png"])
      #expect(made.status == 64, "\(arguments) \(made.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }
}
