/// What the name of a file says of it, after BIDS: entities by their keys, then the suffix and the ending.
///
/// Sources: BIDS 1.10 (bids-specification.readthedocs.io, "Entities") and the names that fMRIPrep and XCP-D state
/// in their documents ("Outputs").
package struct EntityName: Sendable, Equatable {
  /// The entities that decide what belongs together, in the order of `keys`.
  package enum Key: Int, CaseIterable, Sendable {
    case subject, session, task, acquisition, reconstruction, direction, run, echo, part, space
    case cohort, resolution, density, description, label, tracer, hemisphere, from, to

    /// As it is written before the dash.
    package var written: String { Self.words[rawValue] }

    static let words = [
      "sub", "ses", "task", "acq", "rec", "dir", "run", "echo", "part", "space", "cohort", "res",
      "den", "desc", "label", "trc", "hemi", "from", "to",
    ]
  }

  /// The name without its ending.
  package let stem: String
  /// With its dots, such as ".nii.gz".
  package let ending: String
  /// The last word, such as "bold"; the whole stem where it has no entities.
  package let suffix: String
  /// One for each key; empty for none.
  private var values: [String]
  /// Another person whom the name names behind the first, as `sub-01_to_sub-02_spect` does.
  package private(set) var otherSubject: String?
  /// Entities that are not known here, as they stand.
  package private(set) var others = ""

  package init(_ name: some StringProtocol) { self.init(bytes: Array(name.utf8)[...]) }

  /// - Parameter bytes: a file's name in UTF-8.
  package init(bytes: ArraySlice<UInt8>) {
    let dot = bytes.endIndex - Self.endingLength(bytes)
    let head = bytes[..<dot]
    stem = String(decoding: head, as: UTF8.self)
    ending = String(decoding: bytes[dot...], as: UTF8.self)
    values = Self.none
    var last = head
    for word in head.split(separator: UInt8(ascii: "_")) {
      last = word
      guard let dash = word.firstIndex(of: UInt8(ascii: "-")), dash > word.startIndex,
        dash + 1 < word.endIndex
      else { continue }
      guard let n = Self.written.firstIndex(where: { $0.elementsEqual(word[..<dash]) }) else {
        // What is not known here tells runs apart all the same.
        if !Self.ignored.contains(where: { $0.elementsEqual(word[..<dash]) }) {
          others += "_" + String(decoding: word, as: UTF8.self)
        }
        continue
      }
      let value = word[(dash + 1)...]
      guard values[n].isEmpty else {
        if n == Key.subject.rawValue, !value.elementsEqual(values[n].utf8) {
          otherSubject = "sub-" + String(decoding: value, as: UTF8.self)
        }
        continue
      }
      let isNumber = n == Key.run.rawValue || n == Key.echo.rawValue
      values[n] = String(decoding: isNumber ? Self.plainNumber(value) : value, as: UTF8.self)
    }
    suffix =
      last.contains(UInt8(ascii: "-")) ? "" : String(decoding: last, as: UTF8.self)
  }

  /// Entities of what is made of a run, which its mask and confounds do not have.
  private static let ignored = ["mode", "fmapid", "atlas", "seg", "stat", "method"].map {
    Array($0.utf8)
  }

  private static let endings = [
    ".nii.gz", ".nii", ".tsv.gz", ".tsv", ".csv", ".json", ".txt", ".h5", ".lta", ".mat", ".gii",
  ].map { Array($0.utf8) }
  private static let inner = [
    ".dtseries", ".ptseries", ".dscalar", ".func", ".shape", ".surf", ".label", ".2",
  ].map { Array($0.utf8) }

  /// Of the ending with its dots: what is known, so that a name may have dots of its own.
  private static func endingLength(_ bytes: ArraySlice<UInt8>) -> Int {
    guard
      let ending = endings.first(where: {
        bytes.count > $0.count && bytes.suffix($0.count).elementsEqual($0)
      })
    else { return bytes.firstIndex(of: UInt8(ascii: ".")).map { bytes.endIndex - $0 } ?? 0 }
    let rest = bytes.dropLast(ending.count)
    let second = inner.first { rest.count > $0.count && rest.suffix($0.count).elementsEqual($0) }
    return ending.count + (second?.count ?? 0)
  }

  private static let none = [String](repeating: "", count: Key.allCases.count)
  private static let written = Key.words.map { Array($0.utf8) }

  package subscript(_ key: Key) -> String? {
    let value = values[key.rawValue]
    return value.isEmpty ? nil : value
  }

  /// `sub-01`; nil where the name says none.
  package var subject: String? { self[.subject].map { "sub-" + $0 } }
  package var session: String? { self[.session].map { "ses-" + $0 } }

  /// `run-1` and `run-01` are one run.
  private static func plainNumber(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.allSatisfy(isDigit) else { return text }
    let short = text.drop { $0 == UInt8(ascii: "0") }
    return short.isEmpty ? text.suffix(1) : short
  }

  /// Whether two files agree in each of these entities, where none is as good as none.
  package func agrees(with other: EntityName, in keys: [Key]) -> Bool {
    keys.allSatisfy { values[$0.rawValue] == other.values[$0.rawValue] }
  }

  /// The space with its cohort, such as `MNIInfant+2`.
  package var space: String? {
    self[.space].map { $0 + (self[.cohort].map { "+" + $0 } ?? "") }
  }

  /// Whether it may be something that a visit holds.
  var mayMatter: Bool {
    ending != ".gii" && !ending.hasSuffix(".shape.gii") && !ending.hasSuffix(".surf.gii")
      && !ending.hasSuffix(".label.gii")
  }

  package var isImage: Bool { ending == ".nii" || ending == ".nii.gz" }
}

/// Names in the order in which people count: `sub-2` before `sub-10`.
package func comesBefore(_ a: String, _ b: String) -> Bool {
  var x = Array(a.utf8)[...]
  var y = Array(b.utf8)[...]
  while let i = x.first, let j = y.first {
    if isDigit(i), isDigit(j) {
      let (m, n) = (x.prefix(while: isDigit), y.prefix(while: isDigit))
      let (p, q) = (m.drop { $0 == UInt8(ascii: "0") }, n.drop { $0 == UInt8(ascii: "0") })
      if p.count != q.count { return p.count < q.count }
      if !p.elementsEqual(q) { return p.lexicographicallyPrecedes(q) }
      x = x.dropFirst(m.count)
      y = y.dropFirst(n.count)
      if m.count != n.count, x.isEmpty, y.isEmpty { return m.count < n.count }
    } else {
      if i != j { return i < j }
      x = x.dropFirst()
      y = y.dropFirst()
    }
  }
  return x.isEmpty && !y.isEmpty
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
