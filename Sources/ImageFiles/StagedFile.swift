import Basics
import Glibc

/// A file that is written whole and synced under a private name, beside the place that it will take.
struct StagedFile {
  let path: String
  let temporary: String
  let sha256: String
  /// The file that was there, under another name, while its place is being taken.
  private var kept: String?
  private(set) var isPlaced = false

  private static let ending = ".tmp"
  private static let beginning = ".boldspect-"

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func freeName(beside path: String) -> String {
    "\(folder(of: path))/\(beginning)\(getpid())-\(machine)-\(UInt32.random(in: 0...UInt32.max))\(ending)"
  }

  /// Where process numbers mean the same: the machine's name and its space of process numbers, as a short hash.
  static let machine: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    var status = stat()
    let space = stat("/proc/self/ns/pid", &status) == 0 ? UInt64(status.st_ino) : 0
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.prefix(while: { $0 != 0 }).map({ UInt64(UInt8(bitPattern: $0)) }) + [space] {
      hash = (hash ^ byte) &* 0x100_0000_01b3
    }
    return String(hash & 0xffff_ffff, radix: 16)
  }()

  /// Writes what `body` hands to its argument.
  init(
    _ path: String,
    _ body: (_ put: ([UInt8]) throws(Problem) -> Void) throws(Problem) -> Void
  ) throws(Problem) {
    self.path = path
    temporary = Self.freeName(beside: path)
    Self.tidy(Self.folder(of: path))
    let (name, temporary) = (fileName(path), temporary)
    let fd = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
      AtomicFile.followsUmask ? 0o666 : 0o600)
    guard fd >= 0 else {
      throw Problem(Self.kind(errno), name, "it cannot be written there: \(reason(errno))")
    }
    var hasher = Hasher256()
    do throws(Problem) {
      try body { (bytes) throws(Problem) in
        bytes.withUnsafeBytes { hasher.update($0) }
        try Self.writeAll(bytes, to: fd, name)
      }
      guard fsync(fd) == 0 else { throw Self.failed("fsync", errno, name) }
    } catch {
      close(fd)
      unlink(temporary)
      throw error
    }
    guard close(fd) == 0 else {
      let code = errno
      unlink(temporary)
      throw Self.failed("closing", code, name)
    }
    sha256 = hasher.finish()
  }

  /// Writes on after a signal, and after a call that took only some of the bytes.
  private static func writeAll(_ bytes: [UInt8], to fd: Int32, _ name: String) throws(Problem) {
    var at = 0
    while at < bytes.count {
      let written = bytes.withUnsafeBytes {
        Glibc.write(fd, $0.baseAddress.map { $0 + at }, bytes.count - at)
      }
      if written >= 0 {
        at += written
      } else if errno != EINTR {
        throw failed("writing", errno, name)
      }
    }
  }

  /// A name that cannot be taken is the person's to mend; a disk that fails is not.
  static func kind(_ code: Int32) -> Problem.Kind {
    let names = [EEXIST, ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, ENOTEMPTY]
    return names.contains(code) ? .cannotCreate : .inputOutput
  }

  private static func failed(_ what: String, _ code: Int32, _ name: String) -> Problem {
    Problem(
      .inputOutput, name, "\(what) failed: \(reason(code)); what was there before is unchanged")
  }

  /// Takes its place; what was there stays under another name until `settle` or `undo`.
  mutating func place(overwrite: Bool) throws(Problem) {
    let name = fileName(path)
    guard overwrite else {
      if let code = moveToFreeName(temporary, path) {
        throw Problem(Self.kind(code), name, "it cannot be created: \(reason(code))")
      }
      isPlaced = true
      return
    }
    kept = try Self.keep(path)
    guard rename(temporary, path) == 0 else {
      throw Problem(
        .inputOutput, name,
        "renaming failed: \(reason(errno)); what was there before is unchanged")
    }
    isPlaced = true
  }

  /// Puts back what was there.
  mutating func undo() {
    if isPlaced {
      if let kept { rename(kept, path) } else { unlink(path) }
    } else {
      if let kept { unlink(kept) }
      unlink(temporary)
    }
    (kept, isPlaced) = (nil, false)
  }

  /// What was there is gone from now on.
  mutating func settle() {
    if let kept { unlink(kept) }
    kept = nil
  }

  /// A second name of the file at a path, or a copy where a file system has no such names; nil when none is there.
  private static func keep(_ path: String) throws(Problem) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    let other = freeName(beside: path)
    if FreeNameWay.usable.contains(.link), link(path, other) == 0 { return other }
    let source = try FileSource(path)
    let copy = try StagedFile(path) { (put) throws(Problem) in
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let got = try source.readByte(into: &buffer)
        if got == 0 { return }
        try put(Array(buffer.prefix(got)))
      }
    }
    return copy.temporary
  }

  static func sync(_ folder: String) {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  /// Removes what runs of this user that were killed left in a folder: of processes of this machine that are gone at
  /// once. On a shared disk a process of another machine cannot be seen, and names of older versions do not say
  /// the machine: those go when they were not touched for an hour.
  static func tidy(_ folder: String) {
    guard let handle = opendir(folder) else { return }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(beginning), name.hasSuffix(ending),
        let process = Int32(name.dropFirst(beginning.count).prefix(while: \.isNumber)), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      let isOfHere = name.hasPrefix("\(beginning)\(process)-\(machine)-")
      let path = folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), isOfHere || time(nil) - status.st_mtim.tv_sec > 3600
      else { continue }
      unlink(path)
    }
  }
}
