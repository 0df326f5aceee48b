import ImageFiles

/// A folder of several people's files, sorted once by whose they are: a person's files are then looked up, and not
/// sought among all of them again for everybody.
struct SharedFolder: Sendable {
  private struct Entry: Sendable {
    var kind: FolderTree.Kind
    var name: ArraySlice<UInt8>
  }

  /// People whom only the words of plain names tell apart.
  let named: Set<String>
  private var afterBIDS: [String: [Entry]] = [:]
  private var afterWords: [String: [Entry]] = [:]

  /// - Parameter named: those whom the words of plain names tell apart.
  init(_ folder: Int, of tree: FolderTree, named: Set<String>) {
    self.named = named
    var (bids, words): ([String: [Entry]], [String: [Entry]]) = ([:], [:])
    tree.forEachFile(of: folder) { kind, bytes in
      let name = EntityName(bytes: bytes)
      guard name.mayMatter else { return }
      let entry = Entry(kind: kind, name: bytes)
      if let subject = name.subject { bids[subject, default: []].append(entry) }
      if !named.isEmpty, let owner = PlainNames.owner(of: name) {
        words[owner, default: []].append(entry)
      }
    }
    (afterBIDS, afterWords) = (bids, words)
  }

  /// Calls for each file that is named as a person's.
  func forEachFile(
    of person: FolderPerson, _ body: (FolderTree.Kind, ArraySlice<UInt8>) -> Void
  ) {
    let own = (person.layout == .plain ? afterWords : afterBIDS)[person.subject]
    for entry in own ?? [] { body(entry.kind, entry.name) }
  }
}
