package import Records

/// Where the files of people lie who have one name in a list: two folders of one name may hold the same bytes, and
/// what was said of the file in the one is not said of that in the other.
package struct Namesakes: Sendable {
  /// Whose the files are, by the hashes of their paths.
  private var owners: [String: (person: Int, words: String)] = [:]

  package init(_ rows: [StudyRow]) {
    for row in rows {
      guard let family = row.family else { continue }
      let words = [row.subject, "in \(family)", row.session].compactMap { $0 }
      for path in row.ratedPaths {
        owners[ReviewEntry.place(of: path)] = (row.person, words.joined(separator: " "))
      }
    }
  }

  /// The namesake whom it was said of, in words; nil where that is nobody but the row's own.
  package func other(_ entry: ReviewEntry, than row: StudyRow) -> String? {
    guard row.family != nil, let place = entry.place, let owner = owners[place],
      owner.person != row.person
    else { return nil }
    return owner.words
  }
}
