import Basics
import Foundation
import Glibc

/// One thing that takes what others wrote, and what libFuzzer begins from.
struct FuzzTarget: Sendable {
  let name: String
  /// Bytes that an input may have.
  var most = 4096
  /// Words of the format, which libFuzzer puts in.
  var words: [String] = []
  let seeds: @Sendable () throws -> [[UInt8]]
  /// A refusal is as good as an answer, if it can be shown.
  let run: @Sendable ([UInt8]) throws(Problem) -> Void

  /// All of them, by topic.
  static let all: [FuzzTarget] =
    imageTargets + dicomTargets + transformTargets + tableTargets + recordTargets
    + navigatorTargets + argumentTargets + viewerTargets + terminalTargets + outputTargets

  /// Seeds that are text.
  static func texts(_ all: String...) -> @Sendable () -> [[UInt8]] {
    let bytes = all.map { Array($0.utf8) }
    return { bytes }
  }
}

/// Says what does not hold, and ends the process, which libFuzzer takes for a finding.
func require(_ holds: Bool, _ words: @autoclosure () -> String) {
  guard !holds else { return }
  writeToStandardError("PROPERTY \(words())\n")
  abort()
}

/// A refusal can be shown on a terminal, says what was found, and has no end of words.
func requireShowable(_ problem: Problem) {
  requirePlain(problem.sentence, "a refusal")
  require(problem.kind == .cancelled || !problem.found.isEmpty, "a refusal without a cause")
  require(problem.sentence.unicodeScalars.count < 5000, "a refusal without an end")
}

func requireShowable(_ finding: Finding) {
  requirePlain(finding.text, "a finding")
  requirePlain(finding.file ?? "", "the file of a finding")
}

/// Nothing in it moves a cursor, turns text round or cannot be seen.
func requirePlain(_ text: String, _ what: String, except allowed: Set<Unicode.Scalar> = []) {
  let bad = text.unicodeScalars.first { isInvisible($0) && !allowed.contains($0) }
  require(bad == nil, "\(what) holds U+\(String(bad?.value ?? 0, radix: 16))")
}

/// Tries something that may be refused; the refusal is looked at.
@discardableResult
func attempt<R>(_ body: () throws(Problem) -> R) -> R? {
  do throws(Problem) { return try body() } catch {
    requireShowable(error)
    return nil
  }
}

/// UTF-8 of anything, as text.
func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// Inputs of several parts: they are divided by a line of its own.
func parts(_ bytes: [UInt8]) -> [[UInt8]] {
  let mark = Array("\n----\n".utf8)
  var out: [[UInt8]] = [[]]
  var at = 0
  while at < bytes.count {
    if bytes[at] == mark[0], bytes[at...].starts(with: mark), out.count < 6 {
      out.append([])
      at += mark.count
    } else {
      out[out.count - 1].append(bytes[at])
      at += 1
    }
  }
  return out
}

/// A folder in memory for files that only one input has.
enum Scratch {
  static let root: String = {
    let given = ProcessInfo.processInfo.environment["BOLDSPECT_FUZZ_FOLDER"]
    let path = (given ?? "/dev/shm") + "/boldspect-fuzz-\(getpid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: Scratch.root) }
    return path
  }()

  /// A file of this content; folders on the way are made.
  @discardableResult
  static func file(_ name: String, _ bytes: [UInt8]) -> String {
    let path = root + "/" + name
    if name.contains("/") {
      let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    require(descriptor >= 0, "the scratch folder takes no file")
    defer { close(descriptor) }
    var at = 0
    while at < bytes.count {
      let done = bytes.withUnsafeBytes { raw in
        write(descriptor, raw.baseAddress.map { $0 + at }, bytes.count - at)
      }
      require(done > 0, "the scratch folder is full")
      at += done
    }
    return path
  }

  static func remove(_ name: String) { unlink(root + "/" + name) }
}
