import CellUI
import Imaging
import Perfusion
import Targeting
import TestSupport
import Testing
import Viewer

/// Two people whose files hold the same bytes.
@Suite struct OtherMarksTests {
  @Test func anothersMarksAreKeptAndNotShown() throws {
    var model = Places.model()
    model.scene.person = "sub-5"
    _ = try Head.press(&model, "M")
    var other = try #require(model.targets.book.first)
    #expect(other.person == "sub-5")
    (other.name, other.person, other.decision) = ("theirs", "sub-1 ses-1", .accepted)
    _ = update(&model, .recovered([other]))
    #expect(model.targets.book.map(\.name) == ["mark-1"])
    #expect(model.notice?.text.contains("made as sub-1 ses-1, a name that this file") == true)
    _ = try Head.press(&model, ":findings<Enter>")
    #expect(model.notice?.text.contains("not shown as sub-5") == true)
    // What is kept next has both.
    let kept = try Head.press(&model, "<Right>M").compactMap { effect -> [TargetRecord]? in
      if case .keepBook(let records) = effect { records } else { nil }
    }
    #expect(kept.last?.map(\.name) == ["mark-1", "mark-2", "theirs"])
    // Where nobody is named nothing is taken from anybody.
    var nameless = Places.model()
    _ = update(&nameless, .recovered([other]))
    #expect(nameless.targets.book.map(\.name) == ["theirs"])
  }

  /// No scan is called ictal that nobody called so.
  @Test func whichIsIctalIsNotGuessed() throws {
    var scene = Places.model().scene
    #expect(scene.spects.isEmpty && scene.subtractionRefusal?.contains("two SPECT") == true)
    let grid = try #require(scene.grid)
    let image = Volume(grid: grid, values: [Float](repeating: 5, count: grid.count))
    let mask = Mask(grid: grid, origin: "test") { _ in true }
    let uptake = try Uptake(image, reference: mask, name: "whole brain")
    scene.spects = ["a.nii", "b.nii"].map { name in
      NamedSPECT(
        name: name, measured: MeasuredSPECT(uptake: uptake, placement: .alone), stored: image,
        isSimulated: false)
    }
    #expect(scene.subtractionRefusal == nil)
    scene.spectOrderIsStated = false
    #expect(scene.subtractionRefusal?.contains("which of the two SPECT is ictal") == true)
    for (roles, isKnown) in [
      (["ictal", "interictal"], true), (["ictal", "baseline"], true),
      (["interictal", "ictal"], false),
      (["ictal", nil], false), (["ictal", "ictal"], false),
    ] {
      for n in 0..<2 { scene.spects[n].role = roles[n] }
      #expect((scene.subtractionRefusal == nil) == isKnown, "\(roles)")
    }
  }
}
