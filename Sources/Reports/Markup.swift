import Basics

/// Text of any origin as HTML and XML show it, whatever stands in it.
func escapedMarkup(_ text: String, limit: Int = 20_000) -> String {
  var out = ""
  for scalar in visibleText(text, limit: limit).unicodeScalars {
    switch scalar {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case "'": out += "&#39;"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out
}
