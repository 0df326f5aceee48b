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

  @Test func theRegionThatTakesUpLessIsOnTheRight() throws {
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
    #expect(mean(86) < 0.85 * mean(85))
    #expect(abs(mean(8) / mean(7) - 1) < 0.1)
  }

  @Test func sizesOutOfReasonAreRefused() throws {
    let templates = try Self.templates()
    #expect(throws: Problem.self) { try SamplePerson(templates, minutes: 0, voxel: 3) }
    #expect(throws: Problem.self) { try SamplePerson(templates, minutes: 6, voxel: 1) }
  }
}
