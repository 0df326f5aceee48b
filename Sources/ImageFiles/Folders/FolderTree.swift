import Glibc

/// The folders under a root with the names of their files, as they were at one time.
///
/// Names are bytes in one block, because a study has a hundred thousand of them and few are ever shown.
package struct FolderTree: Sendable {
  /// What a directory entry is.
  package enum Kind: UInt8, Sendable {
    case file = 1
    /// A link that leads nowhere: its content is absent.
    case absent = 2
    /// A link to a file.
    case link = 3
    /// A link that leads to no folder and is named as no file that is wanted: it may become the way to a folder.
    case way = 4
    /// A link to a folder, which stands among the folders too.
    case door = 5

    fileprivate var isListed: Bool { self == .file || self == .absent || self == .link }
  }

  /// One folder; those below it follow it.
  package struct Folder: Sendable {
    /// Its place among the folders; -1 for the root.
    package internal(set) var parent: Int32
    /// The first after it that does not lie below it.
    package internal(set) var end: Int32 = 0
    /// Its own name, and its files: for each the kind, the name and a zero.
    var name: Range<Int>
    var files: Range<Int>
    /// When something was added, taken away or renamed in it; 0 where that cannot be relied on.
    var modifiedNanoseconds: Int64
    var device: UInt64
    var inode: UInt64
    /// Whether some of its entries are links: what they lead to comes and goes without a change of the folder.
    var hasLinks = false
  }

  /// Absolute, without a slash at its end.
  package let root: String
  package internal(set) var folders: [Folder] = []
  var bytes: [UInt8] = []
  /// Folders that could not be read, by their place.
  package internal(set) var unreadable: [Int] = []
  /// How many folders were read anew; the others were as they had been known.
  package internal(set) var readCount = 0
  /// How many names are no UTF-8, and so are not listed.
  package internal(set) var unnamed = 0
  /// Folders of more files than are listed, by their place.
  package internal(set) var crowded: [Int] = []
  /// Whether there were more folders, or deeper ones, than may be.
  package internal(set) var isCut = false

  init(root: String) { self.root = root }

  package var fileCount: Int {
    folders.indices.reduce(0) { sum, n in
      var own = 0
      forEachFile(of: n) { _, _ in own += 1 }
      return sum + own
    }
  }

  /// The names from the root down, empty for the root.
  package func path(of folder: Int) -> [String] {
    var out: [String] = []
    var at = folder
    while at > 0 {
      out.append(String(decoding: bytes[folders[at].name], as: UTF8.self))
      at = Int(folders[at].parent)
    }
    return out.reversed()
  }

  /// A folder's own name; the root has none.
  package func name(of folder: Int) -> String {
    String(decoding: bytes[folders[folder].name], as: UTF8.self)
  }

  /// Calls for each file of a folder with its kind and its name.
  package func forEachFile(of folder: Int, _ body: (Kind, ArraySlice<UInt8>) -> Void) {
    forEachEntry(of: folder) { kind, name in if kind.isListed { body(kind, name) } }
  }

  /// The same with the links that are, or may become, ways to folders.
  func forEachEntry(of folder: Int, _ body: (Kind, ArraySlice<UInt8>) -> Void) {
    let range = folders[folder].files
    guard !range.isEmpty else { return }
    var at = range.lowerBound
    while at < range.upperBound {
      let end = bytes.withUnsafeBufferPointer { all in
        var end = at
        while end < range.upperBound, all[end] != 0 { end += 1 }
        return end
      }
      guard end < range.upperBound else { return }
      if let kind = Kind(rawValue: bytes[at]), end > at + 1 { body(kind, bytes[(at + 1)..<end]) }
      at = end + 1
    }
  }

  /// Adds the folders of another tree below one of this.
  mutating func append(_ other: FolderTree, below parent: Int) {
    let (first, shift) = (folders.count, bytes.count)
    bytes += other.bytes
    for folder in other.folders {
      var moved = folder
      moved.parent = folder.parent < 0 ? Int32(parent) : folder.parent + Int32(first)
      moved.end += Int32(first)
      moved.name = (folder.name.lowerBound + shift)..<(folder.name.upperBound + shift)
      moved.files = (folder.files.lowerBound + shift)..<(folder.files.upperBound + shift)
      folders.append(moved)
    }
    unreadable += other.unreadable.map { $0 + first }
    crowded += other.crowded.map { $0 + first }
    readCount += other.readCount
    unnamed += other.unnamed
    isCut = isCut || other.isCut
  }
}

extension FolderTree {
  package func holdsFiles(_ n: Int) -> Bool {
    guard folders[n].hasLinks else { return !folders[n].files.isEmpty }
    var holds = false
    forEachFile(of: n) { _, _ in holds = true }
    return holds
  }

  /// Whether two trees of one root have the same folders with the same entries, whenever they were read.
  package func lists(theSameAs other: FolderTree) -> Bool {
    guard folders.count == other.folders.count, root.utf8.elementsEqual(other.root.utf8) else {
      return false
    }
    return folders.indices.allSatisfy { n in
      let (a, b) = (folders[n], other.folders[n])
      return a.parent == b.parent && a.end == b.end
        && isEqual(a.name, in: bytes, b.name, in: other.bytes)
        && isEqual(a.files, in: bytes, b.files, in: other.bytes)
    }
  }

  /// Whether another tree of the same folders was read at the same times.
  package func isAsOld(as other: FolderTree) -> Bool {
    folders.elementsEqual(other.folders) {
      $0.modifiedNanoseconds == $1.modifiedNanoseconds && $0.inode == $1.inode
        && $0.device == $1.device
    }
  }

  package func hasChild(_ wanted: StaticString, of n: Int) -> Bool {
    wanted.withUTF8Buffer { text in
      children(of: n).contains { bytes[folders[$0].name].elementsEqual(text) }
    }
  }
}

private func isEqual(
  _ a: Range<Int>, in x: [UInt8], _ b: Range<Int>, in y: [UInt8]
) -> Bool {
  guard a.count == b.count else { return false }
  guard a.count > 0 else { return true }
  return x[a].withUnsafeBytes { x in
    y[b].withUnsafeBytes { y in
      guard let p = x.baseAddress, let q = y.baseAddress else { return x.count == y.count }
      return memcmp(p, q, x.count) == 0
    }
  }
}
