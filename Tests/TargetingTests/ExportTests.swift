import Basics
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing

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

  /// An accent on a mark is a character of its own to Swift, and none to XML; and no comment ends with three hyphens.
  @Test(arguments: [
    "a-", "a--b---", "<\u{301}b \"\u{301}c &\u{301}d", "-\u{301}--\u{301}-", "x\u{ffff}",
  ])
  func localiteIsXMLWhateverStandsInIt(_ note: String) throws {
    let plan = try Self.plan()
    for axes in Localite.Axes.allCases {
      let markers = Localite.instrumentMarkers(plan, axes, note: note, program: note)
      #expect(try Localite.read(markers, file: "x").count == 1)
      let points = Localite.entryTarget(plan, axes, note: note, program: note)
      #expect(try Localite.read(points, file: "x").count == 2)
    }
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
    let inCentimetres = text.replacingOccurrences(
      of: "\"coordinateUnits\": \"mm\"", with: "\"coordinateUnits\": \"cm\"")
    #expect(inCentimetres != text)
    #expect(throws: Problem.self) { try SlicerMarkups.read(inCentimetres, file: "m") }
    // What was never placed stands at 0 or under the mouse.
    for status in ["undefined", "preview", "missing"] {
      let loose = text.replacingOccurrences(
        of: "\"positionStatus\": \"defined\"", with: "\"positionStatus\": \"\(status)\"")
      #expect(loose != text)
      #expect(throws: Problem.self) { try SlicerMarkups.read(loose, file: "m") }
    }
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
