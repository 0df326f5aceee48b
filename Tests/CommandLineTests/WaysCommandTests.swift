import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing
import Viewer

/// Config file, sessions and words from outside, on the sample person.
@Suite struct WaysCommandTests {
  static let files = [
    "--bold", SampleCommandTests.bold, "--spect", SampleCommandTests.sample("spect.nii.gz"),
    "--mask", SampleCommandTests.mask,
  ]

  func snapshot(_ arguments: [String], format: String = "words") throws -> Program.Result {
    try Program.run(["snapshot", "--format", format, "-o", "-"] + arguments)
  }

  @Test func seedInPCCThresholdAndSPECTBesideItTakeSixKeys() throws {
    let keys = ["g", "P", "C", "C", "<Enter>", "<Space>"]
    #expect(keys.count <= 6)
    let shown = try snapshot(Self.files + ["--keys", keys.joined()], format: "text")
    #expect(shown.status == 0, "\(shown.errors)")
    for word in ["connectivity of (0, -53, 26) r 6 mm", "SPECT SYNTHETIC PERSON", "0.30", "0.80"] {
      #expect(shown.output.contains(word), "\(word)")
    }
  }

  /// Each field of the registry has its option, its help and its reading; nothing else sets one.
  @Test func everyViewIsAnOption() throws {
    let help = try Program.run(["snapshot", "--help"]).output
    for field in ViewField.all {
      guard let option = field.optionName else { continue }
      #expect(help.contains("\(option) <\(field.value)>"), "\(option) <\(field.value)>")
      guard field.name != "cursor", field.name != "palette" else { continue }
      let words = { (text: String) in text.filter { !$0.isWhitespace } }
      #expect(words(help).contains(words(field.optionHelp)), "\(field.optionHelp)")
      let result = try snapshot(["--anat", "none.nii", option, "@"])
      #expect(result.status == 64 && result.errors.contains(option), "\(option): \(result.errors)")
    }
  }

  @Test func everyViewThatIsGivenIsShown() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/s.json"
      let given = [
        "--underlay-low", "20", "--underlay-high", "90", "--underlay-gamma", "0.5", "--isoline",
        "40",
        "--zoom", "2", "--zoom-centre", "-7,3,4", "--outline-across", "on", "--camera-fwhm", "12",
      ]
      let saved = try snapshot(Self.files + given + ["--keys", ":workspace save \(file)<Enter>"])
      #expect(saved.status == 0, "\(saved.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let view = try #require(JSON.parse(text).value["view"])
      for (name, number) in [
        ("underlay-low", 20.0), ("underlay-high", 90), ("underlay-gamma", 0.5), ("isoline", 40),
        ("camera-fwhm", 12),
      ] { #expect(view[name]?.number == number, "\(name)") }
      #expect(view["zoom-centre"]?.items?.compactMap(\.number) == [-7, 3, 4])
      #expect(view["outline-across"] == .bool(true))
      // Options of how it is looked at are no part of the request.
      #expect(!text.contains("--isoline") && !text.contains("--underlay-low"))
    }
  }

  @Test func aSessionRestoresEveryViewAndRefusesAChangedFile() throws {
    try withTemporaryFolder { folder in
      let mask = folder + "/mask.nii.gz"
      try FileManager.default.copyItem(atPath: SampleCommandTests.mask, toPath: mask)
      let file = folder + "/s.json"
      let files = Array(Self.files.dropLast()) + [mask]
      let keys =
        ":gsr on<Enter>:seed left-motor<Enter>c}}Rv:fwhm 14<Enter>uy]]:palette pet<Enter>"
        + "g-30,-20,50<Enter>:bookmark hand note<Enter>"
      let saved = try snapshot(files + ["--keys", keys + ":workspace save \(file)<Enter>"])
      #expect(saved.status == 0, "\(saved.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      // Without the message, the picture of the session is that of the keys.
      let before = try snapshot(files + ["--keys", keys + "<Esc>"], format: "ansi")
      let after = try snapshot(["--workspace", file], format: "ansi")
      #expect(after.status == 0, "\(after.errors)")
      #expect(after.output == before.output)
      #expect(after.output.contains("SIMULATED"))
      // Saved again it is the same file.
      let again = folder + "/t.json"
      let second = try snapshot(["--workspace", file, "--keys", ":workspace save \(again)<Enter>"])
      #expect(second.status == 0, "\(second.errors)")
      #expect(try String(contentsOfFile: again, encoding: .utf8) == text)
      // Nothing is written over.
      let over = try snapshot(["--workspace", file, "--keys", ":workspace save \(file)<Enter>"])
      #expect(over.output.contains("error: "))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
      // A wrong value is refused with its line.
      let wrong = folder + "/w.json"
      try text.replacingOccurrences(of: "\"threshold\": 0.4", with: "\"threshold\": 4")
        .write(toFile: wrong, atomically: true, encoding: .utf8)
      let refused = try snapshot(["--workspace", wrong])
      #expect(refused.status == 65)
      #expect(refused.errors.contains("line ") && refused.errors.contains("0 to 0.99"))
      let handle = try #require(FileHandle(forWritingAtPath: mask))
      handle.seekToEndOfFile()
      handle.write(Data([0]))
      try handle.close()
      let changed = try snapshot(["--workspace", file])
      #expect(changed.status == 65)
      #expect(changed.errors.contains("mask.nii.gz") && changed.errors.contains("changed"))
      try FileManager.default.removeItem(atPath: mask)
      #expect(try snapshot(["--workspace", file]).status == 66)
    }
  }

  @Test func viewsCanBeStatedAsOptions() throws {
    let result = try snapshot(
      Self.files + [
        "--plane", "coronal", "--orientation", "neurological", "--threshold", "0.45", "--right",
        "simulated", "--camera-fwhm", "13", "--window", "120", "--start", "30", "--at",
        "-30,-20,50",
      ])
    #expect(result.status == 0, "\(result.errors)")
    for word in [
      "coronal, y −20 mm, neurological: the head's right is on the right", "→13 mm",
      "2.0 min from 0.5",
    ] { #expect(result.output.contains(word), "\(word): \(result.output)") }
    // A pane that is made with the seed's map comes with it.
    let blurred = try snapshot(
      Self.files + ["--seed", "PCC", "--right", "map-blurred", "--camera-fwhm", "13"])
    let typed = try snapshot(Self.files + ["--seed", "PCC", "--keys", ":fwhm 13<Enter>vv"])
    func simulated(_ text: String) -> Substring? {
      text.split(separator: "\n").last { $0.hasPrefix("SIMULATED r: +") }
    }
    #expect(simulated(blurred.output) != nil)
    #expect(simulated(blurred.output) == simulated(typed.output))
    let wrong = try snapshot(Self.files + ["--plane", "oblique"])
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("axial, coronal or sagittal"))
  }

  static let faults: [(String, [String])] = [
    ("{\n  \"view\": {\n    \"plain\": \"axial\"\n  }\n}", ["line 3", "plain", "plane"]),
    ("{\n  \"view\": {\"threshold\": 2}\n}", ["line 2", "0 to 0.99"]),
    ("{\n  \"keys\": {\n\"seed\": \"q\"}}", ["line 3", "q cannot be seed"]),
    ("{\"keys\": {\"seed\": \"<Esc>\"}}", ["<Esc>", "seed"]),
    ("{\"keys\": {\"seed\": \"ab\"}}", ["not one key"]),
    ("{\"keys\": {\"seed\": \"o\"}}", ["only key of overlay"]),
    ("{\"keys\": {\"seed\": \"b\", \"live\": \"b\"}}", ["key of seed already"]),
    ("{\"keys\": {\"sead\": \"b\"}}", ["no key does sead"]),
    ("{\"colours\": \"many\"}", ["24bit"]), ("{\"colour-depth\": \"many\"}", ["24bit"]),
    ("{\"colour\": 1}", ["nothing named colour"]),
    ("{\n\"view\": {},\n}", ["line 3"]), ("[]", ["no object"]),
    ("{\"view\": {\"cursor\": [0, 0, 0]}}", ["no view named cursor"]),
  ]

  @Test(arguments: faults)
  func aWrongConfigFileIsRefusedWithFileLineAndWhatIsExpected(
    _ text: String, _ words: [String]
  ) throws {
    try withTemporaryFolder { folder in
      let file = folder + "/config.json"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      let result = try Program.run(["config", "--check", file])
      #expect(result.status == 65)
      for word in words + ["'config.json'", "expected"] {
        #expect(result.errors.contains(word), "\(word): \(result.errors)")
      }
    }
  }

  @Test func theDefaultsAreARightConfigFileAndKeysCanBeChanged() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/config.json"
      let defaults = try Program.run(["config"])
      try defaults.output.write(toFile: file, atomically: true, encoding: .utf8)
      let checked = try Program.run(["config", "--check", file])
      #expect(checked.status == 0, "\(checked.errors)")
      try """
      {"view": {"plane": "coronal", "threshold": 0.45},
       "keys": {"sagittal": "W", "overlay": ["<F2>", "o"]}}
      """.write(toFile: file, atomically: true, encoding: .utf8)
      let plain = try snapshot(Self.files + ["--keys", "W"])
      #expect(!plain.output.contains("sagittal"))
      let chosen = try snapshot(Self.files + ["--config", file, "--keys", "<F2>"])
      #expect(chosen.output.contains("plane: coronal"))
      #expect(chosen.output.contains("message: ") || chosen.status == 0)
      let moved = try snapshot(Self.files + ["--config", file, "--keys", "W"])
      #expect(moved.output.contains("plane: sagittal"))
      // s no longer means anything, and help says the new key.
      let old = try snapshot(Self.files + ["--config", file, "--keys", "s"])
      #expect(!old.output.contains("sagittal"))
      let help = try snapshot(Self.files + ["--config", file, "--keys", "?sagittal plane"])
      #expect(help.output.contains("W: sagittal plane"))
      let path = try Program.run(["config", "--path"], environment: ["XDG_CONFIG_HOME": folder])
      #expect(path.output.hasPrefix(folder + "/boldspect/config.json"))
    }
  }

  @Test func spokenLinesHaveNoControlBytesAndNeedNoTerminal() throws {
    let result = try Program.run(["view", "--speak"] + Self.files + ["--seed", "PCC"])
    #expect(result.status == 0, "\(result.errors)")
    for word in [
      "plane: axial", "cursor: +0.0 −53.0 +26.0 mm MNI152, MIDLINE", "SPECT SYNTHETIC PERSON",
      "not for diagnosis", "connectivity of PCC",
    ] { #expect(result.output.contains(word), "\(word)") }
    #expect(result.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    #expect(
      result.output.split(separator: "\n").allSatisfy { $0.contains(": ") },
      "every line has a topic")
  }

  /// Bookmarks are on disk as soon as they are made, beside those of earlier sessions, and a damaged file is
  /// put aside rather than written over.
  @Test func bookmarksOutliveSessionsAndDamage() throws {
    try withTemporaryFolder { folder in
      let environment = ["XDG_STATE_HOME": folder]
      func session(_ keys: String) throws -> Program.Result {
        try Program.run(
          ["view", "--speak"] + Self.files, environment: environment, input: keys)
      }
      func stored() throws -> [String] {
        let state = folder + "/boldspect"
        let names = try FileManager.default.contentsOfDirectory(atPath: state)
        let name = try #require(names.first { $0.hasPrefix("places-") && $0.hasSuffix(".json") })
        let text = try String(contentsOfFile: state + "/" + name, encoding: .utf8)
        let items = try #require(JSON.parse(text).value["bookmarks"]?.items)
        return items.compactMap { $0["name"]?.asString }
      }
      #expect(try session(":bookmark one\rq").status == 0)
      #expect(try session(":bookmark two\rq").status == 0)
      #expect(Set(try stored()) == ["one", "two"])
      #expect(try session(":unbookmark one\rq").status == 0)
      #expect(try stored() == ["two"])
      let state = folder + "/boldspect"
      let name = try #require(
        FileManager.default.contentsOfDirectory(atPath: state).first { $0.hasPrefix("places-") })
      try "{\"bookmarks\": [".write(
        toFile: state + "/" + name, atomically: true, encoding: .utf8)
      let told = try session(":bookmark three\rq")
      #expect(told.output.contains("put aside"), "\(told.output)")
      #expect(try stored() == ["three"])
      let names = try FileManager.default.contentsOfDirectory(atPath: state)
      #expect(names.contains { $0.contains(".damaged-") })
    }
  }

  /// A session is no script: it repeats settings and nothing that reads, writes or leaves.
  @Test(arguments: [
    ("\"commands\": []", "\"commands\": [\"session save x.json\"]", "commands.0"),
    ("\"commands\": []", "\"commands\": [\"quit\"]", "commands.0"),
    ("\"commands\": []", "\"commands\": \"gsr on\"", "commands"),
    ("\"bookmarks\": []", "\"bookmarks\": \"x\"", "bookmarks"),
    ("\"targets\": []", "\"targets\": {}", "targets"),
    ("\"targets_open\": false", "\"targets_open\": 1", "targets_open"),
  ])
  func aSessionThatWasChangedByHandIsRefused(_ was: String, _ becomes: String, _ member: String)
    throws
  {
    try withTemporaryFolder { folder in
      let file = folder + "/s.json"
      let saved = try snapshot(Self.files + ["--keys", ":workspace save \(file)<Enter>"])
      #expect(saved.status == 0, "\(saved.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains(was), "\(text)")
      try text.replacingOccurrences(of: was, with: becomes)
        .write(toFile: file, atomically: true, encoding: .utf8)
      let result = try snapshot(["--workspace", file])
      #expect(result.status == 65 && result.errors.contains(member), "\(result.errors)")
    }
  }

  @Test func aPipeOrALinkIsNotReplaced() throws {
    try withTemporaryFolder { folder in
      let (pipe, link, real) = (folder + "/pipe", folder + "/link", folder + "/real.txt")
      #expect(mkfifo(pipe, 0o600) == 0)
      try "kept".write(toFile: real, atomically: true, encoding: .utf8)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
      for path in [pipe, link] {
        let result = try Program.run(
          ["snapshot"] + Self.files + ["--force", "-o", path])
        #expect(result.status == 73 && result.errors.contains("no regular file"))
      }
      #expect(try String(contentsOfFile: real, encoding: .utf8) == "kept")
      let kind = try FileManager.default.attributesOfItem(atPath: pipe)[.type] as? FileAttributeType
      #expect(kind == .typeUnknown || kind != .typeRegular)
    }
  }
}
