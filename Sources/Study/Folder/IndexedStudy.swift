package import Basics
package import ImageFiles

/// A study as it is listed by its index: where no folder changed since that was kept, each folder is looked at once
/// and nothing is read, sorted or put together again.
package struct IndexedStudy: Sendable {
  package let listing: StudyListing
  /// What is to be kept; nil where what is kept is right.
  private var news: News?

  private struct News: Sendable {
    var tree: FolderTree
    /// As it was kept, where only the folders' times are others.
    var made: [UInt8] = []
    var people: SortedPeople?
  }

  /// - Parameters:
  ///   - root: absolute.
  ///   - path: the file of the index, which need not be there.
  ///   - only: the one person who is wanted.
  package init(
    _ root: String, index path: String, only: String? = nil, walk: FolderWalk = StudyFolder.walk()
  ) throws(Problem) {
    let index = FolderIndex(path, root: root)
    if let index, walk.confirms(index),
      let people = ListingBytes.people(index.made, root: root, only: only)
    {
      listing = StudyFolder.listing(of: root, people)
      return
    }
    if walk.isCancelled() { throw .cancelled }
    let known = index?.tree
    let tree = try walk.tree(root, known: known)
    if let index, let known, tree.lists(theSameAs: known),
      let people = ListingBytes.people(index.made, root: root, only: only)
    {
      listing = StudyFolder.listing(of: tree, people)
      if !tree.isAsOld(as: known) { news = News(tree: tree, made: index.made) }
      return
    }
    let people = try StudyFolder.sorted(tree, only: only, isCancelled: walk.isCancelled)
    listing = StudyFolder.listing(of: tree, people)
    news = News(tree: tree, people: only == nil ? people : nil)
  }

  /// Whether folders were read.
  package var isNew: Bool { news != nil }

  /// Writes what was found out, so that the next list needs no walk.
  package func keep(in path: String) throws(Problem) {
    guard let news else { return }
    let made = news.people.map { ListingBytes.bytes(of: $0, root: news.tree.root) } ?? news.made
    try FolderIndex.write(news.tree, made: made, to: path)
  }
}
