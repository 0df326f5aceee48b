package import Basics
import Foundation
package import ImageFiles

/// A folder of people: walked, sorted by whose each file is, and put together.
package enum StudyFolder {
  /// Folders that are nobody's images.
  private static let passedOver: Set<String> = [
    "code", "sourcedata", "models", "stimuli", "figures", "log", "logs",
  ]
  private static let endings: [StaticString] = [
    ".nii", ".nii.gz", ".tsv", ".csv", ".h5", ".txt", ".lta", ".func.gii",
  ]

  /// Whether a name has one of the endings that may matter; a million of them are looked at.
  private static func isKept(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    endings.contains { ending in
      let count = ending.utf8CodeUnitCount
      guard name.count > count, let start = name.baseAddress else { return false }
      return memcmp(start + (name.count - count), ending.utf8Start, count) == 0
    }
  }

  /// How a study's folders are walked.
  package static func walk(
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> FolderWalk {
    var walk = FolderWalk(
      keeps: { isKept($0) },
      enters: { name in !passedOver.contains(String(decoding: name, as: UTF8.self)) })
    walk.isCancelled = isCancelled
    return walk
  }

  /// Who is in a tree, and what belongs to each.
  ///
  /// - Parameter only: the one person who is wanted.
  package static func listing(
    of tree: FolderTree, only: String? = nil, isCancelled: @Sendable () -> Bool = { false }
  ) throws(Problem) -> StudyListing {
    listing(of: tree, try sorted(tree, only: only, isCancelled: isCancelled))
  }

  /// The people of a tree.
  static func sorted(
    _ tree: FolderTree, only: String?, isCancelled: @Sendable () -> Bool
  ) throws(Problem) -> SortedPeople {
    // Whose a name is hangs on who else is there, whoever is asked for.
    let people = gathered(tree)
    if isCancelled() { throw .cancelled }
    let names = ListedNames(people.keys.map(\.subject))
    let keys = people.keys.filter { only == nil || $0.subject == only }.sorted { a, b in
      a.subject.utf8.elementsEqual(b.subject.utf8)
        ? comesBefore(a.family, b.family) : comesBefore(a.subject, b.subject)
    }
    let doubled = Dictionary(grouping: keys) { $0.subject }.filter { $0.value.count > 1 }
    let shared = sharedFolders(people, tree)
    let sorted = parallelMap(keys.count) { n in
      if isCancelled() { return StudyPerson(subject: keys[n].subject, visits: []) }
      var found = person(keys[n].subject, people[keys[n]] ?? [], tree, shared, names)
      if doubled[keys[n].subject] != nil {
        found.family = keys[n].family.isEmpty ? "the folder itself" : keys[n].family
      }
      return found
    }
    if isCancelled() { throw .cancelled }
    return SortedPeople(
      people: sorted.filter { !$0.visits.isEmpty }, doubledCount: doubled.count,
      fileCount: tree.fileCount)
  }

  /// The same with what was odd about the folders.
  static func listing(of tree: FolderTree, _ sorted: SortedPeople) -> StudyListing {
    var listing = listing(of: tree.root, sorted)
    func add(_ code: String, _ text: String, of folder: Int? = nil) {
      let shown = folder.map { tree.path(of: $0).joined(separator: "/") } ?? ""
      listing.findings.append(
        Finding(code, .warning, text, file: shown.isEmpty ? fileName(tree.root) : shown))
    }
    for n in tree.unreadable {
      add(
        "folder-unreadable", "The folder cannot be read, so what is in it is not listed.", of: n)
    }
    for n in tree.crowded {
      add(
        "folder-crowded",
        "The folder has more files than are looked at in one folder, so none of them is listed.",
        of: n)
    }
    if tree.unnamed > 0 {
      add(
        "names-not-utf8",
        "\(tree.unnamed) names are no UTF-8 and are not listed: two of them could look alike.")
    }
    if tree.isCut {
      add(
        "folder-cut", "There are more or deeper folders than are read; the list is not complete.")
    }
    return listing
  }

  /// People as they were put together when the folders were what they are now.
  static func listing(of root: String, _ sorted: SortedPeople) -> StudyListing {
    var listing = StudyListing(root: root, people: sorted.people, fileCount: sorted.fileCount)
    if sorted.doubledCount > 0 {
      listing.findings.append(
        Finding(
          "same-label", .note,
          "Labels of several data sets are told apart by their folders (\(sorted.doubledCount)).",
          file: fileName(root)))
    }
    return listing
  }

  /// One folder of a person.
  private struct Place: Sendable {
    var folder: Int
    var person: FolderPerson
  }

  /// A person of one study; labels are compared by their bytes.
  private struct PersonKey: Hashable, Sendable {
    var family: String
    var subject: String
    private var bytes: [UInt8] { Array(family.utf8) + [0] + Array(subject.utf8) }

    static func == (a: PersonKey, b: PersonKey) -> Bool { a.bytes == b.bytes }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
  }

  /// The folders of each person.
  private static func gathered(_ tree: FolderTree) -> [PersonKey: [Place]] {
    let above = tree.root.split(separator: "/").map(String.init)
    var out: [PersonKey: [Place]] = [:]
    let plain = PlainFolders(tree)
    var path: [String] = []
    /// Where in the path the HCP's people stand, counted from the root; below 0 for folders above it. The last is
    /// the one that the folder lies in.
    var hcp: [(depth: Int, person: Int)] = []
    if let n = above.firstIndex(of: "MNINonLinear"), n > 0 { hcp = [(-1, n - 1 - above.count)] }
    var ends: [Int] = []
    for n in tree.folders.indices {
      while let end = ends.last, end <= n {
        ends.removeLast()
        if !path.isEmpty { path.removeLast() }
        while let known = hcp.last, known.depth >= path.count { hcp.removeLast() }
      }
      if n > 0 { path.append(tree.name(of: n)) }
      ends.append(Int(tree.folders[n].end))
      if tree.hasChild("MNINonLinear", of: n) {
        hcp.append((path.count - 1, path.count - 1))
      }
      guard tree.holdsFiles(n),
        let person = FolderPerson(
          path, above: above, hcpPerson: hcp.last?.person, plain: plain.owner(of: n))
      else { continue }
      for one in owners(of: n, tree, person) {
        out[PersonKey(family: one.family, subject: one.subject), default: []].append(
          Place(folder: n, person: one))
      }
    }
    return out
  }

  /// Where nothing but the files' own names says whose they are, a folder may be several people's.
  private static func owners(
    of n: Int, _ tree: FolderTree, _ person: FolderPerson
  ) -> [FolderPerson] {
    guard person.layout == .plain else { return [person] }
    var subjects: Set<String> = []
    var own: [SortedFile] = []
    tree.forEachFile(of: n) { _, bytes in
      guard bytes.starts(with: sub) else {
        own.append(
          SortedFile(
            path: "", name: EntityName(bytes: bytes), folders: person.folders,
            dataset: person.dataset, layout: .plain, isAbsent: false))
        return
      }
      let word = bytes.prefix { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: ".") }
      subjects.insert(String(decoding: word, as: UTF8.self))
    }
    let names = PlainNames.people(in: own, of: person.subject, isVisit: person.session != nil)
    return (own.isEmpty ? [] : [person]) + names.sorted().map { person.named($0, isBIDS: false) }
      + subjects.sorted().map { person.named($0, isBIDS: true) }
  }

  /// People whom the names of a plain folder's files tell apart.
  private static func peopleNamed(
    in folder: Int, _ tree: FolderTree, _ person: FolderPerson
  ) -> Set<String> {
    Set(
      owners(of: folder, tree, person).filter { $0.isByName && $0.layout == .plain }.map(\.subject))
  }

  /// The folders that several people have files in.
  private static func sharedFolders(
    _ people: [PersonKey: [Place]], _ tree: FolderTree
  ) -> [Int: SharedFolder] {
    var places: [Int: [FolderPerson]] = [:]
    for place in people.values.joined() {
      places[place.folder, default: []].append(place.person)
    }
    var out: [Int: SharedFolder] = [:]
    for (folder, owners) in places where owners.count > 1 {
      let named = owners.filter { $0.isByName && $0.layout == .plain }.map(\.subject)
      out[folder] = SharedFolder(folder, of: tree, named: Set(named))
    }
    return out
  }

  private static let sub = Array("sub-".utf8)

  private static func person(
    _ subject: String, _ places: [Place], _ tree: FolderTree, _ sharedFolders: [Int: SharedFolder],
    _ names: ListedNames
  ) -> StudyPerson {
    var visits: [String: [SortedFile]] = [:]
    var strangers: [String: [String]] = [:]
    var wanderers: [String: [String]] = [:]
    var doubts: [String: String] = [:]
    var shared: [Int: Set<String>] = [:]
    for place in places where place.person.layout == .plain {
      shared[place.folder] =
        sharedFolders[place.folder]?.named ?? peopleNamed(in: place.folder, tree, place.person)
    }
    for place in places {
      let folder = ([tree.root] + tree.path(of: place.folder)).joined(separator: "/")
      forEachFile(of: place, tree, sharedFolders) { kind, bytes in
        let entities = EntityName(bytes: bytes)
        // Most of what a pipeline writes is none of a person's images.
        guard entities.mayMatter else { return }
        let name = String(decoding: bytes, as: UTF8.self)
        var file = SortedFile(
          path: folder + "/" + name, name: entities, folders: place.person.folders,
          dataset: place.person.dataset, layout: place.person.layout, isAbsent: kind == .absent)
        let session = file.name.session ?? place.person.session ?? ""
        if let own = file.name.session, let outer = place.person.session, own != outer {
          wanderers[session, default: []].append("\(name) lies in a folder of \(outer)")
        }
        if place.person.isByName, file.name.subject == subject, file.name.otherSubject != nil {
          strangers[session, default: []].append(name)
          return
        } else if place.person.isByName {
          // Of a folder of several people's files each takes those that are named as his.
          let owner =
            place.person.layout == .plain ? PlainNames.owner(of: entities) : file.name.subject
          if owner != subject { return }
        } else if place.person.layout == .plain, file.name.subject == nil,
          let owner = PlainNames.owner(of: entities), shared[place.folder]?.contains(owner) == true
        {
          return
        } else if let own = file.name.subject, own != subject || file.name.otherSubject != nil {
          if place.person.layout == .plain, own != subject { return }
          // Its name counts, and says that it is somebody else's: nobody's files are joined.
          strangers[session, default: []].append(name)
          return
        }
        file.stranger = stranger(file, place.person, names)
        doubts[session] = doubts[session] ?? place.person.doubt
        visits[session, default: []].append(file)
      }
    }
    var found = put(together: visits, strangers: strangers, wanderers: wanderers, of: subject)
    for n in found.indices { found[n].take(doubt: doubts[found[n].session ?? ""], of: subject) }
    return StudyPerson(subject: subject, visits: found)
  }

  /// Whose a file's name says that it is; nil where it is the person's, or where the folder says nothing of a person.
  private static func stranger(
    _ file: SortedFile, _ person: FolderPerson, _ names: ListedNames
  ) -> Stranger? {
    guard !person.isByName, file.name.subject == nil else { return nil }
    // What the HCP writes into its own folders is named after the run alone.
    if person.layout == .hcp, file.folders.contains("MNINonLinear") || file.folders.contains("T1w")
    {
      return nil
    }
    return names.stranger(
      in: file.name, of: person.subject, isImage: PlainNames.isNamedAsKind(file))
  }

  /// The files that may be a person's: of a folder that several share those that are named as his.
  private static func forEachFile(
    of place: Place, _ tree: FolderTree, _ shared: [Int: SharedFolder],
    _ body: (FolderTree.Kind, ArraySlice<UInt8>) -> Void
  ) {
    guard place.person.isByName, let folder = shared[place.folder] else {
      return tree.forEachFile(of: place.folder, body)
    }
    folder.forEachFile(of: place.person, body)
  }

  /// The visits of a person, each with what belongs to it.
  private static func put(
    together visits: [String: [SortedFile]], strangers: [String: [String]],
    wanderers: [String: [String]], of subject: String
  ) -> [StudyVisit] {
    var out: [StudyVisit] = []
    let ofNoVisit = visits[""] ?? []
    for session in Set(visits.keys).union(strangers.keys).sorted(by: visitComesBefore) {
      let files = visits[session] ?? []
      let others = visits.filter { $0.key != session && !$0.key.isEmpty }.flatMap(\.value)
      var visit = VisitSorting(
        files, shared: session.isEmpty ? [] : ofNoVisit, otherVisits: session.isEmpty ? [] : others
      ).visit
      visit.session = session.isEmpty ? nil : session
      visit.problems += PlainNames.doubts(in: files)
      visit.problems += wanderers[session] ?? []
      for name in strangers[session] ?? [] {
        visit.problems.append("\(name) lies in the folder of \(subject) and is named as another's")
      }
      // What has no session belongs to every visit, where there is one with images.
      if session.isEmpty, visits.count > 1, visit.bold.isEmpty, visit.spect.isEmpty,
        visit.problems.isEmpty, visit.unknown.isEmpty
      {
        continue
      }
      guard
        !visit.bold.isEmpty || !visit.spect.isEmpty || !visit.anatomies.isEmpty
          || !visit.others.isEmpty || !visit.unknown.isEmpty || !visit.problems.isEmpty
      else { continue }
      out.append(visit)
    }
    return out
  }
}
