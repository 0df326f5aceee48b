package import Basics
import Foundation
import Glibc
import ImageFiles
import Synchronization

/// `-` in place of an image: standard input and standard output as files that are there for the length of a command.
///
/// Images are read more than once and written with a JSON beside them, so a stream goes through a private file. What
/// goes out is sent whole, after everything has succeeded.
package final class StandardStreams {
  private var folder: PrivateFolder?
  /// Where what goes to standard output is written; nil where nothing does.
  private var outgoing: String? { didSet { Self.isSending.withLock { $0 = outgoing != nil } } }
  private static let isSending = Mutex(false)
  /// Whether an image goes to standard output, where then no words may go.
  package static var sendsImage: Bool { isSending.withLock { $0 } }

  package init() {}

  /// Commands whose output is one image.
  private static let writers: Set<String> = [
    "clean", "seedmap", "measures", "simulate", "smooth", "resample", "losses", "siscom",
  ]
  /// Commands whose first arguments are images.
  private static let readers: Set<String> = writers.union([
    "info", "value", "confounds", "matrix", "networks", "windows", "perfusion", "targets",
    "resolution",
  ])

  /// The command line with files in the place of streams.
  package func settled(_ arguments: [String]) throws(Problem) -> [String] {
    guard let command = arguments.first, arguments.contains("-"), Self.readers.contains(command)
    else { return arguments }
    var out = arguments
    var incoming = 0
    for n in arguments.indices where arguments[n] == "-" {
      let before = n > 0 ? arguments[n - 1] : ""
      if ["-o", "--output"].contains(before) {
        guard Self.writers.contains(command) else { continue }
        guard !arguments.contains("--json") else {
          throw Problem(
            .usage, "-o", "the image and --json would both go to standard output",
            expected: "one of them")
        }
        let path = try made() + "/stdout.nii"
        (out[n], outgoing) = (path, path)
      } else {
        incoming += 1
        guard incoming == 1 else {
          throw Problem(.usage, "-", "standard input is asked for twice", expected: "once")
        }
        out[n] = try received()
        noteTyped("-", for: out[n])
      }
    }
    return out
  }

  /// A folder that goes away with the process, however it ends.
  private func made() throws(Problem) -> String {
    if let folder { return folder.path }
    let made = try PrivateFolder()
    folder = made
    return made.path
  }

  /// Standard input as a file whose ending is what its first bytes are.
  private func received() throws(Problem) -> String {
    let input = FileHandle.standardInput
    func next() throws(Problem) -> Data {
      do { return try input.read(upToCount: 1 << 20) ?? Data() } catch {
        throw Problem(.inputOutput, "standard input", "it cannot be read")
      }
    }
    let first = try next()
    guard !first.isEmpty else {
      throw Problem(.data, "standard input", "it is empty", expected: "a NIfTI image")
    }
    let isCompressed = first.starts(with: [0x1f, 0x8b])
    let path = try made() + "/stdin.nii" + (isCompressed ? ".gz" : "")
    try AtomicFile.write(path, overwrite: false) { (put) throws(Problem) in
      var part = first
      while !part.isEmpty {
        try put(Array(part))
        part = try next()
      }
    }
    return path
  }

  /// Sends what was made for standard output; a reader that went away is no error of ours.
  package func send() throws(Problem) {
    guard let outgoing, FileManager.default.fileExists(atPath: outgoing) else { return }
    guard let file = FileHandle(forReadingAtPath: outgoing) else {
      throw Problem(.inputOutput, "standard output", "what was made for it is gone")
    }
    while true {
      let part: [UInt8]
      do { part = Array(try file.read(upToCount: 1 << 20) ?? Data()) } catch {
        throw Problem(.inputOutput, "standard output", "what was made for it cannot be read")
      }
      if part.isEmpty { return }
      guard try writeToStandardOutput(part) else { return }
    }
  }
}
