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
package func numberList(_ text: String) -> [Double]? {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Double($0.trimmingPrefix(while: { $0 == " " })) }
  return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
}
