/// What is told of a series that was cleaned before, and of all that is made of it.
package enum CleanedBefore {
  package static let code = "cleaned-before"

  package static let words =
    "it was cleaned before, and what that removed is not counted: degrees of freedom are fewer, p and q larger than what "
    + "is said"

  private static let globalSignalWords = "the global signal was removed then"

  /// The same of a series of which it is known whether its global signal is gone.
  package static func words(globalSignalIsGone: Bool) -> String {
    words + (globalSignalIsGone ? "; " + globalSignalWords : "")
  }

  /// Whether one of some sentences says that the global signal is gone: nothing can tell any more what would be
  /// without its removal.
  package static func globalSignalIsGone(by sentences: [String]) -> Bool {
    sentences.contains { $0.contains(globalSignalWords) }
  }
}
