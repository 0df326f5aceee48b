import Basics
import Foundation
import Glibc

/// The target that this process runs.
private let chosen: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["BOLDSPECT_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    writeToStandardError("BOLDSPECT_FUZZ_TARGET names no target: \(name)\n")
    exit(64)
  }
  return target
}()

/// Processor time that an input of a few kilobytes may take, sanitizers and all.
private let mostSeconds = 2.0
/// Memory that may be asked for over what there was before.
private let mostBytes = 1 << 30

/// A byte as libFuzzer's dictionaries have it.
private func quoted(_ byte: UInt8) -> String {
  let isPlain = (0x20...0x7e).contains(byte) && byte != 0x22 && byte != 0x5c
  return isPlain ? String(UnicodeScalar(byte)) : "\\x" + String(format: "%02x", byte)
}

/// With BOLDSPECT_FUZZ_SEEDS writes every target's seeds and words into that folder, lists the targets and ends.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzInitialize(
  _: UnsafeMutablePointer<CInt>?,
  _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  signal(SIGPIPE, SIG_IGN)
  guard let folder = ProcessInfo.processInfo.environment["BOLDSPECT_FUZZ_SEEDS"] else { return 0 }
  do {
    for target in FuzzTarget.all {
      let place = folder + "/" + target.name
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for (n, seed) in try target.seeds().enumerated() {
        try Data(seed).write(to: URL(filePath: place + "/seed-\(n)"))
      }
      let words = target.words.map { "\"" + $0.utf8.map(quoted).joined() + "\"\n" }
      try Data(words.joined().utf8).write(to: URL(filePath: folder + "/" + target.name + ".dict"))
      print(target.name, target.most)
    }
    exit(0)
  } catch {
    writeToStandardError("the seeds cannot be made: \(error)\n")
    exit(74)
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = [UInt8](UnsafeBufferPointer(start: data, count: size))
  guard bytes.count <= chosen.most else { return -1 }
  Memory.limit()
  let start = processSeconds()
  attempt { () throws(Problem) in try chosen.run(bytes) }
  let taken = processSeconds() - start
  require(taken < mostSeconds, "\(chosen.name) took \(taken) s for \(size) bytes")
  return 0
}

private func processSeconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t)
  return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}

/// The limit that `MemoryBudget` sees and the kernel keeps; it moves along with what the sanitizer itself keeps.
private enum Memory {
  nonisolated(unsafe) private static var runs = 0

  static func limit() {
    defer { runs += 1 }
    guard runs % 64 == 0,
      let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    else { return }
    let pages = text.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
    guard pages.count > 5 else { return }
    let bytes = pages[5] * 4096 + mostBytes
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t.max)
    getrlimit(__rlimit_resource_t(UInt32(RLIMIT_DATA.rawValue)), &limit)
    limit.rlim_cur = rlim_t(bytes)
    setrlimit(__rlimit_resource_t(UInt32(RLIMIT_DATA.rawValue)), &limit)
  }
}
