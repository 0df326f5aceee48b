import Imaging
package import Targeting

/// The search for targets, the list while it is open, and the book of marks.
package struct TargetsFeature: Sendable {
  /// Nil while the list is closed.
  package var list: TargetsState?
  /// How targets are looked for.
  package var `protocol` = TargetProtocol()
  /// Whether a search is running; another would only wait behind it.
  package var isSearching = false
  /// Places that a person marked, named or decided about, and what they were before each change.
  package var book: [TargetRecord] = []
  /// Marks of another person whose file holds the same bytes: kept beside, never shown as this one's.
  package var others: [TargetRecord] = []
  var bookHistory: [[TargetRecord]] = []
  /// Targets that were loaded from files.
  package var saved: [TargetRecord] = []

  /// The mark at a place, and where it stands in the book.
  func markIndex(at place: WorldPoint) -> Int? {
    book.firstIndex { $0.point.distance(to: place) < 0.1 }
  }

  func mark(at place: WorldPoint) -> TargetRecord? { markIndex(at: place).map { book[$0] } }
}
