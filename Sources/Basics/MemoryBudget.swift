import Glibc

/// What may still be allocated. An allocation that fails ends the program, so whatever is sized by a file is
/// asked for here first and refused in words.
package enum MemoryBudget {
  /// Kept back for what is not counted: stacks, buffers, the text of a result.
  private static let reserve = 64 << 20

  /// Bytes that the system would still give: the least of the machine's free memory, the control group's
  /// and the process's own limits (`ulimit -v`, `ulimit -d`).
  package static var availableBytes: Int {
    var least = Int.max
    if let machine = machineBytes { least = min(least, machine) }
    if let group = groupBytes { least = min(least, group) }
    let (size, data) = ownPages ?? (0, 0)
    for (kind, used) in [(RLIMIT_AS, size), (RLIMIT_DATA, data)] {
      var limit = rlimit()
      if getrlimit(__rlimit_resource_t(UInt32(kind.rawValue)), &limit) == 0,
        limit.rlim_cur < rlim_t(Int.max)
      {
        least = min(least, Int(limit.rlim_cur) - used)
      }
    }
    return max(0, least)
  }

  /// Whether the address space has a limit (`ulimit -v`) that buffers of libraries might reach.
  package static var hasAddressLimit: Bool {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(UInt32(RLIMIT_AS.rawValue)), &limit) == 0
      && limit.rlim_cur < 8 << 30
  }

  /// Refuses what does not fit, before it is allocated.
  ///
  /// - Parameters:
  ///   - subject: the file or option that states the size.
  ///   - what: that needs it, as in "reading it".
  ///   - most: a bound of its own, for what would fit and still be of no use.
  package static func require(
    _ bytes: Int, of subject: String, for what: String, most: Int = .max, remedy: String? = nil
  ) throws(Problem) {
    let room = min(most, max(0, availableBytes - reserve))
    guard bytes > room else { return }
    throw Problem(
      .data, subject, "\(what) needs \(text(bytes)) of memory", expected: "at most \(text(room))",
      remedy: remedy)
  }

  /// The product of counts, the largest number where it would overflow.
  package static func product(_ counts: Int...) -> Int {
    counts.reduce(1) { whole, n in
      let (product, over) = whole.multipliedReportingOverflow(by: max(0, n))
      return over ? .max : product
    }
  }

  /// The sum of sizes, the largest number where it would overflow.
  package static func sum(_ sizes: Int...) -> Int {
    sizes.reduce(0) { whole, n in
      let (sum, over) = whole.addingReportingOverflow(n)
      return over ? .max : sum
    }
  }

  private static func text(_ bytes: Int) -> String {
    if bytes == .max { return "more than any" }
    return bytes < 10 << 30
      ? "\(bytes >> 20) MiB" : "\(plainNumber(Double(bytes) / Double(1 << 30), 1)) GiB"
  }

  /// Address space and data of this process in bytes.
  private static var ownPages: (Int, Int)? {
    guard let text = read("/proc/self/statm") else { return nil }
    let pages = text.split(separator: " ").compactMap { Int($0) }
    guard pages.count >= 6 else { return nil }
    let size = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))
    return (pages[0] * size, pages[5] * size)
  }

  /// What the machine can give without ending others.
  private static var machineBytes: Int? {
    guard let text = read("/proc/meminfo") else { return nil }
    var sum: Int?
    for line in text.split(separator: "\n")
    where line.hasPrefix("MemAvailable:") || line.hasPrefix("SwapFree:") {
      let words = line.split(separator: " ")
      if words.count >= 2, let kibibytes = Int(words[1]) { sum = (sum ?? 0) + kibibytes << 10 }
    }
    return sum
  }

  /// What is left of the control group's limit.
  private static var groupBytes: Int? {
    for (folder, limit, used, cache) in [
      ("/sys/fs/cgroup/", "memory.max", "memory.current", "inactive_file "),
      (
        "/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes",
        "total_inactive_file "
      ),
    ] {
      guard let most = read(folder + limit).flatMap(number), most < 1 << 60 else { continue }
      // Files that were read count as used, and are given back when somebody asks.
      let lines = read(folder + "memory.stat")?.split(separator: "\n") ?? []
      let givenBack =
        lines.first { $0.hasPrefix(cache) }
        .flatMap { Int($0.dropFirst(cache.count)) } ?? 0
      return max(0, most - (read(folder + used).flatMap(number) ?? 0) + givenBack)
    }
    return nil
  }

  private static func number(_ text: String) -> Int? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }

  /// A small file of the system's.
  private static func read(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let got = Glibc.read(descriptor, &bytes, bytes.count)
    return got > 0 ? String(decoding: bytes.prefix(got), as: UTF8.self) : nil
  }
}
