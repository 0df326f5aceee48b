import ImageFiles

/// Whose a folder is, by its own path: found once for all files in it.
struct FolderPerson {
  var subject: String
  var session: String?
  var dataset: String
  var layout: FolderLayout
  /// The folders between the person and the files.
  var folders: [String]
  /// Whether only the files' names say whose they are.
  var isByName = false

  /// - Parameters:
  ///   - path: the folders from the root down.
  ///   - above: the folders that the root itself lies in, the root last.
  ///   - isHCP: whether a folder of the path holds the HCP's own folder.
  init?(_ path: [String], above: [String], hcpPerson: Int?) {
    if let n = hcpPerson {
      let all = above + path
      guard all.indices.contains(above.count + n), above.count + n >= 0 else { return nil }
      let at = above.count + n
      self.init(
        subject: all[at], session: nil,
        dataset: at >= above.count ? path.prefix(n).joined(separator: "/") : "", layout: .hcp,
        folders: Array(all[(at + 1)...]))
      return
    }
    let all = above + path
    guard let at = all.lastIndex(where: { $0.hasPrefix("sub-") && $0.count > 4 }) else {
      self.init(plain: path, above: above)
      return
    }
    let below = Array(all[(at + 1)...])
    let session = below.first { $0.hasPrefix("ses-") && $0.count > 4 }
    let n = at - above.count
    let dataset = n > 0 ? Array(path.prefix(n)) : []
    self.init(
      subject: all[at], session: session, dataset: dataset.joined(separator: "/"),
      layout: Self.layout(dataset, above: n > 0 ? above : Array(above.prefix(at))),
      folders: below)
  }

  private init(
    subject: String, session: String?, dataset: String, layout: FolderLayout, folders: [String]
  ) {
    self.subject = subject
    self.session = session
    self.dataset = dataset
    self.layout = layout
    self.folders = folders
  }

  /// The same folder as that of a person whom only the names of files name.
  func named(_ subject: String) -> FolderPerson {
    var out = self
    (out.subject, out.isByName, out.layout) = (subject, true, .bids)
    out.dataset = folders.joined(separator: "/")
    return out
  }

  /// A folder of no known layout: the first folder under the root is a person, unless it is a visit or a kind
  /// of image, which are the root's own.
  private init(plain path: [String], above: [String]) {
    let root = above.last ?? "?"
    guard let first = path.first, !isVisit(first), !kinds.contains(first.lowercased()) else {
      // Whoever opens one visit's folder means the person above it.
      let isOfVisit = above.count > 1 && isVisit(root)
      self.init(
        subject: isOfVisit ? above[above.count - 2] : root,
        session: path.first(where: isVisit) ?? (isOfVisit ? root : nil), dataset: "",
        layout: .plain, folders: path)
      return
    }
    self.init(
      subject: first, session: path.dropFirst().first(where: isVisit), dataset: "", layout: .plain,
      folders: Array(path.dropFirst()))
  }

  /// By the name of the dataset's folder.
  private static func layout(_ dataset: [String], above: [String]) -> FolderLayout {
    let name = (dataset.last ?? above.last ?? "").lowercased()
    if name.contains("xcp") { return .xcpD }
    if name.contains("fmriprep") || name.contains("nibabies") { return .fMRIPrep }
    return .bids
  }
}

/// Folders of one kind of image, which are nobody's name.
private let kinds: Set<String> = [
  "func", "anat", "fmap", "perf", "dwi", "pet", "spect", "nm", "bold", "fmri", "mri", "t1", "rest",
  "scans", "images", "nifti", "data", "derivatives", "targets", "results",
]

/// `2024-05-03`, `20240503`, `visit2`, `pre`, `baseline`, `T0`: a time and no person.
func isVisit(_ name: String) -> Bool {
  let low = name.lowercased()
  let words = low.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
  if low.hasPrefix("ses-") { return true }
  for word in ["visit", "session", "timepoint", "followup", "baseline", "scan", "tp"]
  where words.first.map({ $0.hasPrefix(word) && $0.dropFirst(word.count).allSatisfy(\.isNumber) })
    ?? false
  { return true }
  if ["pre", "post", "before", "after", "follow", "t0", "t1", "t2", "t3"].contains(low) {
    return true
  }
  // Years from 1990 on, alone or as a date.
  let digits = low.filter(\.isNumber)
  let rest = low.filter { !$0.isNumber && !"-_.".contains($0) }
  guard rest.isEmpty, let year = Int(digits.prefix(4)), (1990...2100).contains(year) else {
    return false
  }
  return digits.count == 4 || digits.count == 6 || digits.count == 8
}
