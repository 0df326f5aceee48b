/// Reads what `PersonWriter` writes; nil where it is not that.
struct PersonReader {
  private var reader: ByteReader
  private let root: [UInt8]
  private let words: [String]
  private let folders: [Range<Int>]
  /// The person's files: their paths, and where their names stand.
  private var files: [(path: String, name: Range<Int>)] = []

  init(_ reader: ByteReader, root: [UInt8], words: [String], folders: [Range<Int>]) {
    self.reader = reader
    self.root = root
    self.words = words
    self.folders = folders
  }

  /// - Parameter only: the label of the one who is wanted.
  /// - Returns: nil for what is no person; none within for another than who is wanted.
  mutating func person(only: [UInt8]?) -> StudyPerson?? {
    guard let label = reader.textRange() else { return nil }
    if let only, !reader.bytes[label].elementsEqual(only) { return .some(nil) }
    let subject = String(decoding: reader.bytes[label], as: UTF8.self)
    guard let family = word(), let count = reader.number(), takeFiles(count),
      let visits = list({ $0.visit() }), reader.isAtEnd
    else { return nil }
    return StudyPerson(subject: subject, family: family, visits: visits)
  }

  private mutating func takeFiles(_ count: Int) -> Bool {
    for _ in 0..<count {
      guard let folder = reader.number(), folders.indices.contains(folder),
        let name = reader.textRange()
      else { return false }
      files.append((path(folders[folder], name), name))
    }
    return true
  }

  private func path(_ folder: Range<Int>, _ name: Range<Int>) -> String {
    let count = root.count + 1 + folder.count + name.count
    return String(unsafeUninitializedCapacity: count) { out in
      var at = 0
      for part in [root[...], [UInt8(ascii: "/")], reader.bytes[folder], reader.bytes[name]] {
        for byte in part {
          out[at] = byte
          at += 1
        }
      }
      return at
    }
  }

  private mutating func list<T>(_ one: (inout PersonReader) -> T?) -> [T]? {
    guard let count = reader.number(), count <= reader.bytes.count else { return nil }
    var out: [T] = []
    for _ in 0..<count {
      guard let item = one(&self) else { return nil }
      out.append(item)
    }
    return out
  }

  /// A word or none; nil for neither.
  private mutating func word() -> String?? {
    guard let n = reader.number(), n <= words.count else { return nil }
    return .some(n == 0 ? nil : words[n - 1])
  }

  private mutating func sureWord() -> String? {
    guard let found = word() else { return nil }
    return found
  }

  private mutating func file() -> (path: String, name: Range<Int>)? {
    guard let n = reader.number(), files.indices.contains(n) else { return nil }
    return files[n]
  }

  private mutating func visit() -> StudyVisit? {
    var out = StudyVisit()
    guard let session = word(), let bold = list({ $0.run() }), let spect = list({ $0.scan() }),
      let anatomies = companions(), let targets = list({ $0.file()?.path }),
      let unknown = list({ $0.file()?.path }),
      let others = list({ reader -> (String, Int)? in
        guard let what = reader.sureWord(), let count = reader.reader.number() else { return nil }
        return (what, count)
      }), let problems = list({ $0.sureWord() }), let doubt = word()
    else { return nil }
    out.doubt = doubt
    (out.session, out.bold, out.spect, out.anatomies) = (session, bold, spect, anatomies)
    (out.targets, out.unknown, out.problems) = (targets, unknown, problems)
    out.others = Dictionary(others, uniquingKeysWith: { first, _ in first })
    return out
  }

  private mutating func companions() -> [Companion]? {
    list { reader in
      guard let code = reader.reader.number(), code / 4 < Companion.Kind.allCases.count,
        let file = reader.file(), let reason = reader.sureWord()
      else { return nil }
      return Companion(
        kind: Companion.Kind.allCases[code / 4], path: file.path, reason: reason,
        isAbsent: code & 1 != 0, isStrangers: code & 2 != 0)
    }
  }

  private mutating func run() -> BOLDFile? {
    guard let file = file(), let dataset = sureWord(), let code = reader.number(),
      code / 8 < FolderLayout.allCases.count, let space = word(), let task = word(),
      let run = word(), let companions = companions(), let problems = list({ $0.sureWord() })
    else { return nil }
    var out = BOLDFile(
      path: file.path, name: EntityName(bytes: reader.bytes[file.name]), dataset: dataset,
      layout: FolderLayout.allCases[code / 8])
    (out.isAbsent, out.isCleaned) = (code & 2 != 0, code & 1 != 0)
    out.isStrangers = code & 4 != 0
    (out.space, out.task, out.run) = (space, task, run)
    (out.companions, out.problems) = (companions, problems)
    return out
  }

  private mutating func scan() -> SPECTFile? {
    guard let file = file(), let dataset = sureWord(), let code = reader.number(),
      let role = word(), let tracer = word(), let space = word(), let reason = sureWord()
    else { return nil }
    var out = SPECTFile(
      path: file.path, name: EntityName(bytes: reader.bytes[file.name]), dataset: dataset,
      reason: reason)
    (out.isAbsent, out.isStrangers) = (code & 1 != 0, code & 2 != 0)
    (out.role, out.tracer, out.space) = (role, tracer, space)
    return out
  }
}
