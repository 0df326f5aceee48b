import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Targeting
import TestSupport
import Testing
import Workflows

@Suite struct InputRuleTests {
  let grid = Small.grid(10, 10, 10, spacing: (2, 2, 2))

  @Test func spaceIsSaidNeverGuessed() {
    #expect(space(ofFileNamed: "a.nii", formCode: 4, stated: nil) == .mni152)
    #expect(space(ofFileNamed: "x_space-MNI152_bold.nii", formCode: 1, stated: nil) == .mni152)
    #expect(space(ofFileNamed: "a.nii", formCode: 2, stated: nil) == .native)
    #expect(space(ofFileNamed: "a.nii", formCode: 2, stated: .mni152) == .mni152)
    #expect(space(ofFileNamed: "a.nii", formCode: 4, stated: .native) == .native)
    #expect(throws: Problem.self) { try requireMNI(.native, fileName: "a", for: "a name") }
  }

  @Test func masksAreResampledOrRefused() throws {
    let other = Small.grid(5, 5, 5, spacing: (4, 4, 4), origin: WorldPoint(1, 1, 1))
    let far = Small.grid(5, 5, 5, origin: WorldPoint(500, 0, 0))
    let found = try brainMask(Small.volume(other) { _ in 1 }, on: grid, fileName: "m")
    #expect(found.findings.map(\.code) == ["mask-resampled"])
    #expect(found.mask.count > 500)
    #expect(throws: Problem.self) {
      try brainMask(Small.volume(far) { _ in 1 }, on: grid, fileName: "m")
    }
    #expect(throws: Problem.self) {
      try brainMask(Small.volume(grid) { _ in 0 }, on: grid, fileName: "m")
    }
  }

  @Test func greyMatterIsAProbability() throws {
    let coded = Small.volume(grid) { Float(25 * $0.i) }
    let found = try greyMatter(coded, isIntegerCoded: true, on: grid, fileName: "g")
    #expect(found.findings.map(\.code) == ["gm-scaled"])
    #expect(abs(found.probability[VoxelIndex(9, 0, 0)] - 225 / 255) < 1e-6)
    #expect(throws: Problem.self) {
      try greyMatter(coded, isIntegerCoded: false, on: grid, fileName: "g")
    }
    // A label map or an anatomy of whole numbers is no probability of n/255.
    let labels = Small.volume(grid) { Float($0.i) }
    #expect(throws: Problem.self) {
      try tissueProbability(labels, isIntegerCoded: true, fileName: "g")
    }
    let good = Small.volume(grid) { Float($0.i) / 10 }
    #expect(
      try greyMatter(good, isIntegerCoded: false, on: grid, fileName: "g").findings.isEmpty)
  }

  @Test func namesThatSayAnotherSideThanPlacesAreRefused() throws {
    let grid = Small.grid(11, 2, 2, spacing: (4, 4, 4), origin: WorldPoint(-20, 0, 0))
    let mirrored = try #require(
      Grid(
        dimensions: (11, 2, 2),
        worldFromVoxel: Affine(rows: [[-4, 0, 0, 20], [0, 4, 0, 0], [0, 0, 4, 0]])))
    func atlas(_ grid: Grid, _ names: [Int32: String]) -> LabelMap {
      // 1 lies at the lower columns, 2 at the upper, 3 over the middle.
      let labels = (0..<grid.count).map { n -> Int32 in
        let i = grid.index(at: n).i
        return i == 5 ? 3 : i < 3 ? 1 : i > 7 ? 2 : 0
      }
      return LabelMap(grid: grid, labels: labels, names: names, title: "a")
    }
    let right = [1: "Frontal_Mid_L", 2: "Frontal_Mid_R", 3: "Vermis_L"] as [Int32: String]
    let exchanged = [1: "Frontal_Mid_R", 2: "Frontal_Mid_L"] as [Int32: String]
    try checkNamedSides(atlas(grid, right), fileName: "a")
    try checkNamedSides(atlas(grid, [:]), fileName: "a")
    try checkNamedSides(atlas(mirrored, exchanged), fileName: "a")
    for (grid, names) in [(grid, exchanged), (mirrored, right), (grid, [2: "lh-x"])] {
      #expect {
        try checkNamedSides(atlas(grid, names), fileName: "a.nii")
      } throws: { ($0 as? Problem)?.sentence.contains("by position") == true }
    }
  }

  @Test func anAtlasOutsideTheBrainIsRefused() throws {
    let brain = Small.volume(grid) { $0.i < 5 ? 1 : 0 }
    func atlas(_ inside: @escaping (VoxelIndex) -> Bool) -> LabelMap {
      LabelMap(
        grid: grid, labels: (0..<grid.count).map { inside(grid.index(at: $0)) ? 3 : 0 }, names: [:],
        title: "a")
    }
    try checkAtlas(atlas { $0.i < 6 }, brain: brain, fileName: "a")
    #expect(throws: Problem.self) {
      try checkAtlas(atlas { $0.i > 3 }, brain: brain, fileName: "a")
    }
  }
}

@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealPerfusionTests {
  /// The data README's second table, in % of the mean over all AAL regions.
  @Test func regionalUptakeMatchesTheKnownAnswers() throws {
    let spect = try ImageReader.readVolume(RealData.path(RealData.spect)).volume
    let aal = try ImageReader.readVolume("/usr/share/mricron/templates/aal.nii.gz").volume
    var sums = [Int: (sum: Double, count: Int)]()
    for offset in 0..<spect.grid.count {
      let label = aal.nearest(spect.grid.world(at: offset))
      let v = Double(spect.values[offset])
      if label > 0, v.isFinite {
        sums[Int(label), default: (0, 0)].sum += v
        sums[Int(label), default: (0, 0)].count += 1
      }
    }
    let all = sums.values.reduce((0.0, 0)) { ($0.0 + $1.sum, $0.1 + $1.count) }
    let mean = all.0 / Double(all.1)
    func percent(_ label: Int) -> Double {
      sums[label].map { $0.sum / Double($0.count) / mean * 100 } ?? .nan
    }
    for (left, l, r, ai) in [
      (35, 90.1, 78.8, 13.3), (59, 85.4, 77.6, 9.5), (7, 92.9, 98.3, -5.7), (71, 91.2, 86.4, 5.4),
      (73, 120.0, 117.5, 2.0), (77, 111.1, 113.1, -1.8), (43, 112.3, 108.8, 3.1),
      (85, 103.4, 104.9, -1.5), (91, 112.2, 110.0, 2.0),
    ] {
      #expect(abs(percent(left) - l) <= 0.1)
      #expect(abs(percent(left + 1) - r) <= 0.1)
      #expect(abs(asymmetryIndex(left: percent(left), right: percent(left + 1)) - ai) <= 0.1)
    }
  }

  @Test func blurCommutesWithTheMeanOverTime() throws {
    // spect.md T32.
    let mask = try ImageReader.readVolume(RealData.path(RealData.mask)).volume
    let run = try ImageReader.readRun(
      RealData.path(RealData.bold),
      mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "given") { mask.values[$0] > 0 } }
    ).run
    let averaging = Averaging(targetFWHM: 10, nativeFWHM: nil, grid: run.grid)
    let simulated = try simulateSPECT(of: run, window: 15, averaging: averaging)
    #expect(simulated.window.frames == 0..<10)
    var sum = [Double](repeating: 0, count: run.voxelCount)
    for t in 0..<10 {
      let frame = averaging.applied(
        to: run.samples.floats(t * run.voxelCount..<(t + 1) * run.voxelCount), in: run.mask)
      for v in 0..<run.voxelCount { sum[v] += Double(frame[v]) / 10 }
    }
    let top = Double(simulated.volume.range?.high ?? 1)
    for v in stride(from: 0, to: run.voxelCount, by: 97) {
      let ours = Double(simulated.volume.values[Int(run.mask.offsets[v])])
      #expect(abs(ours - sum[v]) <= 1e-5 * top)
    }
    #expect(simulated.banner.hasPrefix("SIMULATED"))
  }
}
