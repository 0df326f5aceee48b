package import Basics
package import Imaging

/// The one rule about names of places: a side that a name says is the side that the place lies on.
///
/// A side is said by `left`, `right`, `lh` or `rh` as a word of its own in any case (`rightDLPFC`, `F3 Left`), by
/// `LEFT` or `RIGHT` in capitals anywhere, by the words of other languages (`rechts`, `gauche`), by an L or R at the end
/// behind `-`, `_`, `.` or a space (`DLPFC_R`), by one before the name of a region (`R DLPFC`, `rIFG`), and by a frontal
/// place of the electrodes' 10–20 system (`F4` is right, `F3` left). Another letter at the beginning says none: `R FDI`
/// is a muscle of the right hand, whose place is on the left.
package enum SideInName {
  private static let words: [(word: String, side: Side)] = [
    ("left", .left), ("right", .right), ("lh", .left), ("rh", .right), ("links", .left),
    ("rechts", .right), ("linke", .left), ("rechte", .right), ("linker", .left),
    ("rechter", .right), ("linkes", .left), ("rechtes", .right), ("gauche", .left),
    ("droite", .right), ("droit", .right), ("izquierda", .left), ("izquierdo", .left),
    ("derecha", .right), ("derecho", .right), ("sinistra", .left), ("sinistro", .left),
    ("destra", .right), ("destro", .right), ("esquerda", .left), ("esquerdo", .left),
    ("direita", .right), ("direito", .right), ("dx", .right), ("sx", .left), ("lt", .left),
    ("rt", .right),
  ]

  /// Names of regions before which an L or R is the side.
  private static let regions: Set<String> = [
    "dlpfc", "dmpfc", "vlpfc", "vmpfc", "ofc", "pfc", "ifg", "mfg", "sfg", "ipl", "spl", "ips",
    "tpj", "sts", "stg", "mtg", "itg", "acc", "sgacc", "dacc", "pcc", "sma", "presma", "pmc", "pmd",
    "pmv", "fef", "insula", "frontal", "temporal", "parietal", "occipital", "prefrontal",
    "premotor", "angular", "precuneus", "cerebellum", "hippocampus", "amygdala", "thalamus", "ba",
  ]

  /// The sides that a name says; both where it contradicts itself.
  package static func said(by name: String) -> [Side] {
    let all = Set(parts(of: name).map { $0.lowercased() })
    let last = ending(of: name)
    return [Side.left, .right].filter { side in
      name.contains(side.rawValue) || last == side || beforeRegion(name) == side
        || electrode(in: name).contains(side)
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

  /// An L or R that stands before the name of a region, apart (`R DLPFC`, `L-BA46`) or joined to it (`rDLPFC`).
  private static func beforeRegion(_ name: String) -> Side? {
    let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map {
      $0.lowercased()
    }
    func side(_ letter: Character?) -> Side? {
      letter == "l" ? .left : letter == "r" ? .right : nil
    }
    func isRegion(_ word: some StringProtocol) -> Bool {
      regions.contains(String(word.prefix(while: \.isLetter)))
    }
    for (n, word) in words.enumerated() {
      if word.count == 1, n + 1 < words.count, isRegion(words[n + 1]), let found = side(word.first)
      {
        return found
      }
      if isRegion(word.dropFirst()), !isRegion(word), let found = side(word.first) { return found }
    }
    return nil
  }

  /// What a frontal electrode as a word of its own says: odd numbers lie on the left, even ones on the right.
  private static func electrode(in name: String) -> [Side] {
    name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).compactMap { word in
      let letters = word.prefix(while: \.isLetter).lowercased()
      guard ["f", "fc", "af", "fp"].contains(letters),
        let number = Int(word.dropFirst(letters.count)),
        // F1 and F2 are as often a first and a second of something.
        (3...10).contains(number) || (letters != "f" && (1...10).contains(number))
      else { return nil }
      return number % 2 == 1 ? .left : .right
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
