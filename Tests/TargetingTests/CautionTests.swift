import Basics
import Foundation
import Imaging
import Targeting
import Testing

/// What a target takes along to a navigator: its warnings, its handle and its name.
@Suite struct CautionTests {
  static func record(_ name: String = "one", warnings: [String] = []) -> TargetRecord {
    TargetRecord(
      name: name, note: "", point: WorldPoint(-40, 38, 30), space: .mni152, side: .left,
      label: nil, r: nil, method: "m", warnings: warnings)
  }

  static let warnings = [
    "MOTION NOT MODELLED", "it is not known to within 15 mm",
    "candidate 1 WEAKENS without slow breathing, 0.03 Hz (3.1 mm off; r here −0.10, was −0.30)",
    "candidate 1 GOES AWAY without global-signal removal (17.5 mm off; r here +0.05, was −0.31)",
  ]
  static let doubt = "nothing shows that the T1 abc and the target are of one person"

  @Test func theMostSevereComesFirst() {
    let found = ExportCautions(Self.record(warnings: Self.warnings), more: [Self.doubt])
    #expect(
      found.all == [
        ExportCautions.unconfirmed, Self.doubt, Self.warnings[3], Self.warnings[1],
        Self.warnings[2], Self.warnings[0],
      ])
    var seen = Self.record(warnings: Self.warnings + [Self.warnings[0]])
    seen.isAcknowledged = true
    #expect(ExportCautions(seen, more: []).all.count == 4)
    #expect(!ExportCautions(seen, more: []).line(limit: 900).contains(ExportCautions.unconfirmed))
  }

  /// Whatever the room, no word is cut and what is left out is counted.
  @Test func aLineIsCutBetweenWordsAndCounted() {
    let cautions = ExportCautions(Self.record(warnings: Self.warnings), more: [Self.doubt])
    let words = Set(
      ([cautions.line(limit: 5000)] + cautions.all).flatMap { $0.split(separator: " ") })
    #expect(!cautions.line(limit: 5000).contains("record.json"))
    for limit in stride(from: 90, through: 600, by: 7) {
      let line = cautions.line(limit: limit)
      #expect(line.count <= limit, "\(limit): \(line)")
      let isWhole = cautions.all.allSatisfy(line.contains)
      #expect(line.contains("in record.json") == !isWhole, "\(line)")
      for word in line.prefix(while: { $0 != "…" }).split(separator: " ") {
        #expect(words.contains(word) || words.contains(word + "."), "\(limit): \(word)")
      }
      let told = cautions.all.reduce(0) { $0 + (line.contains($1) ? 1 : 0) }
      if let counted = line.firstMatch(of: /(\d+) more in record/) {
        let left = cautions.all.count - told
        #expect([left, left - 1].contains(Int(counted.1)), "\(line)")
      }
    }
    #expect(cautions.line(limit: 150).contains("WARNING: " + ExportCautions.unconfirmed))
  }

  /// The field of a marker has little room; the comment has all of it.
  @Test func localiteHasBoth() throws {
    let plan = try ExportTests.plan()
    let long = "begin " + String(repeating: "word ", count: 300) + "end"
    let text = Localite.instrumentMarkers(plan, .ras, note: long, short: "short", program: "p")
    #expect(text.contains("additionalInformation=\"short\"") && text.contains("word end"))
  }

  /// The 45 degrees that were asked for are not those of the axis that was laid onto the scalp.
  @Test func bothAnglesAreSaid() throws {
    let n = 1 / 3.0.squareRoot()
    for (side, x) in [(Side.left, -1.0), (.right, 1)] {
      let pose = try CoilPose(
        scalp: WorldPoint(60 * x, 40, 50), normal: WorldPoint(n * x, n, n), millimetres: 4,
        forward: try CoilPose.forward(handleDegrees: 30, side: side, name: "p"), name: "p")
      var plan = try ExportTests.plan(pose.matrix)
      (plan.side, plan.handleDegrees) = (side, 30)
      // (sin 30, cos 30, 0) without its part along (−1, 1, 1)/√3.
      let along = (cos(Double.pi / 6) - sin(Double.pi / 6)) / 3
      let wanted = atan2(sin(Double.pi / 6) + along, cos(Double.pi / 6) - along) * 180 / .pi
      let found = try #require(plan.axialHandleDegrees)
      #expect(abs(found - wanted) < 1e-9 && abs(found - 30) > 3)
      #expect(
        plan.handleAngleWords
          == "30 degrees from the midline asked for, laid onto the scalp: \(fixed(found, 1)) degrees in the axial plane"
      )
    }
    var upright = try ExportTests.plan(
      Affine(rows: [[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0]]))
    upright.handleDegrees = 10
    #expect(upright.axialHandleDegrees == nil && upright.handleAngleWords.contains("no angle"))
  }

  /// A name that is written is read back whole, and one that is too long is refused before.
  @Test func theLongestNameIsReadBack() throws {
    let longest = String(repeating: "n", count: NavigatorNames.longest)
    try NavigatorNames.require(Self.record(longest))
    do {
      try NavigatorNames.require(Self.record(longest + "n"))
      Issue.record("a name is too long")
    } catch { #expect(error.sentence.contains("101 characters"), "\(error.sentence)") }
    for side in [Side.left, .midline, .unknown] {
      var plan = try ExportTests.plan()
      plan.name = plainName(longest + "-" + side.rawValue)
      let form = Brainsight.Form(isQform: true, code: 1)
      let back = [
        try Brainsight.read(
          try Brainsight.text(plan, form, .v14, program: "p", file: "f"), file: "f"
        ).points,
        try SimNIBSTable.read(SimNIBSTable.text(plan), file: "f"),
        try SlicerMarkups.read(SlicerMarkups.json(plan, note: "").text, file: "f"),
      ]
      for points in back {
        #expect(largestDifference(plan.points, points) != nil, "\(points.map(\.name))")
      }
      let markers = Localite.instrumentMarkers(plan, .ras, note: "", program: "p")
      #expect(try Localite.read(markers, file: "f").map(\.name) == [plan.name])
    }
  }
}

/// Whose a number of a candidate is.
@Suite struct CandidateWordsTests {
  static func candidate(peak: WorldPoint, peakR: Double) -> Candidate {
    Candidate(
      rank: 2, point: WorldPoint(-39, 14, 35), side: .left, r: -0.123, z: -0.124, peakR: peakR,
      peak: peak, voxelCount: 9, regionWideP: 0.027, label: nil, distances: [], footprint: nil)
  }

  @Test func pIsOfThePeakWhereThatIsAnotherPlace() {
    let other = Self.candidate(peak: WorldPoint(-39, 23, 38), peakR: -0.609)
    #expect(other.pWords == "region-wide p 0.027 (of the peak −39.0 +23.0 +38.0, r −0.609)")
    let same = Self.candidate(peak: WorldPoint(-39, 14, 35), peakR: -0.123)
    #expect(same.pWords == "region-wide p 0.027" && same.peakWords == nil)
  }
}
