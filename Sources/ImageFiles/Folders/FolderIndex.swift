package import Basics
internal import CISAL
import Glibc

/// A tree of folders as a file that only spares a walk, with what was made of it: it may be deleted at any time, and
/// one that is damaged or of another version is as good as none.
///
/// What a list needs while nothing changed comes first, so that the names of a hundred thousand files are not read
/// for it. Layout, little-endian: the mark; the CRC of what follows it up to the folders' names, that of the files'
/// names, the number of folders, the lengths of the root and (64 bits) of what was made, of the folders' names and of
/// the files' names; the root; for each folder its parent and end (32 bits), its time, device and inode (64 bits), the
/// lengths of its name and of its list of files, and 1 where that has links (32 bits); what was made of the tree; the
/// folders' names; the files' lists.
package final class FolderIndex: Sendable {
  private static let mark = Array("boldspect folders 2\n".utf8)
  private static let headLength = mark.count + 16 + 24
  private static let rowLength = 44

  /// What was made of the tree when it was kept; empty for nothing.
  package let made: [UInt8]
  /// The folders; of files only how much room their names take.
  let folders: FolderTree
  private let descriptor: Int32
  private let filesStart: Int
  private let filesCRC: UInt32

  /// Nil when there is none that can be used for this root.
  package init?(_ path: String, root: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    guard let front = Front(file, root: root) else {
      close(file)
      return nil
    }
    descriptor = file
    (made, folders) = (front.made, front.folders)
    (filesStart, filesCRC) = (front.filesStart, front.filesCRC)
  }

  deinit { close(descriptor) }

  /// The tree with the names of its files; nil where they are damaged.
  package var tree: FolderTree? {
    let length = (folders.folders.last?.files.upperBound ?? 0) - folders.bytes.count
    guard let files = stored(in: descriptor, at: filesStart, length),
      crc(files[...]) == filesCRC
    else { return nil }
    var out = folders
    out.bytes += files
    return out
  }

  package static func write(
    _ tree: FolderTree, made: [UInt8] = [], to path: String
  ) throws(Problem) {
    try AtomicFile.write(path, bytes(tree, made: made), overwrite: true)
  }

  static func bytes(_ tree: FolderTree, made: [UInt8]) -> [UInt8] {
    let root = Array(tree.root.utf8)
    let names = tree.folders.reduce(0) { $0 + $1.name.count }
    let files = tree.folders.reduce(0) { $0 + $1.files.count }
    var out = mark
    out.reserveCapacity(
      headLength + root.count + rowLength * tree.folders.count + made.count + names + files)
    func put<T: FixedWidthInteger>(_ value: T) {
      withUnsafeBytes(of: value.littleEndian) { out += $0 }
    }
    put(UInt32(0))
    put(UInt32(0))
    put(UInt32(tree.folders.count))
    put(UInt32(root.count))
    for length in [made.count, names, files] { put(UInt64(length)) }
    out += root
    for folder in tree.folders {
      put(folder.parent)
      put(folder.end)
      put(folder.modifiedNanoseconds)
      put(folder.device)
      put(folder.inode)
      put(UInt32(folder.name.count))
      put(UInt32(folder.files.count))
      put(UInt32(folder.hasLinks ? 1 : 0))
    }
    out += made
    for folder in tree.folders { out += tree.bytes[folder.name] }
    for folder in tree.folders { out += tree.bytes[folder.files] }
    return sealed(out)
  }

  /// The same file with the checksums that its content has; as it is where it is none.
  package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard let head = Head(bytes.prefix(headLength)) else { return bytes }
    let middle = head.frontLength
    guard middle <= bytes.count else { return bytes }
    var out = bytes
    for (n, sum) in [crc(bytes[(mark.count + 8)..<middle]), crc(bytes[middle...])].enumerated() {
      let at = mark.count + 4 * n
      withUnsafeBytes(of: sum.littleEndian) { out.replaceSubrange(at..<(at + 4), with: $0) }
    }
    return out
  }
}

extension FolderIndex {
  /// What stands before the root.
  private struct Head {
    var frontCRC: UInt32 = 0
    var filesCRC: UInt32 = 0
    var folders = 0
    var root = 0
    var made = 0
    var names = 0
    var files = 0
    /// All up to the files' lists.
    var frontLength: Int { headLength + root + rowLength * folders + made + names }

    init?(_ bytes: ArraySlice<UInt8>) {
      var reader = LittleEndianReader(Array(bytes))
      guard bytes.count == headLength, bytes.starts(with: mark) else { return nil }
      reader.at = mark.count
      guard let a = reader.take(UInt32.self), let b = reader.take(UInt32.self),
        let c = reader.take(UInt32.self), let d = reader.take(UInt32.self),
        let e = reader.take(UInt64.self), let f = reader.take(UInt64.self),
        let g = reader.take(UInt64.self), max(e, f, g) < 1 << 30, d < 1 << 16, c < 1 << 24, c > 0
      else { return nil }
      (frontCRC, filesCRC, folders, root) = (a, b, Int(c), Int(d))
      (made, names, files) = (Int(e), Int(f), Int(g))
    }
  }

  /// All but the files' lists.
  private struct Front {
    var made: [UInt8]
    var folders: FolderTree
    var filesStart: Int
    var filesCRC: UInt32

    init?(_ descriptor: Int32, root: String) {
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        let start = stored(in: descriptor, at: 0, headLength), let head = Head(start[...]),
        head.frontLength + head.files == Int(status.st_size),
        let rest = stored(in: descriptor, at: headLength, head.frontLength - headLength),
        crc(rest[...], after: crc(start[(mark.count + 8)...])) == head.frontCRC,
        rest[..<head.root].elementsEqual(root.utf8)
      else { return nil }
      var reader = LittleEndianReader(rest)
      reader.at = head.root
      folders = FolderTree(root: root)
      guard FolderIndex.takeFolders(&reader, head.folders, head.names, head.files, into: &folders)
      else { return nil }
      made = Array(rest[reader.at..<(reader.at + head.made)])
      folders.bytes = Array(rest[(reader.at + head.made)...])
      filesStart = head.frontLength
      filesCRC = head.filesCRC
    }
  }

  private static func takeFolders(
    _ reader: inout LittleEndianReader, _ count: Int, _ names: Int, _ files: Int,
    into tree: inout FolderTree
  ) -> Bool {
    tree.folders.reserveCapacity(count)
    var (name, file) = (0, names)
    for n in 0..<count {
      guard let parent = reader.take(Int32.self), let end = reader.take(Int32.self),
        let modified = reader.take(Int64.self), let device = reader.take(UInt64.self),
        let inode = reader.take(UInt64.self), let nameLength = reader.take(UInt32.self),
        let filesLength = reader.take(UInt32.self), let links = reader.take(UInt32.self),
        // What lies below a folder follows it: no ring, and nothing outside.
        parent >= -1, Int(parent) < n, n == 0 || parent >= 0, Int(end) > n, Int(end) <= count
      else { return false }
      let own = name..<(name + Int(nameLength))
      let list = file..<(file + Int(filesLength))
      guard own.upperBound <= names, list.upperBound <= names + files else { return false }
      var folder = FolderTree.Folder(
        parent: parent, end: end, name: own, files: list, modifiedNanoseconds: modified,
        device: device, inode: inode)
      folder.hasLinks = links != 0
      tree.folders.append(folder)
      (name, file) = (own.upperBound, list.upperBound)
    }
    return name == names && file == names + files
  }
}

/// Numbers as they follow each other in bytes.
private struct LittleEndianReader {
  private let bytes: [UInt8]
  var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take<T: FixedWidthInteger>(_: T.Type) -> T? {
    let size = MemoryLayout<T>.size
    guard at + size <= bytes.count else { return nil }
    defer { at += size }
    return bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: T.self))
    }
  }
}

/// The CRC of gzip.
private func crc(_ bytes: ArraySlice<UInt8>, after crc: UInt32 = 0) -> UInt32 {
  bytes.withUnsafeBufferPointer { boldspect_crc32(crc, $0.baseAddress, $0.count) }
}

/// So many bytes of an open file; nil when there are fewer.
private func stored(in descriptor: Int32, at offset: Int, _ length: Int) -> [UInt8]? {
  guard length >= 0 else { return nil }
  let found = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
    while count < length {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + count }, length - count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      if got <= 0 { break }
      count += got
    }
  }
  return found.count == length ? found : nil
}
