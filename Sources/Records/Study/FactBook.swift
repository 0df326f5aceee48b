import Basics
import Foundation
package import ImageFiles
package import Imaging
import Synchronization

/// What was learnt of a file when it was read.
package struct FileFacts: Equatable, Sendable {
  package var sha256: String?
  package var frames: Int?
  package var repetitionTimeSeconds: Double?
  package var meanDisplacementMillimetres: Double?
  /// Which space its header says: the NIfTI code of the form in use.
  package var formCode: Int?
  /// The share of frames that censoring at `RunFacts.keptBelowMillimetres` leaves.
  package var keptShare: Double?
  /// What its header says that it was made of.
  package var origin: ImageOrigin?
  /// The path that it was read at, by its hash: tells what lay there before.
  package var place: String?

  package init() {}

  mutating func merge(_ other: FileFacts) {
    sha256 = other.sha256 ?? sha256
    frames = other.frames ?? frames
    formCode = other.formCode ?? formCode
    repetitionTimeSeconds = other.repetitionTimeSeconds ?? repetitionTimeSeconds
    meanDisplacementMillimetres =
      other.meanDisplacementMillimetres ?? meanDisplacementMillimetres
    keptShare = other.keptShare ?? keptShare
    origin = other.origin ?? origin
    place = other.place ?? place
  }
}

/// What was learnt of files, by their identity; only a cache: deleting it costs reading them again.
///
/// Lines are only added, each in one write, so that two programs at once lose nothing of each other's.
package final class FactBook: Sendable {
  private let path: String
  /// Read when it is asked for first: who opens no folder pays nothing.
  private let known = Mutex<Known?>(nil)
  private static let mark = "f1"

  private struct Known {
    var files: [FileIdentity: FileFacts] = [:]
    /// What was read last at each place.
    var places: [String: FileIdentity] = [:]

    mutating func learn(_ new: FileFacts, of identity: FileIdentity) {
      files[identity, default: FileFacts()].merge(new)
      if let place = new.place { places[place] = identity }
    }
  }

  package init(folder: String = UserFolders.cache) {
    path = folder + "/files"
  }

  package func facts(of identity: FileIdentity) -> FileFacts? {
    known.withLock { book in
      if book == nil { book = load() }
      return book?.files[identity]
    }
  }

  /// What was read last at a path: which file it was, and its hash.
  package func lastRead(at path: String) -> (identity: FileIdentity, sha256: String)? {
    known.withLock { book in
      if book == nil { book = load() }
      guard let identity = book?.places[Self.place(of: path)],
        let hash = book?.files[identity]?.sha256
      else { return nil }
      return (identity, hash)
    }
  }

  /// As a place is kept: it names nobody.
  package static func place(of path: String) -> String {
    String(sha256(of: Array(path.utf8)).prefix(32))
  }

  /// Whether nothing was learnt of any file.
  package var isEmpty: Bool {
    known.withLock { book in
      if book == nil { book = load() }
      return book?.files.isEmpty ?? true
    }
  }

  /// Remembers, and says nothing when the cache cannot be written: it only saves time.
  package func learn(_ new: FileFacts, of identity: FileIdentity) {
    let isNews = known.withLock { book in
      if book == nil { book = load() }
      let before = (book?.files[identity], new.place.flatMap { book?.places[$0] })
      book?.learn(new, of: identity)
      let after = (book?.files[identity], new.place.flatMap { book?.places[$0] })
      return before != after
    }
    guard isNews else { return }
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    guard (try? UserFolders.make(folder, for: "the cache")) != nil else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let line = Array(Self.line(new, identity).utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  private static func line(_ f: FileFacts, _ i: FileIdentity) -> String {
    var words = [mark, "\(i.device)", "\(i.inode)", "\(i.size)", "\(i.modifiedNanoseconds)"]
    if let x = f.sha256 { words.append("sha=\(x)") }
    if let x = f.frames { words.append("frames=\(x)") }
    if let x = f.formCode { words.append("form=\(x)") }
    if let x = f.repetitionTimeSeconds { words.append("tr=\(x)") }
    if let x = f.meanDisplacementMillimetres { words.append("fd=\(x)") }
    if let x = f.keptShare { words.append("left=\(x)") }
    if let x = f.origin { words.append("origin=\(x.rawValue)") }
    if let x = f.place { words.append("at=\(x)") }
    return words.joined(separator: " ") + "\n"
  }

  private func load() -> Known {
    guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 28 else {
      return Known()
    }
    var book = Known()
    for line in [UInt8](data).split(separator: UInt8(ascii: "\n")) {
      guard let (identity, facts) = Self.parsed(line) else { continue }
      book.learn(facts, of: identity)
    }
    return book
  }

  private static func parsed(_ line: ArraySlice<UInt8>) -> (FileIdentity, FileFacts)? {
    // Bytes, and text only of what is a value: ten thousand lines are read at once.
    let words = line.split(separator: UInt8(ascii: " "))
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    guard words.count > 5, words[0].elementsEqual(mark.utf8), let device = UInt64(text(words[1])),
      let inode = UInt64(text(words[2])), let size = Int64(text(words[3])),
      let time = Int64(text(words[4]))
    else { return nil }
    var facts = FileFacts()
    for word in words.dropFirst(5) {
      guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let value = text(word[(equals + 1)...])
      switch text(word[..<equals]) {
      case "sha":
        guard value.utf8.count == 64, value.allSatisfy(\.isHexDigit) else { return nil }
        facts.sha256 = value
      case "frames": facts.frames = Int(value)
      case "form": facts.formCode = Int(value)
      case "tr": facts.repetitionTimeSeconds = Double(value)
      case "fd": facts.meanDisplacementMillimetres = Double(value)
      case "origin": facts.origin = ImageOrigin(rawValue: value)
      case "at": facts.place = value
      case "left": facts.keptShare = Double(value)
      default: break
      }
    }
    return (
      FileIdentity(device: device, inode: inode, size: size, modifiedNanoseconds: time), facts
    )
  }
}
