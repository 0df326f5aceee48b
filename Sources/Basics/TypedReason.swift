/// Why a person says that something doubtful is right: words, not a shrug.
///
/// - Parameters:
///   - subject: what asks for it, such as an option.
///   - expected: what the words should say.
/// - Throws: fewer than eight letters.
package func typedReason(
  _ text: String, of subject: String, expected: String
) throws(Problem) -> String {
  let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  guard words.filter(\.isLetter).count >= 8 else {
    throw Problem(
      .usage, subject, "\"\(visibleText(words, limit: 20))\" is no reason", expected: expected)
  }
  return visibleText(words, limit: 400)
}
