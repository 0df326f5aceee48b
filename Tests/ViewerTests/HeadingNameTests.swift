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
