/// Names of files in a folder where nothing else says whose they are: `Mueller_rest.nii`, `Patient_02_SPECT.nii`.
enum PlainNames {
  /// The people whom a folder's names tell apart; none where all may be one person's.
  ///
  /// Two files of one kind, or a run and a scan, that are left with different words once all words of kinds of
  /// images are taken away, are two people's; then every such rest of a name is one.
  static func people(in files: [SortedFile]) -> Set<String> {
    let kinds = rests(in: files)
    let all = Set(kinds.values.flatMap { $0 })
    guard all.count > 1 else { return [] }
    let runs = kinds["bold", default: []].union(kinds["unknown", default: []])
    let isPairOfTwo =
      !runs.isEmpty && !kinds["spect", default: []].isEmpty
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
  static func doubts(about subject: String, in files: [SortedFile]) -> [String] {
    let own = Set(lowerWords(subject))
    return files.filter { file in
      guard file.name.subject == nil, file.layout == .plain, let kind = kind(of: file),
        kind != "unknown", let owner = owner(of: file.name)
      else { return false }
      let words = lowerWords(owner)
      // A word of letters: numbers and marks of processing are no names.
      return own.isDisjoint(with: words)
        && words.contains { $0.count > 2 && $0.contains(where: \.isLetter) }
    }.map { "\($0.name.stem)\($0.name.ending): its name may be somebody else's" }
  }

  /// What is left of a name without words of kinds, dates and numbers of runs; nil for nothing.
  static func owner(of name: EntityName) -> String? {
    var words = name.stem.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
    if let first = words.indices.dropLast(2).first(where: { n in
      isVisit(words[n...(n + 2)].joined(separator: "-"))
    }) {
      words.removeSubrange(first...(first + 2))
    }
    words = words.compactMap { word in
      let low = word.lowercased()
      if kindWords.contains(Substring(low)) || isVisit(word) || isMark(low) { return nil }
      // MuellerRest, brainSPECT: the kind is part of the word.
      for kind in ["rest", "bold", "fmri", "spect", "perfusion", "mask"] where low.hasSuffix(kind) {
        let rest = String(word.dropLast(kind.count))
        return kindWords.contains(Substring(rest.lowercased())) || rest.count < 3 ? nil : rest
      }
      return word
    }
    // A number at the end is that of a run; at the beginning it may be a patient's.
    let startsWithNumber = name.stem.first?.isNumber ?? false
    if !startsWithNumber, words.count == 1, words[0].allSatisfy(\.isNumber),
      name.stem.hasSuffix(words[0])
    {
      words = []
    }
    let text = words.joined(separator: "_")
    return text.count < 2 && !startsWithNumber || text.isEmpty ? nil : text
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
