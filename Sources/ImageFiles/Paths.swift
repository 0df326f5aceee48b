package import Basics
import Foundation

/// A path from the root, without `.` and `..`.
package func absolutePath(_ path: String) -> String {
  URL(filePath: path).standardizedFileURL.path
}

/// Whether two paths lead to one file.
package func isSameFile(_ a: String, _ b: String) -> Bool {
  var x = stat()
  var y = stat()
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino
}

/// Whether what is written to two paths would be one file, whether or not it is there yet: by other ways to one
/// folder, by links.
package func isSamePlace(_ a: String, _ b: String) -> Bool {
  func real(_ path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return url.deletingLastPathComponent().resolvingSymlinksInPath()
      .appendingPathComponent(url.lastPathComponent).path
  }
  return isSameFile(a, b) || real(a) == real(b)
}

/// Whether a folder lies at a path.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Names the folder that is not there.
package func checkFolder(of path: String) throws(Problem) {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
    throw Problem(
      .cannotCreate, fileName(path), "a folder has this name", expected: "the name of a file")
  }
  guard let slash = path.lastIndex(of: "/") else { return }
  let folder = String(path[..<slash])
  guard
    folder.isEmpty
      || FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        && isFolder.boolValue
  else {
    throw Problem(
      .cannotCreate, fileName(path), "its folder \(fileName(folder)) does not exist",
      expected: "a folder that is there")
  }
}

/// `x.json` for `x.nii.gz`.
package func sidecarPath(_ image: String) -> String {
  (image.hasSuffix(".nii.gz") ? String(image.dropLast(7)) : String(image.dropLast(4))) + ".json"
}

/// The file that is read along with an image: the other half of a pair, or the sidecar; nil where there is none.
package func fileReadAlong(with path: String) -> String? {
  let other: String?
  if let names = AFNINames(path) {
    other = path == names.header ? try? names.voxels().path : names.header
  } else if FileNames.isNIfTI(path), let names = try? FileNames(path) {
    other =
      names.isSingleFile ? sidecarPath(path) : path == names.header ? names.voxels : names.header
  } else {
    other = nil
  }
  return other.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
}
