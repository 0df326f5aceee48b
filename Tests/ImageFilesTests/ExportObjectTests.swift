import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// DICOM objects that go out, read back by hand.
@Suite struct ExportObjectTests {
  static let note = ExportNote(title: "test map", derivation: "Made by a test.", unmeasured: nil)

  /// A source of the tests, from a file that is gone again.
  static func source(
    _ changed: [SmallDICOM.Element] = [], without: Set<UInt32> = []
  ) throws -> ExportSource {
    try withTemporaryFolder { folder in
      let path = folder + "/source.dcm"
      try Data(SmallDICOM.source(changed, without: without)).write(to: URL(filePath: path))
      return try ExportSource(path)
    }
  }

  static func map(_ volume: Volume, own: Bool = false) -> ExportMap {
    ExportMap(volume: volume, unit: nil, note: note, isOfSourceSeries: own, name: "m.nii")
  }

  static func grid(_ rows: [[Double]], _ n: (Int, Int, Int) = (4, 3, 5)) throws -> Grid {
    try #require(Grid(dimensions: n, worldFromVoxel: Affine(rows: rows)))
  }

  /// RAS+, LAS, one with exchanged axes, and two oblique ones, right- and left-handed.
  static func grids() throws -> [Grid] {
    let (c, s) = (0.8, 0.6)
    let plain: [[[Double]]] = [
      [[2, 0, 0, 10], [0, 3, 0, 20], [0, 0, 4, 30]],
      [[-2, 0, 0, 10], [0, 3, 0, 20], [0, 0, 4, 30]],
      [[0, 0, 4, 10], [-2, 0, 0, 20], [0, 3, 0, 30]],
      [[2 * c, -3 * s, 0, -11.25], [2 * s, 3 * c, 0, 7.5], [0, 0, 4, -60.125]],
      [[2 * c, 0, 4 * s, -11.25], [0, -3, 0, 7.5], [-2 * s, 0, 4 * c, -60.125]],
    ]
    return try plain.map { try grid($0) }
  }

  static func parsed(_ file: ExportedFile) throws -> DICOMTree {
    try #require(DICOMTree(file: file.bytes))
  }

  /// RAS+ mm of a pixel after the standard's own formula (PS3.3, equation C.7.6.2.1-1).
  static func place(
    _ position: [Double], _ orientation: [Double], _ spacing: [Double], row: Int, column: Int
  ) -> WorldPoint {
    let p = (0..<3).map { n -> Double in
      let alongRow = orientation[n] * spacing[1] * Double(column)
      let alongColumn = orientation[3 + n] * spacing[0] * Double(row)
      return position[n] + alongRow + alongColumn
    }
    return WorldPoint(-p[0], -p[1], p[2])
  }

  @Test func aMapKeepsItsNumbersAndPlaces() throws {
    let source = try Self.source()
    for grid in try Self.grids() {
      let volume = Small.volume(grid) { v in
        v == VoxelIndex(1, 2, 3) ? .nan : Float(v.i) - 10 * Float(v.j) + 100 * Float(v.k) + 0.1
      }
      let tree = try Self.parsed(
        try ParametricMap.file(Self.map(volume), source: source, series: 1, name: "m.dcm"))
      let shared = try #require(tree.items(0x5200_9229).first)
      let measures = try #require(shared.items(0x0028_9110).first)
      let plane = try #require(shared.items(0x0020_9116).first)
      let frames = tree.items(0x5200_9230)
      let floats = tree.floats(0x7fe0_0008)
      #expect(frames.count == 5 && floats.count == 60)
      var seen = 0
      for (n, frame) in frames.enumerated() {
        let position = try #require(frame.items(0x0020_9113).first).decimals(0x0020_0032)
        for row in 0..<3 {
          for column in 0..<4 {
            let here = Self.place(
              position, plane.decimals(0x0020_0037), measures.decimals(0x0028_0030), row: row,
              column: column)
            let v = try #require(grid.nearestVoxel(here))
            #expect(grid.world(v).distance(to: here) < 1e-3)
            let value = floats[n * 12 + row * 4 + column]
            #expect(value == volume[v] || value.isNaN && volume[v].isNaN)
            seen += 1
          }
        }
      }
      #expect(seen == grid.count)
    }
  }

  /// Numbers worked out by hand, so that a sign that is wrong both ways is seen.
  @Test func rightAndFrontTurnTheirSignAndTheFeetStayBelow() throws {
    let source = try Self.source()
    let grid = try Self.grids()[0]
    let volume = Small.volume(grid) { _ in 1 }
    let tree = try Self.parsed(
      try ParametricMap.file(Self.map(volume), source: source, series: 1, name: "m.dcm"))
    let shared = try #require(tree.items(0x5200_9229).first)
    #expect(
      shared.items(0x0020_9116)[0].decimals(0x0020_0037) == [-1, 0, 0, 0, -1, 0])
    #expect(shared.items(0x0028_9110)[0].decimals(0x0028_0030) == [3, 2])
    let positions = tree.items(0x5200_9230).map {
      $0.items(0x0020_9113).first?.decimals(0x0020_0032) ?? []
    }
    #expect(positions.first == [-10, -20, 30] && positions.last == [-10, -20, 46])
    // Left-handed: slices come in the order of the normal, which then points to the feet.
    let left = Small.volume(try Self.grids()[1]) { Float($0.k) }
    let other = try Self.parsed(
      try ParametricMap.file(Self.map(left), source: source, series: 1, name: "m.dcm"))
    let first = try #require(other.items(0x5200_9230).first?.items(0x0020_9113).first)
    #expect(first.decimals(0x0020_0032) == [-10, -20, 46])
    #expect(other.floats(0x7fe0_0008).first == 4)
  }

  @Test func mrSlicesAreRightToHalfAStep() throws {
    let source = try Self.source()
    for grid in try Self.grids() {
      let volume = Small.volume(grid) { v in
        v == VoxelIndex(1, 2, 3) ? .nan : Float(v.i - 2) * 0.37 + Float(v.j * v.k) * 0.11
      }
      let made = try MRSlices.files(Self.map(volume), source: source, series: 2, name: "map")
      #expect(made.files.map(\.name) == (1...5).map { "map-000\($0).dcm" })
      let trees = try made.files.map(Self.parsed)
      #expect(Set(trees.compactMap { $0.text(0x0020_000e) }).count == 1)
      #expect(Set(trees.compactMap { $0.text(0x0008_0018) }).count == 5)
      for tree in trees {
        #expect(tree.text(0x0008_0008) == "DERIVED\\SECONDARY\\OTHER")
        let slope = try #require(tree.decimals(0x0028_1053).first)
        #expect(slope == made.quantisation.slope && tree.decimals(0x0028_1052) == [0])
        let stored = tree.int16s(0x7fe0_0010)
        for (n, number) in stored.enumerated() {
          let here = Self.place(
            tree.decimals(0x0020_0032), tree.decimals(0x0020_0037), tree.decimals(0x0028_0030),
            row: n / 4, column: n % 4)
          let v = try #require(grid.nearestVoxel(here))
          #expect(grid.world(v).distance(to: here) < 1e-3)
          guard volume[v].isFinite else {
            #expect(number == -32768 && tree.int16s(0x0028_0120) == [-32768])
            continue
          }
          let difference = abs(Double(number) * slope - Double(volume[v]))
          #expect(difference <= made.quantisation.largestError * 1.001)
        }
      }
    }
  }

  @Test func whatDICOMCannotSayIsRefused() throws {
    let source = try Self.source()
    // A slanted third axis: 1 % of 4 mm a slice.
    let slanted = try Self.grid([[2, 0, 0.04, 0], [0, 3, 0, 0], [0, 0, 4, 0]])
    let turned = try Self.grid([[2, 0.03, 0, 0], [0, 3, 0, 0], [0, 0, 4, 0]])
    for grid in [slanted, turned] {
      let map = Self.map(Small.volume(grid) { _ in 1 })
      #expect { try ParametricMap.file(map, source: source, series: 1, name: "m.dcm") } throws: {
        ($0 as? Problem)?.found.contains("right angles") == true
      }
      #expect(throws: Problem.self) {
        try MRSlices.files(map, source: source, series: 1, name: "m")
      }
    }
    // Rounding of a header's 32 bits is none.
    let rounded = try Self.grid([
      [Double(Float(1.6)), Double(Float(-1.8)), 0, 0],
      [Double(Float(1.2)), Double(Float(2.4)), 0, 0], [0, 0, 4, 0],
    ])
    let map = Self.map(Small.volume(rounded) { _ in 1 })
    _ = try ParametricMap.file(map, source: source, series: 1, name: "m.dcm")
    // An MR image beside what is none.
    let nuclear = try Self.source([
      SmallDICOM.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.20"),
      SmallDICOM.text(0x0008_0060, "CS", "NM"),
    ])
    #expect(throws: Problem.self) {
      try MRSlices.files(map, source: nuclear, series: 1, name: "m")
    }
    let tree = try Self.parsed(
      try ParametricMap.file(map, source: nuclear, series: 1, name: "m.dcm"))
    #expect(tree.text(0x0008_0060) == "NM")
  }

  @Test func theSourceIsNamedOnlyWhereItIsOne() throws {
    let source = try Self.source()
    let volume = Small.volume(try Self.grids()[0]) { _ in 1 }
    for own in [true, false] {
      let file = try ParametricMap.file(
        Self.map(volume, own: own), source: source, series: 1, name: "m.dcm")
      let tree = try Self.parsed(file)
      let named = tree.descendants.compactMap { $0.text(0x0008_1155) }
      #expect(named.contains("1.2.826.0.1.88") == own)
    }
  }
}
