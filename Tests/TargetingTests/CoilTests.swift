import Basics
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing

/// An ellipsoid of a head with a dark shell of bone under its scalp, and a nostril that leads inside.
enum PhantomHead {
  static let centre = WorldPoint(3, -18, 8)
  static let axes = [78.0, 98, 88]

  static func radius(_ w: WorldPoint) -> Double {
    let d = [w.x - centre.x, w.y - centre.y, w.z - centre.z]
    return zip(d, axes).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }.squareRoot()
  }

  static func t1(_ order: (axes: [Int], flips: Int) = ([0, 1, 2], 0), spacing: Double = 2) -> Volume
  {
    let low = [-96.0, -138, -102]
    let size = [200.0, 240, 220].map { Int($0 / spacing) }
    let grid = Small.grid(size, spacing: spacing, low: low, axes: order.axes, flips: order.flips)
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { offset in
        let w = grid.world(at: offset)
        let r = radius(w)
        let g = zip([w.x - centre.x, w.y - centre.y, w.z - centre.z], axes).reduce(0.0) {
          $0 + $1.0 * $1.0 / ($1.1 * $1.1 * $1.1 * $1.1)
        }.squareRoot()
        // A voxel on the border is part scalp and part air.
        let depth = r > 0.5 ? (1 - r) * r / g : 99
        let part = Float(max(0, min(1, depth / spacing + 0.5)))
        if abs(w.x - centre.x) < 3, abs(w.z + 20) < 3, w.y > 20 { return 4 }
        return 4 * (1 - part) + part * (r > 0.95 ? 220 : r > 0.9 ? 10 : 150)
      })
  }

  /// The surface point that a line along the normal joins with `p`, by a search over angles.
  static func nearest(_ p: WorldPoint) -> (point: WorldPoint, normal: WorldPoint) {
    var best = (WorldPoint(0, 0, 0), Double.infinity)
    var (low, high) = ((-Double.pi / 2, -Double.pi), (Double.pi / 2, Double.pi))
    for _ in 0..<6 {
      let steps = 60
      var at = (0.0, 0.0)
      for a in 0...steps {
        for b in 0...steps {
          let u = low.0 + (high.0 - low.0) * Double(a) / Double(steps)
          let v = low.1 + (high.1 - low.1) * Double(b) / Double(steps)
          let w = WorldPoint(
            centre.x + axes[0] * cos(u) * cos(v), centre.y + axes[1] * cos(u) * sin(v),
            centre.z + axes[2] * sin(u))
          let d = w.distance(to: p)
          if d < best.1 { best = (w, d); at = (u, v) }
        }
      }
      let (du, dv) = ((high.0 - low.0) / 20, (high.1 - low.1) / 20)
      low = (at.0 - du, at.1 - dv)
      high = (at.0 + du, at.1 + dv)
    }
    let w = best.0
    let g = WorldPoint(
      (w.x - centre.x) / (axes[0] * axes[0]), (w.y - centre.y) / (axes[1] * axes[1]),
      (w.z - centre.z) / (axes[2] * axes[2]))
    let l = g.dot(g).squareRoot()
    return (w, WorldPoint(g.x / l, g.y / l, g.z / l))
  }
}

@Suite struct HeadTests {
  @Test func theScalpIsWhereTheHeadEnds() throws {
    let head = try HeadSurface(PhantomHead.t1(), fileName: "t1")
    // 4/3 π abc of the ellipsoid.
    #expect(abs(head.litres - 4.0 / 3 * .pi * 78 * 98 * 88 / 1e6) < 0.03)
    #expect(abs(head.middleX - 3) < 0.2)
    for target in [
      WorldPoint(-38, 44, 26), WorldPoint(-44, 38, 34), WorldPoint(45, 30, 40),
      WorldPoint(-37, -21, 58), WorldPoint(0, -100, 10),
    ] {
      let found = try #require(head.nearest(to: target))
      let (point, normal) = PhantomHead.nearest(target)
      #expect(found.point.distance(to: point) < 0.8, "\(found.point) \(point)")
      #expect(abs(found.point.distance(to: target) - point.distance(to: target)) < 0.25)
      #expect(found.normal.dot(normal) > cos(2.0 * .pi / 180))
      #expect(head.contains(target))
    }
    #expect(!head.contains(WorldPoint(-90, 0, 0)))
    // The nostril is closed: its inside is head.
    #expect(head.contains(WorldPoint(3, 50, -20)))
  }

  /// A throat that is open below is air, but no place for a coil.
  @Test func theThroatIsNoScalp() throws {
    let t1 = PhantomHead.t1()
    let open = Volume(
      grid: t1.grid,
      values: (0..<t1.grid.count).map { offset in
        let w = t1.grid.world(at: offset)
        let r = ((w.x - 3) * (w.x - 3) + (w.y - 40) * (w.y - 40)).squareRoot()
        return r < 14 && w.z < -20 ? 4 : t1.values[offset]
      })
    let head = try HeadSurface(open, fileName: "t1")
    let found = try #require(head.nearest(to: WorldPoint(3, 40, -8)))
    // Not on the throat's wall or roof, but on the face.
    let (dx, dy) = (found.point.x - 3, found.point.y - 40)
    #expect((dx * dx + dy * dy).squareRoot() > 25, "\(found)")
    #expect(found.point.distance(to: WorldPoint(3, 40, -8)) > 25)
  }

  @Test func aBrainWithoutItsHeadIsRefused() {
    let t1 = PhantomHead.t1(spacing: 4)
    let brain = Volume(
      grid: t1.grid,
      values: (0..<t1.grid.count).map {
        PhantomHead.radius(t1.grid.world(at: $0)) < 0.8 ? 150 : 0
      })
    #expect {
      try HeadSurface(brain, fileName: "brain.nii")
    } throws: { ($0 as? Problem)?.sentence.contains("without its scalp") == true }
    let flat = Volume(grid: t1.grid, values: [Float](repeating: 1, count: t1.grid.count))
    #expect(throws: Problem.self) { try HeadSurface(flat, fileName: "flat.nii") }
  }

  @Test func otsuPartsTwoHeaps() throws {
    let values = (0..<1000).map { Float($0 % 2 == 0 ? 10 : 100) + Float($0 % 7) }
    let level = try #require(otsuThreshold(values))
    #expect(level > 16 && level <= 100)
    #expect(otsuThreshold([1, 1, 1]) == nil)
  }

  @Test func distancesAreEuclidean() {
    let grid = Small.grid(9, 7, 5, spacing: (1, 2, 3))
    var inside = [Bool](repeating: false, count: grid.count)
    let places = [VoxelIndex(1, 1, 1), VoxelIndex(7, 5, 4)]
    for v in places { inside[grid.offset(v)] = true }
    let found = distances(toSet: inside, grid)
    for offset in 0..<grid.count {
      let w = grid.world(at: offset)
      let wanted = places.map { grid.world($0).distance(to: w) }.min() ?? .nan
      #expect(abs(Double(found[offset]) - wanted) < 1e-4)
    }
    #expect(distances(toSet: inside.map { _ in false }, grid).allSatisfy { $0 == .infinity })
  }
}

@Suite struct CoilPoseTests {
  static func pose(
    _ normal: WorldPoint, side: Side, degrees: Double = 45
  ) throws -> CoilPose {
    try CoilPose(
      scalp: WorldPoint(-50, 40, 50), normal: normal, millimetres: 4,
      forward: try CoilPose.forward(handleDegrees: degrees, side: side, name: "t"), name: "t")
  }

  /// On a flat scalp from above: y points forward and inwards, the handle back and outwards.
  @Test func theHandlePointsBackAndOutwards() throws {
    let up = WorldPoint(0, 0, 1)
    let left = try Self.pose(up, side: .left)
    let half = 0.5.squareRoot()
    #expect(abs(left.y.x - half) < 1e-12 && abs(left.y.y - half) < 1e-12)
    #expect(left.handleWords == "posterior, left" || left.handleWords == "left, posterior")
    #expect(abs(left.z.z + 1) < 1e-12)
    #expect(abs(left.centre.z - 54) < 1e-12)
    // x = y × z
    #expect(abs(left.x.x + half) < 1e-12 && abs(left.x.y - half) < 1e-12)
    let right = try Self.pose(up, side: .right)
    #expect(abs(right.y.x + half) < 1e-12 && abs(right.y.y - half) < 1e-12)
    #expect(right.handleWords.contains("right") && right.handleWords.contains("posterior"))
    #expect(try Self.pose(up, side: .midline, degrees: 0).handleWords == "posterior")
    #expect(throws: Problem.self) { try Self.pose(up, side: .midline) }
    // A direction that stands on the scalp has no way to lie in it.
    #expect(throws: Problem.self) { try Self.pose(WorldPoint(0, 1, 0), side: .midline, degrees: 0) }
  }

  @Test func onlyRotationsAreCoils() {
    func affine(_ change: (inout [[Double]]) -> Void) -> Affine {
      var m = ExportTests.example.rows
      change(&m)
      return Affine(rows: m)
    }
    for (words, wrong) in [
      ("right angles", affine { $0[0][1] += 0.01 }), ("length", affine { $0[2][0] *= 1.01 }),
      ("mirrors", affine { for r in 0..<3 { $0[r][2] *= -1 } }),
      ("not finite", affine { $0[1][1] = .nan }),
    ] {
      #expect {
        try CoilPose(matrix: wrong, name: "x")
      } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
    }
    #expect(throws: Never.self) { try CoilPose(matrix: ExportTests.example, name: "x") }
  }

  @Test func deeperTargetsNeedMore() {
    let dose = DoseAdjustment(siteMillimetres: 20, motorMillimetres: 15)
    #expect(abs(dose.added() - 14) < 1e-12)
    #expect(dose.words.contains("+14.0 %") && dose.words.contains("+13.5 to +15.0"))
    #expect(dose.words.contains("not a prescription"))
  }
}

@Suite struct ExportTests {
  /// The example of targeting.md 5.4.
  static let example = Affine(rows: [
    [-0.55403229, 0.25881905, 0.79124012, -70], [0.14845251, 0.96592583, -0.21201215, -10],
    [-0.81915204, 0, -0.57357644, 60],
  ])

  static func plan(_ matrix: Affine = example) throws -> CoilPlan {
    let pose = try CoilPose(matrix: matrix, name: "T1")
    let (c, z) = (pose.centre, pose.z)
    return CoilPlan(
      name: "T1", side: .left,
      cortex: WorldPoint(c.x + 21 * z.x, c.y + 21 * z.y, c.z + 21 * z.z),
      scalp: WorldPoint(c.x + 4 * z.x, c.y + 4 * z.y, c.z + 4 * z.z), pose: pose, coilDistance: 4,
      handleDegrees: 45)
  }

  @Test func brainsightIsTheWorkedLine() throws {
    let text = try Brainsight.text(
      try Self.plan(), .init(isQform: false, code: 2), .v12, program: "boldspect v0", file: "t1")
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "# Version: 12")
    #expect(lines[1] == "# Coordinate system: NIfTI:Aligned")
    #expect(
      lines[6]
        == "# Target Name\tLoc. X\tLoc. Y\tLoc. Z\tm0n0\tm0n1\tm0n2\tm1n0\tm1n1\tm1n2\tm2n0\tm2n1\tm2n2"
    )
    #expect(
      lines[9]
        == "T1_coil\t-70.0000\t-10.0000\t60.0000\t0.5540\t-0.1485\t0.8192\t0.2588\t0.9659\t0.0000\t-0.7912\t0.2120\t0.5736"
    )
  }

  @Test(arguments: [
    (1, false, "NIfTI:Scanner", "NIfTI:S:Scanner"), (2, true, "NIfTI:Aligned", "NIfTI:Q:Aligned"),
    (3, false, "NIfTI:Talairach", "NIfTI:S:Talairach"),
    (4, false, "NIfTI:MNI-152", "NIfTI:S:MNI-152"),
    (5, true, "NIfTI:Other-Template", "NIfTI:Q:Other-Template"),
  ])
  func brainsightNamesTheFormOfTheHeader(
    _ code: Int, _ isQform: Bool, _ old: String, _ new: String
  ) throws {
    let form = Brainsight.Form(isQform: isQform, code: code)
    #expect(try Brainsight.coordinateSystem(form, .v12, file: "t") == old)
    #expect(try Brainsight.coordinateSystem(form, .v14, file: "t") == new)
    #expect(throws: Problem.self) {
      try Brainsight.coordinateSystem(.init(isQform: isQform, code: 0), .v12, file: "t")
    }
  }

  /// targeting.md 5.2: a public marker of Localite, and the same coil with SimNIBS's axes.
  @Test func localiteAndSimNIBSAgree() throws {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <InstrumentMarkerList coordinateSpace="RAS">
          <InstrumentMarker alwaysVisible="false" index="0" selected="false">
              <Marker additionalInformation="" color="#ff0000" description="m" set="true">
                  <Matrix4D data00="0.72659427" data01="-0.51550095" data02="-0.45428086"
                      data03="-41.83767" data10="0.04949249" data11="-0.62018640" data12="0.78292457"
                      data13="-34.1115599" data20="-0.68531950" data21="-0.59133675"
                      data22="-0.42509950" data23="88.6091674" data30="0.0" data31="0.0"
                      data32="0.0" data33="1.0"/>
              </Marker>
          </InstrumentMarker>
      </InstrumentMarkerList>
      """
    let found = try Localite.read(text, file: "m.xml")
    let rows = try #require(found.first?.pose).matrix.rows
    let wanted = [
      [-0.45428086, 0.51550095, 0.72659427, -41.83767],
      [0.78292457, 0.62018640, 0.04949249, -34.1115599],
      [-0.42509950, 0.59133675, -0.68531950, 88.6091674],
    ]
    for r in 0..<3 { for c in 0..<4 { #expect(abs(rows[r][c] - wanted[r][c]) < 1e-12) } }
    let lps = text.replacingOccurrences(of: "\"RAS\"", with: "\"LPS\"")
    let turned = try #require(try Localite.read(lps, file: "m").first)
    #expect(abs(turned.point.x - 41.83767) < 1e-12)
    #expect(throws: Problem.self) {
      try Localite.read(text.replacingOccurrences(of: "\"RAS\"", with: "\"XYZ\""), file: "m.xml")
    }
  }

  /// targeting.md 5.4: the rows that Localite has for the example.
  @Test func localiteRowsOfTheExample() throws {
    let text = Localite.instrumentMarkers(try Self.plan(), .ras, note: "a<b>&\"--", program: "p")
    for number in [
      "data00=\"0.79124012\"", "data01=\"-0.25881905\"", "data02=\"-0.55403229\"",
      "data03=\"-70.0\"", "data10=\"-0.21201215\"", "data11=\"-0.96592583\"",
      "data12=\"0.14845251\"", "data22=\"-0.81915204\"", "data23=\"60.0\"", "data33=\"1.0\"",
    ] { #expect(text.contains(number), "\(number)") }
    #expect(text.contains("a&lt;b&gt;&amp;&quot;"))
    #expect(try Localite.read(text, file: "x").count == 1)
  }

  @Test func simnibsHasZBeforeY() throws {
    let lines = SimNIBSTable.text(try Self.plan()).split(separator: "\n")
    #expect(
      lines[2]
        == "CoilPos,-70.000000,-10.000000,60.000000,0.791240,-0.212012,-0.573576,0.258819,0.965926,0.000000,4.000000,T1_coil"
    )
    #expect(lines[0].hasPrefix("Generic,") && lines[0].hasSuffix(",T1_target"))
  }

  @Test func slicerIsLPSWithTheAxesAsColumns() throws {
    let text = SlicerMarkups.json(try Self.plan(), note: "n").text
    #expect(text.contains("\"position\": [70.0, 10.0, 60.0]"))
    #expect(
      text.contains(
        "[0.55403229, -0.25881905, -0.79124012, -0.14845251, -0.96592583, 0.21201215, -0.81915204, 0.0, -0.57357644]"
      ))
    #expect(text.contains("\"coordinateSystem\": \"LPS\""))
    let ras = text.replacingOccurrences(of: "\"LPS\"", with: "\"RAS\"")
    #expect(try SlicerMarkups.read(ras, file: "m")[2].point == WorldPoint(70, 10, 60))
  }

  @Test func everyFormatIsReadBack() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      // A random rotation from two random directions.
      func direction() -> WorldPoint {
        let d = (0..<3).map { _ in generator.uniform() - 0.5 }
        let l = d.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return WorldPoint(d[0] / l, d[1] / l, d[2] / l)
      }
      let pose = try CoilPose(
        scalp: WorldPoint(
          200 * generator.uniform() - 100, 200 * generator.uniform() - 100,
          200 * generator.uniform() - 100), normal: direction(), millimetres: 3,
        forward: direction(),
        name: "r")
      let plan = try Self.plan(pose.matrix)
      func near(_ back: [NavigatedPoint], _ wanted: [NavigatedPoint]) {
        guard let d = largestDifference(wanted, back) else {
          Issue.record("other points")
          return
        }
        #expect(d.millimetres <= 1e-4 && d.direction <= 1e-4, "\(d)")
      }
      let form = Brainsight.Form(isQform: true, code: 1)
      near(
        try Brainsight.read(
          try Brainsight.text(plan, form, .v14, program: "p", file: "f"), file: "f"
        ).points, plan.points)
      near(try SimNIBSTable.read(SimNIBSTable.text(plan), file: "f"), plan.points)
      near(try SlicerMarkups.read(SlicerMarkups.json(plan, note: "").text, file: "f"), plan.points)
      for axes in Localite.Axes.allCases {
        near(
          try Localite.read(
            Localite.instrumentMarkers(plan, axes, note: "", program: "p"), file: "f"),
          [plan.points[2]])
        near(
          try Localite.read(Localite.entryTarget(plan, axes, note: "", program: "p"), file: "f"),
          [plan.points[1], plan.points[0]])
      }
    }
  }

  @Test(arguments: Navigator.allCases)
  func whatIsNoFileOfANavigatorIsRefused(_ navigator: Navigator) {
    for text in ["", "# Version: 12\n", "<a>", "{\"markups\": 3}", "CoilPos,1,2\n", "\u{0}"] {
      switch navigator {
      case .brainsight:
        #expect(throws: Problem.self) { try Brainsight.read(text, file: "f") }
      case .localite: #expect(throws: Problem.self) { try Localite.read(text, file: "f") }
      case .slicer: #expect(throws: Problem.self) { try SlicerMarkups.read(text, file: "f") }
      case .simnibs:
        let found = try? SimNIBSTable.read(text, file: "f")
        #expect(found == nil || found?.isEmpty == true)
      }
    }
  }

  @Test func aShearedPoseOfAnotherProgramIsRefused() throws {
    let text = try Brainsight.text(
      try Self.plan(), .init(isQform: false, code: 2), .v12, program: "p", file: "f")
    let sheared = text.replacingOccurrences(of: "\t0.2588\t", with: "\t0.3588\t")
    #expect(throws: Problem.self) { try Brainsight.read(sheared, file: "f") }
  }
}

@Suite struct FootprintTests {
  /// A plane between two networks through the middle: half of the cone lies in each.
  @Test func aConeOnABorderIsShared() {
    let grid = Small.grid(31, 31, 31, spacing: (1, 1, 1), origin: WorldPoint(-15, -15, -15))
    let labels = (0..<grid.count).map { grid.world(at: $0).x < -0.25 ? Int32(1) : 2 }
    let map = LabelMap(grid: grid, labels: labels, names: [1: "one", 2: "two"], title: "t")
    let f = Footprint(at: WorldPoint(-0.5, 0, 0), in: map)
    #expect(abs(f.covered - 1) < 1e-9)
    #expect(f.shares.allSatisfy { abs($0.part - 0.5) < 0.01 })
    // Whole parts or none: never half of a network's name.
    let parts = f.words.components(separatedBy: ", ")
    #expect(parts.count == 2 && f.words(fitting: f.words.count) == f.words)
    #expect(f.words(fitting: f.words.count - 1) == parts[0])
    // Six of twelve millimetres inside: the cap beyond the border holds 6/64 of a cone's weight.
    let inside = Footprint(at: WorldPoint(-6.5, 0, 0), in: map)
    #expect(inside.shares.first?.network == "one")
    #expect(abs((inside.shares.last?.part ?? 0) - 6.0 / 64) < 0.005)
    #expect(inside.words.hasPrefix("one 9"))
    #expect(Footprint(at: WorldPoint(200, 0, 0), in: map).words == "no network")
  }
}
