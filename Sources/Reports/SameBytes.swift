import ImageFiles

/// Images of a list that hold the same bytes under the names of two people: one of them was put into the wrong folder.
package struct SameBytes: Sendable {
  private struct Copy {
    var row: Int
    var person: Int
    var file: String
    var words: String
  }

  private var copies: [String: [Copy]] = [:]

  package init() {}

  /// Takes what is known of a row's images.
  ///
  /// - Returns: rows of other people that hold one of them too.
  @discardableResult
  package mutating func add(_ row: StudyRow, _ known: KnownOfRow, at n: Int) -> Set<Int> {
    var others: Set<Int> = []
    let whose = [row.subject, row.family.map { "in \($0)" }, row.session].compactMap { $0 }
      .joined(separator: " ")
    for (path, hash) in known.hashes {
      let own = Copy(
        row: n, person: row.person, file: fileName(path), words: "\(whose), \(fileName(path))")
      let before = copies[hash] ?? []
      others.formUnion(before.filter { $0.person != row.person }.map(\.row))
      if !before.contains(where: { $0.row == n && $0.words == own.words }) {
        copies[hash] = before + [own]
      }
    }
    return others
  }

  /// Each image that lies under the names of several people, once.
  package var sentences: [String] {
    copies.values.compactMap { all -> String? in
      guard Set(all.map(\.person)).count > 1 else { return nil }
      let names = all.map(\.words).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      return "The same bytes lie under two people's names: \(names.joined(separator: "; "))."
    }.sorted()
  }

  /// What a row's images share with those of other people, a line for each.
  package func words(ofRow n: Int, _ known: KnownOfRow) -> [String] {
    let found = known.hashes.values.flatMap { hash -> [String] in
      let all = copies[hash] ?? []
      guard let own = all.first(where: { $0.row == n }) else { return [] }
      return all.filter { $0.person != own.person }.map {
        "\(own.file) holds the same bytes as that of another person: \($0.words)"
      }
    }
    return Array(Set(found)).sorted()
  }
}
