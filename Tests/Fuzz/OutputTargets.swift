import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Reports
import Targeting
import TestSupport

/// A page all of whose words are one text.
private func page(_ t: String) -> ChartPage {
  var table = ChartTable(t, [t, t], [[t, t], [t, t]], note: t)
  table.strong = [1]
  table.strongWords = t
  return ChartPage(
    title: t, banner: t,
    sections: [
      ChartSection(
        t, [.paragraph(t), .warning(t), .list([t]), .facts([(name: t, text: t)]), .table(table)])
    ])
}

/// How often each character that markup is made of stands in it.
private func marks(_ html: String) -> [Int] {
  "<>".utf8.map { mark in html.utf8.count { $0 == mark } }
}

private let plainMarks = marks(page("a").html)

/// Elements of a DICOM file whose text would be shown: none holds a control but line ends in long ones.
private func requirePlainTexts(_ bytes: ArraySlice<UInt8>, _ what: String, depth: Int = 0) {
  var at = bytes.startIndex
  func little(_ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }
  while at + 8 <= bytes.endIndex {
    let group = little(at, 2)
    guard group != 0xfffe else {
      // An item, or its end.
      let length = little(at + 4, 4)
      guard length != 0xffff_ffff, at + 8 + length <= bytes.endIndex else { at += 8; continue }
      requirePlainTexts(bytes[at + 8..<at + 8 + length], what, depth: depth + 1)
      at += 8 + length
      continue
    }
    let kind = text(bytes[at + 4..<at + 6])
    let isLong = ["OB", "OW", "OF", "OD", "SQ", "UT", "UN", "UC"].contains(kind)
    guard !isLong || at + 12 <= bytes.endIndex else { return }
    let length = isLong ? little(at + 8, 4) : little(at + 6, 2)
    at += isLong ? 12 : 8
    guard length != 0xffff_ffff else { continue }
    require(at + length <= bytes.endIndex, "\(what) ends within an element")
    let value = bytes[at..<at + length]
    if kind == "SQ" { requirePlainTexts(value, what, depth: depth + 1) }
    let isBlock = ["ST", "LT", "UT"].contains(kind)
    if isBlock || ["LO", "SH", "PN", "UC", "CS", "AE"].contains(kind) {
      requirePlain(text(value), "\(what), \(kind)", except: isBlock ? ["\r", "\n"] : [])
    }
    at += length
  }
}

private func requirePlainTexts(ofFile bytes: [UInt8], _ what: String) {
  require(bytes.count > 132, "\(what) is no DICOM file")
  requirePlainTexts(bytes[132...], what)
}

let outputTargets: [FuzzTarget] = [
  FuzzTarget(
    name: "sanitiser", most: 1024,
    words: [
      "\u{1b}[2J", "\u{9b}", "\u{202e}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{e0001}", "=1+1",
      "\t", "\r\n", "<script>", "\\",
    ],
    seeds: FuzzTarget.texts(
      "a b", "=cmd|' /C calc'!A0", "\u{1b}]0;x\u{7}\u{202e}", "<b onload=x>&amp;", " \u{ff1d}1")
  ) { (bytes) throws(Problem) in
    let given = text(bytes)
    let shown = visibleText(given)
    requirePlain(shown, "visible text")
    require(visibleText(shown, limit: .max) == shown, "text that changes by being shown again")
    let cell = tableCell(given)
    requirePlain(cell, "a cell")
    let first = cell.unicodeScalars.first { $0 != " " } ?? "x"
    require(!"=+-@＝＋－＠".unicodeScalars.contains(first), "a cell that a spreadsheet runs")
    for limit in [4, 16, 64] {
      let line = ExportText.line(given, limit: limit)
      requirePlain(line, "a short text")
      require(
        !line.contains("\\") && line.unicodeScalars.count <= limit, "a short text of two values")
    }
    requirePlain(ExportText.block(given, limit: 1024), "a long text", except: ["\r", "\n"])
    requirePlain(
      Problem(.data, given, given, expected: given, remedy: given).sentence, "a sentence")
    requireShowable(Finding("x", .note, given, file: given))
    requirePlain(JSON.string(given).text, "JSON")
    require(
      (try? JSON.parse(JSON.string(given).text).value) == .string(given),
      "JSON that is not read back")
    requirePlain(plainName(given), "a name")
    _ = ExportText.isUID(given)
  },
  FuzzTarget(
    name: "page", most: 1024,
    words: ["<script>", "</td>", "&lt;", "\"'", "]]>", "\u{202e}", "<!--"],
    seeds: FuzzTarget.texts("a", "</p><script>alert(1)</script>", "\" onmouseover=\"x")
  ) { (bytes) throws(Problem) in
    let page = page(text(bytes))
    require(marks(page.html) == plainMarks, "text that became markup")
    requirePlain(page.html, "a page", except: ["\n"])
    requirePlain(page.text, "a page in plain text", except: ["\n"])
  },
  FuzzTarget(
    name: "navigator-files", most: 512, words: ["\t", "\n", "--", "]]>", "\"", "<"],
    seeds: FuzzTarget.texts("T1", "a\"b<c>--&", "x\ty\nz")
  ) { (bytes) throws(Problem) in
    let name = text(bytes)
    let pose = try CoilPose(
      matrix: Affine(rows: [[1, 0, 0, -40], [0, 1, 0, 20], [0, 0, 1, 50]]), name: name)
    let plan = CoilPlan(
      name: name, side: .left, cortex: WorldPoint(-40, 20, 30), scalp: WorldPoint(-40, 20, 45),
      pose: pose, coilDistance: 4, handleDegrees: 45)
    let brainsight = try Brainsight.text(
      plan, .init(isQform: false, code: 1), .v14, program: "p", file: "f")
    requirePlain(brainsight, "Brainsight", except: ["\t", "\n"])
    require(
      try Brainsight.read(brainsight, file: "f").points.count == 3, "Brainsight is not read back")
    let localite = Localite.instrumentMarkers(plan, .ras, note: name, program: "p")
    requirePlain(localite, "Localite", except: ["\n"])
    require(try Localite.read(localite, file: "f").count == 1, "Localite is not read back")
    requirePlain(
      Localite.entryTarget(plan, .ras, note: name, program: "p"), "Localite", except: ["\n"])
    let table = SimNIBSTable.text(plan)
    requirePlain(table, "SimNIBS", except: ["\n"])
    require(try SimNIBSTable.read(table, file: "f").count == 3, "SimNIBS is not read back")
    let markups = SlicerMarkups.json(plan, note: name).text
    requirePlain(markups, "3D Slicer", except: ["\n"])
    require(try SlicerMarkups.read(markups, file: "f").count == 3, "3D Slicer is not read back")
  },
  FuzzTarget(
    name: "dicom-text", most: 512, words: ["\\", "\u{1b}$B", "^", "\r\n", "\u{0}", "\u{85}"],
    seeds: FuzzTarget.texts("T1", "a\\b^c=d", "\u{1b}(B\u{0}x")
  ) { (bytes) throws(Problem) in
    let name = text(bytes)
    let source = try ExportSource(Scratch.file("out/source.dcm", SmallDICOM.source()))
    let note = ExportNote(title: name, derivation: name, unmeasured: name)
    let target = ExportTarget(
      name: name, point: WorldPoint(1, 2, 3), side: .left, label: name, r: 0.5,
      remarks: [name, name])
    let report = try MeasurementReport.file(
      [target], note: note, source: source, series: 1, name: "r.dcm")
    requirePlainTexts(ofFile: report.bytes, "a report")
    let figure = try SecondaryCapture.file(
      width: 1, height: 1, rgb: [1, 2, 3], note: note, source: source, series: 2, instance: 1,
      name: "f.dcm")
    requirePlainTexts(ofFile: figure.bytes, "a figure")
  },
]
