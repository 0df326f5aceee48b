package import Basics
import Foundation

/// How an image was looked at last.
///
/// - Parameter sha256: of the image.
package func viewFile(of sha256: String, in folder: RecordsFolder) -> StateFile<JSON> {
  var form = StateForm<JSON>(
    what: "the last view", member: "views", json: { $0 },
    items: { (text, name) throws(Problem) in
      guard let items = try? JSON.parse(text).value["views"]?.items else {
        throw Problem(.data, name, "it holds no view", expected: "the state of a view")
      }
      return items
    }, isSame: ==)
  // One view: the newest takes the place of all others.
  form.joined = { mine, _ in mine }
  return StateFile("view-\(sha256.prefix(32))", in: folder.path, isShared: folder.isShared, form)
}
