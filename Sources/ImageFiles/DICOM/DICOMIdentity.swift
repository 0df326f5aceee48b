import Foundation

/// Who the patient is, as far as a free description may tell it: it is compared here and goes nowhere.
struct DICOMIdentity {
  /// Parts of names, folded.
  private let names: [[Character]]
  /// Numbers and letters of patient numbers, folded.
  private let ids: [String]
  /// Year, month and day of birth.
  private let birth: (year: Int, month: Int, day: Int)?

  init(_ data: DICOMItem) {
    let texts = [DICOMTag.patientName, .otherPatientNames, .patientBirthName]
      .compactMap { data.text($0) }
    let words = texts.flatMap { $0.split { !$0.isLetter } }.map { Self.folded($0) }
    names = Set(words).filter { $0.count > 1 || $0.first.map(Self.isIdeograph) == true }
      .map { Array($0) }
    let numbers = [DICOMTag.patientID, .otherPatientIDs].compactMap { data.text($0) }
    ids = numbers.flatMap { text in
      [Self.plain(text)]
        + text.split { !$0.isLetter && !$0.isNumber }.map { Self.plain(String($0)) }
    }.filter { $0.count > 2 }
    birth = data.text(.patientBirthDate).flatMap(Self.date)
  }

  private static func date(_ text: String) -> (year: Int, month: Int, day: Int)? {
    let digits = text.filter(\.isASCII).filter(\.isNumber)
    guard digits.count == 8, let number = Int(digits) else { return nil }
    return (number / 10000, number / 100 % 100, number % 100)
  }

  private static func isIdeograph(_ c: Character) -> Bool {
    c.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
  }

  private static let special: [Character: String] = [
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
  ]

  /// Letters as spellings share them: without marks, umlauts however they are written, doubled letters once.
  private static func folded(_ text: some StringProtocol) -> String {
    let lower = text.lowercased().map { special[$0] ?? String($0) }.joined()
      .folding(options: [.diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
    var out: [Character] = []
    for c in lower where c.isLetter {
      // Of ae, oe and ue the second letter only says that the first one has dots.
      if c == "e", let last = out.last, "aou".contains(last) { continue }
      if c != out.last { out.append(c) }
    }
    return String(out)
  }

  /// Letters and digits alone.
  private static func plain(_ text: some StringProtocol) -> String {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// A description, unless somebody wrote the patient's name, number or date of birth into it, in whatever spelling and
  /// order, or a part of the name.
  func withoutNames(_ text: String) -> String? {
    // Letters of a character set that is not stated: nobody knows what they spell.
    let isUnreadable = text.contains("??") || text.contains("\u{FFFD}")
    return isUnreadable || namesPatient(text) || numbersPatient(text) || datesPatient(text)
      ? nil : text
  }

  private func namesPatient(_ text: String) -> Bool {
    let all = Self.folded(text)
    let parts = text.split { !$0.isLetter }
    let words = parts.map { Self.folded($0) }
    // A name that was cut: of four letters or more as they are written.
    let cuts = zip(parts, words).filter { $0.0.count >= 4 }.map(\.1)
    return names.contains { name in
      let whole = String(name)
      if name.count < 3 {
        // As many letters stand by chance in any word.
        return Self.isIdeograph(name[0]) ? all.contains(whole) : words.contains(whole)
      }
      if all.contains(whole) { return true }
      if name.count >= 6, all.contains(String(name.prefix(5))) { return true }
      return cuts.contains { $0.count >= 3 && whole.hasPrefix($0) }
    }
  }

  private func numbersPatient(_ text: String) -> Bool {
    let all = Self.plain(text)
    let runs = text.split { !$0.isNumber }.filter { $0.count >= 5 }.map(String.init)
    return ids.contains { id in
      let bare = String(id.drop { $0 == "0" })
      return all.contains(id) || bare.count >= 4 && all.contains(bare)
        || id.count >= 6 && runs.contains(where: id.contains)
    }
  }

  private func datesPatient(_ text: String) -> Bool {
    guard let birth, birth.year > 0 else { return false }
    let digits = text.filter(\.isNumber)
    func two(_ n: Int) -> String { n % 100 < 10 ? "0\(n % 100)" : "\(n % 100)" }
    let (m, d) = (two(birth.month), two(birth.day))
    for year in ["\(birth.year)", two(birth.year)] {
      let orders = [
        year + m + d, year + d + m, d + m + year, m + d + year, d + year + m, m + year + d,
      ]
      if orders.contains(where: digits.contains) { return true }
    }
    let groups = text.split { !$0.isNumber }.compactMap { Int($0) }
    let isPart = groups.contains(birth.month) || groups.contains(birth.day)
    if groups.contains(birth.year), isPart { return true }
    // Three numbers that follow one another, the year in two digits.
    let wanted = [birth.year % 100, birth.month, birth.day].sorted()
    return groups.indices.contains {
      $0 + 3 <= groups.count && groups[$0..<$0 + 3].sorted() == wanted
    }
  }
}
