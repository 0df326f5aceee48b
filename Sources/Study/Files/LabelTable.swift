import Basics
import Imaging

/// Names of labels as programs write them, one a line.
///
/// - A number and a name, separated by tabs or blanks; mricron's third column, a number, is left out where the
///   names stay different without it, so that `46<TAB>BA 46` and `46 BA 46` keep theirs.
/// - FreeSurfer: number, name, R G B A. ITK-SNAP: number, R G B, A, visible, meshed, "name".
/// - BIDS: a header line with `index` and `name`.
struct LabelTable {
  private(set) var names: [Int32: String] = [:]

  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    if let head = lines.first, let columns = Self.columns(head) {
      for line in lines.dropFirst() {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard cells.count > max(columns.index, columns.name) else { continue }
        add(cells[columns.index], cells[columns.name])
      }
      return
    }
    var plain: [(number: Substring, name: Substring)] = []
    for line in lines {
      if let entry = Self.snap(line) ?? Self.freeSurfer(line) {
        add(entry.number, entry.name)
      } else if let entry = Self.tabbed(line) {
        add(entry.number, entry.name)
      } else {
        let parts = line.split(maxSplits: 1, whereSeparator: Self.isBlank)
        if parts.count == 2 { plain.append((parts[0], parts[1])) }
      }
    }
    let short = plain.map { Self.withoutLastNumber($0.name) }
    let isNumbered = Set(short).count == Set(plain.map(\.name)).count
    for (entry, name) in zip(plain, short) { add(entry.number, isNumbered ? name : entry.name) }
  }

  private mutating func add(_ number: Substring, _ name: Substring) {
    guard let n = Int32(Self.trimmed(number)), n != 0 else { return }
    let text = Self.trimmed(name)
    if !text.isEmpty { names[n] = visibleText(String(text)) }
  }

  private static func isBlank(_ c: Character) -> Bool { c == " " || c == "\t" }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return text
  }

  /// Where a header line puts number and name.
  private static func columns(_ line: Substring) -> (index: Int, name: Int)? {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map {
      trimmed($0).lowercased()
    }
    guard let index = cells.firstIndex(of: "index"), let name = cells.firstIndex(of: "name") else {
      return nil
    }
    return (index, name)
  }

  private static func tabbed(_ line: Substring) -> (number: Substring, name: Substring)? {
    let cells = line.split(separator: "\t")
    guard cells.count >= 2, Int32(trimmed(cells[0])) != nil else { return nil }
    return (cells[0], cells[1])
  }

  private static func freeSurfer(_ line: Substring) -> (number: Substring, name: Substring)? {
    let words = line.split(whereSeparator: isBlank)
    guard words.count >= 6, Int32(words[0]) != nil,
      words.suffix(4).allSatisfy({ (Int($0)).map { (0...255).contains($0) } ?? false }),
      let first = words[1].indices.first, let last = words[words.count - 5].indices.last
    else { return nil }
    return (words[0], line[first...last])
  }

  private static func snap(_ line: Substring) -> (number: Substring, name: Substring)? {
    guard let open = line.firstIndex(of: "\""), let close = line.lastIndex(of: "\""), open < close
    else { return nil }
    let words = line[..<open].split(whereSeparator: isBlank)
    guard words.count == 7, words.allSatisfy({ Double($0) != nil }) else { return nil }
    return (words[0], line[line.index(after: open)..<close])
  }

  /// `Precentral_L` of mricron's `Precentral_L 2001`.
  private static func withoutLastNumber(_ name: Substring) -> Substring {
    let words = name.split(whereSeparator: isBlank)
    return words.count == 2 && Int(words[1]) != nil ? words[0] : trimmed(name)
  }
}
