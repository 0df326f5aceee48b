import Basics
import Foundation
import TestSupport
import Testing

/// What files say is shown, and never obeyed by a terminal; what is refused is named with its file.
@Suite struct HostileTextTests {
  static let head = NavigatorCommandTests.head

  /// A name and a warning that would clear the screen and fill the clipboard.
  static let escapes = "\u{1b}]52;c;aGk=\u{7}\u{1b}[2J\u{9b}2J\u{202e}gnp\u{200b}"

  @Test func warningsOfATargetFileShowTheirControls() throws {
    try withTemporaryFolder { folder in
      let target: [String: Any] = [
        "name": Self.escapes, "note": Self.escapes, "mm": [-40.0, 20.0, 30.0], "space": "MNI152",
        "side": "LEFT", "method": Self.escapes, "decision": "accepted", "warnings": [Self.escapes],
      ]
      let text = try JSONSerialization.data(withJSONObject: ["targets": [target]])
      try text.write(to: URL(filePath: folder + "/a.json"))
      let result = try Program.run([
        "target", "export", folder + "/a.json", "--anat", Self.head, "--to", "slicer", "-o",
        folder + "/b.mrk.json",
      ])
      let told = result.output + result.errors
      #expect(told.contains("\\u{1b}"), "\(result.status): \(told)")
      #expect(!told.unicodeScalars.contains { $0 != "\n" && isInvisible($0) }, "\(told)")
    }
  }

  static let files: [(program: String, name: String, text: String, word: String)] = [
    ("simnibs", "a.csv", "", "holds no target"), ("simnibs", "b.csv", "{}", "holds no target"),
    (
      "brainsight", "c.txt", "# Version: 12\n# Coordinate system: NIfTI:MNI-152\n",
      "holds no target"
    ),
    ("slicer", "d.mrk.json", "{\"markups\":[]}", "holds no target"),
    (
      "localite", "e.xml", "<EntryTargetList coordinateSpace=\"RAS\"></EntryTargetList>",
      "holds no target"
    ),
    ("simnibs", "f.csv", "CoilPos,-40,20,30,0,0,0,0,0,0,4,mine_coil", "mine: the coil's pose"),
  ]

  @Test(arguments: files.indices)
  func aNavigatorsFileWithoutATargetIsNamed(_ n: Int) throws {
    let one = Self.files[n]
    try withTemporaryFolder { folder in
      let path = folder + "/" + one.name
      try one.text.write(toFile: path, atomically: true, encoding: .utf8)
      let result = try Program.run([
        "target", "import", path, "--from", one.program, "--anat", Self.head,
      ])
      #expect(result.status == 65 && result.output.isEmpty, "\(result.status)")
      #expect(result.errors.contains("'\(one.name)'"), "\(result.errors)")
      #expect(result.errors.contains(one.word), "\(result.errors)")
    }
  }
}
