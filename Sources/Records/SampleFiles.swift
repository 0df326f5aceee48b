package import Basics
import Foundation
import ImageFiles
import Imaging
package import Phantoms
import Study

/// The templates that the sample person is derived from.
package func sampleTemplates() throws(Problem) -> SampleTemplates {
  guard let brain = try AtlasFiles.mniBrain(), let labels = try AtlasFiles.standard() else {
    throw Problem(
      .missingInput, "mricron-data", "its templates are not installed",
      expected: "files in \(AtlasFiles.templates)", remedy: "apt-get install mricron-data")
  }
  return SampleTemplates(anatomy: brain, labels: labels)
}

/// Names of the sample person's files.
package enum SampleFiles {
  static let stem = "sample_space-MNI152"
  package static let bold = stem + "_bold.nii.gz"
  package static let sidecar = stem + "_bold.json"
  package static let mask = stem + "_brainmask.nii.gz"
  package static let anatomy = stem + "_T1w.nii.gz"
  package static let grey = stem + "_label-GM_probseg.nii.gz"
  package static let white = stem + "_label-WM_probseg.nii.gz"
  package static let csf = stem + "_label-CSF_probseg.nii.gz"
  package static let spect = stem + "_spect.nii.gz"
  package static let confounds = stem + "_confounds.tsv"
  package static let truth = "truth.json"
  package static let all = [
    bold, sidecar, mask, anatomy, grey, white, csf, spect, confounds, truth,
  ]
}

/// Writes every file of the sample person.
package func writeSample(
  _ folder: String, minutes: Double, voxel: Double, force: Bool, progress: WorkProgress
) throws(Problem) {
  func path(_ name: String) -> String { folder + "/" + name }
  for name in SampleFiles.all { try AtomicFile.checkFree(path(name), overwrite: force) }
  let templates = try sampleTemplates()
  let person = try SamplePerson(templates, minutes: minutes, voxel: voxel)
  do {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  } catch {
    throw Problem(.cannotCreate, fileName(folder), "the folder cannot be made")
  }
  let note = "\(syntheticPersonMark) of boldspect \(boldspectVersion), after ch2bet (BSD-3)"
  func write(_ name: String, _ volume: Volume, _ storage: ImageWriter.Storage) throws(Problem) {
    try ImageWriter.write(
      path(name), volume, formCode: 4, note: note, storage: storage, compression: .small,
      overwrite: force)
  }
  let grid = person.grid
  func probability(_ values: [Float]) -> Volume {
    Volume(grid: grid, values: values.map { ($0 * 255).rounded() })
  }
  try write(
    SampleFiles.mask, person.mask.volume([Float](repeating: 1, count: person.mask.count)), .uint8)
  try write(SampleFiles.anatomy, person.anatomy, .uint8)
  try write(SampleFiles.grey, probability(person.greyMatter), .uint8)
  try write(SampleFiles.white, probability(person.whiteMatter), .uint8)
  try write(SampleFiles.csf, probability(person.csf), .uint8)
  try write(SampleFiles.spect, person.makeSPECT(templates), .int16(slope: 1))

  let tissueMeans = try writeFrames(
    of: person, to: path(SampleFiles.bold), note: note, force: force, progress: progress)
  func text(_ name: String, _ content: String) throws(Problem) {
    try AtomicFile.write(path(name), Array(content.utf8), overwrite: force)
  }
  try text(
    SampleFiles.sidecar,
    JSON.object([
      ("RepetitionTime", .number(SamplePerson.repetitionTimeSeconds)),
      ("TaskName", .string("rest")),
      ("Description", .string("SIMULATED sample person, no measurement")),
    ]).text + "\n")
  try text(
    SampleFiles.confounds,
    person.confounds(
      csfMean: tissueMeans[0], whiteMean: tissueMeans[1], globalMean: tissueMeans[2]))
  try text(SampleFiles.truth, sampleTruth(minutes, voxel).text + "\n")
}

/// Writes the run.
///
/// - Returns: the mean of CSF, of white matter and of the brain, frame by frame.
private func writeFrames(
  of person: SamplePerson, to path: String, note: String, force: Bool, progress: WorkProgress
) throws(Problem) -> [[Double]] {
  var tissueMeans = [[Double]](repeating: [], count: 3)
  let classes =
    [person.csf, person.whiteMatter].map { tissue in
      person.mask.offsets.filter { tissue[Int($0)] > 0.8 }.map(Int.init)
    } + [person.mask.offsets.map(Int.init)]
  var frames: [[UInt8]] = []
  // Kept as 16-bit numbers while the table of confounds is summed up.
  try person.makeFrames(progress: progress) { (_, frame) throws(Problem) in
    for (n, places) in classes.enumerated() {
      let sum = places.reduce(0.0) { $0 + Double(frame[$1]) }
      tissueMeans[n].append(sum / Double(max(1, places.count)))
    }
    frames.append(frame.map { Int16($0) }.withUnsafeBytes { Array($0) })
  }
  try ImageWriter.write(
    path,
    ImageWriter.Content(
      grid: person.grid, formCode: 4, frameCount: person.frameCount,
      repetitionTimeSeconds: SamplePerson.repetitionTimeSeconds, note: note),
    storage: .int16(slope: 1), compression: .small, overwrite: force, progress: progress
  ) { (t) throws(Problem) in
    SampleStore(type: .int16, slope: 1, intercept: 0, bytes: frames[t]).floats(
      0..<person.grid.count)
  }
  return tissueMeans
}
