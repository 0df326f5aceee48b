import Basics
import Foundation
package import Targeting

extension Decider {
  /// Who works now.
  package static func now() -> Decider { Decider(name: NSUserName(), time: utcNow()) }
}

/// A person's marks of one image, so that a dropped line takes nothing.
///
/// - Parameter imageSHA256: of the image that they are in; its name stays out of the path.
package func marksFile(
  of imageSHA256: String, in folder: RecordsFolder
) -> StateFile<TargetRecord> {
  StateFile(
    "marks-\(imageSHA256.prefix(32))", in: folder.path, isShared: folder.isShared,
    StateForm(
      what: "marks", member: "targets", json: \.json,
      items: { (text, name) throws(Problem) in try TargetRecord.load(text, file: name) },
      isSame: { $0.isReadBack(as: $1) }))
}

extension StateFile where Item == String {
  /// Typed commands of earlier sessions, oldest first. They hold no paths and no notes: the viewer leaves
  /// those out.
  package static func typedCommands(in folder: String) -> StateFile {
    var form = StateForm<String>(
      what: "typed commands", member: "typed", json: JSON.string,
      items: { (text, name) throws(Problem) in
        guard let list = try? JSON.parse(text).value["typed"]?.items else {
          throw Problem(.data, name, "they are no list", expected: "typed commands")
        }
        return list.compactMap(\.asString).filter(mayBeShown)
      }, isSame: ==)
    form.joined = { mine, others in newestTyped(others + mine) }
    form.older = (
      "typed.txt",
      { newestTyped($0.split(separator: "\n").map(String.init).filter(mayBeShown)) }
    )
    return StateFile("typed", in: folder, form)
  }
}

private func newestTyped(_ lines: [String]) -> [String] { Array(lines.suffix(200)) }

private func mayBeShown(_ line: String) -> Bool {
  line.count <= 80 && visibleText(line) == line
}
