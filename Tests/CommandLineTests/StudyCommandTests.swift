import Foundation
import TestSupport
import Testing

/// The viewer and the commands refuse the same studies with the same words.
@Suite struct StudyCommandTests {
  /// A fault of one file, and words of its refusal.
  struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    var words: [String]
    var make: @Sendable (SmallStudy) throws -> String
    var testDescription: String { name }
  }

  static let faults: [Fault] = [
    Fault(name: "another person", words: ["sub-02_space-MNI152_x.nii", "sub-01"]) {
      try $0.image("sub-02_space-MNI152_x.nii")
    },
    Fault(name: "another space", words: ["'native.nii'", "does not say that it is in MNI152"]) {
      try $0.image("native.nii", $0.other, formCode: 1)
    },
    Fault(name: "another template", words: ["'x_space-MNIInfant.nii'", "MNI152 space"]) {
      try $0.image("x_space-MNIInfant.nii", $0.other)
    },
    Fault(name: "no sides", words: ["'blind.nii'", "which side is left"]) {
      try $0.image("blind.nii", $0.other, formCode: 0)
    },
    Fault(name: "no overlap", words: ["'far.nii'", "does not overlap sub-01"]) {
      try $0.image("far.nii", $0.far)
    },
  ]

  /// What the viewer and a command take for one role; the fault's file is FILE, the run RUN, its mask MASK.
  static let roles: [(name: String, view: String, command: String)] = [
    ("mask", "--mask FILE", "clean RUN --mask FILE -o OUT"),
    ("gm", "--mask MASK --gm FILE", "targets RUN --mask MASK --gm FILE"),
    (
      "wm", "--mask MASK --wm FILE --preset wm+csf",
      "clean RUN --mask MASK --wm FILE --preset wm+csf -o OUT"
    ),
    ("seed", "--mask MASK --seed FILE", "seedmap RUN --mask MASK --seed FILE -o OUT"),
    (
      "weights", "--mask MASK --seed weights:FILE",
      "windows RUN --mask MASK --seed weights:FILE --with 0,0,0"
    ),
    (
      "label of a file", "--mask MASK --seed FILE#1",
      "compare RUN RUN2 --mask MASK --seed FILE#1"
    ),
    (
      "target seed", "--mask MASK --seed FILE",
      "targets RUN --mask MASK --target-seed FILE"
    ),
    ("asl", "--mask MASK --asl FILE", "simulate RUN --mask MASK --asl FILE -o OUT"),
    (
      "csf", "--mask MASK --csf FILE --preset wm+csf",
      "seedmap RUN --mask MASK --csf FILE --preset wm+csf --seed 0,0,0 -o OUT"
    ),
    (
      "white", "--mask MASK --gm MASK --white FILE",
      "simulate RUN --mask MASK --gm MASK --white FILE -o OUT"
    ),
  ]

  @Test(arguments: faults) func viewerAndCommandsRefuseTheSame(_ fault: Fault) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      let second = try files.run("sub-01_ses-2_space-MNI152_bold.nii", seed: 2)
      let mask = try files.image("mask.nii") { _ in 1 }
      let file = try fault.make(files)
      func arguments(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init).map {
          $0.replacing("FILE", with: file).replacing("RUN2", with: second)
            .replacing("RUN", with: run).replacing("MASK", with: mask)
            .replacing("OUT", with: folder + "/out.nii")
        }
      }
      for role in Self.roles {
        let view = try Program.run(
          ["snapshot", "--bold", run] + arguments(role.view) + ["-o", "-"])
        let command = try Program.run(arguments(role.command))
        #expect(view.status == 65, "\(role.name): \(view.errors)")
        #expect(command.status == 65, "\(role.name): \(command.errors)")
        #expect(
          view.errors.split(separator: "\n").last == command.errors.split(separator: "\n").last,
          "\(role.name)")
        for word in fault.words {
          #expect(view.errors.contains(word), "\(role.name): \(view.errors)")
        }
      }
      // What only the viewer lays over a run.
      for option in ["--anat", "--overlay"] {
        let view = try Program.run(
          ["snapshot", "--bold", run, "--mask", mask, option, file, "-o", "-"])
        #expect(view.status == 65, "\(option): \(view.errors)")
        for word in fault.words { #expect(view.errors.contains(word), "\(option): \(view.errors)") }
      }
    }
  }

  @Test func runsAndScansOfTwoPeopleAreRefusedUnlessStated() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let one = try files.run("sub-01_space-MNI152_bold.nii")
      let two = try files.run("sub-02_space-MNI152_bold.nii", seed: 2)
      let scan = try files.image("sub-01_space-MNI152_spect.nii")
      let other = try files.image("sub-02_space-MNI152_spect.nii")
      let out = folder + "/out.nii"
      for arguments in [
        ["seedmap", one, two, "--seed", "0,0,0", "-o", out],
        ["targets", one, two], ["compare", one, two, "--seed", "0,0,0"],
        ["siscom", scan, other, "-o", out], ["perfusion", scan, "--mask", other],
        ["resample", other, "--like", scan, "-o", out],
        ["snapshot", "--bold", one, "--bold", two, "-o", "-"],
        ["snapshot", "--bold", one, "--second", two, "-o", "-"],
        ["snapshot", "--bold", one, "--spect", other, "-o", "-"],
        ["snapshot", "--spect", scan, "--spect", other, "-o", "-"],
      ] {
        let result = try Program.run(arguments)
        #expect(result.status == 65, "\(arguments): \(result.errors)")
        for word in ["sub-01_space", "sub-02_space", "is of sub-02", "--mixed-people"] {
          #expect(result.errors.contains(word), "\(arguments[0]): \(result.errors)")
        }
      }
      // Stated, it is a finding of the result.
      let stated = try Program.run([
        "seedmap", one, two, "--seed", "0,0,0", "-o", out, "--mixed-people",
      ])
      #expect(stated.status == 0, "\(stated.errors)")
      let sidecar = try String(contentsOfFile: folder + "/out.json", encoding: .utf8)
      #expect(sidecar.contains("mixed-people"))
    }
  }

  @Test func theT1ThatExportRefusesIsRefusedByImport() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let path = try files.image("t1.nii", formCode: 1)
      // The qform is moved by 20 mm along x: its offset is at byte 268, its code at byte 252.
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      let moved = withUnsafeBytes(of: Float(-10).bitPattern.littleEndian) { [UInt8]($0) }
      bytes.replaceSubrange(268..<272, with: moved)
      bytes[252] = 1
      try Data(bytes).write(to: URL(filePath: path))
      let points = folder + "/points.csv"
      try "Target,0,0,0,name\n".write(toFile: points, atomically: true, encoding: .utf8)
      let result = try Program.run([
        "target", "import", points, "--from", "simnibs", "--anat", path,
      ])
      #expect(result.status == 65, "\(result.errors)")
      #expect(result.errors.contains("sform and qform put a corner"), "\(result.errors)")
    }
  }

  @Test func whatWasRefusedIsStillOnTheSceneWhenKeysFollow() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      let table = folder + "/short.tsv"
      try ("a\n" + String(repeating: "1\n", count: 12)).write(
        toFile: table, atomically: true, encoding: .utf8)
      let result = try Program.run([
        "snapshot", "--bold", run, "--confounds", table, "--columns", "a", "-o", "-",
      ])
      #expect(result.status == 65 && result.errors.contains("short.tsv"), "\(result.errors)")
    }
  }
}
