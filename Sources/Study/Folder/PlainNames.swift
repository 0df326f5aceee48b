/// Names of files in a folder where nothing else says whose they are: `Mueller_rest.nii`, `Schmidt_SPECT.nii`.
enum PlainNames {
  /// The people whom a folder's names tell apart; none where all may be one person's.
  ///
  /// Two files of one kind whose names begin with different words that are no kinds of images are two people's, and
  /// then every such word of the folder is one.
  static func people(in files: [SortedFile]) -> Set<String> {
    var byKind: [String: Set<String>] = [:]
    var all: Set<String> = []
    for file in files where file.name.isImage {
      guard let owner = owner(of: file.name), let kind = kind(of: file) else { continue }
      byKind[kind, default: []].insert(owner)
      all.insert(owner)
    }
    // One word alone is a person whose other files are named by their kind.
    guard all.count > 1 else { return [] }
    let isSeveral =
      byKind.values.contains { $0.count > 1 }
      // A run of one name and a scan of another are no pair either.
      || byKind.count > 1 && Set(byKind.values.flatMap { $0 }).count > 1
    return isSeveral ? all : []
  }

  /// The first word of a name, where it may be a person's: not a kind of image, not a number of a run.
  static func owner(of name: EntityName) -> String? {
    let word = name.stem.prefix { !"_ .".contains($0) }
    let first = lowerWords(String(word)).first ?? ""
    guard !word.isEmpty, !kindWords.contains(first), first.count > 1 else { return nil }
    // Hirnperfusion and brainmask are kinds, however they are put together.
    if ["perfusion", "spect", "mask", "bold", "fmri"].contains(where: first.hasSuffix) {
      return nil
    }
    return String(word)
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
