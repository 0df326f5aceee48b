/// Names of files in a folder where nothing else says whose they are: `Mueller_rest.nii`, `Patient_02_SPECT.nii`.
enum PlainNames {
  /// The people whom a folder's names tell apart; none where all may be one person's.
  ///
  /// Two files of one kind, or a run and a scan, that are left with different words once all words of kinds of
  /// images are taken away, are two people's; then every such rest of a name is one.
  ///
  /// - Parameters:
  ///   - subject: whose folder it is; that his own name stands on some of his files tells nobody apart.
  ///   - isVisit: whether it is a visit's folder below a person's: there a run and a scan that are called differently
  ///     are that person's, and what is left of their names is a doubt and nobody's name.
  static func people(
    in files: [SortedFile], of subject: String, isVisit: Bool = false
  ) -> Set<String> {
    let own = Set(lowerWords(subject))
    let kinds = rests(in: files).mapValues { rests in
      rests.filter { rest in
        let words = lowerWords(rest)
        return !own.isSuperset(of: words) && !words.allSatisfy(isOfSpace)
      }
    }
    let all = Set(kinds.values.flatMap { $0 })
    guard all.count > 1 else { return [] }
    let runs = kinds["bold", default: []].union(kinds["unknown", default: []])
    let isPairOfTwo =
      !isVisit && !runs.isEmpty && !kinds["spect", default: []].isEmpty
      && !runs.isSuperset(of: kinds["spect", default: []])
    return kinds.values.contains { $0.count > 1 } || isPairOfTwo ? all : []
  }

  /// What is left of the names of each kind of image.
  private static func rests(in files: [SortedFile]) -> [String: Set<String>] {
    var out: [String: Set<String>] = [:]
    for file in files where file.name.isImage {
      guard let owner = owner(of: file.name), let kind = kind(of: file) else { continue }
      out[kind, default: []].insert(owner)
    }
    return out
  }

  /// What names of a person's files say that neither the person's folder nor a kind of image does: they may be
  /// somebody else's.
  static func doubts(in files: [SortedFile]) -> [String] {
    files.compactMap { file in
      file.stranger.map { "\(file.name.stem)\(file.name.ending): \($0.words)" }
    }
  }

  /// What is left of a name without words of kinds, dates and numbers of runs; nil for nothing.
  static func owner(of name: EntityName) -> String? {
    var words = wordsBesideEntities(name.stem)
    if let first = words.indices.dropLast(2).first(where: { n in
      isVisit(words[n...(n + 2)].joined(separator: "-"))
    }) {
      words.removeSubrange(first...(first + 2))
    }
    words = words.compactMap { word in
      let low = word.lowercased()
      // ECD nicht-iktal, postiktal, fMRT nach OP: words of the image and of the visit.
      if isNobodys(Substring(low)) || isVisit(word) || isMark(low) { return nil }
      // MuellerRest, brainSPECT: the kind is part of the word.
      for kind in ["rest", "bold", "fmri", "spect", "perfusion", "mask"] where low.hasSuffix(kind) {
        let rest = String(word.dropLast(kind.count))
        return kindWords.contains(Substring(rest.lowercased())) || rest.count < 3 ? nil : rest
      }
      return word
    }
    // A short number at the end is that of a run; at the beginning, or a long one, it may be a patient's.
    let startsWithNumber = name.stem.first?.isNumber ?? false
    if !startsWithNumber, words.count == 1, words[0].allSatisfy(\.isNumber), words[0].count < 3,
      name.stem.hasSuffix(words[0])
    {
      words = []
    }
    let text = words.joined(separator: "_")
    return text.count < 2 && !startsWithNumber || text.isEmpty ? nil : text
  }

  /// Words that a name has for its image or for the visit.
  private static func isNobodys(_ word: Substring) -> Bool {
    kindWords.contains(word) || whenWords.contains(word) || isWordOfImages(word)
      || ["nicht", "kein", "keine", "therapie", "therapy", "op", "operation"].contains(word)
  }

  /// The words of a name without entities such as `space-MNI152`, which say nothing of a person.
  private static func wordsBesideEntities(_ stem: String) -> [String] {
    let known = Set(EntityName.Key.allCases.dropFirst().map(\.written))
    return stem.split(separator: "_").filter { part in
      guard let dash = part.firstIndex(of: "-") else { return true }
      return !known.contains(String(part[..<dash])) || part.last == "-"
    }
    .flatMap { $0.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) }.map(String.init)
  }

  /// run1, 2mm, v2, 3d: what says how an image was made.
  private static func isMark(_ low: String) -> Bool {
    for (head, tail) in [("run", ""), ("v", ""), ("", "mm"), ("", "d"), ("echo", ""), ("te", "")] {
      guard low.hasPrefix(head), low.hasSuffix(tail), low.count > head.count + tail.count else {
        continue
      }
      if low.dropFirst(head.count).dropLast(tail.count).allSatisfy(\.isNumber) { return true }
    }
    return false
  }

  /// MNI152, MNI152NLin2009cAsym, ICBM152: spaces, and nobody's name.
  private static func isOfSpace(_ word: Substring) -> Bool {
    ["mni", "icbm"].contains { word.hasPrefix($0) && word.count > $0.count + 2 }
  }

  /// Whether its name says what it is to a visit, so that other words of it may be a person's.
  static func isNamedAsKind(_ file: SortedFile) -> Bool {
    switch FileKind(file) {
    case .bold, .spect, .anatomy, .mask, .confounds: true
    default: false
    }
  }

  private static func kind(of file: SortedFile) -> String? {
    switch FileKind(file) {
    case .bold: "bold"
    case .spect: "spect"
    case .anatomy: "anatomy"
    case .unknown: "unknown"
    default: nil
    }
  }
}
