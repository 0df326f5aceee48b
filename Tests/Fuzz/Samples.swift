import Foundation
import ImageFiles
import TestSupport

/// Seeds that are made of the project's own files and folders.
enum Samples {
  static let truth = RealData.project.appending(path: "SampleData/truth.json")
  /// Where the tree of the index is said to begin.
  static let folder = "/study"

  /// The index of a study of two people.
  static func folderIndex() throws -> [[UInt8]] {
    for name in [
      "sub-1/ses-1/func/sub-1_ses-1_task-rest_bold.nii.gz", "sub-1/anat/sub-1_T1w.nii.gz",
      "sub-2/spect.nii",
    ] { Scratch.file("study/" + name, [0]) }
    let here = Scratch.root + "/study"
    let index = Scratch.root + "/index"
    let tree = try FolderWalk(keeps: { _ in true }, enters: { _ in true }).tree(here)
    try FolderIndex.write(tree, to: index)
    // Another process has its scratch folder elsewhere.
    let bytes = Array(try Data(contentsOf: URL(filePath: index)))
    let before = "boldspect folders 2\n".utf8.count + 12
    let lengths = bytes[(before + 4)..<(before + 28)]
    let rest = bytes.dropFirst(before + 28 + here.utf8.count)
    return [
      bytes.prefix(before) + Seeds.little(UInt32(folder.utf8.count)) + lengths + Array(folder.utf8)
        + rest
    ]
  }

  static let projections = """
    {"GeneratedBy": "boldspect", "command": "camera project", "parameters": {"kind": "SPECT projections", "collimator": "LEHR",
    "collimator_sigma_mm": {"slope": 0.02, "at_face": 1.0, "intrinsic": 1.5}, "intrinsic_fwhm_mm": 3.5,
    "views": 5, "matrix": 3, "slices": 4, "pixel_mm": 2.0, "radius_mm": 140.0, "counts": 1000.0, "noise_seed": "1",
    "scatter_fraction": 0.1, "attenuation": "none", "mu_per_cm": null, "counts_per_unit": 1.0, "counts_recorded": 100.0,
    "camera_grid": {"shape": [3, 3, 4], "affine": [[2.0, 0, 0, 0], [0, 2.0, 0, 0], [0, 0, 2.0, 0]]},
    "image_grid": {"shape": [3, 3, 4], "affine": [[2.0, 0, 0, 0], [0, 2.0, 0, 0], [0, 0, 2.0, 0]]},
    "image_form_code": 1, "image_space": "native", "attenuation_map_sha256": null}}
    """
}
