package import Basics
import Foundation
import ImageFiles
import Imaging
import Records
package import Viewer

/// Keeps bookmarks of one image in the user's state folder, at every change; the image's name stays out of
/// the path.
package final class PlaceKeeper {
  private let path: String
  /// What this session wrote or read last: what else is in the file is of another one.
  private var written: [Bookmark] = []

  package init(imageSHA256: String) {
    path = UserFolders.state + "/places-\(imageSHA256.prefix(32)).json"
  }

  /// Writes the bookmarks beside those that another session added meanwhile.
  package func keep(_ marks: [Bookmark]) throws(Problem) {
    try UserFolders.make(UserFolders.state, for: "bookmarks")
    let others = try stored().filter { !written.contains($0) && !marks.contains($0) }
    let document = JSON.object([
      ("GeneratedBy", .string("boldspect")), ("kind", .string("places")),
      ("bookmarks", .array((marks + others).map(\.json))),
    ])
    try AtomicFile.write(path, Array((document.text + "\n").utf8), overwrite: true)
    written = marks
  }

  /// Those of earlier sessions. A file that cannot be read is put aside, never written over.
  package func recovered() throws(Problem) -> [Bookmark] {
    do throws(Problem) {
      written = try stored()
      return written
    } catch {
      let aside = path + ".damaged-\(Int(Date().timeIntervalSince1970))"
      do { try FileManager.default.moveItem(atPath: path, toPath: aside) } catch {
        throw Problem(.inputOutput, "bookmarks", "they can neither be read nor put aside")
      }
      throw Problem(
        .data, "bookmarks of an earlier session", "they cannot be read and were put aside",
        expected: "bookmarks", remedy: "\(fileName(aside)) in the state folder holds them")
    }
  }

  private func stored() throws(Problem) -> [Bookmark] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let json = try parsedFile(path).0
    guard let items = json["bookmarks"]?.items else {
      throw Problem(.data, fileName(path), "it holds no bookmarks", expected: "bookmarks")
    }
    var out: [Bookmark] = []
    for item in items {
      guard let mark = Bookmark(json: item) else {
        throw Problem(
          .data, fileName(path), "one of its bookmarks has no name or place",
          expected: "a name and three millimetres")
      }
      out.append(mark)
    }
    return out
  }
}
