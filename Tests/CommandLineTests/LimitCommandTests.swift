import Dispatch
import Foundation
import ImageFiles
import Imaging
import Synchronization
import TestSupport
import Testing

/// Files that state what no program should believe: each command ends in words.
@Suite struct LimitCommandTests {
  static let bold = SampleCommandTests.bold
  static let mask = SampleCommandTests.mask

  /// A map of regions on the sample's grid, made of the places of its brain.
  static func writeAtlas(
    _ folder: String, _ name: String, table: String? = nil, label: (Int, WorldPoint) -> Float
  ) throws -> String {
    let brain = try ImageReader.readVolume(mask).volume
    let grid = brain.grid
    let values = (0..<grid.count).map { n in
      brain.values[n] > 0 ? label(n, grid.world(at: n)) : 0
    }
    let path = folder + "/\(name)_space-MNI152_dseg.nii.gz"
    try ImageWriter.write(
      path, Volume(grid: grid, values: values), formCode: 4, note: "", overwrite: false)
    if let table {
      try table.write(
        toFile: folder + "/\(name)_space-MNI152_dseg.txt", atomically: true, encoding: .utf8)
    }
    return path
  }

  func refused(_ arguments: [String], _ word: String) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 65 && result.output.isEmpty, "\(arguments): \(result.status)")
    #expect(result.errors.contains(word), "\(arguments): \(result.errors)")
  }

  @Test func anAtlasOfVoxelsIsNoMatrix() throws {
    try withTemporaryFolder { folder in
      let atlas = try Self.writeAtlas(folder, "voxels") { n, _ in Float(n + 1) }
      let run = [Self.bold, "--mask", Self.mask, "--preset", "none"]
      try refused(["matrix"] + run + ["--atlas", atlas], "regions")
      try refused(["matrix"] + run + ["--atlas", atlas, "--json"], "regions")
      try refused(["networks"] + run + ["--atlas", atlas, "--networks", atlas], "regions")
    }
  }

  @Test func aTableOfRegionsHoldsNoFormulaAndTakesEmptyNames() throws {
    try withTemporaryFolder { folder in
      let atlas = try Self.writeAtlas(
        folder, "odd", table: "1\t=cmd|calc!A0\n2\t\t\n3\t \n4\n5\t+1\u{202e}\tx\n"
      ) { _, place in Float(Int(place.z + 100) / 12 % 5 + 1) }
      let result = try Program.run([
        "matrix", Self.bold, "--mask", Self.mask, "--preset", "none", "--atlas", atlas,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let head = try #require(result.output.split(separator: "\n").first)
      let cells = head.split(separator: "\t")
      #expect(cells.count == 6 && cells[1] == "'=cmd|calc!A0", "\(head)")
      #expect(cells[5] == "'+1\\u{202e}", "\(head)")
      #expect(!result.output.contains("\t="))
    }
  }

  /// Each command that takes an atlas, by name or as an option.
  @Test func exchangedNamesAreRefusedByEveryCommand() throws {
    try withTemporaryFolder { folder in
      let atlas = try Self.writeAtlas(
        folder, "sides", table: "1\tFrontal_Mid_R\n2\tFrontal_Mid_L\n"
      ) { _, w in w.x < -4 ? 1 : w.x > 4 ? 2 : 0 }
      let run = [Self.bold, "--mask", Self.mask, "--preset", "none"]
      let picture = [
        "snapshot", "--anat", SampleCommandTests.sample("T1w.nii.gz"), "-o", folder + "/s.txt",
      ]
      for arguments in [
        ["matrix"] + run + ["--atlas", atlas], ["networks"] + run + ["--networks", atlas],
        ["seedmap"] + run + ["--seed", atlas + "#1", "-o", folder + "/m.nii.gz"],
        picture + ["--atlas", atlas],
      ] {
        let result = try Program.run(arguments)
        #expect(result.errors.contains("by position"), "\(arguments): \(result.errors)")
        #expect(result.status == 65, "\(arguments)")
        #expect(result.output.isEmpty && !FileManager.default.fileExists(atPath: folder + "/s.txt"))
      }
    }
  }

  @Test func aSidecarOfProjectionsIsNotBelieved() throws {
    try withTemporaryFolder { folder in
      let (head, _) = try CameraCommandTests.writeHead(folder)
      let views = folder + "/views.nii.gz"
      _ = try Program.run(["camera", "project", head, "-o", views] + CameraCommandTests.quick)
      let sidecar = try readTextFile(folder + "/views.json")
      for (old, new, word) in [
        ("\"image_form_code\": 1", "\"image_form_code\": 1000000", "does not describe"),
        ("[24, 28, 22]", "[32767, 32767, 32767]", "memory"),
      ] {
        #expect(sidecar.contains(old), "\(old)")
        try sidecar.replacingOccurrences(of: old, with: new).write(
          toFile: folder + "/views.json", atomically: true, encoding: .utf8)
        try refused(["camera", "reconstruct", views, "-o", folder + "/out.nii.gz"], word)
        #expect(!FileManager.default.fileExists(atPath: folder + "/out.nii.gz"))
      }
    }
  }

  /// 400 million voxels in half a megabyte, under a limit of the address space.
  @Test func aLimitOfMemoryIsRefusedBeforeItIsMet() throws {
    try withTemporaryFolder { folder in
      let header = folder + "/h"
      let bytes = LargeImage.header(shape: (1000, 1000, 400))
      try Data(bytes).write(to: URL(filePath: header))
      let image = folder + "/large_space-MNI152.nii.gz"
      let made = try Shell.run(
        "(cat \"$1\"; head -c 400000000 /dev/zero) | gzip -1 > \"$2\"", [header, image])
      #expect(made.status == 0)
      for command in [
        ["value", image, "--at", "0,0,0"], ["snapshot", "--anat", image, "-o", folder + "/s.txt"],
        ["smooth", image, "--fwhm", "3", "-o", folder + "/s.nii.gz"],
      ] {
        let result = try Shell.run(
          "ulimit -v 1500000; exec \"$@\"", [Program.url.path] + command)
        #expect(result.status == 65, "\(command): \(result.status)")
        #expect(result.errors.contains("memory"), "\(command): \(result.errors)")
      }
    }
  }

  /// OpenBLAS's threads ask for their buffers for ever where there is no room, and the end waits for them.
  @Test(arguments: [190_000, 220_000, 260_000, 300_000])
  func aLimitOfTheAddressSpaceHoldsNoCommand(_ kibibytes: Int) throws {
    let image = SampleCommandTests.sample("T1w.nii.gz")
    let result = try Shell.run(
      "ulimit -v \(kibibytes); exec timeout -s KILL 300 \"$@\"", [Program.url.path, "info", image])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// And so does each call for which it has no buffer.
  @Test(arguments: [350_000, 550_000, 600_000, 650_000, 700_000, 800_000])
  func linearAlgebraUnderALimitIsDoneOrRefused(_ kibibytes: Int) throws {
    let result = try Shell.run(
      "ulimit -v \(kibibytes); exec timeout -s KILL 300 \"$@\"",
      [Program.url.path, "matrix", Self.bold, "--mask", Self.mask])
    #expect(
      result.status == 0 || result.status == 65 && result.errors.contains("memory"),
      "\(result.status): \(result.errors)")
  }

  /// Dispatch waits for ever for a thread that there is no room for.
  @Test(arguments: [290_000, 310_000, 322_000, 326_400, 328_000, 340_000, 360_000])
  func aThreadWithoutRoomIsRefused(_ kibibytes: Int) throws {
    let result = try Self.snapshot(underKibibytes: kibibytes)
    #expect(
      result.status == 0 || result.status == 65 && result.errors.contains("memory"),
      "\(result.status): \(result.errors)")
  }

  /// The first thread's stack grows as it is used. Where it cannot, the program ended without a word, now and then and
  /// on a busy machine: many at once.
  @Test func aStackThatCannotGrowIsToldInWords() throws {
    let limits = Array(stride(from: 316_000, to: 328_000, by: 500))
    let wrong = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: limits.count) { n in
      do {
        let result = try Self.snapshot(underKibibytes: limits[n])
        if result.status != 0, result.status != 65 || !result.errors.contains("memory") {
          wrong.withLock { $0.append("\(limits[n]): \(result.status) \(result.errors)") }
        }
      } catch { wrong.withLock { $0.append("\(error)") } }
    }
    #expect(wrong.withLock { $0 } == [])
  }

  private static func snapshot(
    underKibibytes kibibytes: Int
  ) throws -> (status: Int32, errors: String) {
    try withTemporaryFolder { folder in
      try Shell.run(
        "ulimit -v \(kibibytes); exec timeout -s KILL 300 \"$@\"",
        [
          Program.url.path, "snapshot", "--bold", Self.bold, "--mask", Self.mask, "--anat",
          SampleCommandTests.sample("T1w.nii.gz"), "--spect",
          SampleCommandTests.sample("spect.nii.gz"), "--keys", " t<Esc>", "-o", folder + "/s.txt",
        ])
    }
  }

  @Test(arguments: [Float(1e20), 3e38, -3e38, .leastNonzeroMagnitude])
  func aHotVoxelEndsNoRegistration(_ hot: Float) throws {
    try withTemporaryFolder { folder in
      let grid = Small.grid(20, 20, 20, spacing: (8, 8, 8), origin: WorldPoint(-76, -76, -76))
      let head = Small.volume(grid) { v in
        let w = grid.world(v)
        return w.distance(to: WorldPoint(0, 0, 0)) < 60 ? 100 + Float((v.i * 7 + v.j * 3) % 9) : 2
      }
      var values = head.values
      values[grid.count / 2] = hot
      let (a, b) = (folder + "/a.nii", folder + "/b.nii")
      try ImageWriter.write(a, head, formCode: 1, note: "", overwrite: false)
      try ImageWriter.write(
        b, Volume(grid: grid, values: values), formCode: 1, note: "", overwrite: false)
      for (n, pair) in [(a, b), (b, a)].enumerated() {
        let result = try Program.run([
          "register", pair.0, "--to", pair.1, "-o", folder + "/\(n).txt",
        ])
        #expect([0, 65].contains(result.status), "\(result.status): \(result.errors)")
      }
    }
  }
}

/// A shell with one line of script; `$1` and on are its arguments.
enum Shell {
  static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, errors: String)
  {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, "sh"] + arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationReason == .exit ? process.terminationStatus : -1,
      String(decoding: text, as: UTF8.self)
    )
  }
}

/// The header of an image of single bytes in MNI space.
enum LargeImage {
  static func header(shape: (Int, Int, Int)) -> [UInt8] {
    var b = [UInt8](repeating: 0, count: 352)
    func put<T: BitwiseCopyable>(_ value: T, _ at: Int) {
      b.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: at, as: T.self) }
    }
    put(Int32(348), 0)
    for (n, d) in [3, shape.0, shape.1, shape.2, 1, 1, 1, 1].enumerated() {
      put(Int16(d), 40 + 2 * n)
    }
    put(Int16(2), 70)
    put(Int16(8), 72)
    for n in 0..<4 { put(Float(1), 76 + 4 * n) }
    put(Float(352), 108)
    b[123] = 2
    put(Int16(4), 254)
    for n in 0..<3 { put(Float(1), 280 + 20 * n) }
    b.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    return b
  }
}
