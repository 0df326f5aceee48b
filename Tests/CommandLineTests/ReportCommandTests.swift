import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `report`: its numbers are the commands' own, and nothing of a file's name does anything on the page.
@Suite struct ReportCommandTests {
  static let run = [
    "--mask", SampleCommandTests.mask, "--confounds", SampleCommandTests.sample("confounds.tsv"),
    "--preset", "6P",
  ]
  static let bold = SampleCommandTests.bold
  static let spect = SampleCommandTests.sample("spect.nii.gz")
  static let white = SampleCommandTests.sample("label-WM_probseg.nii.gz")
  static let grey = SampleCommandTests.sample("label-GM_probseg.nii.gz")

  /// Plain text of JSON, with its keys in order.
  func plain(_ value: Any?) throws -> String {
    let data = try JSONSerialization.data(
      withJSONObject: value ?? NSNull(), options: [.sortedKeys, .fragmentsAllowed])
    return String(decoding: data, as: UTF8.self)
  }

  func answer(_ arguments: [String]) throws -> [String: Any] {
    let found = try Program.run(arguments + ["--json"])
    #expect(found.status == 0, "\(found.errors)")
    return try answered(found.output)
  }

  @Test func everyNumberIsTheCommands() throws {
    try withTemporaryFolder { folder in
      let page = folder + "/page.html"
      let report = try answer(
        [
          "report", "--bold", Self.bold, "--spect", Self.spect, "--gm", Self.grey, "--white",
          Self.white,
        ]
          + Self.run + ["--bootstrap", "60", "-o", page])
      let targets = try answer(
        ["targets", Self.bold, "--gm", Self.grey] + Self.run + ["--bootstrap", "60"])
      let own = try #require(report["targets"] as? [String: Any])
      #expect(own.count > 20)
      for (key, value) in own { #expect(try plain(value) == plain(targets[key]), "targets \(key)") }
      // What stands for perfusion is what the command takes when nobody says it: tissue, not mean BOLD.
      let tissue = ["--gm", Self.grey, "--white", Self.white]
      let losses = try answer(["losses", Self.bold] + tissue + Self.run)
      let kept = try #require(report["losses"] as? [String: Any])
      let mean = try answer(["losses", Self.bold, "--proxy", "mean"] + Self.run)
      #expect(try kept.keys.contains { try plain(kept[$0]) != plain(mean[$0]) })
      for (key, value) in kept { #expect(try plain(value) == plain(losses[key]), "losses \(key)") }
      let perfusion = try answer(["perfusion", Self.spect, "--table"])
      let scan = try #require((report["perfusion"] as? [[String: Any]])?.first)
      for key in ["regions", "lowest_region", "highest_region", "parameters"] {
        #expect(try plain(scan[key]) == plain(perfusion[key]), "perfusion \(key)")
      }
      try self.everyRegionStands(
        try #require(scan["regions"] as? [[String: Any]]), in: try readTextFile(page),
        try readTextFile(folder + "/page.txt"))
    }
  }

  /// The table of the page and the text's are the same numbers, to the decimals that they show.
  private func everyRegionStands(
    _ regions: [[String: Any]], in html: String, _ text: String
  ) throws {
    #expect(regions.count > 20)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: " ").filter { $0 != "*" }.joined(separator: " ")
    }
    for region in regions {
      let isCut = try #require(region["cut_at_mirror_plane"] as? Bool)
      let name =
        try #require(region["name"] as? String) + (isCut ? " (cut at the mirror plane)" : "")
      let numbers = try [("left_percent", false), ("right_percent", false), ("ai_percent", true)]
        .map { key, isSigned in
          // A side without data is null in JSON and a dash for a person.
          fixed(try #require(region[key]) as? Double ?? .nan, 1, signed: isSigned)
        }
      let cells = numbers.map { "<td class=\"n\">\($0)</td>" }.joined()
      #expect(html.contains("<td>\(name)</td>\(cells)"), "\(name)")
      #expect(lines.contains((["\(name)"] + numbers).joined(separator: " ")), "\(name)")
    }
  }

  @Test func networksAreTheCommands() throws {
    try withTemporaryFolder { folder in
      // Halves of the brain as two networks: what they are called is hostile.
      let (d, mask) = try ImageReader.readVolume(SampleCommandTests.mask)
      let networks = folder + "/halves_space-MNI152.nii"
      let labels = Small.volume(mask.grid) { v in
        guard mask[v] > 0 else { return 0 }
        let w = mask.grid.world(v)
        return w.y > 0 ? (w.z > 10 ? 1 : 2) : (w.z > 10 ? 3 : 4)
      }
      try ImageWriter.write(networks, labels, formCode: d.formCode, note: "", overwrite: false)
      let names = folder + "/names.tsv"
      try Data("1\tA<b>\n2\tB&\n3\tC\n4\tD\n".utf8).write(to: URL(filePath: names))
      let given = ["--networks", networks, "--names", names] + Self.run
      let page = folder + "/page.html"
      let report = try answer(
        ["report", "--bold", Self.bold] + given + ["--protocol", "none", "-o", page])
      let command = try answer(["networks", Self.bold] + given)
      let own = try #require(report["networks"] as? [String: Any])
      for (key, value) in own { #expect(try plain(value) == plain(command[key]), "\(key)") }
      let html = try readTextFile(page)
      #expect(html.contains("A&lt;b&gt;") && !html.contains("A<b>"))
      #expect(report["targets"] is NSNull)
    }
  }

  @Test func namesDoNothingOnThePage() throws {
    try withTemporaryFolder { folder in
      let study = SmallStudy(folder)
      let hostile = "sub-1_<script>alert(1)<x>\"'&_\u{1b}[31mred\u{202e}evil_space-MNI152_"
      let bold = try study.run(hostile + "bold.nii")
      let spect = try study.image(hostile + "spect.nii")
      let page = folder + "/out.html"
      let found = try Program.run(
        ["report", "--bold", bold, "--spect", spect, "--protocol", "none", "-o", page])
      #expect(found.status == 0, "\(found.errors)")
      let html = try readTextFile(page)
      let text = try readTextFile(folder + "/out.txt")
      #expect(html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"))
      for part in ["<script", "<x>", "http:", "https:", "\u{1b}", "\u{202e}", "@import", "url("] {
        #expect(!html.contains(part), "\(part)")
      }
      #expect(html.contains("&lt;script&gt;alert(1)"))
      #expect(html.contains("\\u{202e}"))
      for part in ["\u{1b}", "\u{202e}"] {
        #expect(!text.contains(part) && !found.errors.contains(part), "\(part)")
      }
      for source in html.components(separatedBy: "src=").dropFirst() {
        #expect(source.hasPrefix("\"data:image/png;base64,") || source.hasPrefix(" data:"))
      }
    }
  }

  @Test func everyVisitHasAPage() throws {
    try withTemporaryFolder { folder in
      let alone = folder + "/spect.html"
      var found = try Program.run(["report", Self.spect, "--spect", Self.spect, "-o", alone])
      #expect(found.status == 64)
      found = try Program.run(["report", "--spect", Self.spect, "-o", alone])
      #expect(found.status == 0, "\(found.errors)")
      let html = try readTextFile(alone)
      #expect(html.contains("Perfusion: sample_space-MNI152_spect.nii.gz"))
      #expect(html.contains("SYNTHETIC") && !html.contains("<h2>The run</h2>"))
      // A folder's visit, and a second page does not replace the first.
      let study = SmallStudy(folder)
      for session in ["1", "2"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/study/sub-a/ses-\(session)/func", withIntermediateDirectories: true)
        _ = try study.run(
          "study/sub-a/ses-\(session)/func/sub-a_ses-\(session)_task-rest_space-MNI152NLin6Asym_bold.nii",
          seed: 3)
      }
      let place = folder + "/study"
      let page = ["--protocol", "none", "-o", folder + "/visit.html"]
      found = try Program.run(["report", place] + page)
      #expect(found.status == 64 && found.errors.contains("2 visits"), "\(found.errors)")
      found = try Program.run(["report", place, "--session", "2"] + page)
      #expect(found.status == 0, "\(found.errors)")
      #expect(try readTextFile(folder + "/visit.html").contains("<dd>ses-2</dd>"))
      found = try Program.run(["report", place, "--session", "2"] + page)
      #expect(found.status == 73, "\(found.errors)")
    }
  }

  @Test func withoutAPrinterThereIsNoPDF() throws {
    try withTemporaryFolder { folder in
      let found = try Program.run(
        [
          "report", "--spect", Self.spect, "-o", folder + "/a.html", "--pdf", folder + "/a.pdf",
        ], environment: ["PATH": "/nonexistent"])
      #expect(found.status == 69)
      #expect(found.errors.contains("neither chromium nor weasyprint is installed"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func theViewerSavesAPageAndAFigure() throws {
    try withTemporaryFolder { folder in
      let keys =
        ":picture \(folder)/figure<Enter>:report \(folder)/page<Enter>:report \(folder)/a.txt<Enter>"
      let found = try Program.run(
        ["snapshot", "--spect", Self.spect, "--keys", keys, "--format", "words", "-o", "-"])
      #expect(found.status == 0, "\(found.errors)")
      #expect(found.output.contains("saved: figure.png"), "\(found.output)")
      #expect(found.output.contains("saved: page.html, page.txt in \(folder)"), "\(found.output)")
      #expect(found.output.contains("its name ends in .html"))
      #expect(try readTextFile(folder + "/page.html").contains("<h2>Warnings</h2>"))
      let png = try Data(contentsOf: URL(filePath: folder + "/figure.png"))
      #expect(png.starts(with: [0x89, 0x50, 0x4e, 0x47]) && png.count > 20_000)
    }
  }
}
