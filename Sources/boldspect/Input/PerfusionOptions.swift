import ArgumentParser
import Basics
import Imaging
import Perfusion
import Study

/// What a person may state about perfusion images and their brain.
struct PerfusionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Brain mask: voxels above 0. Without it one is derived.", valueName: "file"))
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Space of all files given, when they do not say it: MNI152 or native.", valueName: "name"))
  var space: String?
  @Option(help: ArgumentHelp("Smallest cluster that is told.", valueName: "voxels"))
  var minVoxels = 10

  @OptionGroup var people: PeopleOptions

  /// A study that holds nothing yet, with what was stated of all files.
  func study() throws(Problem) -> LoadedStudy {
    LoadedStudy(
      stated: try stated(space, by: "--space"), allowsMixedPeople: people.mixedPeople)
  }
}

/// People whose perfusion is normal.
struct NormalOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Images of the normals' mean and SD, in MNI space.", valueName: "mean sd"))
  var normals: [String] = []
  @Option(help: ArgumentHelp("How many people they come from.", valueName: "n"))
  var normalsCount: Int?
  @Option(
    help: ArgumentHelp(
      "A folder of normal people's images (.nii, .nii.gz), in MNI space; at least "
        + "\(Normals.leastCount).", valueName: "folder"))
  var normalsFolder: String?

  var request: NormalsRequest {
    NormalsRequest(normals: normals, normalsCount: normalsCount, normalsFolder: normalsFolder)
  }

  /// Refuses what cannot be meant, before any file is read.
  func check() throws(Problem) { try request.check() }
}
