/// What went wrong, as a value: one shape and one wording for every module.
///
/// The sentence is `'subject': found; expected. Remedy.` so that it always names the file or the
/// parameter, the cause, what was expected and what to do.
package struct Problem: Error, Equatable, Sendable {
  /// Who must act; the executable turns it into a sysexits code.
  package enum Kind: Equatable, Sendable {
    /// The request itself cannot be meant (64).
    case usage
    /// A file or the data in it are not right (65).
    case data
    /// A file is not there or cannot be opened (66).
    case missingInput
    /// A file cannot be created because of what is already there (73).
    case cannotCreate
    /// Reading or writing failed half-way (74).
    case inputOutput
    /// What is needed is not available here, such as a terminal (69).
    case unavailable
    /// The person cancelled; nothing was kept (130).
    case cancelled
  }

  package var kind: Kind
  /// The file's name or the parameter.
  package var subject: String
  package var found: String
  package var expected: String?
  package var remedy: String?

  package init(
    _ kind: Kind, _ subject: String, _ found: String, expected: String? = nil,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  /// The same of what was done all the same, where only the keeping of something failed.
  package func asUnkept(_ what: String) -> Problem {
    Problem(
      .inputOutput, "the state folder", "\(what) could not be kept: \(subject): \(found)",
      remedy: remedy)
  }

  /// Where what earlier sessions kept cannot be read: what they decided is out of sight.
  package var isOfKeptState: Bool { subject.hasSuffix(Self.earlierSession) }

  /// How the subject of such a problem ends.
  package static let earlierSession = " of an earlier session"

  package static let cancelled = Problem(.cancelled, "", "cancelled")

  /// The sentence a person reads. Control characters of file origin are made visible.
  package var sentence: String {
    if kind == .cancelled { return visibleText("Cancelled; \(remedy ?? "nothing was kept").") }
    var text = subject.isEmpty ? found : "'\(subject)': \(found)"
    if let expected { text += "; expected \(expected)" }
    text += "."
    if let remedy { text += " \(remedy)." }
    return visibleText(text, limit: 400)
  }
}

/// Whether a character shows nothing of itself: controls, bidirectional and zero-width formatting, line and
/// paragraph separators, fillers and all else that Unicode lets a screen leave out.
package func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0x7f { return scalar.value < 0x20 }
  let properties = scalar.properties
  if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return true }
  switch properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: return true
  default: return (0xfff0...0xfffb).contains(scalar.value)
  }
}

/// Makes text of unknown origin safe for a terminal, a log and a file: what shows nothing of itself becomes a
/// visible escape, and the length is capped.
package func visibleText(_ text: String, limit: Int = 200) -> String {
  // Letters, digits and marks of ASCII all show themselves.
  if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
  var out = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count >= limit {
      out += "…"
      break
    }
    count += 1
    if isInvisible(scalar) {
      out += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      out.unicodeScalars.append(scalar)
    }
  }
  return out
}

/// An oddity of a file that does not stop it from being read.
package struct Finding: Equatable, Sendable {
  package enum Severity: String, Sendable, Comparable {
    case note, warning, blocking

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
  }

  /// A short word that stays the same between versions, such as `tr-unknown`.
  package var code: String
  package var severity: Severity
  package var text: String
  /// The name of the file that it is of; nil where it is of several.
  package var file: String?

  package init(_ code: String, _ severity: Severity, _ text: String, file: String? = nil) {
    self.code = code
    self.severity = severity
    self.text = visibleText(text, limit: 2000)
    self.file = file.map { visibleText($0) }
  }

  /// For a line of its own: with the name of its file where the text does not say it.
  package var line: String {
    guard let file, !text.contains(file) else { return text }
    return "\(file): \(text)"
  }

  /// Codes of what is told where files may be another person's than whose they pass for.
  package static let namedAsAnother = "named-as-another"
  package static let unsurePerson = "person-unsure"
  /// Of a visit whose run is listed and not there.
  package static let absentRun = "run-absent"
  /// Of an image whose bytes lie under another person's name too.
  package static let sameBytes = "same-bytes"
  package var isOfUnsurePerson: Bool {
    [Self.namedAsAnother, Self.unsurePerson, Self.sameBytes].contains(code)
  }

  /// The same, of this file where it names none.
  package func of(_ file: String) -> Finding {
    Finding(code, severity, text, file: self.file ?? file)
  }
}

/// How long work tells what it is doing and hears that it should stop.
package struct WorkProgress: Sendable {
  /// Takes what is being done and the part of it that is done, 0…1.
  package var report: @Sendable (String, Double) -> Void
  package var isCancelled: @Sendable () -> Bool

  package init(
    report: @escaping @Sendable (String, Double) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.report = report
    self.isCancelled = isCancelled
  }

  /// Tells nobody and never stops.
  package static let silent = WorkProgress(report: { _, _ in }, isCancelled: { false })

  /// Throws when the person asked to stop.
  package func check() throws(Problem) {
    if isCancelled() { throw .cancelled }
  }
}
