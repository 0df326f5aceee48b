package import Basics
package import Imaging

/// The one rule about names of places: a side that a name says is the side that the place lies on.
///
/// A side is said by `left`, `right`, `lh` or `rh` as a word of its own in any case (`rightDLPFC`, `F3 Left`), by
/// `LEFT` or `RIGHT` in capitals anywhere, and by an L or R at the end behind `-`, `_`, `.` or a space (`DLPFC_R`). A
/// letter at the beginning says none: `R FDI` is a muscle of the right hand, whose place is on the left.
package enum SideInName {
  private static let words: [(word: String, side: Side)] = [
    ("left", .left), ("right", .right), ("lh", .left), ("rh", .right),
  ]

  /// The sides that a name says; both where it contradicts itself.
  package static func said(by name: String) -> [Side] {
    let all = Set(parts(of: name).map { $0.lowercased() })
    let last = ending(of: name)
    return [Side.left, .right].filter { side in
      name.contains(side.rawValue) || last == side
        || words.contains { $0.side == side && all.contains($0.word) }
    }
  }

  /// "DLPFC-RIGHT names the side RIGHT but lies LEFT"; nil where both agree, or where no side is known to differ from.
  ///
  /// - Parameter whose: what lies there, where it is not what the name is of.
  package static func conflict(
    _ name: String, with side: Side, whose: String? = nil
  ) -> String? {
    guard side == .left || side == .right, let other = said(by: name).first(where: { $0 != side })
    else { return nil }
    return "\(visibleText(name, limit: 60)) names the side \(other.rawValue) but "
      + (whose.map { visibleText($0, limit: 60) + " " } ?? "") + "lies \(side.rawValue)"
  }

  /// Refuses a name that says another side than the place lies on.
  ///
  /// - Parameter subject: the file or target that the refusal is about.
  package static func require(
    _ name: String, side: Side, subject: String, whose: String? = nil, kind: Problem.Kind = .data,
    remedy: String
  ) throws(Problem) {
    guard let found = conflict(name, with: side, whose: whose) else { return }
    throw Problem(
      kind, subject, found, expected: "a name and a place that agree", remedy: remedy)
  }

  /// Refuses a file's name that says another side than a target in it lies on.
  package static func require(
    file: String, ending: String = "", holding records: [TargetRecord]
  ) throws(Problem) {
    let stem = file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file
    for record in records {
      try require(
        stem, side: record.side, subject: file, whose: record.name, kind: .usage,
        remedy: "Give the file another name")
    }
  }

  /// An L or R that ends the name as a part of its own.
  private static func ending(of name: String) -> Side? {
    guard name.count > 2, let before = name.dropLast().last, "-_. ".contains(before) else {
      return nil
    }
    switch name.last {
    case "L", "l": return .left
    case "R", "r": return .right
    default: return nil
    }
  }

  /// Runs of letters, parted where a small letter is followed by a capital (`leftDLPFC`) and before the last capital of
  /// several that a small one follows (`DLPFCRight`).
  private static func parts(of name: String) -> [String] {
    let letters = Array(name)
    var out: [String] = []
    var part = ""
    for (n, c) in letters.enumerated() {
      guard c.isLetter else {
        out.append(part)
        part = ""
        continue
      }
      let followsSmall = n > 0 && letters[n - 1].isLowercase
      let opensWord = n + 1 < letters.count && letters[n + 1].isLowercase
      if c.isUppercase, followsSmall || opensWord {
        out.append(part)
        part = ""
      }
      part.append(c)
    }
    return (out + [part]).filter { !$0.isEmpty }
  }
}
