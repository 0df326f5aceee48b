/// `2024-05-03`, `20240503`, `visit2`, `pre`, `baseline`, `T0`: a time and no person.
func isVisit(_ name: String) -> Bool {
  let low = name.lowercased()
  if low.hasPrefix("ses-") { return true }
  for word in ["visit", "session", "timepoint", "followup", "baseline", "scan"] {
    guard low.hasPrefix(word) else { continue }
    let rest = low.dropFirst(word.count).drop { "-_ ".contains($0) }
    if rest.allSatisfy(\.isNumber) { return true }
  }
  if ["pre", "post", "before", "after", "follow-up", "t0"].contains(low) { return true }
  if writtenDate(low) != nil || isShortDate(low) || isSpokenDate(name) { return true }
  // vor Therapie, Kontrolle nach OP: words of a visit alone, of which one says when.
  let plain = lowerWords(name)
  if plain.count > 1, plain.contains(where: whenWords.contains),
    plain.allSatisfy({ visitWords.contains($0) || whenWords.contains($0) || Int($0) != nil })
  {
    return true
  }
  // 14.11.2024 postiktal, DaTSCAN 01.01.2025: a date, and words for what was done that day. Behind other words a
  // bare number may be a patient's.
  let words = low.split(whereSeparator: { " _,".contains($0) })
  guard words.count > 1,
    let date = words.firstIndex(where: { writtenDate(String($0)) != nil }),
    date == 0 || words[date].contains(where: { "-.".contains($0) })
  else { return false }
  let others = words[..<date] + words[(date + 1)...]
  return others.flatMap { $0.split(separator: "-") }.allSatisfy(isOfVisitOrImage)
}

/// What may stand beside a date.
private func isOfVisitOrImage(_ word: Substring) -> Bool {
  kindWords.contains(word) || kinds.contains(String(word)) || visitWords.contains(word)
    || whenWords.contains(word) || inEnglish(word).hasSuffix("ictal")
}

private let months: Set<String> = [
  "jan", "feb", "mar", "mär", "mrz", "apr", "may", "mai", "jun", "jul", "aug", "sep", "sept", "oct",
  "okt", "nov", "dec", "dez", "january", "february", "march", "april", "june", "july", "august",
  "september", "october", "november", "december", "januar", "februar", "märz", "maerz", "juni",
  "juli", "oktober", "dezember",
]

/// March 5 2024, 5. März 2024, Mai 2023: a month by name with its year, and words for what was done.
private func isSpokenDate(_ name: String) -> Bool {
  let words = lowerWords(name)
  guard words.contains(where: { months.contains(String($0)) }),
    words.contains(where: { $0.count == 4 && (Int($0).map { (1980...2100).contains($0) } ?? false) }
    )
  else { return false }
  return words.allSatisfy { word in
    if months.contains(String(word)) { return true }
    if let number = Int(word) { return (1...31).contains(number) || (1980...2100).contains(number) }
    return isOfVisitOrImage(word)
  }
}

/// Words for what a visit was for. Beside a date they are nobody's name; alone, people are called so: Kontrolle_01.
let visitWords: Set<Substring> = [
  "ruhe", "repos", "kontrolle", "controle", "verlauf", "verlaufskontrolle", "nachkontrolle",
  "suivi", "followup", "aufnahme", "vorher", "nachher", "therapie", "therapy", "treatment",
  "behandlung", "op", "operation", "surgery", "praeop", "präop", "preop", "postop", "anfall",
  "anfallsfrei", "seizure", "medikation", "medication", "entlassung", "discharge", "admission",
]
/// Words for when it was.
let whenWords: Set<Substring> = [
  "vor", "nach", "vorher", "nachher", "während", "waehrend", "pre", "post", "prä", "prae", "before",
  "after", "during", "avant", "après", "apres",
]

/// 14.03.24 and 4.3.2024: dots alone say that it is a date and no number of a person.
private func isShortDate(_ name: String) -> Bool {
  let parts = name.split(separator: ".", omittingEmptySubsequences: false)
  guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }),
    parts[0].count <= 2, parts[1].count <= 2, parts[2].count == 2 || parts[2].count == 4,
    let day = Int(parts[0]), let month = Int(parts[1])
  else { return false }
  return (1...31).contains(day) && (1...12).contains(month)
}

/// The eight digits of a year, a month and a day in this order: of `2024-06-02`, `20240602`, and `02.06.2024`, whose
/// first number is the day unless only the second can be; nil for no date.
private func writtenDate(_ name: String) -> Int? {
  let parts = name.split(whereSeparator: { "-_.".contains($0) })
  let digits = parts.joined()
  guard digits.count == 8, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
    parts.count == 1 || parts.count == 3, let head = Int(digits.prefix(4)),
    let tail = Int(digits.suffix(4))
  else { return nil }
  var (year, month, day) = (head, tail / 100, tail % 100)
  if parts.count == 3, parts[2].count == 4 {
    (year, month, day) = (tail, head % 100, head / 100)
    if month > 12 { swap(&month, &day) }
  }
  guard (1980...2100).contains(year), (1...12).contains(month), (1...31).contains(day) else {
    return nil
  }
  return year * 10_000 + month * 100 + day
}

private func dayAtFront(_ name: String) -> Int? {
  writtenDate(name)
    ?? name.split(whereSeparator: { " _,".contains($0) }).first.flatMap { writtenDate(String($0)) }
}

/// Visits with a date in the order of time, after them the others in the order in which one counts.
func visitComesBefore(_ a: String, _ b: String) -> Bool {
  switch (dayAtFront(a), dayAtFront(b)) {
  case (let x?, let y?) where x != y: x < y
  case (nil, _?): false
  case (_?, nil): true
  default: comesBefore(a, b)
  }
}
