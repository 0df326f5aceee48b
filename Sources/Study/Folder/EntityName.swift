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
  private var values: [Key: String] = [:]

  package init(_ name: some StringProtocol) {
    let dot = name.firstIndex(of: ".") ?? name.endIndex
    stem = String(name[..<dot])
    ending = String(name[dot...])
    var last = stem[...]
    for word in stem.split(separator: "_") {
      last = word
      guard let dash = word.firstIndex(of: "-"), dash > word.startIndex,
        let n = Key.words.firstIndex(where: { word[..<dash] == $0 }), let key = Key(rawValue: n),
        values[key] == nil
      else { continue }
      let value = String(word[word.index(after: dash)...])
      guard !value.isEmpty else { continue }
      values[key] = key == .run || key == .echo ? Self.plainNumber(value) : value
    }
    suffix = last.contains("-") ? "" : String(last)
  }

  package subscript(_ key: Key) -> String? { values[key] }

  /// `sub-01`; nil where the name says none.
  package var subject: String? { values[.subject].map { "sub-" + $0 } }
  package var session: String? { values[.session].map { "ses-" + $0 } }

  /// `run-1` and `run-01` are one run.
  private static func plainNumber(_ text: String) -> String {
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return text }
    let short = text.drop { $0 == "0" }
    return short.isEmpty ? "0" : String(short)
  }

  /// Whether two files agree in each of these entities, where none is as good as none.
  package func agrees(with other: EntityName, in keys: [Key]) -> Bool {
    keys.allSatisfy { self[$0] == other[$0] }
  }

  /// The space with its cohort, such as `MNIInfant+2`.
  package var space: String? {
    self[.space].map { $0 + (self[.cohort].map { "+" + $0 } ?? "") }
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
