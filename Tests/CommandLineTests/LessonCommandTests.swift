import Foundation
import TestSupport
import Testing

/// `lesson`: what a class takes home, and that its numbers are those of the commands.
@Suite struct LessonCommandTests {
  private static func sample(_ name: String) -> String {
    RealData.project.appending(path: "SampleData/sample_space-MNI152_" + name).path
  }

  private static let files = [
    "--bold", sample("bold.nii.gz"), "--spect", sample("spect.nii.gz"), "--anat",
    sample("T1w.nii.gz"), "--mask", sample("brainmask.nii.gz"), "--gm",
    sample("label-GM_probseg.nii.gz"), "--white", sample("label-WM_probseg.nii.gz"),
    "--confounds", sample("confounds.tsv"), "--preset", "6P", "--seed", "PCC",
  ]

  @Test func theHandoutHoldsEveryStepAndNeedsNothingFromElsewhere() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/handout"
      let made = try Program.run(["lesson", "--export", out] + Self.files)
      #expect(made.status == 0, "\(made.errors)")
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: out))
      #expect(Set(made.output.split(separator: "\n").map(String.init)) == names)
      let table = try String(contentsOfFile: out + "/lesson.tsv", encoding: .utf8)
      let rows = table.split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
      #expect(rows.count >= 14 && rows.allSatisfy { $0.count == 10 })
      // Whose it is, what it is, which way round and in which space, in every file.
      for words in ["SYNTHETIC PERSON", "RADIOLOGICAL", "MNI152", "sample_space-MNI152_bold"] {
        #expect(rows.allSatisfy { $0[9].contains(words) })
        for name in names where !name.hasSuffix(".png") {
          let text = try String(contentsOfFile: out + "/" + name, encoding: .utf8)
          #expect(text.contains(words), "\(name): \(words)")
        }
      }
      try sameBorder(rows, out)
      let pictures = names.filter { $0.hasSuffix(".png") && !$0.hasSuffix("-moving.png") }
      #expect(pictures.count == rows.count)
      #expect(names.contains { $0.hasSuffix("-moving.png") })
      let curves = names.filter { $0.hasSuffix(".csv") }
      #expect(curves.count >= 5)
      for name in curves {
        #expect(names.contains(name.replacingOccurrences(of: ".csv", with: ".svg")))
      }
      let page = try String(contentsOfFile: out + "/lesson.html", encoding: .utf8)
      // The name of SVG's own language is no address that anything is loaded from.
      let own = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
      #expect(!own.contains("http:") && !own.contains("https:") && !own.contains("src=\"//"))
      #expect(page.components(separatedBy: "<section ").count - 1 == rows.count)
      #expect(page.contains("SYNTHETIC PERSON") && page.contains("Not for diagnosis"))
      for row in rows { #expect(page.contains(">\(row[0]). "), "\(row[0])") }
      try sameNumbers(rows)
      // A second time nothing is replaced unasked.
      #expect(try Program.run(["lesson", "--export", out] + Self.files).status != 0)
    }
  }

  /// The width that the step tells is that of the curve that is saved: from three quarters to one quarter.
  private func sameBorder(_ rows: [[String]], _ out: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: out)
    let name = try #require(names.first { $0.hasPrefix("step-03") && $0.hasSuffix(".csv") })
    let lines = try String(contentsOfFile: out + "/" + name, encoding: .utf8).split(separator: "\n")
    func width(_ curve: String) -> Double {
      let points = lines.filter { $0.hasPrefix("\"\(curve)\",") }.map { line in
        line.split(separator: ",")[1...2].compactMap { Double($0) }
      }
      let (low, high) = (points.min { $0[1] < $1[1] }, points.max { $0[1] < $1[1] })
      guard let low, let high else { return .nan }
      let inside = points.filter { ($0[0] - low[0]) * ($0[0] - high[0]) <= 0 }
      func levels(_ t: Double) -> [Double] {
        let level = low[1] + t * (high[1] - low[1])
        return zip(inside, inside.dropFirst()).compactMap { a, b in
          (a[1] - level) * (b[1] - level) <= 0 && a[1] != b[1]
            ? a[0] + (level - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) : nil
        }
      }
      let all = levels(0.75) + levels(0.25)
      return (all.max() ?? .nan) - (all.min() ?? .nan)
    }
    let told = try #require(rows.first { $0[2] == "Two networks run together" }?[4])
    func text(_ x: Double) -> String { String(format: "%.1f", x) }
    #expect(told == "\(text(width("sharp"))) → \(text(width("camera"))) mm")
  }

  /// Files are opened, or refused in words: the lesson is never given on somebody else.
  @Test func filesAreTakenOrRefused() throws {
    let other = FileManager.default.temporaryDirectory.path
    for (given, word) in [
      (["nosuchfile.nii.gz"], "nosuchfile.nii.gz"), (["--second", "later.nii.gz"], "--second"),
      (["--spect", Self.sample("spect.nii.gz")], "--spect"),
      (["--norms", "norms.tsv"], "--norms"), ([Self.sample("spect.nii.gz")], "one volume"),
      ([other + "/nosuchfolder"], "nosuchfolder"),
    ] {
      let made = try Program.run(["lesson", "--speak"] + given)
      #expect(made.status != 0 && made.errors.contains(word), "\(given): \(made.errors)")
      #expect(!made.output.contains("SYNTHETIC"), "\(given)")
    }
    // A run that is named is the one that is shown.
    try withTemporaryFolder { folder in
      let name = folder + "/my_space-MNI152_task-rest_bold.nii.gz"
      try FileManager.default.copyItem(atPath: Self.sample("bold.nii.gz"), toPath: name)
      let made = try Program.run(["lesson", "--speak", name])
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.contains("my_space-MNI152"), "\(made.output.prefix(600))")
    }
  }

  /// What is left of contrast, by the command and by the lesson.
  private func sameNumbers(_ rows: [[String]]) throws {
    let bold = Self.files[1]
    let words = [
      "losses", bold, "--mask", Self.sample("brainmask.nii.gz"), "--proxy", "template", "--gm",
      Self.sample("label-GM_probseg.nii.gz"), "--white", Self.sample("label-WM_probseg.nii.gz"),
      "--fwhm", "8,10,12,15", "--json",
    ]
    let curve = try #require(
      try answered(try Program.run(words).output)["curve"] as? [[String: Any]])
    let kept = try #require(curve[1]["contrast_kept_median"] as? Double)
    let number = try #require(rows.first { $0[2] == "Sharp and blurred" }?[4])
    let told = try #require(Double(number.split(separator: " ").first.map(String.init) ?? ""))
    // The command cleans without confounds, the lesson with them: ALFF hardly differs.
    #expect(abs(told - 100 * kept) <= 2, "\(told) beside \(100 * kept)")
    let ball = try #require(curve[1]["sphere_10_mm_recovery"] as? Double)
    let small = try #require(rows.first { $0[2] == "Small things fade" }?[4])
    #expect(small == "\(Int((100 * ball).rounded())) %")
  }

  @Test func notesAreForASecondScreenAndSpeechIsLines() throws {
    let notes = try Program.run(["lesson", "--notes"])
    #expect(notes.status == 0)
    #expect(notes.output.contains("1 of ") && notes.output.contains("[spect.md"))
    let none = try Program.run(["lesson", "--export", "/dev/null/none"] + Self.files)
    #expect(none.status != 0 && none.errors.contains("/dev/null/none"))
  }

  /// What the screen draws, as numbers and as a drawing.
  @Test func curvesOfTheScreenAreSaved() throws {
    try withTemporaryFolder { folder in
      for (kind, axis, keys) in [
        ("course", "\"s\"", ""), ("spectrum", "\"Hz\"", ""), ("histogram", "\"value\"", ""),
        ("curve", "\"width of the camera, mm\"", ":lesson 4<Enter>"),
      ] {
        let made = try Program.run(
          ["snapshot"] + Self.files + [
            "--keys", keys + ":save \(kind) \(folder)/\(kind)<Enter>", "-o",
            "\(folder)/\(kind).txt",
          ])
        #expect(made.status == 0, "\(made.errors)")
        let table = try String(contentsOfFile: "\(folder)/\(kind).csv", encoding: .utf8)
        let rows = table.split(separator: "\n")
        #expect(rows[0].hasPrefix("curve,\(axis)") && rows.count > 50, "\(rows[0])")
        let picture = try String(contentsOfFile: "\(folder)/\(kind).svg", encoding: .utf8)
        #expect(picture.hasPrefix("<svg ") && picture.contains("<path "))
      }
    }
  }
}
