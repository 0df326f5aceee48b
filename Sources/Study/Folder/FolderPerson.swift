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
let kinds: Set<String> = [
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
