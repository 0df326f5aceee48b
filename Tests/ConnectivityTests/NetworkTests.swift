import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite struct NetworkTests {
  static func yeo() throws -> LabelMap {
    let v = try ImageReader.readVolume(
      RealData.path("atlases-neuroparc/Yeo-7_space-MNI152NLin6_res-2x2x2.nii.gz")
    ).volume
    return LabelMap(
      grid: v.grid, labels: v.values.map { Int32($0) }, names: NetworkNames.yeo7, title: "Yeo")
  }

  @Test(.enabled(if: RealData.isPresent)) func theMatrixOfTheRealRunEqualsTheReference() throws {
    let run = try RealRun.run()
    let reference = try RealRun.object(
      RealRun.object(try RealRun.reference()["matrix"])["ras"])
    let parcels = try Self.yeo().parcels(in: run.mask)
    #expect(parcels.map { $0.places.count } == reference["voxels"] as? [Int])
    let matrix = try ReducedSeries(run, Denoising()).matrix(of: parcels)
    let rows = try #require(reference["r"] as? [[Double]])
    for a in 0..<7 {
      for b in 0..<7 { #expect(abs(matrix[a, b] - rows[a][b]) < 1e-5) }
    }
    let summary = NetworkSummary(matrix)
    #expect(summary.networks.isEmpty)
  }

  @Test func couplingWithinAndBetweenIsTheMeanOfFisherZ() {
    let names = ["Default", "Default", "Dorsal Attention", "Dorsal Attention", "Visual"]
    let parcels = names.enumerated().map {
      Parcel(label: $0 + 1, name: "\($0)", places: [$0], network: $1)
    }
    var r = [Double](repeating: 1, count: 25)
    func set(_ a: Int, _ b: Int, _ value: Double) {
      r[a * 5 + b] = value
      r[b * 5 + a] = value
    }
    set(0, 1, 0.6)
    set(2, 3, 0.4)
    for (a, b, v) in [(0, 2, -0.1), (0, 3, -0.2), (1, 2, -0.3), (1, 3, 0.0)] { set(a, b, v) }
    for a in 0..<4 { set(a, 4, 0.1) }
    let summary = NetworkSummary(
      ConnectivityMatrix(
        parcels: parcels, r: r, degreesOfFreedom: 50, secondsKept: 400, denoising: Denoising()))
    let anti = (atanh(-0.1) + atanh(-0.2) + atanh(-0.3)) / 4
    #expect(abs((summary.defaultModeAttentionCoupling ?? .nan) - anti) < 1e-12)
    #expect(abs(summary.networks[0].within - atanh(0.6)) < 1e-12)
    #expect(summary.networks[2].within.isNaN)
    let between = (4 * anti + 2 * atanh(0.1)) / 6
    #expect(abs(summary.networks[0].between - between) < 1e-12)
    #expect(
      abs(summary.networks[0].segregation - (atanh(0.6) - between) / atanh(0.6)) < 1e-12)
    let outside = (4 * anti + 4 * atanh(0.1)) / 8
    let within = (atanh(0.6) + atanh(0.4)) / 2
    #expect(abs(summary.segregation - (within - outside) / within) < 1e-12)
  }

  @Test func networksFallIntoPieces() {
    let grid = Small.grid(9, 3, 3)
    let labels = (0..<grid.count).map { offset -> Int32 in
      let i = grid.index(at: offset).i
      return i < 3 ? 1 : i > 5 ? 1 : i == 4 ? 2 : 0
    }
    let atlas = LabelMap(grid: grid, labels: labels, names: [1: "A"], title: "T")
    let pieces = atlas.pieces(
      in: Mask(grid: grid, origin: "all") { _ in true }, least: 9)
    #expect(pieces.map(\.name) == ["A 1", "A 2", "T 2 1"])
    #expect(pieces.map { $0.places.count } == [27, 27, 9])
    #expect(pieces.map(\.network) == ["A", "A", "T 2"])
  }

  @Test func asManyLabelsAsVoxelsFallIntoPiecesAndAreRefusedAsAMatrix() throws {
    let grid = Small.grid(20, 20, 15)
    let labels = (0..<grid.count).map { Int32($0 + 1) }
    let atlas = LabelMap(grid: grid, labels: labels, names: [:], title: "T")
    let run = Small.run(grid, frames: 30, tr: 2) { t, v in Float((t * 31 + v * 17) % 13) }
    #expect(atlas.pieces(in: run.mask).isEmpty)
    let parcels = atlas.parcels(in: run.mask, networks: atlas)
    #expect(parcels.count == 6000 && parcels[5999].network == "T 6000")
    let reduced = try ReducedSeries(run, Denoising())
    for (regions, word) in [
      (parcels, "6000 regions"), (Array(parcels[..<3000]), "3000 networks"), ([], "no region"),
    ] {
      #expect {
        try reduced.matrix(of: regions)
      } throws: { ($0 as? Problem)?.sentence.contains(word) == true }
    }
    #expect(try reduced.matrix(of: Array(parcels[..<50])).count == 50)
  }

  @Test func moreFramesThanABasisHasRoomForAreRefused() {
    let run = Small.run(Small.grid(1, 1, 1), frames: 200_000, tr: 2) { t, _ in Float(t % 13) }
    #expect {
      try ReducedSeries(run, Denoising())
    } throws: { ($0 as? Problem)?.sentence.contains("cleaning 200000 frames") == true }
  }

  @Test func networksOfOneNameStandTogetherAndOnce() {
    let grid = Small.grid(4, 1, 1)
    let atlas = LabelMap(grid: grid, labels: [1, 2, 3, 4], names: [:], title: "R")
    let networks = LabelMap(
      grid: grid, labels: [1, 2, 3, 0], names: [1: "A", 2: "B", 3: "A"], title: "N")
    let found = atlas.parcels(in: Mask(grid: grid, origin: "all") { _ in true }, networks: networks)
    #expect(found.map(\.label) == [1, 3, 2, 4])
  }

  @Test func aLabelBetweenTwoVoxelsDoesNotDependOnStorage() {
    let grid = Small.grid(4, 1, 1, spacing: (2, 2, 2))
    let mirrored = Grid(
      dimensions: (4, 1, 1),
      worldFromVoxel: Affine(rows: [[-2, 0, 0, 6], [0, 2, 0, 0], [0, 0, 2, 0]]))
    let a = LabelMap(grid: grid, labels: [1, 2, 3, 4], names: [:], title: "")
    let b = LabelMap(
      grid: mirrored ?? grid, labels: [4, 3, 2, 1], names: [:], title: "")
    for x in [0.0, 1, 2, 3, 4, 5, 6] {
      #expect(a.label(at: WorldPoint(x, 0, 0)) == b.label(at: WorldPoint(x, 0, 0)))
    }
    #expect(a.label(at: WorldPoint(1, 0, 0)) == 2)
  }

  @Test func referencesOfBothFormsGiveTheirScores() throws {
    let summary = try ReferenceTable(
      "network\tmeasure\tmean\tsd\tn\nDefault\tmalff\t2\t0.4\t20\n", file: "r.tsv")
    let score = try #require(
      try summary.score(3.1, measure: "malff", network: "default", own: [:]))
    #expect(abs(score.t - 1.1 / (0.4 * 1.05.squareRoot())) < 1e-12)
    #expect(try summary.score(1, measure: "reho", network: "Default", own: [:]) == nil)
    #expect(summary.networksMissing(in: ["DEFAULT"]) == [])
    #expect(summary.networksMissing(in: ["Defualt"]) == ["default"])
    #expect(throws: Problem.self) {
      try ReferenceTable(
        "network\tmeasure\tmean\tsd\tn\nA\tmalff\t1\t2\t20\na\tmalff\t3\t2\t20\n", file: "r.tsv")
    }
    var people = "participant_id\tage\tmalff:Default\n"
    for n in 0..<12 { people += "p\(n)\t\(20 + 3 * n)\t\(2 + 0.1 * Double(n % 4))\n" }
    let table = try ReferenceTable(people, file: "p.tsv")
    #expect(throws: Problem.self) {
      try table.score(2, measure: "malff", network: "Default", own: [:])
    }
    #expect(try table.score(2, measure: "malff", network: "Default", own: ["age": 40])?.n == 12)
    // The table's people are 20 to 53.
    for age in [20.0, 40, 53] { #expect(table.beyondPeople(["age": age]) == []) }
    for age in [19.0, 80] {
      let told = table.beyondPeople(["age": age])
      #expect(
        told.count == 1
          && told[0].hasPrefix("age \(Int(age)) lies outside of the norms' people (20 to 53)"),
        "\(told)")
    }
    for bad in ["a\tb\n1\t2\n", "network\tmeasure\tmean\tsd\tn\nA\tB\t1\t0\t20\n", ""] {
      #expect(throws: Problem.self) { try ReferenceTable(bad, file: "r.tsv") }
    }
  }

  /// Six networks of four regions each, two on either side.
  private func report(
    _ z: (_ a: Int, _ b: Int) -> Double, reference: ReferenceTable? = nil
  ) throws -> NetworkReport {
    let grid = Small.grid(24, 1, 1, origin: WorldPoint(-11.5, 0, 0))
    // Voxels 0–11 lie left: region n of a network is on the left for n < 2.
    let parcels = (0..<24).map { p in
      let (network, n) = (p / 4, p % 4)
      return Parcel(
        label: p + 1, name: "\(p)", places: [n < 2 ? network * 2 + n : 12 + network * 2 + n - 2],
        network: "N\(network)")
    }
    var r = [Double](repeating: 1, count: 24 * 24)
    for a in 0..<24 {
      for b in 0..<24 where a != b { r[a * 24 + b] = tanh(z(min(a, b), max(a, b))) }
    }
    let matrix = ConnectivityMatrix(
      parcels: parcels, r: r, degreesOfFreedom: 60, secondsKept: 600, denoising: Denoising())
    let run = Small.run(grid, frames: 100, tr: 2) { t, v in Float((t * (v + 3)) % 17) }
    let alff = try run.amplitudes(Denoising(), wantsFraction: false)
    return try NetworkReport(
      matrix: matrix, alff: alff, reho: [Float](repeating: 0.5, count: 24), mask: run.mask,
      reference: reference, covariates: [:])
  }

  private func base(_ a: Int, _ b: Int) -> Double {
    let jitter = Double((a * 7 + b * 13) % 11) / 110
    return (a / 4 == b / 4 ? 0.6 : 0.2) + jitter
  }

  @Test func aCouplingThatIsStrongerEverywhereIsOneFinding() throws {
    var table = "network\tmeasure\tmean\tsd\tn\n"
    let usual = try report(base)
    for network in usual.summary.networks {
      table += "\(network.name)\twithin\t\(network.within)\t0.05\t40\n"
      table += "\(network.name)\tbetween\t\(network.between)\t0.05\t40\n"
    }
    let reference = try ReferenceTable(table, file: "r.tsv")
    let shifted = try report({ base($0, $1) + 0.3 }, reference: reference)
    #expect(shifted.findings.allSatisfy { $0.word == nil })
    #expect(abs(shifted.globalCoupling.z - usual.globalCoupling.z - 0.3) < 1e-9)
    #expect((shifted.globalCoupling.score?.t ?? 0) > 4)
    // One network that is weaker in a brain that is coupled more strongly.
    let one = try report(
      { base($0, $1) + ($0 / 4 == 2 && $1 / 4 == 2 ? -0.1 : 0.3) }, reference: reference)
    #expect(one.findings.filter { $0.word != nil }.map(\.network) == ["N2"])
    #expect(one.leastDetectable.map(\.measure).contains(.within))
  }

  @Test func hemispheresThatGoTheirOwnWayAreFoundWithinANetwork() throws {
    let usual = try report(base)
    #expect(usual.findings.allSatisfy { $0.measure != .sides || $0.word == nil })
    // The mean within stays, the pairs across are gone.
    let split = try report { a, b in
      guard a / 4 == 3, b / 4 == 3 else { return base(a, b) }
      let across = (a % 4 < 2) != (b % 4 < 2)
      return base(a, b) + (across ? -0.5 : 1)
    }
    #expect(
      split.findings.filter { $0.word != nil }.map { "\($0.network) \($0.word ?? "")" }
        == ["N3 hemispheres less coupled"])
    #expect(split.leastText.contains("left–right z ±"))
  }
}
