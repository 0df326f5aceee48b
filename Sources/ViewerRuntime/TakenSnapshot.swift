package import Basics
package import CellUI
import Imaging
package import Reports
package import Study
import Viewer

package enum SnapshotFormat: String, Sendable, CaseIterable { case text, ansi, png, words }

/// What a picture without a terminal is to be.
package struct SnapshotWish {
  package var keys: String
  package var format: SnapshotFormat
  /// Nil for formats without pixels.
  package var sheet: PictureSheet?
  /// Of the screen, where there is no sheet.
  package var size: Size
  /// Nil takes all.
  package var colours: Capabilities.Colours?
  package var usesQuadrants: Bool

  package init(
    keys: String, format: SnapshotFormat, sheet: PictureSheet?, size: Size,
    colours: Capabilities.Colours?, usesQuadrants: Bool
  ) {
    (self.keys, self.format, self.sheet, self.size) = (keys, format, sheet, size)
    (self.colours, self.usesQuadrants) = (colours, usesQuadrants)
  }
}

/// The viewer's last frame after the keys, as the bytes of a file.
package func takenSnapshot(
  _ request: StudyRequest, _ start: ViewerStart, _ wish: SnapshotWish, library: StudyLibrary
) throws(Problem) -> [UInt8] {
  let keys: [Key]
  do { keys = try KeyScript.parse(wish.keys) } catch {
    throw Problem(
      .usage, "--keys", "there is no key <\(error.name)>",
      expected: "names such as <Up>, <Enter>, <C-l>, or <Lt> for <")
  }
  // Text has no colours: pictures become a ramp of glyphs.
  let isPlain = wish.format == .text || wish.format == .words
  let colours = isPlain ? .none : wish.colours ?? Capabilities.Colours.direct
  let pictures =
    wish.sheet.map { Pictures.images(cell: $0.cell, repeatsPixels: false) }
    ?? (wish.usesQuadrants ? .quadrants : .blocks)
  var terminal = RecordingTerminal(
    size: wish.sheet?.screen ?? wish.size,
    capabilities: Capabilities(colours: colours, unicode: true, pictures: pictures), keys: keys)
  let mailbox = Mailbox()
  let sessions = ViewerSessions(request, mailbox: mailbox, keepsMarks: false, library: library)
  var loop = ViewerLoop(sessions: sessions, mailbox: mailbox, isScripted: true, start: start)
  let speaker = Speaker { $0 }
  if wish.format == .words { loop.speak = { model in speaker.take(model) } }
  let last = loop.run(&terminal)
  if let refusal = sessions.runner.refusal { throw refusal }
  if let failed = sessions.finish(withinSeconds: 30, last: last).first { throw failed }
  if wish.format == .words { return Array(speaker.all.map { $0 + "\n" }.joined().utf8) }
  guard let frame = terminal.frame else { return [] }
  if let sheet = wish.sheet { return try sheet.png(frame) }
  return Array((wish.format == .text ? frame.text + "\n" : frame.ansi(colours)).utf8)
}
