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

/// Names of one run's files of a synthetic person, below a folder.
package struct SampleNames: Sendable {
  package let bold, sidecar, mask, anatomy, grey, white, csf, spect, confounds, networks,
    networkNames, truth: String

  /// Today's one folder: `SampleData`.
  package static let flat: SampleNames = {
    let stem = "sample_space-MNI152"
    return SampleNames(
      func: stem, anat: stem, nm: stem, mask: "_brainmask", confounds: stem + "_confounds.tsv",
      truth: "truth.json")
  }()

  /// A study after BIDS and fMRIPrep: people, sessions, kinds of files.
  package init(_ choice: SampleChoice) {
    let (sub, ses) = ("sub-\(choice.person)", "ses-\(choice.session)")
    let base = "\(sub)/\(ses)/"
    let stem = "\(sub)_\(ses)"
    let space = "_space-MNI152"
    let run = "\(base)func/\(stem)_task-rest"
    self.init(
      func: run + space, anat: "\(base)anat/\(stem)\(space)", nm: "\(base)nm/\(stem)\(space)",
      mask: "_desc-brain_mask", confounds: run + "_desc-confounds_timeseries.tsv",
      truth: "\(base)truth.json")
  }

  private init(
    func run: String, anat: String, nm: String, mask: String, confounds: String, truth: String
  ) {
    bold = run + "_bold.nii.gz"
    sidecar = run + "_bold.json"
    self.mask = run + mask + ".nii.gz"
    anatomy = anat + "_T1w.nii.gz"
    grey = anat + "_label-GM_probseg.nii.gz"
    white = anat + "_label-WM_probseg.nii.gz"
    csf = anat + "_label-CSF_probseg.nii.gz"
    spect = nm + "_spect.nii.gz"
    networks = anat + "_desc-networks_dseg.nii.gz"
    networkNames = anat + "_desc-networks_dseg.tsv"
    self.confounds = confounds
    self.truth = truth
  }

  package var all: [String] {
    [
      bold, sidecar, mask, anatomy, grey, white, csf, spect, confounds, networks, networkNames,
      truth,
    ]
  }
}

/// Names of the committed sample's files, and of the normals beside it.
package enum SampleFiles {
  package static let bold = SampleNames.flat.bold
  package static let spect = SampleNames.flat.spect
  package static let anatomy = SampleNames.flat.anatomy
  package static let mask = SampleNames.flat.mask
  package static let grey = SampleNames.flat.grey
  package static let white = SampleNames.flat.white
  package static let confounds = SampleNames.flat.confounds
  package static let networks = SampleNames.flat.networks
  package static let networkNames = SampleNames.flat.networkNames
  package static let truth = SampleNames.flat.truth
  /// Perfusion of the generated normals and what their networks measure, in a folder that is no person's.
  package static let normalMean = "models/normals_space-MNI152_res-4_stat-mean.nii.gz"
  package static let normalSD = "models/normals_space-MNI152_res-4_stat-sd.nii.gz"
  package static let norms = "models/normals_networks.tsv"
  package static let normals = [normalMean, normalSD, norms]

  /// The committed sample as options of the viewer.
  ///
  /// - Parameter folder: where it lies.
  package static func viewerArguments(_ folder: String) -> [String] {
    arguments(folder, SampleNames.flat)
  }

  /// A person of the study that `sample` makes as options of the viewer; of two sessions the later is the second.
  package static func viewerArguments(
    _ folder: String, person: Int, sessions: [Int]
  ) -> [String] {
    guard let first = sessions.first else { return [] }
    var out = arguments(folder, names(person: person, session: first))
    if sessions.count > 1 {
      let later = names(person: person, session: sessions[1])
      out += [
        "--second", folder + "/" + later.bold, "--second-confounds", folder + "/" + later.confounds,
      ]
    }
    return out
  }

  /// Names of a person's session in the study that `sample` makes.
  package static func names(person: Int, session: Int) -> SampleNames {
    SampleNames(SampleChoice(person: person, session: session, seed: SampleChoice.usualSeed))
  }

  private static func arguments(_ folder: String, _ names: SampleNames) -> [String] {
    func path(_ name: String) -> String { folder + "/" + name }
    return [
      "--bold", path(names.bold), "--spect", path(names.spect), "--anat", path(names.anatomy),
      "--mask", path(names.mask), "--gm", path(names.grey), "--white", path(names.white),
      "--confounds", path(names.confounds), "--preset", "6P", "--networks", path(names.networks),
      "--names", path(names.networkNames), "--norms", path(norms), "--normals", path(normalMean),
      path(normalSD), "--normals-count", String(SampleNormals.count), "--seed", "PCC",
    ]
  }
}

/// What `sample` makes.
package struct SampleRequest: Sendable {
  package var people: [Int]
  package var sessions: [Int]
  package var minutes: Double
  package var voxel: Double
  package var seed: UInt64
  /// One person and session in one folder, as in `SampleData`.
  package var isFlat: Bool
  package var overwrite: Bool

  package init(
    people: [Int], sessions: [Int], minutes: Double, voxel: Double, seed: UInt64, isFlat: Bool,
    overwrite: Bool
  ) throws(Problem) {
    guard !people.isEmpty, !sessions.isEmpty,
      (people + sessions).allSatisfy({ (1...2).contains($0) })
    else {
      throw Problem(.usage, "sample", "there is no such person", expected: "1 or 2")
    }
    guard !isFlat || people.count * sessions.count == 1 else {
      throw Problem(
        .usage, "--flat", "one folder holds one run", expected: "--person and --session with it")
    }
    (self.people, self.sessions, self.minutes, self.voxel) = (people, sessions, minutes, voxel)
    (self.seed, self.isFlat, self.overwrite) = (seed, isFlat, overwrite)
  }

  var choices: [SampleChoice] {
    people.flatMap { person in
      sessions.map { SampleChoice(person: person, session: $0, seed: seed) }
    }
  }

  func names(_ choice: SampleChoice) -> SampleNames { isFlat ? .flat : SampleNames(choice) }

  /// Every file that is written, below the folder.
  package var files: [String] {
    choices.flatMap { names($0).all } + SampleFiles.normals
      + (isFlat ? [] : ["dataset_description.json"])
  }
}

/// Writes the files of the people to teach with.
///
/// - Returns: what is true of each run, in the order of people and sessions.
package func writeSample(
  _ folder: String, _ request: SampleRequest, progress: WorkProgress
) throws(Problem) -> [JSON] {
  for name in request.files {
    try AtomicFile.checkFree(folder + "/" + name, overwrite: request.overwrite)
  }
  let folders = MadeFolders()
  do throws(Problem) {
    return try writeAll(folder, request, folders, progress)
  } catch {
    folders.undo()
    throw error
  }
}

/// All of it as one save: half of a study would be taken for one.
private func writeAll(
  _ folder: String, _ request: SampleRequest, _ folders: MadeFolders, _ progress: WorkProgress
) throws(Problem) -> [JSON] {
  let templates = try sampleTemplates()
  let set = FileSet(overwrite: request.overwrite)
  let writer = SampleWriter(folder: folder, set: set, folders: folders)
  var truths: [JSON] = []
  var last = ""
  for choice in request.choices {
    let person = try SamplePerson(
      templates, minutes: request.minutes, voxel: request.voxel, choice: choice)
    let truth = person.truth(
      templates, choice: choice, minutes: request.minutes, voxel: request.voxel)
    try writer.write(person, templates, request.names(choice), truth, progress)
    truths.append(truth)
    last = request.names(choice).truth
  }
  try writer.writeNormals(templates)
  if !request.isFlat {
    last = "dataset_description.json"
    try writer.text(
      last,
      JSON.object([
        ("Name", .string("Synthetic people of boldspect; \(syntheticPersonMark)")),
        ("BIDSVersion", .string("1.10.0")), ("DatasetType", .string("derivative")),
        (
          "GeneratedBy",
          .array([
            .object([("Name", .string("boldspect")), ("Version", .string(boldspectVersion))])
          ])
        ),
      ]).text + "\n")
  }
  try set.commit(last: folder + "/" + last)
  return truths
}

/// Writes files of synthetic people below one folder.
private struct SampleWriter {
  let folder: String
  let set: FileSet
  let folders: MadeFolders
  private let note = "\(syntheticPersonMark) of boldspect \(boldspectVersion), after ch2bet (BSD-3)"

  init(folder: String, set: FileSet, folders: MadeFolders) {
    (self.folder, self.set, self.folders) = (folder, set, folders)
  }

  private func path(_ name: String) throws(Problem) -> String {
    let full = folder + "/" + name
    try folders.make(URL(filePath: full).deletingLastPathComponent().path)
    return full
  }

  private func image(
    _ name: String, _ volume: Volume, _ storage: ImageWriter.Storage
  ) throws(Problem) {
    try ImageWriter.add(
      try path(name), ImageWriter.Content(grid: volume.grid, formCode: 4, note: note),
      storage: storage, compression: .small, to: set
    ) { (_) throws(Problem) in volume.values }
  }

  func text(_ name: String, _ content: String) throws(Problem) {
    try set.add(try path(name), content)
  }

  func write(
    _ person: SamplePerson, _ templates: SampleTemplates, _ names: SampleNames, _ truth: JSON,
    _ progress: WorkProgress
  ) throws(Problem) {
    let grid = person.grid
    func probability(_ values: [Float]) -> Volume {
      Volume(grid: grid, values: values.map { ($0 * 255).rounded() })
    }
    try image(
      names.mask, person.mask.volume([Float](repeating: 1, count: person.mask.count)), .uint8)
    try image(names.anatomy, person.anatomy, .uint8)
    try image(names.grey, probability(person.greyMatter), .uint8)
    try image(names.white, probability(person.whiteMatter), .uint8)
    try image(names.csf, probability(person.csf), .uint8)
    try image(names.spect, person.makeSPECT(templates), .int16(slope: 1))
    try image(names.networks, person.networkLabels(templates), .uint8)
    let rows = SamplePerson.networks.enumerated().map { "\($0 + 1)\t\($1.name)\n" }
    try text(names.networkNames, "index\tname\n" + rows.joined())
    let tissueMeans = try frames(of: person, to: names.bold, progress)
    try text(
      names.sidecar,
      JSON.object([
        ("RepetitionTime", .number(SamplePerson.repetitionTimeSeconds)),
        ("TaskName", .string("rest")),
        ("Description", .string("SIMULATED sample person, no measurement")),
      ]).text + "\n")
    try text(
      names.confounds,
      person.confounds(
        csfMean: tissueMeans[0], whiteMean: tissueMeans[1], globalMean: tissueMeans[2]))
    try text(names.truth, truth.text + "\n")
  }

  func writeNormals(_ templates: SampleTemplates) throws(Problem) {
    let normals = SampleNormals.perfusion(templates)
    try image(SampleFiles.normalMean, normals.mean, .int16(slope: 1))
    try image(SampleFiles.normalSD, normals.sd, .int16(slope: 1))
    try text(SampleFiles.norms, SampleNormals.table)
  }

  /// Writes the run.
  ///
  /// - Returns: the mean of CSF, of white matter and of the brain, frame by frame.
  private func frames(
    of person: SamplePerson, to name: String, _ progress: WorkProgress
  ) throws(Problem) -> [[Double]] {
    var tissueMeans = [[Double]](repeating: [], count: 3)
    let classes =
      [person.csf, person.whiteMatter].map { tissue in
        person.mask.offsets.filter { tissue[Int($0)] > 0.8 }.map(Int.init)
      } + [person.mask.offsets.map(Int.init)]
    var frames: [[UInt8]] = []
    // Kept as bytes while the table of confounds is summed up.
    try person.makeFrames(progress: progress) { (_, frame) throws(Problem) in
      for (n, places) in classes.enumerated() {
        let sum = places.reduce(0.0) { $0 + Double(frame[$1]) }
        tissueMeans[n].append(sum / Double(max(1, places.count)))
      }
      frames.append(frame.map { UInt8($0) })
    }
    try ImageWriter.add(
      try path(name),
      ImageWriter.Content(
        grid: person.grid, formCode: 4, frameCount: person.frameCount,
        repetitionTimeSeconds: SamplePerson.repetitionTimeSeconds, note: note),
      storage: .uint8, compression: .small, to: set, progress: progress
    ) { (t) throws(Problem) in
      frames[t].map(Float.init)
    }
    return tissueMeans
  }
}
