import Basics
import Imaging
import Targeting
import Testing

/// A name says the side that its place lies on, or none.
@Suite struct SideInNameTests {
  @Test(arguments: [
    ("DLPFC-RIGHT", [Side.right]), ("RIGHT-target", [.right]), ("rightDLPFC", [.right]),
    ("DLPFCRight", [.right]), ("F3 Left", [.left]), ("left_m1", [.left]), ("rh.BA46", [.right]),
    ("DLPFC_R", [.right]), ("hemi-l", [.left]), ("LEFT-RIGHT", [.left, .right]),
    ("DLPFCLEFT", [.left]), ("candidate-1", []), ("upright", []), ("Bright2", []), ("cleft", []),
    ("R DLPFC", [.right]), ("rDLPFC", [.right]), ("L-BA46", [.left]), ("RDLPFC", [.right]),
    ("DLPFC rechts", [.right]), ("linker DLPFC", [.left]), ("F4", [.right]), ("F3 cortex", [.left]),
    ("AF3", [.left]), ("Fp2", [.right]), ("F10", [.right]), ("F1", []), ("FDG4", []),
    ("rifg", [.right]),
    ("lifted", []), ("raccoon", []), ("RACC", [.right]), ("R FDI 2", []), ("L 5", []),
    ("run-3", []),
    ("R FDI", []), ("R", []), ("L5", []), ("mark-1", []), ("", []), ("BA46", []),
  ])
  func sidesAreWords(_ name: String, _ sides: [Side]) {
    #expect(SideInName.said(by: name) == sides, "\(name)")
  }

  @Test func onlyAnotherSideIsAConflict() throws {
    #expect(
      SideInName.conflict("DLPFC-RIGHT", with: .left)
        == "DLPFC-RIGHT names the side RIGHT but lies LEFT")
    #expect(SideInName.conflict("DLPFC-LEFT", with: .left) == nil)
    #expect(SideInName.conflict("LEFT-RIGHT", with: .left) != nil)
    #expect(SideInName.conflict("LEFT-RIGHT", with: .right) != nil)
    for side in [Side.midline, .unknown] {
      #expect(SideInName.conflict("DLPFC-RIGHT", with: side) == nil)
    }
  }

  @Test func aFilesNameIsANameToo() throws {
    let record = TargetRecord(
      name: "one", note: "", point: WorldPoint(-40, 38, 30), space: .mni152, side: .left,
      label: nil, r: nil, method: "m")
    for name in ["RIGHT-target.tsv", "dlpfc_R.tsv"] {
      do {
        try SideInName.require(file: name, ending: ".tsv", holding: [record])
        Issue.record("\(name) is taken")
      } catch {
        #expect(error.sentence.contains("names the side RIGHT but one lies LEFT"))
        #expect(error.kind == .usage)
      }
    }
    try SideInName.require(file: "LEFT-target.tsv", ending: ".tsv", holding: [record])
    try SideInName.require(file: "dlpfc_L.tsv", ending: ".tsv", holding: [record])
  }

  @Test func aRegionOnOneSideIsKnownBeforeTheSearch() {
    #expect(SearchRegion.leftDLPFC.side == .left && SearchRegion.rightDLPFC.side == .right)
    let middle = SearchRegion(name: "m", centres: [WorldPoint(-10, 0, 0)], radius: 20)
    #expect(middle.side == nil)
  }
}
