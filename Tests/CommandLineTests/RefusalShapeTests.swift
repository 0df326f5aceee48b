import Foundation
import TestSupport
import Testing

/// What the argument parser refuses has the wording of every other refusal.
@Suite struct RefusalShapeTests {
  static let refusals: [([String], String)] = [
    (
      ["frob"], "'frob': it is no command, and there is no such folder; expected a folder of people"
    ),
    (["view", "--frob"], "'--frob': there is no such option; expected --drop."),
    (["seedmap"], "'<bold> ...': it is missing; expected 4-D BOLD runs of one person."),
    (
      ["info"],
      "'<file> ...': it is missing; expected Images: NIfTI files, DICOM series, other formats that are read; - for standard input."
    ),
    (["value", "x", "--at"], "'--at': its value is missing; expected x,y,z."),
    (
      ["value", "x", "--at", "0,0,0", "--frame", "-1"],
      "'--frame': -1 is read as an option; expected --frame=-1"
    ),
    (["snapshot", "--size", "abc", "-o", "-"], "'--size': abc cannot be meant; expected Columns"),
    (
      ["view", "--colours", "puce"],
      "'--colours': puce cannot be meant; expected one of auto, 24bit, 256, 16 or none."
    ),
    (
      ["targets", "x", "--method", "foo"],
      "'--method': foo cannot be meant; expected one of cluster, peak or cone."
    ),
    (["smooth", "a.nii", "--fwhm", "x", "-o", "b.nii"], "'--fwhm': x cannot be meant; expected"),
    (["transform", "frob"], "'frob': it is not understood here"),
    (["seedmap", "a", "--seed"], "'--seed': its value is missing"),
  ]

  @Test(arguments: refusals)
  func theParsersRefusalsAreOneSentence(_ arguments: [String], _ beginning: String) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("boldspect: " + beginning), "\(result.errors)")
    #expect(lines.first?.hasSuffix("--help` lists what it takes.") == true, "\(result.errors)")
  }

  @Test func helpAndVersionAreNoRefusals() throws {
    for arguments in [["--help"], ["--version"], ["view", "--help"]] {
      let result = try Program.run(arguments)
      #expect(result.status == 0)
      #expect(result.errors.isEmpty)
      #expect(!result.output.isEmpty)
    }
  }
}
