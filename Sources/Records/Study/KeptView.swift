package import Basics
import Foundation

/// How an image was looked at last.
///
/// - Parameter sha256: of the image.
package func viewFile(of sha256: String, in folder: RecordsFolder) -> StateFile<JSON> {
  var form = StateForm<JSON>(
    what: "the last view", member: "views", json: { $0 }, item: { $0 },
    expected: "the state of a view", isSame: ==)
  // One view: the newest takes the place of all others.
  form.joined = { mine, _ in mine }
  return StateFile("view-\(sha256.prefix(32))", in: folder.path, isShared: folder.isShared, form)
}
