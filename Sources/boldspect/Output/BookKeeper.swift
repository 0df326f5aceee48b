import Foundation
import Imaging
import ImagingIO
import Targeting

/// Keeps a person's marks of one image in the user's state folder, so that a dropped line takes nothing.
struct BookKeeper {
  private let folder: String
  private let path: String

  /// - Parameter imageSHA256: of the image that the marks are in; its name stays out of the path.
  init(imageSHA256: String) {
    let environment = ProcessInfo.processInfo.environment
    let state =
      environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? "/nonexistent") + "/.local/state"
    folder = state + "/boldspect"
    path = folder + "/marks-" + imageSHA256.prefix(32) + ".json"
  }

  /// Writes the marks, or takes the file away when there are none.
  func keep(_ records: [TargetRecord]) throws(Problem) {
    if records.isEmpty {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Problem(
        .cannotCreate, "marks", "the folder for them cannot be made",
        remedy: "Save the target with Enter; set XDG_STATE_HOME to a folder of yours")
    }
    let document = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("kind", .string("marks")),
      ("targets", .array(records.map(\.json))),
    ])
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: true)
  }

  /// The marks of an earlier session; none when there was no such file.
  func recovered() throws(Problem) -> [TargetRecord] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try TargetRecord.load(try readTextFile(path), file: "marks of an earlier session")
  }
}
