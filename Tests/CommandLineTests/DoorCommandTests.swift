import Basics
import Foundation
import Imaging
import TestSupport
import Testing

/// What is no image over a run: atlases, networks, normals, second sessions, scans. Viewer and commands refuse the
/// same files with the same words.
@Suite struct DoorCommandTests {
  /// A fault of a file in some roles.
  struct Fault: CustomTestStringConvertible, Sendable {
    var role: String
    var fault: String
    var words: String
    var make: @Sendable (SmallStudy) throws -> String
    var testDescription: String { "\(role): \(fault)" }
  }

  /// FILE has the fault; RUN, SCAN, SD are good.
  static let forms: [String: (view: String, command: String)] = [
    "atlas": ("--bold RUN --atlas FILE", "matrix RUN --atlas FILE"),
    "networks": ("--bold RUN --networks FILE", "networks RUN --networks FILE"),
    "normals": (
      "--spect SCAN --normals FILE SD", "perfusion SCAN --normals FILE SD"
    ),
    "second": ("--bold RUN --second FILE", "compare RUN FILE --seed 0,0,0"),
    "stated": (
      "--bold RUN --overlay FILE --space MNI152", "matrix RUN --mask FILE --space MNI152"
    ),
  ]

  static let faults: [Fault] =
    ["atlas", "networks"].flatMap { role in
      [
        Fault(role: role, fault: "native", words: "is in MNI space, but this image is not said") {
          try $0.image("native_dseg.nii", $0.other, formCode: 1)
        },
        Fault(role: role, fault: "not whole", words: "numbers that are not whole") {
          try $0.image("half_dseg.nii") { $0.i < 6 ? 1.5 : 2 }
        },
        Fault(role: role, fault: "label too large", words: "it holds the label 20000000") {
          try $0.image("large_dseg.nii") { $0.i < 6 ? 20_000_000 : 2 }
        },
        Fault(role: role, fault: "names exchanged", words: "LEFT by position") {
          try "1 A_R\n2 A_L\n".write(
            toFile: $0.folder + "/turned_dseg.txt", atomically: true, encoding: .utf8)
          return try $0.image("turned_dseg.nii") { $0.i < 6 ? 1 : 2 }
        },
      ]
    } + [
      Fault(role: "normals", fault: "native", words: "the space of normals is in MNI space") {
        try $0.image("native_mean.nii", $0.other, formCode: 1)
      },
      Fault(role: "normals", fault: "no sides", words: "which side is left") {
        try $0.image("blind_mean.nii", formCode: 0)
      },
      Fault(role: "normals", fault: "elsewhere", words: "does not overlap scan_space-MNI152.nii") {
        try $0.image("far_mean.nii", $0.far)
      },
      Fault(role: "normals", fault: "SD twice", words: "it is the same image as") {
        try $0.image("again.nii") { Float($0.i + 1) }
      },
      Fault(role: "second", fault: "another person", words: "it is of sub-02") {
        try $0.run("sub-02_space-MNI152_bold.nii", seed: 3)
      },
      Fault(role: "second", fault: "another space", words: "two sessions in one space") {
        try $0.run("sub-01_space-T1w_bold.nii", seed: 3)
      },
      Fault(role: "stated", fault: "says T1w", words: "its name says space-T1w, but MNI152") {
        try $0.image("sub-01_space-T1w_x.nii")
      },
      Fault(role: "stated", fault: "says Talairach", words: "form code 3") {
        try $0.image("tal.nii", formCode: 3)
      },
    ]

  @Test(arguments: faults) func viewerAndCommandsRefuseTheSame(_ fault: Fault) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      let scan = try files.image("scan_space-MNI152.nii")
      let sd = try files.image("sd.nii") { Float($0.i + 1) }
      let file = try fault.make(files)
      let form = try #require(Self.forms[fault.role])
      func arguments(_ text: String) -> [String] {
        text.split(separator: " ").map {
          ["FILE": file, "RUN": run, "SCAN": scan, "SD": sd][String($0)] ?? String($0)
        }
      }
      let view = try Program.run(["snapshot"] + arguments(form.view) + ["-o", "-"])
      let command = try Program.run(arguments(form.command))
      #expect(view.status == 65, "\(view.errors)")
      #expect(command.status == 65, "\(command.errors)")
      #expect(
        view.errors.split(separator: "\n").last == command.errors.split(separator: "\n").last)
      #expect(command.errors.contains(fault.words), "\(command.errors)")
    }
  }
}
