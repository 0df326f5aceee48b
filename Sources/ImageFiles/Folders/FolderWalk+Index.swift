import Basics
import Glibc
import Synchronization

extension FolderWalk {
  /// Whether every folder of an index is as it was when it was kept: one look at each, and none is read.
  package func confirms(_ index: FolderIndex) -> Bool {
    let known: FolderTree
    if index.folders.folders.contains(where: \.hasLinks) {
      guard let whole = index.tree else { return false }
      known = whole
    } else {
      known = index.folders
    }
    let isChanged = Atomic<Bool>(false)
    inParallel(known.folders.count, grain: 64) { chunk in
      var path = FolderPath(known)
      for n in chunk {
        if isChanged.load(ordering: .relaxed) { return }
        guard !isCancelled(), isAsKnown(n, known, path.path(of: n)) else {
          return isChanged.store(true, ordering: .relaxed)
        }
      }
    }
    return !isChanged.load(ordering: .relaxed)
  }

  private func isAsKnown(_ n: Int, _ known: FolderTree, _ path: [UInt8]) -> Bool {
    let folder = known.folders[n]
    var status = stat()
    let found = path.withUnsafeBytes { bytes in
      bytes.baseAddress.map { stat($0.assumingMemoryBound(to: CChar.self), &status) }
    }
    return found == 0 && status.st_mode & S_IFMT == S_IFDIR && folder.modifiedNanoseconds != 0
      && folder.inode == UInt64(status.st_ino) && folder.device == UInt64(status.st_dev)
      && folder.modifiedNanoseconds == reliableTime(status, after: settledAfterSeconds)
      && (!folder.hasLinks || linksStand(in: n, of: known, Array(path.dropLast())))
  }
}

/// The paths of folders that are asked for one after the other, each made of the one before.
private struct FolderPath {
  private let tree: FolderTree
  private var bytes: [UInt8]
  /// The folders on the way, and where the name of each begins.
  private var open: [(folder: Int, length: Int)] = []

  init(_ tree: FolderTree) {
    self.tree = tree
    bytes = Array(tree.root.utf8)
  }

  /// With a zero at its end.
  mutating func path(of folder: Int) -> [UInt8] {
    if bytes.last == 0 { bytes.removeLast() }
    enter(folder)
    bytes.append(0)
    return bytes
  }

  private mutating func enter(_ folder: Int) {
    let parent = folder > 0 ? Int(tree.folders[folder].parent) : -1
    // What stands behind its parent in the tree is not on the way to it.
    while let last = open.last, last.folder > parent {
      bytes.removeLast(bytes.count - last.length)
      open.removeLast()
    }
    guard folder > 0 else { return }
    if parent > 0, open.last?.folder != parent { enter(parent) }
    open.append((folder, bytes.count))
    bytes.append(UInt8(ascii: "/"))
    bytes += tree.bytes[tree.folders[folder].name]
  }
}
