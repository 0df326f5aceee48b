import Basics
import Foundation
import Imaging
import Phantoms
import Records
import TestSupport
import Testing

/// The known answers of the synthetic people, as they are written and read.
@Suite struct RevealedTruthTests {
  static let committed = RealData.project.appending(path: "SampleData/truth.json").path

  @Test func theCommittedAnswersAreThoseOfTheFirstPerson() throws {
    let truth = try RevealedTruth(Self.committed)
    #expect(truth.person == 1 && truth.session == 1 && truth.isReliable && truth.minutes == 6)
    #expect(truth.target == SamplePerson.trueSite && truth.sgACC == SamplePerson.sgACC)
    #expect(truth.networks.map(\.name) == SamplePerson.networks.map(\.name))
    #expect(truth.networks.map(\.state) == SamplePerson.states.map(\.rawValue))
    #expect(truth.networks.map(\.label) == Array(1...7))
    #expect(truth.event?.place == SampleEvent.place && truth.event?.startSeconds == 180)
    #expect(truth.lesion.side == "left" && truth.lesion.place.x < -30)
    #expect(truth.lesion.labels == [85, 89] && truth.lesion.shareOfUptake == 0.7)
    #expect(truth.change.network == "salience" && truth.change.before < truth.change.after)
    #expect(truth.change.seed == SamplePerson.changeSeed)
    #expect((0.02...0.2).contains(truth.meanFramewiseDisplacement))
    let words = truth.lines.joined(separator: "\n")
    for word in [
      "somatomotor: over-active", "visual: under-active", "salience: out of sync", "left",
    ] {
      #expect(words.contains(word), "\(word)")
    }
    // It is found from the run, and not beside a run of somebody else.
    let run = RealData.project.appending(path: "SampleData/\(SampleFiles.bold)").path
    #expect(try RevealedTruth.beside(run) == truth)
    try withTemporaryFolder { folder in
      let none = try RevealedTruth.beside(folder + "/a/b/bold.nii.gz")
      #expect(none == nil)
    }
  }

  /// Each of these says something that no such file may say.
  @Test(arguments: [
    ("\"format\": 1", "\"format\": 2"), ("\"format\": 1", "\"format\": -1"),
    ("\"person\": 1", "\"person\": 3"), ("\"person\": 1", "\"person\": 1e300"),
    ("\"side\": \"left\"", "\"side\": \"right\""), ("\"reliable\": true", "\"reliable\": 1"),
    ("-38.0, 30.0, 40.0", "-38.0, 30.0"), ("-38.0, 30.0, 40.0", "-38.0, 30.0, 4000"),
    ("-38.0, 30.0, 40.0", "-38.0, 30.0, null"), ("\"lesion\": {", "\"lesion\": 3, \"x\": {"),
    ("\"coupling\": 0.75", "\"coupling\": 75"), ("\"label\": 1,", "\"label\": 1.5,"),
    ("{", "{{"),
  ])
  func aHostileFileIsRefused(change: (from: String, to: String)) throws {
    let text = try String(contentsOfFile: Self.committed, encoding: .utf8)
    let range = try #require(text.range(of: change.from))
    let bad = text.replacingCharacters(in: range, with: change.to)
    try withTemporaryFolder { folder in
      let path = folder + "/truth.json"
      try bad.write(toFile: path, atomically: true, encoding: .utf8)
      let problem = #expect(throws: Problem.self) { try RevealedTruth(path) }
      #expect(problem?.subject == "truth.json")
    }
  }

  @Test func controlBytesDoNotReachTheScreen() throws {
    let text = try String(contentsOfFile: Self.committed, encoding: .utf8)
    let bad = text.replacingOccurrences(
      of: "default mode", with: "\\u001b[2J\\u202e" + String(repeating: "x", count: 500))
    try withTemporaryFolder { folder in
      let path = folder + "/truth.json"
      try bad.write(toFile: path, atomically: true, encoding: .utf8)
      let name = try RevealedTruth(path).networks[0].name
      #expect(name.count <= 60)
      #expect(!name.unicodeScalars.contains { $0.value < 32 || $0.value == 0x202e })
      try String(repeating: "[", count: 3_000_000).write(
        toFile: path, atomically: true, encoding: .utf8)
      #expect(throws: Problem.self) { try RevealedTruth(path) }
    }
  }

  /// The second person's second session says what differs.
  @Test func sessionsAndPeopleDifferAsTheySay() throws {
    let templates = try sampleTemplates()
    var truths: [RevealedTruth] = []
    for (person, session) in [(1, 2), (2, 1)] {
      let choice = SampleChoice(person: person, session: session)
      let made = try SamplePerson(templates, minutes: 2, voxel: 6, choice: choice)
      let json = made.truth(templates, choice: choice, minutes: 2, voxel: 6)
      truths.append(try RevealedTruth(json, file: "truth.json"))
    }
    #expect(truths[0].event == nil && truths[0].networks[4].state == "as normals")
    #expect(truths[0].networks[4].coupling == SamplePerson.couplingAfter)
    #expect(truths[1].event != nil && truths[1].networks[4].state == "out of sync")
    #expect(!truths[1].isReliable && truths[1].target == SamplePerson.secondSite)
    #expect(truths[1].meanFramewiseDisplacement > 2 * truths[0].meanFramewiseDisplacement)
  }
}
