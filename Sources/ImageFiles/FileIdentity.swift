import Glibc

/// Which file it is without reading it: another size or time is another file.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
  package var size: Int64
  package var modifiedNanoseconds: Int64

  package init(device: UInt64, inode: UInt64, size: Int64, modifiedNanoseconds: Int64) {
    self.device = device
    self.inode = inode
    self.size = size
    self.modifiedNanoseconds = modifiedNanoseconds
  }

  /// Nil where there is no regular file.
  package init?(_ path: String) { self.init(path, kind: S_IFREG) }

  /// Nil where there is no folder.
  package init?(folder path: String) { self.init(path, kind: S_IFDIR) }

  private init?(_ path: String, kind: mode_t) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == kind else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modifiedNanoseconds =
      Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}
