/// A number with a fixed count of decimals, rounded half away from zero; "–" for no data.
///
/// Written here because the viewer's modules may not reach Foundation, and because a locale must
/// never turn a decimal point into a comma.
package func fixed(_ value: Double, _ decimals: Int, signed: Bool = false) -> String {
  guard value.isFinite else { return "–" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 9e15 else { return "\(value)" }
  let whole = Int64(scaled)
  let unit = Int64(scale)
  var text = String(whole / unit)
  if decimals > 0 {
    let part = String(whole % unit)
    text += "." + String(repeating: "0", count: decimals - part.count) + part
  }
  if value < 0 && whole != 0 { return "−" + text }
  return signed ? "+" + text : text
}

/// A probability: three decimals, and "<0.001" below.
package func probabilityText(_ p: Double) -> String {
  p.isFinite && p < 0.001 ? "<0.001" : fixed(p, 3)
}

/// A number in at most `digits` significant digits, with a plain ASCII minus: for file names,
/// parameters and messages.
package func plainNumber(_ value: Double, _ decimals: Int = 6) -> String {
  var text = fixed(value, decimals)
  if text.contains(".") {
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
  }
  return text.hasPrefix("−") ? "-" + text.dropFirst() : text
}

/// Finite numbers separated by commas; nil when any part is something else.
///
/// `0,01` is nil too: nobody writes one hundredth or one as 01, so its comma was meant as a decimal point.
package func numberList(_ text: String) -> [Double]? {
  if hasDecimalComma(text) { return nil }
  // "−42.0 +32.0 +44.0", as places are printed: signed numbers apart by blanks alone.
  if !text.contains(","), let found = printedPlace(text) { return found }
  let parts = plainMinus(text).split(separator: ",", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { part -> Double? in
    var word = part.drop { $0 == " " }
    while word.last == " " { word = word.dropLast() }
    return Double(word)
  }
  return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
}

/// Three or more numbers that each have a sign; nil for other texts.
private func printedPlace(_ text: String) -> [Double]? {
  let words = plainMinus(text).split(separator: " ")
  guard words.count > 2, words.allSatisfy({ "+-".contains($0.first ?? " ") || Double($0) == 0 })
  else { return nil }
  let numbers = words.compactMap { Double($0) }
  return numbers.count == words.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
}

/// Whether a part behind a comma begins as the decimals of a number do: `0,01`, `-44,05`.
package func hasDecimalComma(_ text: String) -> Bool {
  text.split(separator: ",").dropFirst().contains { part in
    let digits = part.prefix { $0.isNumber }
    return digits.count > 1 && digits.hasPrefix("0") && part.first != " "
  }
}

/// The same text with a hyphen for every minus sign (U+2212) that stands before a number: what is printed is
/// taken back.
package func plainMinus(_ text: String) -> String {
  guard text.contains("\u{2212}") else { return text }
  var out = ""
  var last: Character = " "
  let all = Array(text)
  for (n, c) in all.enumerated() {
    let next = n + 1 < all.count ? all[n + 1] : " "
    let begins = " ,=:".contains(last) && (next.isNumber || next == ".")
    out.append(c == "\u{2212}" && begins ? "-" : c)
    last = c
  }
  return out
}

/// A count with its word: `1 person`, `3 people`.
package func counted(_ count: Int, _ one: String, _ several: String) -> String {
  "\(count) \(count == 1 ? one : several)"
}
