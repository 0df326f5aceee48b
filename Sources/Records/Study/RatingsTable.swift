package import Basics

/// Ratings as a table: for each file and rater the one that stands.
package enum RatingsTable {
  package static let names = [
    "subject", "session", "file", "sha256", "rating", "reason", "rater", "time",
  ]

  /// By subject, session, file and time.
  package static func sorted(_ entries: [ReviewEntry]) -> [ReviewEntry] {
    entries.sorted { a, b in
      func key(_ e: ReviewEntry) -> [String] {
        [e.subject ?? "", e.session ?? "", e.file, e.time, e.rater]
      }
      return key(a).lexicographicallyPrecedes(key(b))
    }
  }

  private static func cells(_ e: ReviewEntry) -> [String] {
    [
      e.subject ?? "", e.session ?? "", e.file, e.sha256, e.rating?.rawValue ?? "", e.text,
      e.rater, e.time,
    ]
  }

  package static func tsv(_ entries: [ReviewEntry]) -> String {
    ([names] + entries.map { cells($0).map(tableCell) }).map { $0.joined(separator: "\t") }
      .joined(separator: "\n")
  }

  package static func json(_ entries: [ReviewEntry]) -> JSON {
    .array(
      entries.map { e in
        .object(
          zip(names, cells(e)).map { ($0, $1.isEmpty ? JSON.null : .string($1)) })
      })
  }
}
