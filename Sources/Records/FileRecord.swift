import Basics
import Foundation
import ImageFiles

/// A file, or a folder of files, as a workspace remembers it: where it is, and the hash of what it held.
struct FileRecord {
  let path: String
  let sha256: String
  /// The hash of what is read along with an image.
  let companion: String?

  /// The file as it is now.
  static func json(_ given: String) throws(Problem) -> JSON {
    let path = absolutePath(given)
    return .object([
      ("path", .string(path)), ("sha256", .string(try fingerprint(of: path))),
      ("companion_sha256", .optional(try companion(of: path))),
    ])
  }

  /// Nil when the JSON is no file.
  init?(_ json: JSON) {
    guard let path = json["path"]?.asString, let hash = json["sha256"]?.asString else { return nil }
    self.path = path
    sha256 = hash
    companion = json["companion_sha256"]?.asString
  }

  /// The path, when what is there is what was there.
  func verified(workspace: String) throws(Problem) -> String {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Problem(
        .missingInput, fileName(path), "it is not where workspace \(workspace) has it",
        expected: "the files as they were when it was saved")
    }
    let beside = try Self.companion(of: path)
    // Workspaces of before looked at what lies beside .nii and .hdr alone.
    let isUnknown =
      companion == nil && ![".nii", ".nii.gz", ".hdr"].contains(where: path.hasSuffix)
    guard try Self.fingerprint(of: path) == sha256, isUnknown || beside == companion else {
      throw Problem(
        .data, fileName(path),
        "it, or what is read along with it, has changed since workspace \(workspace) was saved",
        expected: "the file with SHA-256 \(sha256.prefix(12))…",
        remedy: "Open the files by hand, or put the file back")
    }
    return path
  }

  /// The hash of a file, or of the names and hashes of all files in a folder.
  private static func fingerprint(of path: String) throws(Problem) -> String {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isFolder.boolValue else { return try ImageFiles.sha256(ofFile: path) }
    var lines: [String] = []
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Problem(
        .inputOutput, fileName(path), "the folder cannot be listed", expected: "a folder to read")
    }
    for name in names.sorted() {
      let file = path + "/" + name
      _ = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
      if !isFolder.boolValue { lines.append(name + "\t" + (try ImageFiles.sha256(ofFile: file))) }
    }
    return ImageFiles.sha256(of: Array(lines.joined(separator: "\n").utf8))
  }

  /// The hash of what is read along with an image: the sidecar, the other half of a pair, or the rest of a DICOM
  /// series.
  private static func companion(of path: String) throws(Problem) -> String? {
    if let beside = fileReadAlong(with: path) { return try ImageFiles.sha256(ofFile: beside) }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    // One file stands for its series, whose other slices lie beside it.
    return DICOMFolder.isDICOMFile(path) ? try fingerprint(of: folder) : nil
  }
}
