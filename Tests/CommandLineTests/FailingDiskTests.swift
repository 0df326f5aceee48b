import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Disks that take nothing, folders that are not where they should be, names that are no text: what could be done is
/// done, what could not be kept is said, and nothing of it stays by half.
@Suite struct FailingDiskTests {
  static let program = Program.url.path

  /// Runs the program where no file may grow beyond blocks of 512 bytes; what it says comes together.
  private func run(
    blocks: Int, _ arguments: [String], state: String
  ) throws -> (status: Int32, said: String) {
    let result = try Shell.run(
      "XDG_STATE_HOME=\"$1\"; export XDG_STATE_HOME; shift; ulimit -f \(blocks); exec \"$@\" 1>&2",
      [state, Self.program] + arguments)
    return (result.status, result.errors)
  }

  private func left(_ folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []
  }

  @Test(arguments: ["--help", "--version", "help seedmap", "--generate-completion-script bash"])
  func whatTheParserSaysIsNotLost(_ words: String) throws {
    let arguments = words.split(separator: " ").map(String.init)
    let full = try Shell.run("exec \"$@\" > /dev/full", [Self.program] + arguments)
    #expect(full.status == 74 && full.errors.contains("standard output"), "\(full)")
    #expect(try Program.run(arguments).status == 0)
  }

  /// A comparison that cannot be kept blocks nothing later, so that it is no success; it is given all the same.
  @Test func aVerdictThatCannotBeKeptIsGiven() throws {
    try withTemporaryFolder { folder in
      let head = "/usr/share/mricron/templates/ch2bet.nii.gz"
      let small = try ImageReader.readVolume(head).volume.resampled(
        to: Small.grid(45, 54, 45, spacing: (4, 4, 4), origin: WorldPoint(-88, -124, -70)), .linear)
      let path = folder + "/a.nii"
      try ImageWriter.write(path, small, formCode: 1, note: "test", overwrite: false)
      let (status, said) = try run(
        blocks: 0, ["flipcheck", head, path], state: folder + "/state")
      #expect(status == 74, "\(said)")
      #expect(said.contains("could not be kept") && said.contains("margin"), "\(said)")
      // A file where the folder should be.
      let other = try run(blocks: 100, ["flipcheck", head, path], state: path)
      #expect(other.status == 74 && other.said.contains("could not be kept"), "\(other.said)")
    }
  }

  /// Half of a study would be taken for one.
  @Test func aSampleThatDoesNotFitLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/a/study"
      let options = ["--person", "1", "--session", "1", "--minutes", "1", "--voxel", "6"]
      let (status, said) = try run(blocks: 60, ["sample", out] + options, state: folder + "/state")
      #expect(status == 74, "\(said)")
      #expect(left(folder).filter { !$0.hasPrefix("state") } == [])
    }
  }

  private func series(_ folder: String) throws -> String {
    var phantom = DICOMPhantom()
    (phantom.modality, phantom.patient) = ("MR", ("N^1", "111"))
    (phantom.slope, phantom.intercept) = (nil, nil)
    phantom.imageType = "ORIGINAL\\PRIMARY\\M"
    phantom.description = "T1 mprage"
    let path = folder + "/series"
    try phantom.writeClassicMR(to: path)
    return path
  }

  @Test func anImportThatDoesNotFitLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let words = ["import", try series(folder), "-o", folder + "/bids", "--sub", "1"]
      let (status, said) = try run(blocks: 0, words, state: folder + "/state")
      #expect(status == 74, "\(said)")
      #expect(left(folder).allSatisfy { $0.hasPrefix("series") || $0.hasPrefix("state") })
    }
  }

  /// Whose images are is what later keeps two people apart.
  @Test func anImportOfWhichThePersonIsNotKeptIsNoSuccess() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/file"
      try Data().write(to: URL(filePath: file))
      let words = ["import", try series(folder), "-o", folder + "/bids", "--sub", "1"]
      let (status, said) = try run(blocks: 100_000, words, state: file)
      #expect(status == 74 && said.contains("could not be kept"), "\(said)")
      #expect(
        FileManager.default.fileExists(atPath: folder + "/bids/sub-1/anat/sub-1_T1w.nii.gz"))
    }
  }

  @Test func aFolderVariableThatIsIgnoredIsSaid() throws {
    let environment = ["XDG_CACHE_HOME": "some/folder"]
    let result = try Program.run(["protocols"], environment: environment)
    #expect(result.status == 0)
    #expect(
      result.errors.components(separatedBy: "XDG_CACHE_HOME is some/folder").count == 2,
      "\(result.errors)")
    let doctor = try Program.run(["doctor"], environment: environment)
    #expect(doctor.output.contains("XDG_CACHE_HOME"), "\(doctor.output)")
    #expect(!(try Program.run(["protocols"]).errors.contains("XDG_")))
  }

  /// Latin-1 in a name, as older systems and some archives have it.
  @Test func aNameThatIsNoTextIsRefusedAsThat() throws {
    try withTemporaryFolder { folder in
      let path = try series(folder)
      let typed = try Shell.run(
        "n=$(printf 'J\\366rg.nii'); cp \"$2/0\" \"$2/../$n\"; exec \"$1\" info \"$2/../$n\"",
        [Self.program, path])
      #expect(typed.status == 66 && typed.errors.contains("UTF-8"), "\(typed)")
      #expect(!typed.errors.contains("no such file"))
      // One slice of a series.
      let moved = try Shell.run(
        "mv \"$1/0\" \"$1/$(printf 'J\\366rg')\"", [path])
      #expect(moved.status == 0)
      for arguments in [
        ["info", path], ["info", path + "/1"], ["list", path],
        ["import", path, "-o", folder + "/bids", "--sub", "1"],
      ] {
        let result = try Program.run(arguments)
        #expect(result.status == 66, "\(arguments): \(result.output) \(result.errors)")
        #expect(result.errors.contains("UTF-8"), "\(arguments): \(result.errors)")
      }
    }
  }
}
