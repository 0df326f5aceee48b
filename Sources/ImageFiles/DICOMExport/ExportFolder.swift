package import Basics
import Foundation

/// A folder of DICOM files that is there with all of them or not at all.
package enum ExportFolder {
  private static let beginning = ".boldspect-"
  private static let ending = ".part"

  /// Refuses early what would be refused at the end of the work.
  package static func check(_ path: String) throws(Problem) {
    var status = stat()
    guard lstat(path, &status) != 0 else {
      throw Problem(
        .cannotCreate, fileName(path), "it is already there",
        expected: "the name of a folder that is not", remedy: "Choose another name")
    }
    try checkFolder(of: path)
  }

  /// Writes every file into a private folder, which then takes its name.
  ///
  /// - Returns: the SHA-256 of each file.
  package static func write(
    _ files: [ExportedFile], to path: String
  ) throws(Problem) -> [String] {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    try check(path)
    guard let last = files.last, Set(files.map(\.name)).count == files.count else {
      throw Problem(.usage, fileName(path), "there is nothing to write, or two files of one name")
    }
    let place = StagedFile.folder(of: path)
    tidy(place)
    let own = "\(getpid())-\(StagedFile.machine)-\(UInt32.random(in: 0...UInt32.max))"
    let hidden = place + "/" + beginning + own + ending
    guard mkdir(hidden, 0o700) == 0 else {
      throw Problem(
        StagedFile.kind(errno), fileName(path), "its folder cannot be made: \(reason(errno))")
    }
    do throws(Problem) {
      let set = FileSet(overwrite: false)
      var hashes: [String] = []
      for file in files {
        hashes.append(
          try set.add(hidden + "/" + file.name) { (put) throws(Problem) in try put(file.bytes) })
      }
      try set.commit(last: hidden + "/" + last.name)
      // A folder takes no name that is taken, but for an empty folder's.
      guard rename(hidden, path) == 0 else {
        throw Problem(
          StagedFile.kind(errno), fileName(path), "it cannot be created: \(reason(errno))")
      }
      StagedFile.sync(place)
      return hashes
    } catch {
      try? FileManager.default.removeItem(atPath: hidden)
      throw error
    }
  }

  /// Removes what runs of this user that were killed left beside: they hold a person's name.
  private static func tidy(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(beginning) && name.hasSuffix(ending) {
      let parts = name.dropFirst(beginning.count).split(separator: "-")
      guard parts.count == 3, let process = Int32(parts[0]), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      var status = stat()
      let path = folder + "/" + name
      // A process of another machine cannot be seen.
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid(),
        parts[1] == StagedFile.machine || time(nil) - status.st_mtim.tv_sec > 3600
      else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
