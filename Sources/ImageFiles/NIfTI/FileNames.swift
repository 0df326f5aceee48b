import Basics

/// Header file and voxel file of a path, by its ending.
struct FileNames {
  let header: String
  let voxels: String
  let isSingleFile: Bool
  let isCompressed: Bool
  /// The path without its ending: where a sidecar would stand.
  let stem: String

  private static let endings = [".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz"]

  /// Whether a path ends as one of them does.
  static func isNIfTI(_ path: String) -> Bool {
    let lower = path.lowercased()
    return endings.contains { lower.hasSuffix($0) }
  }

  init(_ path: String) throws(Problem) {
    let lower = path.lowercased()
    for ending in Self.endings where lower.hasSuffix(ending) {
      let base = String(path.dropLast(ending.count))
      guard !base.isEmpty, !base.hasSuffix("/") else { continue }
      stem = base
      isCompressed = ending.hasSuffix(".gz")
      isSingleFile = ending.hasPrefix(".nii")
      if isSingleFile {
        header = path
        voxels = path
      } else {
        let upper = path.hasSuffix(ending.uppercased())
        let tail = isCompressed ? ".gz" : ""
        header = base + (upper ? (".hdr" + tail).uppercased() : ".hdr" + tail)
        voxels = base + (upper ? (".img" + tail).uppercased() : ".img" + tail)
      }
      return
    }
    // A file that is not there is said to be missing, whatever its name.
    _ = try FileSource(path)
    throw Problem(
      .data, fileName(path), "its name ends in none of .nii, .nii.gz, .hdr and .img",
      expected: "a NIfTI image")
  }
}
