import Glibc

private typealias RenameWithFlags =
  @convention(c) (
    Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
  ) -> Int32

/// Linux' rename that can leave alone what is there; Swift's interface to the C library does not name it.
private let renameWithFlags: RenameWithFlags? = dlsym(nil, "renameat2").map {
  unsafeBitCast($0, to: RenameWithFlags.self)
}

/// Ways to take a name that nobody has; each is tried where the ones before it are unknown to the file system.
package enum FreeNameWay: CaseIterable {
  /// RENAME_NOREPLACE: all but NFS and a few others.
  case rename
  /// A second name, which is refused where one is there: all but FAT, as sticks have it.
  case link
  /// An empty file of our own under the name, which the file then replaces.
  case reserve
}

extension FreeNameWay {
  /// The ways that are tried; fewer stand for a file system that has no others.
  @TaskLocal package static var usable = FreeNameWay.allCases
}

/// Moves a file to a name that is free, never onto what appeared there in the meantime.
///
/// - Returns: why it could not, as the system's number; nil when it lies there, under that name alone.
package func moveToFreeName(
  _ from: String, _ to: String, by ways: [FreeNameWay] = FreeNameWay.usable
) -> Int32? {
  var code = ENOTSUP
  for way in ways {
    let isUnknown: [Int32]
    switch way {
    case .rename:
      guard let renameWithFlags else { continue }
      if renameWithFlags(AT_FDCWD, from, AT_FDCWD, to, 1) == 0 { return nil }
      isUnknown = [EINVAL, ENOSYS, ENOTSUP]
    case .link:
      if link(from, to) == 0 { return unlink(from) == 0 ? nil : undoLink(from, to) }
      isUnknown = [EPERM, ENOTSUP, ENOSYS, EMLINK]
    case .reserve:
      let descriptor = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return errno }
      close(descriptor)
      if rename(from, to) == 0 { return nil }
      let reason = errno
      unlink(to)
      return reason
    }
    code = errno
    guard isUnknown.contains(code) else { return code }
  }
  return code
}

/// Tries once more; a file with two names is told as one that could not be made, because the other is nobody's to find.
private func undoLink(_ from: String, _ to: String) -> Int32? {
  let code = errno
  if unlink(from) == 0 { return nil }
  unlink(to)
  return code
}
