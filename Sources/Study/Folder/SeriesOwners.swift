package import ImageFiles

/// Whose each series of a DICOM folder is, by the folders that it lies in and by which headers name one patient: no
/// name of a header is told.
package struct SeriesOwners: Sendable {
  /// For each series a person's folder, and a letter where headers name several patients; empty where all are one's.
  package let words: [String]
  /// For each series whom what is made of it is kept of; nil where nothing says it.
  package let people: [ListedPerson?]

  /// - Parameter root: the folder that was opened.
  package init(_ series: [DICOMSeries], root: String) {
    let above = absolutePath(root).split(separator: "/").map(String.init)
    let owners = series.map { one in
      FolderOwner(absolutePath(one.folder).split(separator: "/").map(String.init), above: above)
    }
    let letters = Self.letters(of: series)
    let hasSeveral = Set(letters.compactMap { $0 }).count > 1
    let isOneFolder = Set(owners.map(\.words)).count < 2
    words = series.indices.map { n in
      let letter = hasSeveral ? letters[n].map { "patient \($0)" } : nil
      return [letter, isOneFolder ? nil : owners[n].words].compactMap { $0 }.joined(separator: ", ")
    }
    people = series.indices.map { n in
      let own = owners[n]
      let together = series.indices.filter { owners[$0].words == own.words }
      // A folder of several patients is nobody's.
      guard Set(together.compactMap { letters[$0] }).count > 1 else {
        return own.person.map { ListedPerson(subject: $0, session: own.session) }
      }
      return letters[n].map { ListedPerson(subject: "patient \($0) in \(own.words)", session: nil) }
    }
  }

  /// A letter for each patient, in the order of the list.
  private static func letters(of series: [DICOMSeries]) -> [String?] {
    var known: [DICOMPatient] = []
    return series.map { one in
      guard !one.person.isNobody else { return nil }
      let n = known.firstIndex { $0.isSame(as: one.person) } ?? known.count
      if n == known.count { known.append(one.person) }
      return n < 26 ? String(UnicodeScalar(UInt8(65 + n))) : "\(n + 1)"
    }
  }

  /// Why series of one list are not opened together; nil where nothing speaks against it.
  package func problem(opening places: [Int]) -> String? {
    guard let first = places.first else { return nil }
    // Headers without names are alike in every export: they do not speak for one person.
    let other = places.first { people[$0]?.subject != people[first]?.subject }
    return other.map {
      "it lies in the folder of \(words[$0]), the first one in that of \(words[first])"
    }
  }
}

/// Whose a folder of DICOM is.
private struct FolderOwner {
  var person: String?
  var session: String?
  /// What stands beside the series.
  var words: String

  /// - Parameter above: the folder that was opened, which the other lies in.
  init(_ folders: [String], above: [String]) {
    let below = Array(folders.dropFirst(above.count))
    let names = below.indices.filter {
      !isVisit(below[$0]) && !isKindOfImage(below[$0]) && !isOfSeries(below[$0])
    }
    let visit = below.indices.first { n in isVisit(below[n]) && names.contains { $0 < n } }
    let dicom = below.lastIndex { ["dicom", "dcm"].contains($0.lowercased()) }
    // Just above the visits, else above what an export calls its own; of several names none is guessed.
    let before = (visit ?? dicom).flatMap { end in names.last { $0 < end } }
    person = before.map { below[$0] } ?? (names.count == 1 ? below[names[0]] : nil)
    session = below.first(where: isVisit)
    if names.isEmpty {
      let root = rootPerson(above)
      (person, session) = (root.subject, session ?? root.session)
    }
    words = person ?? below.joined(separator: "/")
  }
}

/// mr_0004, SE000001, 1.2.840: what an export calls a series.
private func isOfSeries(_ name: String) -> Bool {
  let low = name.lowercased()
  if low.allSatisfy({ $0.isNumber || $0 == "." }) { return low.contains(".") }
  let head = low.prefix { $0.isLetter }
  let rest = low.dropFirst(head.count).drop { "-_ ".contains($0) }
  return [
    "mr", "se", "ser", "serie", "series", "st", "study", "im", "img", "ct", "nm", "pt", "exam",
  ]
  .contains(String(head)) && rest.allSatisfy(\.isNumber)
}
