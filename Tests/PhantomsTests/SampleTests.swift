import Basics
import Foundation
import ImageFiles
import Imaging
import Phantoms
import TestSupport
import Testing

@Suite struct SampleTests {
  static func templates() throws -> SampleTemplates {
    let folder = "/usr/share/mricron/templates/"
    let anatomy = try ImageReader.readVolume(folder + "ch2bet.nii.gz").volume
    let labels = try ImageReader.readVolume(folder + "aal.nii.gz").volume
    return SampleTemplates(
      anatomy: anatomy,
      labels: LabelMap(
        grid: labels.grid, labels: labels.values.map { Int32($0) }, names: [:], title: "AAL"))
  }

  /// Below a folder of one run.
  static func path(_ name: String) -> String {
    RealData.project.appending(path: "SampleData/sample_space-MNI152_" + name).path
  }

  /// The committed files hold exactly what the generator makes, bit for bit.
  @Test func theCommittedVoxelsAreReproduced() throws {
    let templates = try Self.templates()
    let person = try SamplePerson(templates, minutes: 6, voxel: 3)
    let (d, samples) = try ImageReader.read(Self.path("bold.nii.gz"))
    #expect(d.shape == [53, 64, 54, 120])
    #expect(d.isSimulated)
    #expect(d.grid.matches(person.grid))
    let count = d.grid.count
    var different = 0
    try person.makeFrames(progress: .silent) { (t, frame) throws(Problem) in
      if samples.floats(t * count..<(t + 1) * count) != frame { different += 1 }
    }
    #expect(different == 0)
    let spect = try ImageReader.readVolume(Self.path("spect.nii.gz"))
    #expect(spect.volume.values == person.makeSPECT(templates).values)
    #expect(spect.description.isSimulated)
    #expect(
      try ImageReader.readVolume(Self.path("T1w.nii.gz")).volume.values == person.anatomy.values)
    let mask = try ImageReader.readVolume(Self.path("brainmask.nii.gz")).volume
    #expect((0..<mask.values.count).filter { mask.values[$0] > 0 }.count == person.mask.count)
  }

  /// A place in which the session's event shows, and what it is of the mean before.
  private func rise(_ person: SamplePerson, at w: WorldPoint) throws -> Double {
    let voxel = try #require(person.grid.nearestVoxel(w))
    let offset = person.grid.offset(voxel)
    var series: [Double] = []
    try person.makeFrames(progress: .silent) { (_, frame) in series.append(Double(frame[offset])) }
    // Frames 62 to 65 of 3 s: 186 to 198 s, the event's height; frames 40 to 57 before it.
    func mean(_ range: Range<Int>) -> Double {
      series[range].reduce(0, +) / Double(range.count)
    }
    return 100 * (mean(62..<66) / mean(40..<58) - 1)
  }

  @Test func theEventIsSeenInTheMinuteThatIsSaidAndAfterTreatmentNot() throws {
    let templates = try Self.templates()
    let first = try SamplePerson(templates, minutes: 6, voxel: 4)
    #expect(SampleEvent.startSeconds(minutes: 6) == 180)
    #expect(abs(try rise(first, at: SampleEvent.place) - SampleEvent.percent) < 1.5)
    let second = try SamplePerson(
      templates, minutes: 6, voxel: 4, choice: SampleChoice(person: 1, session: 2))
    #expect(abs(try rise(second, at: SampleEvent.place)) < 1.5)
    // The other side has none.
    let mirrored = WorldPoint(
      -SampleEvent.place.x, SampleEvent.place.y, SampleEvent.place.z)
    #expect(abs(try rise(first, at: mirrored)) < 1.5)
  }

  @Test func everyRunHasItsOwnNoiseAndPeopleMoveDifferently() throws {
    let templates = try Self.templates()
    var first: [[Float]] = []
    for (person, session, seed) in [(1, 1, 20_261), (1, 2, 20_261), (2, 1, 20_261), (1, 1, 5)]
      as [(Int, Int, UInt64)]
    {
      let made = try SamplePerson(
        templates, minutes: 1, voxel: 6,
        choice: SampleChoice(person: person, session: session, seed: seed))
      try made.makeFrames(progress: .silent) { (t, frame) in if t == 3 { first.append(frame) } }
      #expect(made.mask.count > 5000)
      #expect((person == 1 ? 0.02...0.15 : 0.15...0.8).contains(made.meanFramewiseDisplacement))
    }
    #expect(Set(first).count == 4)
    #expect(throws: Problem.self) {
      try SamplePerson(
        templates, minutes: 1, voxel: 6, choice: SampleChoice(person: 3, session: 1))
    }
  }

  /// The label file holds each network, on both sides, where its regions are.
  @Test func networksAreDrawnWhereTheirRegionsLie() throws {
    let templates = try Self.templates()
    let labels = try ImageReader.readVolume(Self.path("desc-networks_dseg.nii.gz")).volume
    let person = try SamplePerson(templates, minutes: 1, voxel: 3)
    #expect(labels.values == person.networkLabels(templates).values)
    for (n, network) in SamplePerson.networks.enumerated() {
      let places = labels.values.indices.filter { labels.values[$0] == Float(n + 1) }
      let left = places.count { labels.grid.world(at: $0).x < 0 }
      #expect(places.count > 300, "\(network.name)")
      #expect(abs(Double(left) / Double(places.count) - 0.5) < 0.15, "\(network.name)")
    }
    // Postcentral gyrus of the left hand: somatomotor.
    #expect(labels.nearest(WorldPoint(-42, -24, 54)) == 2)
  }

  /// Normals have 4.8 % between people and no lesion; the committed maps are what is made.
  @Test func normalsVaryAsPeopleDo() throws {
    let templates = try Self.templates()
    let folder = RealData.project.appending(path: "SampleData/normals").path + "/"
    let stem = folder + "normals_space-MNI152_res-4_stat-"
    let made = SampleNormals.perfusion(templates)
    let (mean, sd) = (
      try ImageReader.readVolume(stem + "mean.nii.gz").volume,
      try ImageReader.readVolume(stem + "sd.nii.gz").volume
    )
    #expect(mean.values == made.mean.values && sd.values == made.sd.values)
    let shares = mean.values.indices.filter { mean.values[$0] > 300 }
      .map { Double(sd.values[$0] / mean.values[$0]) }.sorted()
    #expect((0.035...0.06).contains(shares[shares.count / 2]))
    let (left, right) = (
      mean.nearest(WorldPoint(-58, -30, -10)), mean.nearest(WorldPoint(58, -30, -10))
    )
    #expect(left > 100 && abs(left / right - 1) < 0.35)
    #expect(SampleNormals.people.count == SampleNormals.count)
    #expect(SampleNormals.people.allSatisfy { $0.count == 7 * SampleNormals.measures.count })
    let table = try String(contentsOfFile: folder + "normals_networks.tsv", encoding: .utf8)
    #expect(table == SampleNormals.table)
  }

  @Test func theRegionThatTakesUpLessIsOnTheLeft() throws {
    let templates = try Self.templates()
    let spect = try ImageReader.readVolume(Self.path("spect.nii.gz")).volume
    func mean(_ label: Int32) -> Double {
      var sum = 0.0
      var count = 0
      for offset in stride(from: 0, to: templates.labels.grid.count, by: 11)
      where templates.labels.labels[offset] == label {
        let v = Double(spect.nearest(templates.labels.grid.world(at: offset)))
        if v.isFinite {
          sum += v
          count += 1
        }
      }
      return sum / Double(max(1, count))
    }
    // Temporal_Mid: 85 left, 86 right; Frontal_Mid: 7 left, 8 right.
    #expect(mean(85) < 0.85 * mean(86))
    #expect(abs(mean(8) / mean(7) - 1) < 0.1)
  }

  @Test func sizesOutOfReasonAreRefused() throws {
    let templates = try Self.templates()
    #expect(throws: Problem.self) { try SamplePerson(templates, minutes: 0, voxel: 3) }
    #expect(throws: Problem.self) { try SamplePerson(templates, minutes: 6, voxel: 1) }
  }
}
