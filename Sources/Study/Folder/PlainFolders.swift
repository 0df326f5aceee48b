import ImageFiles

/// Which folder of a tree without BIDS is a person, at whatever depth: the one just above the visits.
///
/// A folder's name says whether it is a visit or a kind of image; every other one is a name. Of names that lie in one
/// another the lowest that has visits or images of its own is the person, and those above are groups: a department, a
/// hospital. Where two of them may be the person, each keeps its own images and says so.
struct PlainFolders {
  /// Whose a folder is.
  struct Owner: Equatable {
    /// The person's own folder, counted from the root; 0 for the root itself.
    var depth = 0
    /// The folder that stands for the visit, counted likewise; 0 for none.
    var visitDepth = 0
    /// Another folder that may be the person as well.
    var doubt: String?
  }

  /// Where a folder stands.
  private struct Place {
    var depth = 0
    /// The nearest folder with a name; the root where there is none.
    var name = 0
    /// The first visit below that, and the first name below the visit.
    var visit: Int?
    var inner: Int?
    /// The first visit above the name.
    var visitAbove: Int?
    /// Whether no folder on the way is of BIDS.
    var isPlain = true
  }

  /// What lies below a name.
  private struct Named {
    var parent: Int?
    /// Names just below it that have images in them.
    var kids: [Int] = []
    var hasImages = false
    /// Whether a name below it has visits.
    var hasVisitsBelow = false
    var doubt: Int?
  }

  private let tree: FolderTree
  private var places: [Place] = []
  private var names: [Int: Named] = [0: Named()]
  /// The names below a visit that have images.
  private var inners: [Int: Set<Int>] = [:]
  /// Whether the root is a person with visits: images lie in a visit with no name on the way.
  private var rootHasVisits = false

  init(_ tree: FolderTree) {
    self.tree = tree
    placeAll()
    if tree.folders.indices.contains(where: { isOfRootsVisit($0) && holdsImages($0) }) {
      rootHasVisits = true
      names = [0: Named()]
      placeAll()
    }
    for n in tree.folders.indices where places[n].isPlain && holdsImages(n) { take(n) }
    gatherKids()
    settle(0)
  }

  // MARK: - What lies where

  private mutating func placeAll() {
    places = []
    places.reserveCapacity(tree.folders.count)
    for n in tree.folders.indices { places.append(placed(n)) }
  }

  private func isOfRootsVisit(_ n: Int) -> Bool {
    places[n].isPlain && places[n].name == 0 && places[n].visit != nil && places[n].inner == nil
  }

  private mutating func placed(_ n: Int) -> Place {
    let parent = Int(tree.folders[n].parent)
    guard n > 0, places.indices.contains(parent) else { return Place() }
    var out = places[parent]
    out.depth += 1
    guard out.isPlain else { return out }
    let name = tree.name(of: n)
    if FolderPerson.isSubject(name) {
      out.isPlain = false
    } else if isVisit(name) {
      if out.inner == nil { out.visit = out.visit ?? n }
    } else if isKindOfImage(name) {
      return out
    } else if out.visit != nil, out.name != 0 || rootHasVisits {
      out.inner = out.inner ?? n
    } else {
      names[n] = Named(parent: out.name)
      // A day on which several people came.
      (out.visitAbove, out.visit) = (out.visitAbove ?? out.visit, nil)
      out.name = n
    }
    return out
  }

  private func holdsImages(_ n: Int) -> Bool {
    var holds = false
    tree.forEachFile(of: n) { _, name in if !holds { holds = isImageName(name) } }
    return holds
  }

  /// Counts the images of one folder.
  private mutating func take(_ n: Int) {
    let own = places[n]
    names[own.name]?.hasImages = true
    guard let visit = own.visit else { return }
    if let inner = own.inner { inners[visit, default: []].insert(inner) }
    var above = names[own.name]?.parent
    while let name = above {
      names[name]?.hasVisitsBelow = true
      above = names[name]?.parent
    }
  }

  private mutating func gatherKids() {
    var holding: Set<Int> = []
    for (n, one) in names where one.hasImages {
      var at: Int? = n
      while let name = at, holding.insert(name).inserted { at = names[name]?.parent }
    }
    for n in holding.sorted() {
      if let parent = names[n]?.parent { names[parent]?.kids.append(n) }
    }
  }

  // MARK: - Who is the person

  /// Goes down from one name to those in it.
  ///
  /// - Parameters:
  ///   - doubt: another folder that may be the person.
  ///   - isLikeGroup: whether a folder beside it is a group.
  private mutating func settle(_ n: Int, doubt: Int? = nil, isLikeGroup: Bool = false) {
    guard let own = names[n] else { return }
    names[n]?.doubt = doubt
    // Images that lie in the root itself are whose its name says.
    let isTwofold = n > 0 && own.hasImages
    if isTwofold, let first = own.kids.first { names[n]?.doubt = first }
    let isGroup = n == 0 || own.hasVisitsBelow || isLikeGroup
    let hasGroups = own.kids.contains { names[$0]?.hasVisitsBelow == true }
    for kid in own.kids {
      settle(
        kid, doubt: isTwofold || !isGroup ? n : doubt,
        isLikeGroup: hasGroups && names[kid]?.hasImages == false)
    }
  }

  /// Whose a folder is.
  func owner(of n: Int) -> Owner {
    let own = places[n]
    var out = Owner(depth: places[own.name].depth)
    out.visitDepth = (own.visit ?? own.visitAbove).map { places[$0].depth } ?? 0
    let others = own.visit.flatMap { inners[$0] } ?? []
    // Of several people's names below one visit nothing is joined.
    if others.count > 1 {
      if let inner = own.inner { out.depth = places[inner].depth }
      out.doubt = name(own.inner == nil ? others.min() ?? 0 : own.name)
    } else {
      out.doubt = names[own.name]?.doubt.map(name)
    }
    return out
  }

  private func name(_ n: Int) -> String { n == 0 ? fileName(tree.root) : tree.name(of: n) }
}

/// Whether a name ends as an image's does.
private func isImageName(_ name: ArraySlice<UInt8>) -> Bool {
  [".nii", ".nii.gz"].contains { ending in
    name.count > ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }
}
