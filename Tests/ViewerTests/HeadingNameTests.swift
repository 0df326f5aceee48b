import Basics
import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// Whose picture stands on the right, at every size, and a cursor that is of one piece.
@Suite struct HeadingNameTests {
  private func heading(_ name: String, columns: Int, rows: Int, spects: Int = 1) throws -> String {
    var model = try PixelTests.model(.blocks, columns: columns, rows: rows)
    model.scene.spects = (0..<spects).map { n in
      var spect = model.scene.spects[0]
      spect.name = n == 0 ? name : "other.nii"
      return spect
    }
    return view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[1...2]
      .joined(separator: "\n")
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func theScanIsNamedAtEverySize(_ columns: Int, _ rows: Int) throws {
    #expect(try heading("ictal.nii", columns: columns, rows: rows).contains("ictal.nii"))
    let long = "sub-01_ses-1_acq-ictal_trc-HMPAO_space-MNI152NLin6Asym_spect.nii.gz"
    let shown = try heading(long, columns: columns, rows: rows, spects: 2)
    #expect(shown.contains("sub-01") || shown.contains(long), "\(shown)")
  }

  @Test func whereOneScanHasNoRoomForBothTheSpaceComesFirst() throws {
    var model = try PixelTests.model(.blocks, columns: 80, rows: 24)
    model.scene.spects[0].isSyntheticPerson = true
    model.scene.spects[0].isSimulated = true
    model.scene.spects[0].name = "sample_space-MNI152_spect.nii.gz"
    let row = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[1]
    #expect(row.contains("SYNTHETIC PERSON") && row.contains("NOT REGISTERED"), "\(row)")
    #expect(!row.contains("sample_"))
  }

  /// Of whatever is drawn of a SPECT that nothing laid over the scene, and beside the cursor's millimetres.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func whatIsNotRegisteredSaysSo(_ columns: Int, _ rows: Int) throws {
    var model = try PixelTests.model(.blocks, columns: columns, rows: rows)
    let spect = model.scene.spects[0]
    model.scene.spects = [spect, spect]
    model.perfusion.made[.asymmetry(0, .lower)] = MadePicture(
      volume: spect.stored, look: .signed(threshold: 10, ceiling: 40, sign: .negative),
      heading: "SPECT ICTAL asymmetry", isSimulated: false, detail: "", shortDetail: "less",
      unit: "% less")
    for pane in [RightPane.measured(0), .made(.asymmetry(0, .lower))] {
      model.panes.right = pane
      let text = view(model).text
      #expect(text.contains("NOT REGISTERED"), "\(pane)")
      #expect(text.contains("SPECT not in it"), "\(pane)")
    }
  }

  /// Less and more are of the side that is named, and no sign stands beside them that would mean a side.
  @Test(arguments: [(Float(-12), "LEFT", "RIGHT"), (12, "RIGHT", "LEFT")])
  func anAsymmetrySaysWhichSideHasLess(_ index: Float, _ less: String, _ more: String) throws {
    for (side, sign, words) in [
      (AsymmetrySide.lower, SignShown.negative, "\(less) 11.3 % less (|AI| 12.0)"),
      (.higher, .positive, "\(more) 12.8 % more (|AI| 12.0)"),
    ] {
      var model = try PixelTests.model(.blocks, columns: 120, rows: 40)
      let grid = model.scene.spects[0].stored.grid
      let unit = side == .lower ? "|AI|, less" : "|AI|, more"
      model.perfusion.made[.asymmetry(0, side)] = MadePicture(
        volume: Small.volume(grid) { _ in side == .lower ? -12 : 12 },
        look: .signed(threshold: 10, ceiling: 40, sign: sign), heading: "SPECT asymmetry",
        isSimulated: false, detail: "", shortDetail: "", unit: unit)
      model.perfusion.made[.asymmetry(0, side)]?.values = Small.volume(grid) { _ in index }
      model.panes.right = .made(.asymmetry(0, side))
      #expect(
        model.valuesAtCursor.contains { $0.name == "asymmetry" && $0.value == words },
        "\(model.valuesAtCursor)")
      let text = view(model).text
      #expect(text.contains(unit), "\(text)")
      #expect(!text.contains("−10") && !text.contains("−40"), "\(text)")
    }
  }

  /// What does not fit is left out whole: half a word or half a number says something else.
  @Test(arguments: [(120, 40), (200, 60)])
  func nothingIsCutInAWord(_ columns: Int, _ rows: Int) throws {
    var model = try PixelTests.model(.blocks, columns: columns, rows: rows)
    let spect = model.scene.spects[0]
    let parts = ["coloured: one side", "at the MNI midplane", "without the brain's rim of 8 mm"]
    model.perfusion.made[.asymmetry(0, .lower)] = MadePicture(
      volume: spect.stored, look: .signed(threshold: 10, ceiling: 40, sign: .negative),
      heading: "SPECT asymmetry", isSimulated: false, detail: parts.joined(separator: "  "),
      shortDetail: "less", unit: "% less")
    model.panes.right = .made(.asymmetry(0, .lower))
    let row = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[2]
    #expect(row.contains(parts[0]), "\(row)")
    #expect(!row.contains("…"), "\(row)")
    #expect(row.contains("without") == row.contains(parts[2]), "\(row)")
  }

  /// Whose picture it is goes last of all that stands in the header.
  @Test(arguments: ["Meyerhofer-Lindenbauer, Anna Maria in Neurologie", "Huber"])
  func aLongNameIsShortenedAndNotDropped(_ subject: String) throws {
    var model = Model(
      size: Size(columns: 80, rows: 24),
      capabilities: Capabilities(colours: .direct, unicode: true))
    let visit = BrowserVisit(
      subject: subject, session: "2024-01-01", runs: [BrowserTests.run(0, "rest")], spects: [],
      anatomies: [])
    for request in model.browse("/data/study") {
      let listing = BrowserListing(root: "/data/study", visits: [visit], people: 1)
      _ = update(&model, by: .answer(request.id, madeOf: nil, .people(listing)))
      _ = update(&model, by: .answer(request.id, madeOf: nil, .finished))
    }
    var scene = Head.scene()
    scene.problems = [SceneProblem(file: "a.nii", severity: .warning, sentence: "x")]
    try BrowserTests.open(&model, "<Enter>", scene)
    let title = view(model).text.split(separator: "\n")[0]
    #expect(title.contains(subject.prefix(5)) && title.contains("problem"), "\(title)")
  }

  @Test func aWarningSaysOfWhichFileItIs() {
    let own = Finding("cut", .warning, "3 % lie outside.", file: "s.nii")
    #expect(own.line == "s.nii: 3 % lie outside.")
    #expect(Finding("cut", .warning, "s.nii is cut.", file: "s.nii").line == "s.nii is cut.")
    #expect(Finding("cut", .warning, "All are cut.").line == "All are cut.")
  }

  /// On one colour all of the cross has one colour, however wide its stroke is.
  @Test(arguments: [Float(100), 5])
  func onOneColourTheCrossIsOfOneColour(_ value: Float) throws {
    let cell = PixelDensity(across: 10, down: 20)
    var model = try PixelTests.model(.images(cell: cell, repeatsPixels: false))
    let grid = model.scene.spects[0].stored.grid
    let flat = Small.volume(grid) { v in v.i + v.j == 0 ? 100 : value }
    let mask = try #require(model.scene.mask)
    model.scene.spects = [
      NamedSPECT(
        name: "s.nii",
        measured: MeasuredSPECT(
          uptake: try Uptake(flat, reference: mask, name: "whole brain"), placement: .asStored),
        stored: flat, isSimulated: false)
    ]
    // Per cent of the brain's mean are 100 everywhere: white is set instead.
    model.perfusion.rightScale = value == 100 ? 1 : 10
    let image = try #require(
      view(model).images.filter { $0.area.column > 80 && $0.area.rows > 5 }.last)
    let inks = [Colour(95, 255, 135), Ink.darkCursor].filter { ink in image.colours.contains(ink) }
    #expect(inks.count == 1)
  }
}
