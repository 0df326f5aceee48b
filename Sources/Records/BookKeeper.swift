package import Basics
import Foundation
import ImageFiles
import Imaging
package import Targeting

/// Keeps a person's marks of one image in the user's state folder, so that a dropped line takes nothing.
package final class BookKeeper {
  private let folder: String
  private let path: String
  /// What this session wrote last: what else is in the file was written by another one.
  private var written: [TargetRecord] = []

  /// - Parameter imageSHA256: of the image that the marks are in; its name stays out of the path.
  package init(imageSHA256: String) {
    folder = UserFolders.state
    path = folder + "/marks-" + imageSHA256.prefix(32) + ".json"
  }

  /// Writes the marks beside those that another session added meanwhile; the last ones stay as `.old`.
  package func keep(_ records: [TargetRecord]) throws(Problem) {
    try UserFolders.make(folder, for: "marks")
    let others = try stored().filter { there in
      !written.contains { $0.isReadBack(as: there) }
        && !records.contains { $0.isReadBack(as: there) }
    }
    if records.isEmpty, others.isEmpty {
      if FileManager.default.fileExists(atPath: path) { try moveAside(".old") }
      written = []
      return
    }
    let document = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("kind", .string("marks")),
      ("targets", .array((records + others).map(\.json))),
    ])
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: true)
    written = records
  }

  /// The marks of an earlier session; none when there was no such file. One that cannot be read is put
  /// aside under another name, never written over.
  package func recovered() throws(Problem) -> [TargetRecord] {
    do throws(Problem) {
      written = try stored()
      return written
    } catch {
      try moveAside(".damaged-\(Int(Date().timeIntervalSince1970))")
      throw Problem(
        .data, "marks of an earlier session",
        "they cannot be read and were put aside in \(visibleText(folder, limit: 100))",
        expected: "marks", remedy: "The file beginning with \(fileName(path)) holds them")
    }
  }

  private func stored() throws(Problem) -> [TargetRecord] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try TargetRecord.load(try readTextFile(path), file: "marks of an earlier session")
  }

  private func moveAside(_ ending: String) throws(Problem) {
    try? FileManager.default.removeItem(atPath: path + ending)
    do { try FileManager.default.moveItem(atPath: path, toPath: path + ending) } catch {
      throw Problem(.inputOutput, "marks", "they cannot be put aside")
    }
  }
}
