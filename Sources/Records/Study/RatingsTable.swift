package import Basics

/// A rating that stands, with where the bytes that it is of lie now.
package struct StandingRating: Equatable, Sendable {
  package var entry: ReviewEntry
  package var subject: String
  package var session: String?
  package var file: String

  package init(entry: ReviewEntry, subject: String, session: String?, file: String) {
    self.entry = entry
    self.subject = subject
    self.session = session
    self.file = file
  }
}

/// Ratings as a table: for each file and rater the one that stands. Whom it was said of comes first; whoever has the
/// bytes now, after a renaming or an exchange, stands behind.
package enum RatingsTable {
  package static let names = [
    "subject", "session", "file", "sha256", "rating", "reason", "rater", "time", "lies_as_subject",
    "lies_as_session", "lies_as_file",
  ]

  /// By subject, session, file and time.
  package static func sorted(_ entries: [StandingRating]) -> [StandingRating] {
    entries.sorted { a, b in
      func key(_ r: StandingRating) -> [String] {
        let e = r.entry
        return [e.subject ?? "", e.session ?? "", e.file, e.time, e.rater, r.subject, r.file]
      }
      return key(a).lexicographicallyPrecedes(key(b))
    }
  }

  private static func cells(_ r: StandingRating) -> [String] {
    let e = r.entry
    return [
      e.subject ?? "", e.session ?? "", e.file, e.sha256, e.rating?.rawValue ?? "", e.text,
      e.rater, e.time, r.subject, r.session ?? "", r.file,
    ]
  }

  package static func tsv(_ entries: [StandingRating]) -> String {
    ([names] + entries.map { cells($0).map(tableCell) }).map { $0.joined(separator: "\t") }
      .joined(separator: "\n")
  }

  package static func json(_ entries: [StandingRating]) -> JSON {
    .array(
      entries.map { e in
        .object(
          zip(names, cells(e)).map { ($0, $1.isEmpty ? JSON.null : .string($1)) })
      })
  }
}
