package import Basics
import Foundation
import ImageFiles

/// How good a person found a file.
package enum Rating: String, Sendable, CaseIterable {
  case good, doubtful, bad
  /// Takes back what the same person said before.
  case none
}

/// What somebody said of one file: a rating with its reason, or a note.
package struct ReviewEntry: Equatable, Sendable {
  /// Nil for a note.
  package var rating: Rating?
  /// The reason, or the note.
  package var text: String
  package var rater: String
  /// UTC, ISO 8601 with milliseconds.
  package var time: String
  package var subject: String?
  package var session: String?
  /// The file's own name when it was said.
  package var file: String
  package var sha256: String
  /// The hash of the path that the file had: tells another version from another study, and names nobody.
  package var place: String?
  /// Which folder was open then (`studyMark`): a study that is moved stays the same, a copy is another.
  package var study: String?
  /// The hashes of the visit's other images when it was said, by their places.
  package var beside: [String: String] = [:]

  /// What `place` is of a file's path.
  package static func place(of path: String) -> String {
    ImageFiles.sha256(of: Array(path.utf8))
  }

  package init(
    rating: Rating?, text: String, rater: String = NSUserName(), time: String = utcNow(),
    subject: String?, session: String?, file: String, sha256: String, place: String? = nil
  ) {
    self.place = place
    self.rating = rating
    self.text = text
    self.rater = rater
    self.time = time
    self.subject = subject
    self.session = session
    self.file = file
    self.sha256 = sha256
  }

  package var json: JSON {
    .object(
      [
        ("rating", .optional(rating?.rawValue)), ("text", .string(text)), ("rater", .string(rater)),
        ("time", .string(time)), ("subject", .optional(subject)), ("session", .optional(session)),
        ("file", .string(file)), ("sha256", .string(sha256)), ("place", .optional(place)),
      ] + (study.map { [("study", .string($0))] } ?? [])
        + (beside.isEmpty
          ? [] : [("beside", .object(beside.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))])
    )
  }

  init?(_ json: JSON) {
    guard let text = json["text"]?.asString, let rater = json["rater"]?.asString,
      let time = json["time"]?.asString, let file = json["file"]?.asString,
      let sha256 = json["sha256"]?.asString
    else { return nil }
    let word = json["rating"]?.asString
    if let word, Rating(rawValue: word) == nil { return nil }
    self.init(
      rating: word.flatMap(Rating.init), text: text, rater: rater, time: time,
      subject: json["subject"]?.asString, session: json["session"]?.asString, file: file,
      sha256: sha256, place: json["place"]?.asString)
    study = json["study"]?.asString
    for (place, hash) in json["beside"]?.members ?? [] { beside[place] = hash.asString }
  }
}

/// Which folder of people one is, wherever it is moved on its disk; nil where it is none. Names nobody.
package func studyMark(of root: String) -> String? {
  FileIdentity(folder: root).map {
    String(sha256(of: Array("\($0.device) \($0.inode)".utf8)).prefix(32))
  }
}

/// Now in UTC, as ISO 8601 with milliseconds.
package func utcNow() -> String {
  Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
}

/// What was said of one file, by everybody who keeps records in this folder.
package func reviewFile(of sha256: String, in folder: RecordsFolder) -> StateFile<ReviewEntry> {
  StateFile(
    "review-\(sha256.prefix(32))", in: folder.path, isShared: folder.isShared,
    StateForm(
      what: "ratings and notes", member: "entries", json: \.json, item: { ReviewEntry($0) },
      expected: "who said what, and when", isSame: ==))
}

extension [ReviewEntry] {
  /// What was said of this person's file: two people, two runs or two data sets may hold the same bytes. Where
  /// nothing was said of the file in this place, what was said of it in another is of a copy.
  package func of(
    subject: String, session: String?, file: String, place: String
  ) -> [ReviewEntry] {
    let own = filter { $0.subject == subject && $0.session == session }
    let named = own.filter { $0.file == file }
    let here = named.filter { $0.place == place }
    return !here.isEmpty ? here : named.isEmpty ? own : named
  }
}

/// What counts of all that was said: of each rater the newest rating, newest first.
package func standingRatings(_ entries: [ReviewEntry]) -> [ReviewEntry] {
  var seen: Set<String> = []
  return entries.filter { $0.rating != nil }.sorted { $0.time > $1.time }
    .filter { seen.insert($0.rater).inserted && $0.rating != Rating.none }
}
