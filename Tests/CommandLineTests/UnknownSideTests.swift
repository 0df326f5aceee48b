import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Nothing leaves, from any command, of an image that says no side or two, or of a pair that is mirrored, unless a
/// person's decision goes with it. The commands come from the program's own list.
@Suite struct UnknownSideTests {
  /// Of a command that takes images: arguments with X for the image of no side and OUT for a new file without its
  /// ending.
  private static let taking: [String: [[String]]] = [
    "clean": [["X", "--preset", "none", "-o", "OUT.nii"]],
    "seedmap": [
      ["X", "--seed", "0,-52,26", "-o", "OUT.nii"], ["X", "--seed", "PCC", "-o", "OUT.nii"],
    ],
    "measures": [["X", "-o", "OUT.nii"]],
    "matrix": [["X", "-o", "OUT.tsv"], ["X", "--atlas", "X", "-o", "OUT.tsv"]],
    "networks": [["X", "--networks", "X"]],
    "windows": [["X", "--seed", "PCC", "--with", "mPFC"]],
    "compare": [["X", "X", "--seed", "0,-52,26", "-o", "OUT.nii"]],
    "confounds": [["X"]],
    "simulate": [["X", "--fwhm", "8", "-o", "OUT.nii"]],
    "losses": [["X", "--fwhm", "8", "-o", "OUT.nii"]],
    "camera project": [["X", "-o", "OUT.nii"]], "camera simulate": [["X", "-o", "OUT.nii"]],
    "camera reconstruct": [["X", "-o", "OUT.nii"]],
    "perfusion": [["X", "--percent", "OUT.nii"], ["X", "--asymmetry", "OUT.nii"]],
    "siscom": [["X", "X", "-o", "OUT.nii"]],
    "resolution": [["X"]],
    "smooth": [["X", "--fwhm", "8", "-o", "OUT.nii"]],
    "resample": [["X", "--like", "X", "-o", "OUT.nii"]],
    "value": [["X", "--at", "0,0,0"]], "info": [["X"]],
    "targets": [["X", "-o", "OUT.tsv"]],
    "target export": [
      ["T", "--name", "one", "--anat", "X", "--to", "simnibs", "--undecided", "-o", "OUT.csv"]
    ],
    "target import": [["N", "--from", "simnibs", "--anat", "X", "-o", "OUT.tsv"]],
    "register": [["X", "--to", "X", "-o", "OUT.txt"]],
    "transform import": [
      ["M", "--moving", "X", "--fixed", "X", "--format", "fsl", "-o", "OUT.txt"]
    ],
    "transform look": [["M", "--moving", "X", "--fixed", "X", "-o", "OUT.png"]],
    "flipcheck": [["X", "X"]],
    "export dicom": [
      ["--source", "D", "--map", "X", "--same-frame", "drawn on its own grid", "-o", "OUT"]
    ],
    "report": [["--anat", "X", "-o", "OUT.html"], ["--bold", "X", "-o", "OUT.html"]],
    "snapshot": [
      ["--anat", "X", "-o", "OUT.txt"], ["--bold", "X", "--keys", "tM", "-o", "OUT.txt"],
    ],
    "bids": [["S", "OUT", "participant", "--parts", "maps", "targets"]],
  ]

  /// Commands that take no image, or that show and keep nothing elsewhere.
  private static let others: Set<String> = [
    // The sample and the lessons are of a person who is made; the viewer keeps what its own tests look at.
    "sample", "demo", "lesson", "view",
    // DICOM says sides, or the series is refused.
    "list", "import",
    // Of tables, texts and settings.
    "ratings", "protocols", "landmarks", "distance", "config", "doctor",
    // Of a transform alone.
    "transform show", "transform accept", "transform invert", "transform compose",
    "transform point",
  ]

  private static func commands() throws -> Set<String> {
    let dumped = try Program.run(["--experimental-dump-help"])
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(dumped.output.utf8)) as? [String: Any])
    func leaves(_ command: [String: Any], _ above: String) -> [String] {
      let name = (above + " " + (command["commandName"] as? String ?? "")).trimmingCharacters(
        in: .whitespaces)
      let below = (command["subcommands"] as? [[String: Any]] ?? []).filter {
        $0["commandName"] as? String != "help"
      }
      return below.isEmpty
        ? [name] : below.flatMap { leaves($0, above.isEmpty && name == "boldspect" ? "" : name) }
    }
    let root = try #require(whole["command"] as? [String: Any])
    let subcommands = root["subcommands"] as? [[String: Any]] ?? []
    return Set(subcommands.flatMap { leaves($0, "") }).subtracting(["help"])
  }

  @Test func everyCommandIsLookedAt() throws {
    let all = try Self.commands()
    #expect(all.count >= 40)
    let known = Set(Self.taking.keys).union(Self.others)
    #expect(all.subtracting(known).isEmpty, "say how these treat an image of no side")
    #expect(known.subtracting(all).isEmpty, "no such command")
  }

  /// An image of one volume or a run, whose header says no side, or whose two forms contradict each other.
  private static func image(_ path: String, frames: Int, isContradictory: Bool) throws {
    let grid = Small.grid(20, 22, 18, spacing: (4, 4, 4), origin: WorldPoint(-38, -42, -34))
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: grid, formCode: isContradictory ? 1 : 0, frameCount: frames,
        repetitionTimeSeconds: frames > 1 ? 2 : nil, note: ""), overwrite: true
    ) { t in
      (0..<grid.count).map { n in
        let w = grid.world(at: n)
        guard w.x * w.x + w.y * w.y + w.z * w.z < 1000 else { return 0 }
        return Float(500 + n % 17 + (n * (t + 3)) % 29)
      }
    }
    guard isContradictory else { return }
    // The sform says the other side.
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let first = bytes[280..<284].withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
    bytes.replaceSubrange(280..<284, with: withUnsafeBytes(of: -first) { Array($0) })
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// What may lie there after a command that was not refused: images that say no side themselves, their JSON, tables
  /// without millimetres, and pages and pictures that say that no side is known.
  private static func requireNoSide(_ folder: String, _ words: String) throws {
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let full = folder + "/" + path
      switch true {
      case path.hasSuffix(".nii") || path.hasSuffix(".nii.gz"):
        let d = try ImageReader.describe(full)
        #expect(d.laterality == .unknown, "\(words) wrote a side")
      case path.hasSuffix(".html") || path.hasSuffix(".txt"):
        let text = try String(contentsOfFile: full, encoding: .utf8)
        #expect(
          !text.contains("LEFT ") && !text.contains("RIGHT "), "\(words): \(text.prefix(3000))")
        #expect(text.localizedCaseInsensitiveContains("unknown"), "\(words): \(text.prefix(3000))")
      case path.hasSuffix(".tsv"):
        let head =
          try String(contentsOfFile: full, encoding: .utf8).split(separator: "\n").first ?? ""
        #expect(
          !head.contains("_x") && !head.contains("x_mm") && !head.contains("side"),
          "\(words): \(head)")
      case path.hasSuffix(".dcm") || path.hasSuffix(".csv") || path.hasSuffix(".png"):
        Issue.record("\(words) wrote \(path)")
      default: continue
      }
    }
  }

  @Test(arguments: [false, true]) func noCommandGivesItASide(_ isContradictory: Bool) throws {
    try withTemporaryFolder { folder in
      let (one, run) = (folder + "/x.nii", folder + "/x_bold.nii")
      try Self.image(one, frames: 1, isContradictory: isContradictory)
      try Self.image(run, frames: 30, isContradictory: isContradictory)
      #expect(try ImageReader.describe(one).laterality == .unknown)
      try Self.companions(folder, run)
      let runners: Set<String> = [
        "clean", "seedmap", "measures", "matrix", "networks", "windows", "compare", "confounds",
        "targets",
      ]
      for (command, forms) in Self.taking.sorted(by: { $0.key < $1.key }) {
        for (n, form) in forms.enumerated() {
          let out = folder + "/out-\(command)-\(n)"
          try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
          let image = runners.contains(command) || form.first == "--bold" ? run : one
          let given = form.map { word in
            switch word {
            case "X": image
            case "T", "N", "M", "D", "S": folder + "/" + word
            default: word.replacing("OUT", with: out + "/o")
            }
          }
          let words = command.split(separator: " ").map(String.init) + given
          let made = try Program.run(words, environment: ["XDG_STATE_HOME": folder + "/state"])
          #expect([0, 64, 65, 75].contains(made.status), "\(words): \(made.status) \(made.errors)")
          #expect(
            !made.errors.contains("Usage:") && !made.errors.contains("no such option"),
            "\(made.errors)")
          try Self.requireNoSide(out, words.joined(separator: " "))
          for side in ["LEFT", "RIGHT"] where made.status == 0 {
            #expect(!made.output.contains("\(side) "), "\(words): \(made.output.prefix(2000))")
          }
        }
      }
    }
  }

  /// A target file, points of a navigator, a matrix, a DICOM object and a study of one person.
  private static func companions(_ folder: String, _ run: String) throws {
    let target = """
      {"GeneratedBy": "boldspect", "kind": "targets", "targets": [{"name": "one", "note": "", "mm": [-20, 10, 15],
      "space": "native", "side": "LEFT", "method": "m", "decision": "accepted", "acknowledged": true, "warnings": []}]}
      """
    try target.write(toFile: folder + "/T", atomically: true, encoding: .utf8)
    try "name,x,y,z\none,-20,10,15\n".write(
      toFile: folder + "/N", atomically: true, encoding: .utf8)
    try "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".write(
      toFile: folder + "/M", atomically: true, encoding: .utf8)
    try Data(SmallDICOM.source()).write(to: URL(filePath: folder + "/D"))
    let func1 = folder + "/S/sub-1/func"
    try FileManager.default.createDirectory(atPath: func1, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: run, toPath: func1 + "/sub-1_task-rest_bold.nii")
  }
}
