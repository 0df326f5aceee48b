import Basics
import Imaging
import Study
import TestSupport
import Testing

/// Numbers of regions given as counts.
@Suite struct LabelLikenessTests {
  private let grid = Small.grid(40, 40, 40)

  /// Regions of 8 × 8 × 8 voxels; a number's likeness to its neighbour's is no more than chance.
  private func region(_ v: VoxelIndex) -> Float {
    Float(((v.i + v.j / 3) / 8 * 37 + v.j / 8 * 17 + v.k / 8 * 71) % 116 + 1)
  }

  private func counts(_ v: VoxelIndex) -> Float {
    let (x, y, z) = (Double(v.i) - 20, Double(v.j) - 20, Double(v.k) - 20)
    return Float((120 * (1 - (x * x + y * y + z * z) / 1200)).rounded())
  }

  @Test func regionsAreNoCounts() {
    #expect(Small.volume(grid) { region($0) }.looksLikeLabels)
  }

  @Test func countsAreNoRegions() {
    #expect(!Small.volume(grid) { max(0, counts($0)) }.looksLikeLabels)
    // Each voxel four times in a row: most neighbours are equal then.
    let enlarged = Small.volume(grid) {
      max(0, counts(VoxelIndex($0.i / 4 * 4, $0.j / 4 * 4, $0.k / 4 * 4)))
    }
    #expect(!enlarged.looksLikeLabels)
  }

  /// Counts that are few and enlarged are equal and far apart all the same.
  @Test func fewCountsThatWereEnlargedAreNoRegions() {
    var random = SeededGenerator(seed: 5)
    let small = (0..<1000).map { _ in Float(random.next() % 7) }
    let enlarged = Small.volume(grid) { small[$0.i / 4 + 10 * ($0.j / 4) + 100 * ($0.k / 4)] }
    #expect(!enlarged.looksLikeLabels)
  }

  @Test func partsOfANumberAreNoRegions() {
    #expect(!Small.volume(grid) { region($0) + 0.5 }.looksLikeLabels)
  }

  /// Few counts, and each voxel four times: a head all the same. Labels and masks are none.
  @Test func aHeadOfFewCountsIsAHead() throws {
    var random = SeededGenerator(seed: 6)
    let few = (0..<1000).map { _ in Float(random.next() % 7) }
    let enlarged = Small.volume(grid) { few[$0.i / 4 + 10 * ($0.j / 4) + 100 * ($0.k / 4)] }
    try requireHead(enlarged, fileName: "few.nii", for: "a registration")
    let plain = Small.volume(grid) { few[($0.i * 7 + $0.j * 31 + $0.k * 101) % 1000] }
    try requireHead(plain, fileName: "few.nii", for: "a registration")
    for other in [Small.volume(grid) { region($0) }, Small.volume(grid) { $0.i > 10 ? 1 : 0 }] {
      #expect(throws: Problem.self) {
        try requireHead(other, fileName: "labels.nii", for: "a registration")
      }
    }
  }

  @Test(arguments: ["SPECT_in_T1w.nii", "rHMPAO_T1.nii", "sub-01_spect_T1w.nii"])
  func aScanThatIsNamedAfterItsT1IsNoT1(_ name: String) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(try files.image(name), as: .spect)
      #expect(!study.findings.contains { $0.code == "unlike" }, "\(study.findings)")
      _ = try study.read(try files.image("a_T1w.nii"), as: .interictal)
      #expect(study.findings.contains { $0.code == "unlike" })
    }
  }
}
