package import Basics
import Glibc

/// Reads the folders under a root, on all cores; what is known and unchanged is not read again.
package struct FolderWalk: Sendable {
  /// Whether a file's name is worth keeping, and whether a folder is worth entering.
  package var keeps: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
  package var enters: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
  package var isCancelled: @Sendable () -> Bool = { false }
  /// A study beyond it is cut, and that is said.
  package var most = 2_000_000
  /// Of a folder with more files that are worth keeping none is listed, and that is said.
  package var mostFiles = 300_000
  /// Seconds after which a folder's time is relied on: one that changed just now may change again within the same
  /// tick of the clock.
  package var settledAfterSeconds = 2.0

  package init(
    keeps: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Bool,
    enters: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> Bool
  ) {
    self.keeps = keeps
    self.enters = enters
  }

  /// - Parameters:
  ///   - root: absolute.
  ///   - known: the same root as it was seen before.
  /// - Throws: a root that is not there or cannot be read; a cancelled walk.
  package func tree(_ root: String, known: FolderTree? = nil) throws(Problem) -> FolderTree {
    let known = known?.root == root ? known : nil
    var tree = FolderTree(root: root)
    let start = Step(path: Array(root.utf8), name: [], depth: 0, known: known.map { _ in 0 })
    guard let children = read(start, into: &tree, known, parent: -1) else {
      throw Problem(
        .missingInput, fileName(root), "it is no folder that can be read",
        expected: "a folder of a study")
    }
    // Folders with hundreds of people give work to every core; what lies above them does not.
    var open = children
    var grown: [(step: Step, parent: Int)] = open.map { ($0, 0) }
    if grown.count < 8 {
      open = []
      var deeper: [(step: Step, parent: Int)] = []
      for (step, parent) in grown {
        let place = tree.folders.count
        guard let below = read(step, into: &tree, known, parent: parent) else {
          tree.folders[parent].modifiedNanoseconds = 0
          continue
        }
        deeper += below.map { ($0, place) }
      }
      grown = deeper
    }
    let parts = grown
    let trees = parallelMap(parts.count) { n -> FolderTree in
      var part = FolderTree(root: root)
      self.walk(parts[n].step, into: &part, known, parent: -1)
      return part
    }
    if isCancelled() { throw .cancelled }
    return Self.joined(tree, trees, parts.map(\.parent))
  }

  /// Puts subtrees behind the folders that they lie in, so that what lies below a folder follows it.
  private static func joined(
    _ top: FolderTree, _ parts: [FolderTree], _ parents: [Int]
  ) -> FolderTree {
    var out = FolderTree(root: top.root)
    out.bytes = top.bytes
    out.readCount = top.readCount
    out.unnamed = top.unnamed
    out.isCut = top.isCut
    func add(_ old: Int, parent: Int) {
      let place = out.folders.count
      var folder = top.folders[old]
      folder.parent = Int32(parent)
      out.folders.append(folder)
      if top.unreadable.contains(old) { out.unreadable.append(place) }
      if top.crowded.contains(old) { out.crowded.append(place) }
      for child in top.folders.indices where Int(top.folders[child].parent) == old {
        add(child, parent: place)
      }
      for (n, part) in parts.enumerated() where parents[n] == old {
        if part.folders.isEmpty {
          // A folder that was there and cannot be reached now is looked for again.
          out.folders[place].modifiedNanoseconds = 0
        } else {
          out.append(part, below: place)
        }
      }
      out.folders[place].end = Int32(out.folders.count)
    }
    if !top.folders.isEmpty { add(0, parent: -1) }
    return out
  }

  private struct Step: Sendable {
    var path: [UInt8]
    var name: [UInt8]
    var depth: Int
    /// Its place in the tree that is known.
    var known: Int?
    /// How many links lead here, and the folders on the way: no ring is walked, no web of links for ever.
    var links = 0
    var above: [FolderPlace] = []
  }

  private struct FolderPlace: Equatable, Sendable {
    var device: UInt64
    var inode: UInt64
  }

  private func walk(
    _ step: Step, into tree: inout FolderTree, _ known: FolderTree?,
    parent: Int
  ) {
    if isCancelled() { return }
    let place = tree.folders.count
    guard place < most, step.depth < 40 else {
      tree.isCut = true
      // That it was cut is said the next time too.
      if parent >= 0 { tree.folders[parent].modifiedNanoseconds = 0 }
      return
    }
    guard let below = read(step, into: &tree, known, parent: parent) else {
      // A folder that was there and cannot be reached now is looked for again.
      if parent >= 0 { tree.folders[parent].modifiedNanoseconds = 0 }
      return
    }
    for child in below { walk(child, into: &tree, known, parent: place) }
    if tree.folders.indices.contains(place) { tree.folders[place].end = Int32(tree.folders.count) }
  }

  /// Adds one folder; the steps to those in it. Nil when it is none.
  private func read(
    _ step: Step, into tree: inout FolderTree, _ known: FolderTree?, parent: Int
  ) -> [Step]? {
    var status = stat()
    guard withPath(step.path, { stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return nil
    }
    let place = FolderPlace(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard !step.above.contains(place), !isKernels(place, in: step.above.last) else { return nil }
    var step = step
    step.above.append(place)
    let name = tree.bytes.count..<(tree.bytes.count + step.name.count)
    tree.bytes += step.name
    let start = tree.bytes.count
    var folder = FolderTree.Folder(
      parent: Int32(parent), end: Int32(tree.folders.count + 1), name: name, files: start..<start,
      modifiedNanoseconds: reliableTime(status, after: settledAfterSeconds),
      device: UInt64(status.st_dev),
      inode: UInt64(status.st_ino))
    if let known, let n = step.known, known.folders.indices.contains(n),
      known.folders[n].modifiedNanoseconds != 0,
      known.folders[n].modifiedNanoseconds == folder.modifiedNanoseconds,
      known.folders[n].inode == folder.inode, known.folders[n].device == folder.device,
      // What a link leads to comes and goes without a change of the folder's time.
      !known.folders[n].hasLinks || linksStand(in: n, of: known, step.path)
    {
      tree.bytes += known.bytes[known.folders[n].files]
      folder.files = start..<tree.bytes.count
      folder.hasLinks = known.folders[n].hasLinks
      tree.folders.append(folder)
      return steps(below: n, of: known, step)
    }
    tree.folders.append(folder)
    tree.readCount += 1
    let number = tree.folders.count - 1
    let passed = tree.unnamed
    let found = list(step, into: &tree)
    // What cannot be kept in an index is looked for again.
    if tree.unnamed > passed || tree.crowded.last == number {
      tree.folders[number].modifiedNanoseconds = 0
    }
    guard let listed = found else {
      tree.unreadable.append(number)
      tree.folders[number].modifiedNanoseconds = 0
      return []
    }
    tree.folders[number].files = start..<tree.bytes.count
    var childPlaces: [[UInt8]: Int] = [:]
    if let known, let n = step.known {
      for child in known.children(of: n) { childPlaces[known.nameBytes(of: child)] = child }
    }
    return listed.map { child in
      var out = child
      out.known = childPlaces[child.name]
      return out
    }
  }

  /// Whether a folder begins a file system that the kernel makes up.
  private func isKernels(_ place: FolderPlace, in above: FolderPlace?) -> Bool {
    above.map { $0.device != place.device } ?? false && kernelDevices.contains(place.device)
  }

  private func steps(below n: Int, of known: FolderTree, _ step: Step) -> [Step] {
    known.children(of: n).map { child in
      let name = known.nameBytes(of: child)
      return Step(
        path: step.path + [UInt8(ascii: "/")] + name, name: name, depth: step.depth + 1,
        known: child, links: step.links, above: step.above)
    }
  }

  /// Reads the entries of the folder that was added last: its files into the tree, the folders in it as steps, by
  /// their names.
  private func list(_ step: Step, into tree: inout FolderTree) -> [Step]? {
    guard let stream = withPath(step.path, { opendir($0) }) else { return nil }
    defer { closedir(stream) }
    var files: [(kind: FolderTree.Kind, name: [UInt8])] = []
    var below: [Step] = []
    while let entry = readdir(stream) {
      let length = strlen(nameOf(entry))
      let name = UnsafeBufferPointer(
        start: UnsafeRawPointer(nameOf(entry)).assumingMemoryBound(to: UInt8.self), count: length)
      // What begins with a dot is the system's or a tool's.
      guard length > 0, name[0] != UInt8(ascii: ".") else { continue }
      guard isUTF8(name) else {
        // Two such names may look alike: files of two people would be joined.
        tree.unnamed += 1
        continue
      }
      switch look(at: entry, name, step) {
      case .file(let kind)?:
        files.append((kind, Array(name)))
        if files.count > mostFiles {
          tree.crowded.append(tree.folders.count - 1)
          return []
        }
      case .folder(let isLink)?:
        if isLink { files.append((.door, Array(name))) }
        below.append(
          Step(
            path: step.path + [UInt8(ascii: "/")] + Array(name), name: Array(name),
            depth: step.depth + 1, links: step.links + (isLink ? 1 : 0), above: step.above))
      case nil: break
      }
    }
    files.sort { comesFirst($0.name, $1.name) }
    for file in files {
      tree.bytes.append(file.kind.rawValue)
      tree.bytes += file.name
      tree.bytes.append(0)
    }
    tree.folders[tree.folders.count - 1].hasLinks = files.contains { $0.kind != .file }
    return below.sorted { comesFirst($0.name, $1.name) }
  }

  private enum Entry {
    case file(FolderTree.Kind)
    case folder(isLink: Bool)
  }

  /// What an entry is to the walk; nil for nothing.
  private func look(
    at entry: UnsafeMutablePointer<dirent>, _ name: UnsafeBufferPointer<UInt8>, _ step: Step
  ) -> Entry? {
    switch Int(entry.pointee.d_type) {
    case DT_REG: return keeps(name) ? .file(.file) : nil
    case DT_DIR: return enters(name) ? .folder(isLink: false) : nil
    case let type where type == DT_LNK || type == DT_UNKNOWN:
      guard keeps(name) || enters(name) else { return nil }
      var there = stat()
      let path = step.path + [UInt8(ascii: "/")] + Array(name)
      if withPath(path, { stat($0, &there) }) != 0 {
        return .file(keeps(name) ? .absent : .way)
      }
      if there.st_mode & S_IFMT == S_IFDIR {
        guard enters(name), type != DT_LNK || step.links < 2 else { return nil }
        return .folder(isLink: type == DT_LNK)
      }
      guard type == DT_LNK else { return keeps(name) ? .file(.file) : nil }
      return .file(keeps(name) ? .link : .way)
    default: return nil
    }
  }

  /// Whether each link of a folder leads to what it led to when the folder was read.
  func linksStand(in n: Int, of known: FolderTree, _ folder: [UInt8]) -> Bool {
    var stand = true
    known.forEachEntry(of: n) { kind, name in
      guard stand, kind != .file else { return }
      var there = stat()
      let isThere = withPath(folder + [UInt8(ascii: "/")] + name, { stat($0, &there) }) == 0
      let isFolder = isThere && there.st_mode & S_IFMT == S_IFDIR
      switch kind {
      case .link: stand = isThere && !isFolder
      case .absent: stand = !isThere
      case .door: stand = isFolder
      case .way: stand = !isFolder
      case .file: break
      }
    }
    return stand
  }
}

extension FolderTree {
  func children(of n: Int) -> [Int] {
    var out: [Int] = []
    var at = n + 1
    while at < Int(folders[n].end), at < folders.count {
      out.append(at)
      // A damaged index must not go round in a ring.
      at = max(at + 1, Int(folders[at].end))
    }
    return out
  }

  func nameBytes(of n: Int) -> [UInt8] { Array(bytes[folders[n].name]) }
}

/// In the order of their bytes.
private func comesFirst(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  a.withUnsafeBytes { x in
    b.withUnsafeBytes { y in
      guard let p = x.baseAddress, let q = y.baseAddress else { return x.count < y.count }
      let order = memcmp(p, q, min(x.count, y.count))
      return order < 0 || order == 0 && x.count < y.count
    }
  }
}

private func isUTF8(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
  name.allSatisfy { $0 < 0x80 } || String(validating: name, as: UTF8.self) != nil
}

func withPath<T>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> T) -> T {
  (path + [0]).withUnsafeBufferPointer { bytes in
    bytes.withMemoryRebound(to: CChar.self) { text in
      guard let start = text.baseAddress else { preconditionFailure("it holds a zero at least") }
      return body(start)
    }
  }
}

/// The time of a folder's last change; 0 where it was just now.
func reliableTime(_ s: stat, after seconds: Double) -> Int64 {
  // The time of its last change of any kind, which nobody can set back.
  let changed = Int64(s.st_ctim.tv_sec) * 1_000_000_000 + Int64(s.st_ctim.tv_nsec)
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  let age = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - changed
  return Double(age) >= seconds * 1e9 ? changed : 0
}

func nameOf(_ entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
  let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 19
  return UnsafePointer(
    (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
}

/// File systems that the kernel makes up: they hold no scans, and reading them has no end.
private let kernelDevices: Set<UInt64> = {
  func device(_ path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_dev) : nil
  }
  let made = ["/proc", "/sys", "/sys/fs/cgroup", "/sys/kernel/debug", "/dev", "/dev/pts"]
  // Where one of them is no mount of its own, it is the folder of a real file system.
  return Set(made.compactMap(device)).subtracting([device("/")].compactMap { $0 })
}()
