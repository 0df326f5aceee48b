import ImageFiles

/// Whose a folder is, by its own path: found once for all files in it.
struct FolderPerson {
  var subject: String
  var session: String?
  /// The folders from the root to the dataset.
  var dataset: String
  var layout: FolderLayout
  /// The folders between the person and the files.
  var folders: [String]
  /// Whether only the files' names say whose they are.
  var isByName = false
  /// Another folder that may be the person as well.
  var doubt: String?
  /// The groups that a plain person lies in, such as a department.
  private var groups = ""
  /// The folders from the root to the one that the person of an HCP folder lies in.
  private var familyOfHCP = ""

  /// - Parameters:
  ///   - path: the folders from the root down.
  ///   - above: the folders that the root itself lies in, the root last.
  ///   - hcpPerson: where in the path the folder stands that holds the HCP's own, counted from the root.
  ///   - plain: who is the person where no name is of BIDS.
  init?(_ path: [String], above: [String], hcpPerson: Int?, plain: PlainFolders.Owner) {
    let all = above + path
    let at = all.lastIndex(where: Self.isSubject)
    if let n = hcpPerson {
      let person = above.count + n
      guard all.indices.contains(person) else { return nil }
      self.init(
        subject: at.map { all[$0] } ?? all[person],
        session: at.flatMap { all[($0 + 1)...].first(where: Self.isSession) },
        dataset: path.prefix(max(0, n + 1)).joined(separator: "/"), layout: .hcp,
        folders: Array(all[(person + 1)...]))
      familyOfHCP =
        path.prefix(max(0, (at ?? person) - above.count)).joined(separator: "/")
      return
    }
    guard let at else {
      self.init(path, above: above, plain)
      return
    }
    let below = Array(all[(at + 1)...])
    let n = at - above.count
    let dataset = n > 0 ? Array(path.prefix(n)) : []
    self.init(
      subject: all[at], session: below.first(where: Self.isSession),
      dataset: dataset.joined(separator: "/"),
      layout: Self.layout(dataset, above: n > 0 ? above : Array(above.prefix(at))), folders: below)
  }

  static func isSubject(_ name: String) -> Bool {
    name.hasPrefix("sub-") && name.count > 4
  }

  private static func isSession(_ name: String) -> Bool {
    name.hasPrefix("ses-") && name.count > 4
  }

  private init(
    subject: String, session: String?, dataset: String, layout: FolderLayout, folders: [String]
  ) {
    familyOfHCP = ""
    self.subject = subject
    self.session = session
    self.dataset = dataset
    self.layout = layout
    self.folders = folders
  }

  /// The same folder as that of a person whom only the names of files name.
  ///
  /// - Parameter isBIDS: whether they are named after BIDS.
  func named(_ subject: String, isBIDS: Bool) -> FolderPerson {
    var out = self
    (out.subject, out.isByName) = (subject, true)
    if isBIDS {
      out.layout = .bids
      // The same label in two data sets' folders is two people.
      out.dataset = (dataset.split(separator: "/").map(String.init) + folders).joined(
        separator: "/")
    }
    return out
  }

  /// A folder of no known layout.
  private init(_ path: [String], above: [String], _ owner: PlainFolders.Owner) {
    let head = path.prefix(owner.depth)
    let root = rootPerson(above)
    self.init(
      subject: head.last ?? root.subject,
      // Whoever opens the folder of a day means that day.
      session: owner.visitDepth > 0 ? path[owner.visitDepth - 1] : root.session,
      dataset: head.joined(separator: "/"), layout: .plain, folders: Array(path[head.count...]))
    doubt = owner.doubt
    groups = head.dropLast().filter { !isVisit($0) && !isKindOfImage($0) }.joined(separator: "/")
  }

  /// By the name of the dataset's folder.
  private static func layout(_ dataset: [String], above: [String]) -> FolderLayout {
    let name = (dataset.last ?? above.last ?? "").lowercased()
    if name.contains("xcp") { return .xcpD }
    if name.contains("fmriprep") || name.contains("nibabies") { return .fMRIPrep }
    return .bids
  }

  /// What is one study: a dataset and what pipelines made of it. The same label in two studies is two people.
  var family: String {
    switch layout {
    // Kinds of images and visits that a plain person lies in tell nobody apart.
    case .plain: return isByName ? dataset : groups
    case .hcp: return familyOfHCP
    case .bids, .fMRIPrep, .xcpD: break
    }
    var parts = dataset.split(separator: "/").map(String.init)
    if let n = parts.firstIndex(of: "derivatives") { parts = Array(parts[..<n]) }
    while let last = parts.last, isPipeline(last) || isByName && isKindOfImage(last) {
      parts.removeLast()
    }
    return parts.joined(separator: "/")
  }
}

/// Whether a folder is of what was made of a study: a pipeline's name alone, or with its version. A site's name
/// behind it is another study.
private func isPipeline(_ name: String) -> Bool {
  let low = name.lowercased()
  if unnumbered.contains(low) { return true }
  return pipelines.contains { word in
    guard low.hasPrefix(word) else { return false }
    let rest = low.dropFirst(word.count)
    // fmriprep-23.1, xcp_d_0.6; fmriprep2 may be of a second study.
    guard let mark = rest.first else { return true }
    return "-_.v".contains(mark) && rest.allSatisfy { $0.isNumber || "-_.v".contains($0) }
  }
}

private let pipelines = [
  "fmriprep", "xcp_d", "xcp-d", "xcpd", "xcp", "nibabies", "boldspect", "mriqc", "aslprep",
  "petprep",
]
/// Folders of a study's own data; with a number they are another study's.
private let unnumbered: Set<String> = [
  "rawdata", "raw", "bids", "spect", "nm", "pet", "outputs", "output", "out",
]

/// Folders of one kind of image, which are nobody's name.
private let kinds: Set<String> = [
  "func", "anat", "fmap", "perf", "dwi", "pet", "spect", "nm", "bold", "fmri", "mri", "t1", "rest",
  "mr", "mrt", "ct", "dicom", "dcm", "nuclear", "radiology", "nuklearmedizin", "radiologie",
]
/// Folders of anything, which may be whole studies.
private let rooms: Set<String> = [
  "scans", "images", "nifti", "data", "derivatives", "targets", "results",
]

/// Whether a folder is one of a kind of image: by its name, or where every word of it is one of a kind. A number in
/// it may be a patient's.
func isKindOfImage(_ name: String) -> Bool {
  let low = name.lowercased()
  if kinds.contains(low) || rooms.contains(low) { return true }
  let words = lowerWords(name)
  return words.count > 1
    && words.allSatisfy { kindWords.contains($0) || kinds.contains(String($0)) }
    && words.contains { isWordOfImages($0) || kinds.contains(String($0)) }
}

/// Whom the folder that was opened says: itself, or the first above it that is neither a visit nor a kind of image.
func rootPerson(_ above: [String]) -> (subject: String, session: String?) {
  let skipped = above.reversed().prefix {
    isVisit($0) || isKindOfImage($0) && !rooms.contains($0.lowercased())
  }
  let root = above.last ?? "?"
  guard let subject = above.dropLast(skipped.count).last else { return (root, nil) }
  return (subject, skipped.last(where: isVisit))
}

/// `2024-05-03`, `20240503`, `visit2`, `pre`, `baseline`, `T0`: a time and no person.
func isVisit(_ name: String) -> Bool {
  let low = name.lowercased()
  if low.hasPrefix("ses-") { return true }
  for word in ["visit", "session", "timepoint", "followup", "baseline", "scan"] {
    guard low.hasPrefix(word) else { continue }
    let rest = low.dropFirst(word.count).drop { "-_ ".contains($0) }
    if rest.allSatisfy(\.isNumber) { return true }
  }
  if ["pre", "post", "before", "after", "follow-up", "t0"].contains(low) { return true }
  if writtenDate(low) != nil || isShortDate(low) || isSpokenDate(name) { return true }
  // vor Therapie, Kontrolle nach OP: words of a visit alone, of which one says when.
  let plain = lowerWords(name)
  if plain.count > 1, plain.contains(where: whenWords.contains),
    plain.allSatisfy({ visitWords.contains($0) || whenWords.contains($0) || Int($0) != nil })
  {
    return true
  }
  // 14.11.2024 postiktal, DaTSCAN 01.01.2025: a date, and words for what was done that day. Behind other words a
  // bare number may be a patient's.
  let words = low.split(whereSeparator: { " _,".contains($0) })
  guard words.count > 1,
    let date = words.firstIndex(where: { writtenDate(String($0)) != nil }),
    date == 0 || words[date].contains(where: { "-.".contains($0) })
  else { return false }
  let others = words[..<date] + words[(date + 1)...]
  return others.flatMap { $0.split(separator: "-") }.allSatisfy(isOfVisitOrImage)
}

/// What may stand beside a date.
private func isOfVisitOrImage(_ word: Substring) -> Bool {
  kindWords.contains(word) || kinds.contains(String(word)) || visitWords.contains(word)
    || whenWords.contains(word) || inEnglish(word).hasSuffix("ictal")
}

private let months: Set<String> = [
  "jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "jun", "jul", "aug", "sep", "sept", "oct",
  "okt", "nov", "dec", "dez", "january", "february", "march", "april", "june", "july", "august",
  "september", "october", "november", "december", "januar", "februar", "märz", "maerz", "juni",
  "juli", "oktober", "dezember",
]

/// March 5 2024, 5. März 2024, Mai 2023: a month by name with its year, and words for what was done.
private func isSpokenDate(_ name: String) -> Bool {
  let words = lowerWords(name)
  guard words.contains(where: { months.contains(String($0)) }),
    words.contains(where: { $0.count == 4 && (Int($0).map { (1980...2100).contains($0) } ?? false) }
    )
  else { return false }
  return words.allSatisfy { word in
    if months.contains(String(word)) { return true }
    if let number = Int(word) { return (1...31).contains(number) || (1980...2100).contains(number) }
    return isOfVisitOrImage(word)
  }
}

/// Words for what a visit was for. Beside a date they are nobody's name; alone, people are called so: Kontrolle_01.
let visitWords: Set<Substring> = [
  "ruhe", "repos", "kontrolle", "controle", "verlauf", "verlaufskontrolle", "nachkontrolle",
  "suivi", "followup", "aufnahme", "vorher", "nachher", "therapie", "therapy", "treatment",
  "behandlung", "op", "operation", "surgery", "praeop", "präop", "preop", "postop", "anfall",
  "anfallsfrei", "seizure", "medikation", "medication", "entlassung", "discharge", "admission",
]
/// Words for when it was.
let whenWords: Set<Substring> = [
  "vor", "nach", "vorher", "nachher", "während", "waehrend", "pre", "post", "prä", "prae", "before",
  "after", "during", "avant", "après", "apres",
]

/// 14.03.24 and 4.3.2024: dots alone say that it is a date and no number of a person.
private func isShortDate(_ name: String) -> Bool {
  let parts = name.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }),
    parts[0].count <= 2, parts[1].count <= 2, parts[2].count == 2 || parts[2].count == 4,
    let day = Int(parts[0]), let month = Int(parts[1])
  else { return false }
  return (1...31).contains(day) && (1...12).contains(month)
}

/// The eight digits of a year, a month and a day in this order: of `2024-06-02`, `20240602`, and `02.06.2024`, whose
/// first number is the day unless only the second can be; nil for no date.
private func writtenDate(_ name: String) -> Int? {
  let parts = name.split(whereSeparator: { "-_.".contains($0) })
  let digits = parts.joined()
  guard digits.count == 8, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
    parts.count == 1 || parts.count == 3, let head = Int(digits.prefix(4)),
    let tail = Int(digits.suffix(4))
  else { return nil }
  var (year, month, day) = (head, tail / 100, tail % 100)
  if parts.count == 3, parts[2].count == 4 {
    (year, month, day) = (tail, head % 100, head / 100)
    if month > 12 { swap(&month, &day) }
  }
  guard (1980...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else {
    return nil
  }
  return year * 10_000 + month * 100 + day
}

private func dayAtFront(_ name: String) -> Int? {
  writtenDate(name)
    ?? name.split(whereSeparator: { " _,".contains($0) }).first.flatMap { writtenDate(String($0)) }
}

/// Visits with a date in the order of time, after them the others in the order in which one counts.
func visitComesBefore(_ a: String, _ b: String) -> Bool {
  switch (dayAtFront(a), dayAtFront(b)) {
  case (let x?, let y?) where x != y: x < y
  case (nil, _?): false
  case (_?, nil): true
  default: comesBefore(a, b)
  }
}
