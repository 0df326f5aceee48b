package import Basics
import Glibc

/// A tree of folders as a file that only spares a walk: it may be deleted at any time, and one that is damaged or
/// of another version is as good as none.
///
/// Layout, little-endian: the mark, the root (length, bytes), the number of folders, for each its parent and end
/// (32 bits), its time, device and inode (64 bits), the lengths of its name and of its list of files (32 bits);
/// then the bytes of all names and lists, folder by folder.
package enum FolderIndex {
  private static let mark = Array("boldspect folders 1\n".utf8)

  package static func write(_ tree: FolderTree, to path: String) throws(Problem) {
    try AtomicFile.write(path, bytes(tree), overwrite: true)
  }

  /// Nil when there is none that can be used for this root.
  package static func read(_ path: String, root: String) -> FolderTree? {
    guard let bytes = wholeFile(path) else { return nil }
    return tree(bytes, root: root)
  }

  static func bytes(_ tree: FolderTree) -> [UInt8] {
    var out = mark
    out.reserveCapacity(tree.bytes.count + 40 * tree.folders.count + 200)
    func put<T: FixedWidthInteger>(_ value: T) {
      var value = value.littleEndian
      withUnsafeBytes(of: &value) { out += $0 }
    }
    put(UInt32(tree.root.utf8.count))
    out += Array(tree.root.utf8)
    put(UInt32(tree.folders.count))
    for folder in tree.folders {
      put(folder.parent)
      put(folder.end)
      put(folder.modifiedNanoseconds)
      put(folder.device)
      put(folder.inode)
      put(UInt32(folder.name.count))
      put(UInt32(folder.files.count))
    }
    for folder in tree.folders {
      out += tree.bytes[folder.name]
      out += tree.bytes[folder.files]
    }
    return out
  }

  static func tree(_ bytes: [UInt8], root: String) -> FolderTree? {
    var at = mark.count
    guard bytes.starts(with: mark) else { return nil }
    func take<T: FixedWidthInteger>(_: T.Type) -> T? {
      let size = MemoryLayout<T>.size
      guard at + size <= bytes.count else { return nil }
      defer { at += size }
      return bytes.withUnsafeBytes {
        T(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: T.self))
      }
    }
    guard let rootLength = take(UInt32.self).map(Int.init), rootLength <= bytes.count - at,
      bytes[at..<(at + rootLength)].elementsEqual(root.utf8)
    else { return nil }
    at += rootLength
    guard let count = take(UInt32.self).map(Int.init), count > 0, count <= (bytes.count - at) / 40
    else { return nil }
    var tree = FolderTree(root: root)
    tree.folders.reserveCapacity(count)
    var place = 0
    for n in 0..<count {
      guard let parent = take(Int32.self), let end = take(Int32.self),
        let modified = take(Int64.self), let device = take(UInt64.self),
        let inode = take(UInt64.self), let name = take(UInt32.self).map(Int.init),
        let files = take(UInt32.self).map(Int.init),
        // What lies below a folder follows it: no ring, and nothing outside.
        parent >= -1, Int(parent) < n, n == 0 || parent >= 0, Int(end) > n, Int(end) <= count
      else { return nil }
      tree.folders.append(
        FolderTree.Folder(
          parent: parent, end: end, name: place..<(place + name),
          files: (place + name)..<(place + name + files), modifiedNanoseconds: modified,
          device: device, inode: inode))
      place += name + files
    }
    guard bytes.count - at == place else { return nil }
    tree.bytes = Array(bytes[at...])
    return tree
  }
}

/// All of a regular file; nil when there is none.
private func wholeFile(_ path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
    status.st_size > 0, status.st_size < 1 << 30
  else { return nil }
  let size = Int(status.st_size)
  let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
      if got < 0, errno == EINTR { continue }
      if got <= 0 { break }
      count += got
    }
  }
  return bytes.count == size ? bytes : nil
}
