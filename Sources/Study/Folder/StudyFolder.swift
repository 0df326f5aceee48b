package import Basics
import Foundation
package import ImageFiles

/// A folder of people: walked, sorted by whose each file is, and put together.
package enum StudyFolder {
  /// Folders that are nobody's images.
  private static let passedOver: Set<String> = [
    "code", "sourcedata", "models", "stimuli", "figures", "log", "logs",
  ]
  private static let endings = [".nii", ".nii.gz", ".tsv", ".csv", ".h5", ".txt", ".lta", ".gii"]
    .map { Array($0.utf8) }

  /// How a study's folders are walked.
  package static func walk(
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> FolderWalk {
    var walk = FolderWalk(
      keeps: { name in
        endings.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
      },
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
    let people = gathered(tree, only: only)
    if isCancelled() { throw .cancelled }
    let names = people.keys.sorted(by: comesBefore)
    let sorted = parallelMap(names.count) { n in
      person(names[n], people[names[n]] ?? [], tree)
    }
    if isCancelled() { throw .cancelled }
    var listing = StudyListing(
      root: tree.root, people: sorted.filter { !$0.visits.isEmpty }, fileCount: tree.fileCount)
    for n in tree.unreadable {
      let shown = tree.path(of: n).joined(separator: "/")
      listing.findings.append(
        Finding(
          "folder-unreadable", .warning,
          "The folder cannot be read, so what is in it is not listed.",
          file: shown.isEmpty ? fileName(tree.root) : shown))
    }
    if tree.isCut {
      listing.findings.append(
        Finding(
          "folder-cut", .warning, "There are more folders than are read; the list is not complete.",
          file: fileName(tree.root)))
    }
    return listing
  }

  /// One folder of a person.
  private struct Place: Sendable {
    var folder: Int
    var person: FolderPerson
  }

  /// The folders of each person.
  private static func gathered(_ tree: FolderTree, only: String?) -> [String: [Place]] {
    let above = tree.root.split(separator: "/").map(String.init)
    var out: [String: [Place]] = [:]
    var path: [String] = []
    /// Where in the path the HCP's person stands, counted from the root; below 0 for folders above it.
    var hcp: (depth: Int, person: Int)?
    if let n = above.firstIndex(of: "MNINonLinear"), n > 0 { hcp = (-1, n - 1 - above.count) }
    var ends: [Int] = []
    for n in tree.folders.indices {
      while let end = ends.last, end <= n {
        ends.removeLast()
        if !path.isEmpty { path.removeLast() }
        if let known = hcp, known.depth >= path.count { hcp = nil }
      }
      if n > 0 { path.append(tree.name(of: n)) }
      ends.append(Int(tree.folders[n].end))
      if hcp == nil,
        tree.hasChild("MNINonLinear", of: n)
      {
        hcp = (path.count - 1, path.count - 1)
      }
      guard tree.holdsFiles(n),
        let person = FolderPerson(path, above: above, hcpPerson: hcp?.person)
      else { continue }
      for one in owners(of: n, tree, person) where only == nil || one.subject == only {
        out[one.subject, default: []].append(Place(folder: n, person: one))
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
    var isOwn = false
    tree.forEachFile(of: n) { _, bytes in
      guard bytes.starts(with: sub) else { return isOwn = true }
      let word = bytes.prefix { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: ".") }
      subjects.insert(String(decoding: word, as: UTF8.self))
    }
    return (isOwn ? [person] : []) + subjects.map(person.named)
  }

  private static let sub = Array("sub-".utf8)

  private static func person(
    _ subject: String, _ places: [Place], _ tree: FolderTree
  ) -> StudyPerson {
    var visits: [String: [SortedFile]] = [:]
    var strangers: [String: [String]] = [:]
    for place in places {
      let folder = ([tree.root] + tree.path(of: place.folder)).joined(separator: "/")
      tree.forEachFile(of: place.folder) { kind, bytes in
        let entities = EntityName(bytes: bytes)
        // Most of what a pipeline writes is none of a person's images.
        guard entities.mayMatter else { return }
        let name = String(decoding: bytes, as: UTF8.self)
        let file = SortedFile(
          path: folder + "/" + name, name: entities, folders: place.person.folders,
          dataset: place.person.dataset, layout: place.person.layout, isAbsent: kind == .absent)
        let session = file.name.session ?? place.person.session ?? ""
        if place.person.isByName {
          // Of a folder of several people's files each takes those that are named as his.
          if file.name.subject != subject { return }
        } else if let own = file.name.subject, own != subject {
          if place.person.layout == .plain { return }
          // Its name counts, and says that it is somebody else's: nobody's files are joined.
          strangers[session, default: []].append(name)
          return
        }
        visits[session, default: []].append(file)
      }
    }
    var out = StudyPerson(subject: subject, visits: [])
    let shared = visits[""] ?? []
    for session in visits.keys.sorted(by: comesBefore) {
      let files = visits[session] ?? []
      let others = visits.filter { $0.key != session && !$0.key.isEmpty }.flatMap(\.value)
      var visit = VisitSorting(
        files, shared: session.isEmpty ? [] : shared, otherVisits: session.isEmpty ? [] : others
      ).visit
      visit.session = session.isEmpty ? nil : session
      for name in strangers[session] ?? [] {
        visit.problems.append("\(name) lies in the folder of \(subject) and is named as another's")
      }
      // What has no session belongs to every visit, where there is one with images.
      if session.isEmpty, visits.count > 1, visit.bold.isEmpty, visit.spect.isEmpty { continue }
      guard
        !visit.bold.isEmpty || !visit.spect.isEmpty || !visit.anatomies.isEmpty
          || !visit.others.isEmpty
      else { continue }
      out.visits.append(visit)
    }
    return out
  }
}
