/// Words that are written once, told apart by their bytes.
final class WordTable {
  private(set) var all: [[UInt8]] = []
  private var places: [[UInt8]: Int] = [:]

  func place(of word: [UInt8]) -> Int {
    if let known = places[word] { return known }
    places[word] = all.count
    all.append(word)
    return all.count - 1
  }
}

/// Numbers and texts one after the other.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func put(_ number: Int) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func put(text: some Collection<UInt8>) {
    put(text.count)
    bytes += text
  }

  mutating func put<T>(_ list: some Collection<T>, _ one: (inout ByteWriter, T) -> Void) {
    put(list.count)
    for item in list { one(&self, item) }
  }
}

/// The same as it is read; nil beyond the end.
struct ByteReader {
  let bytes: [UInt8]
  var at: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    (at, end) = (range.lowerBound, range.upperBound)
  }

  var isAtEnd: Bool { at == end }

  mutating func number() -> Int? {
    var (value, shift) = (0, 0)
    while at < end, shift < 56 {
      let byte = bytes[at]
      at += 1
      value |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    return nil
  }

  mutating func textRange() -> Range<Int>? {
    guard let count = number(), count <= end - at else { return nil }
    defer { at += count }
    return at..<(at + count)
  }

  mutating func text() -> String? {
    textRange().map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  mutating func list<T>(_ one: (inout ByteReader) -> T?) -> [T]? {
    // Each takes a byte at least.
    guard let count = number(), count <= end - at else { return nil }
    var out: [T] = []
    out.reserveCapacity(count)
    for _ in 0..<count {
      guard let item = one(&self) else { return nil }
      out.append(item)
    }
    return out
  }
}

/// Writes one person: files by their place in the person's own list of them, words by their place in the table.
struct PersonWriter {
  private let prefix: [UInt8]
  private let words: WordTable
  private let folders: WordTable
  private var files: [[UInt8]: Int] = [:]
  private var fileList: [[UInt8]] = []
  private var visits = ByteWriter()
  private(set) var out = ByteWriter()

  init(root: String, words: WordTable, folders: WordTable) {
    prefix = Array((root + "/").utf8)
    self.words = words
    self.folders = folders
  }

  mutating func put(_ person: StudyPerson) {
    visits.put(person.visits.count)
    for visit in person.visits { put(visit) }
    out.put(text: person.subject.utf8)
    out.put(word(person.family))
    out.put(fileList.count)
    for path in fileList {
      let name = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
      out.put(folders.place(of: Array(path[..<name])))
      out.put(text: path[name...])
    }
    out.bytes += visits.bytes
  }

  /// 0 for none.
  private func word(_ text: String?) -> Int {
    text.map { words.place(of: Array($0.utf8)) + 1 } ?? 0
  }

  private mutating func put(word text: String?) { visits.put(word(text)) }

  private mutating func put(file path: String) {
    let own = Array(path.utf8.dropFirst(prefix.count))
    if files[own] == nil {
      files[own] = fileList.count
      fileList.append(own)
    }
    visits.put(files[own] ?? 0)
  }

  private mutating func put(problems: [String]) {
    visits.put(problems.count)
    for problem in problems { put(word: problem) }
  }

  private mutating func put(_ visit: StudyVisit) {
    put(word: visit.session)
    visits.put(visit.bold.count)
    for run in visit.bold { put(run) }
    visits.put(visit.spect.count)
    for scan in visit.spect { put(scan) }
    put(visit.anatomies)
    for list in [visit.targets, visit.unknown] {
      visits.put(list.count)
      for path in list { put(file: path) }
    }
    visits.put(visit.others.count)
    for (what, count) in visit.others.sorted(by: { $0.key < $1.key }) {
      put(word: what)
      visits.put(count)
    }
    put(problems: visit.problems)
    put(word: visit.doubt)
  }

  private mutating func put(_ companions: [Companion]) {
    visits.put(companions.count)
    for one in companions {
      let kind = Companion.Kind.allCases.firstIndex(of: one.kind) ?? 0
      visits.put(kind * 4 + (one.isStrangers ? 2 : 0) + (one.isAbsent ? 1 : 0))
      put(file: one.path)
      put(word: one.reason)
    }
  }

  private mutating func put(_ run: BOLDFile) {
    put(file: run.path)
    put(word: run.dataset)
    let layout = FolderLayout.allCases.firstIndex(of: run.layout) ?? 0
    visits.put(
      layout * 8 + (run.isStrangers ? 4 : 0) + (run.isAbsent ? 2 : 0) + (run.isCleaned ? 1 : 0))
    for text in [run.space, run.task, run.run] { put(word: text) }
    put(run.companions)
    put(problems: run.problems)
  }

  private mutating func put(_ scan: SPECTFile) {
    put(file: scan.path)
    put(word: scan.dataset)
    visits.put((scan.isStrangers ? 2 : 0) + (scan.isAbsent ? 1 : 0))
    for text in [scan.role, scan.tracer, scan.space, scan.reason] { put(word: text) }
  }
}
