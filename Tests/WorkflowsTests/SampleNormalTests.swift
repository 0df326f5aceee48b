import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Phantoms
import Study
import Testing
import Workflows

/// The kept numbers of the generated normals are what is measured of them.
@Suite struct SampleNormalTests {
  @Test func aNormalMeasuresWhatTheTableSays() throws {
    let brain = try #require(try AtlasFiles.mniBrain())
    let atlas = try #require(try AtlasFiles.standard())
    let templates = SampleTemplates(anatomy: brain, labels: atlas)
    let number = 7
    let person = try SamplePerson(
      normal: number, templates, minutes: SampleNormals.minutes,
      voxel: SampleNormals.voxelMillimetres)
    let mask = person.mask
    let places = mask.offsets.map(Int.init)
    var values: [Float] = []
    values.reserveCapacity(person.frameCount * places.count)
    try person.makeFrames(progress: .silent) { (_, frame) in
      for place in places { values.append(frame[place]) }
    }
    let run = Run(
      mask: mask, frameCount: person.frameCount,
      repetitionTimeSeconds: SamplePerson.repetitionTimeSeconds,
      samples: SampleStore(floats: values),
      mean: Volume(grid: mask.grid, values: [Float](repeating: 1, count: mask.grid.count)))
    let names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    let columns = zip(names, person.motion).map { NuisanceColumn(name: $0, values: $1) }
    let labels = person.networkLabels(templates)
    var titles: [Int32: String] = [:]
    for (n, network) in SamplePerson.networks.enumerated() { titles[Int32(n + 1)] = network.name }
    let networks = LabelMap(
      grid: labels.grid, labels: labels.values.map { Int32($0) }, names: titles, title: "networks")
    let report = try networkReport(
      of: [
        PreparedRun(
          run: run, denoising: Denoising(confounds: columns), quality: RunQuality(nil, nil))
      ], parcels: atlas.parcels(in: mask, networks: networks), sides: .mni, reference: nil,
      covariates: [:])
    let kept = SampleNormals.people[number - 1]
    for (n, network) in SamplePerson.networks.enumerated() {
      for (m, measure) in SampleNormals.measures.enumerated() {
        let found = report.findings.first {
          $0.network == network.name && $0.measure.rawValue == measure
        }?.value
        let wanted = kept[n * SampleNormals.measures.count + m]
        guard let wanted else {
          #expect(found?.isFinite != true, "\(network.name) \(measure)")
          continue
        }
        #expect(abs((found ?? .nan) - wanted) < 2e-4, "\(network.name) \(measure)")
      }
    }
  }
}
