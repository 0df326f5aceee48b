import Basics
import Foundation
import Imaging
import Study
import TestSupport
import Testing
import ViewerRuntime

/// The viewer's loader and the loaders of the commands refuse one file with one sentence.
@Suite struct SameWordsTests {
  /// A run, its mask and a file that is at fault.
  struct Files {
    var run: String
    var mask: String
    var file: String
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    /// What is stated for all files.
    var space: String?
    var fileName: String
    var formCode = 4
    var grid: @Sendable (SmallStudy) -> Grid
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(name: "another person", fileName: "sub-02_space-MNI152_x.nii") { $0.grid },
    Fault(name: "another space is stated", space: "MNI152", fileName: "x_space-T1w_y.nii") {
      $0.grid
    },
    Fault(name: "no sides", fileName: "x_space-MNI152.nii", formCode: 0) { $0.other },
    Fault(name: "another space", fileName: "native.nii", formCode: 1) { $0.other },
    Fault(name: "an infant's template", fileName: "x_space-MNIInfant.nii") { $0.other },
    Fault(name: "no overlap", fileName: "far_space-MNI152.nii") { $0.far },
  ]

  /// One role: what each fault comes to, in the order of `faults`; R refused, · let in, – not asked.
  struct Way: Sendable {
    var role: String
    var cells: String
    var view: @Sendable (inout StudyRequest, Files) -> Void
    var command: @Sendable (StudyRequest, Files) throws(Problem) -> Void
  }

  /// The runs of a request as commands load them.
  static func runs(_ request: StudyRequest) throws(Problem) -> CleanedRuns {
    try CleanedRuns(request.bold, request.run, request.cleaning, progress: .silent)
  }

  static func proxy(_ name: ProxyName, _ request: StudyRequest) throws(Problem) {
    var study = try runs(request).study
    var inputs: [Provenance] = []
    _ = try ProxyFiles(asl: request.asl, gm: request.gm, white: request.white).read(
      name, into: &study, inputs: &inputs)
  }

  static func seed(_ request: StudyRequest) throws(Problem) {
    var runs = try runs(request)
    var inputs: [Provenance] = []
    _ = try runs.seed(request.seed ?? "", inputs: &inputs)
  }

  static func parcels(_ request: StudyRequest) throws(Problem) {
    var runs = try runs(request)
    var inputs: [Provenance] = []
    _ = try request.network.parcels(&runs, inputs: &inputs)
  }

  static let ways: [Way] = [
    Way(role: "mask", cells: "RRRRRR") {
      $0.run.mask = $1.file
    } command: {
      (r, _) throws(Problem) in
      _ = try runs(r)
    },
    Way(role: "wm", cells: "RRRRRR") {
      ($0.run.wm, $0.run.columns) = ($1.file, "white_matter")
    } command: { (r, _) throws(Problem) in
      _ = try runs(r)
    },
    Way(role: "csf", cells: "RRRRRR") {
      ($0.run.csf, $0.run.columns) = ($1.file, "csf")
    } command: { (r, _) throws(Problem) in
      _ = try runs(r)
    },
    Way(role: "gm", cells: "RRRRRR") {
      $0.gm = $1.file
    } command: {
      (r, _) throws(Problem) in
      try proxy(.gm, r)
    },
    Way(role: "asl", cells: "RRRRRR") {
      $0.asl = $1.file
    } command: {
      (r, _) throws(Problem) in
      try proxy(.asl, r)
    },
    Way(role: "white", cells: "RRRRRR") {
      ($0.gm, $0.white) = ($1.mask, $1.file)
    } command: {
      (r, _) throws(Problem) in
      try proxy(.template, r)
    },
    Way(role: "seed", cells: "RRRRRR") {
      $0.seed = $1.file
    } command: {
      (r, _) throws(Problem) in
      try seed(r)
    },
    Way(role: "weights", cells: "RRRRRR") {
      $0.seed = "weights:" + $1.file
    } command: {
      (r, _) throws(Problem) in
      try seed(r)
    },
    // Of a session without any overlap the shared mask is refused.
    Way(role: "second", cells: "RRRRR–") {
      $0.second = $1.file
    } command: {
      (r, files) throws(Problem) in
      _ = try CleanedRuns(
        [files.file], r.run, r.cleaning, as: .second, into: try runs(r).study, progress: .silent)
    },
    // One that lies beside the run is refused as a picture over it, which no command draws.
    Way(role: "spect", cells: "RRR··–") {
      $0.spect = [$1.file]
    } command: {
      (r, files) throws(Problem) in
      var study = try runs(r).study
      _ = try study.read(files.file, as: .spect)
    },
    // A label map of the infant's template, or of a native world, is none of MNI space; beside the brain it is
    // refused where a brain to compare with is installed.
    Way(role: "atlas", cells: "RRRRR–") {
      $0.network.atlas = $1.file
    } command: {
      (r, _) throws(Problem) in
      try parcels(r)
    },
    Way(role: "networks", cells: "RRRRR–") {
      $0.network.networks = $1.file
    } command: {
      (r, _) throws(Problem) in
      try parcels(r)
    },
  ]

  @Test(arguments: faults) func viewerAndCommandSayTheSame(_ fault: Fault) throws {
    let column = try #require(Self.faults.firstIndex { $0.name == fault.name })
    try withTemporaryFolder { folder in
      let made = SmallStudy(folder)
      let run = try made.run("sub-01_ses-1_space-MNI152_bold.nii")
      let mask = try made.image("mask.nii") { _ in 1 }
      for way in Self.ways {
        let cell = Array(way.cells)[column]
        if cell == "–" { continue }
        let own = SmallStudy(folder + "/" + way.role)
        try FileManager.default.createDirectory(
          atPath: own.folder, withIntermediateDirectories: true)
        let file =
          way.role == "second"
          ? try own.run(fault.fileName, fault.grid(own), formCode: fault.formCode, seed: 2)
          // Whole numbers, which are labels too.
          : try own.image(fault.fileName, fault.grid(own), formCode: fault.formCode) {
            $0.i < 3 ? 0 : Float($0.i % 2 + 1)
          }
        let files = Files(run: run, mask: mask, file: file)
        var request = StudyRequest(bold: [run])
        (request.run.mask, request.run.space) = (mask, fault.space)
        way.view(&request, files)
        var loader = SceneLoader(request)
        loader.load(progress: .silent) { _ in }
        var refusal: Problem?
        do throws(Problem) { try way.command(request, files) } catch { refusal = error }
        #expect((refusal != nil) == (cell == "R"), "\(way.role): \(refusal?.sentence ?? "")")
        let said = loader.problems.map(\.sentence).filter { $0.contains(fault.fileName) }
        if let refusal {
          #expect(said == [refusal.sentence], "\(way.role)")
          #expect(refusal.sentence.contains(fault.fileName), "\(way.role): \(refusal.sentence)")
        } else {
          #expect(said.isEmpty, "\(way.role)")
        }
      }
    }
  }
}
