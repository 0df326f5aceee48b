/// Pasted text on its way in. The mark of its end may be late or lost, and no text may become keys for that.
///
/// For a while all that comes is text. After a pause or when it lasts too long that much of it is handed out, and it
/// stays unclosed: what comes in bursts is more of it, what comes alone is a key. The mark of its end, the Escape
/// key and two keys with no text between them close it.
package struct InputPaste {
  /// More than a screen of text is no name and no command; the rest is read over.
  static let lengthLimit = 10_000
  package static let pauseMilliseconds = 500.0
  package static let limitMilliseconds = 2000.0
  /// A byte of pasted text has the next one behind it; the Escape key has nothing, or one key that somebody pressed
  /// while the program was busy.
  package static let escapeMilliseconds = 100.0
  /// No person types two characters within it; of a key that is held down the first comes alone.
  package static let aloneMilliseconds = 30.0
  /// Of keys that follow each other, which close it.
  static let closingKeys = 2
  private static let end = Array("\u{1b}[201~".unicodeScalars)

  package enum Piece: Equatable {
    case text(String)
    case escape
    case key(Unicode.Scalar)
  }

  /// Whether whatever comes now is a key again.
  package private(set) var isClosed = false
  private let began: Double
  private var last: Double
  private var isUnclosed = false
  /// Text that was not handed out yet, and how much was.
  private var text = String.UnicodeScalarView()
  private var taken = 0
  /// Whether a whole line was handed out: what follows is part of none.
  private var hasLine = false
  /// The beginning of the end's mark, in pieces; and what came right behind an escape that begins none.
  private var mark: [Unicode.Scalar] = []
  private var behindEscape: Unicode.Scalar?
  /// Of what came without a pause, while unclosed: its first character and how many there were.
  private var first: Unicode.Scalar?
  private var size = 0
  private var keys = 0

  package init(at time: Double) {
    began = time
    last = time
  }

  /// Whether time alone will tell what came last.
  package var isUndecided: Bool {
    !isUnclosed || size > 0 || mark.count == 1 || behindEscape != nil
  }

  /// One more character.
  package mutating func take(_ scalar: Unicode.Scalar, at time: Double) -> [Piece] {
    // Whoever reads may have been busy when there was nothing.
    let before = pause(at: time)
    if isClosed { return before + [scalar == Self.end[0] ? .escape : .key(scalar)] }
    last = time
    size += 1
    if size == 1 { first = scalar }
    flushBehindEscape()
    if !mark.isEmpty || scalar == Self.end[0] {
      if let pieces = takeMark(scalar) { return before + pieces }
    } else {
      append(scalar)
    }
    return before + handOutAtLast()
  }

  /// A key that is no character.
  ///
  /// - Returns: what is over by it, and whether it is a key; otherwise it is part of the text.
  package mutating func takeKey(at time: Double) -> (pieces: [Piece], isKey: Bool) {
    let before = pause(at: time)
    if isClosed { return (before, true) }
    if isUnclosed, size == 0 { return (before, true) }
    last = time
    size += 1
    return (before + handOutAtLast(), false)
  }

  /// Nothing came.
  package mutating func pause(at time: Double) -> [Piece] {
    guard !isClosed else { return [] }
    let silence = time - last
    if silence >= Self.escapeMilliseconds, mark.count == 1 || behindEscape != nil {
      return close() + [.escape] + (behindEscape.map { [.key($0)] } ?? [])
    }
    guard isUnclosed else {
      guard silence >= Self.pauseMilliseconds else { return [] }
      isUnclosed = true
      size = 0
      return handOut()
    }
    guard size > 0, silence >= Self.aloneMilliseconds, mark.count != 1, behindEscape == nil
    else { return [] }
    defer { size = 0 }
    guard size == 1, mark.isEmpty, let first else {
      keys = 0
      return handOut()
    }
    // The beginning of a mark that never came whole, and a key long after it.
    text = String.UnicodeScalarView()
    keys += 1
    if keys >= Self.closingKeys { isClosed = true }
    return [.key(first)]
  }

  /// The mark of its end came.
  package mutating func end(at time: Double) -> [Piece] { pause(at: time) + close() }

  private mutating func close() -> [Piece] {
    isClosed = true
    return handOut()
  }

  /// What lasts too long is handed out while it still comes.
  private mutating func handOutAtLast() -> [Piece] {
    guard !isUnclosed, last - began >= Self.limitMilliseconds else { return [] }
    isUnclosed = true
    return handOut()
  }

  private mutating func handOut() -> [Piece] {
    defer { text = String.UnicodeScalarView() }
    guard !text.isEmpty else { return [] }
    hasLine = hasLine || text.contains { $0 == "\n" || $0 == "\r" }
    return [.text(String(text))]
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    guard taken < Self.lengthLimit, !hasLine else { return }
    taken += 1
    text.append(scalar)
  }

  private mutating func flushBehindEscape() {
    guard let scalar = behindEscape else { return }
    behindEscape = nil
    append(Self.end[0])
    append(scalar)
  }

  /// Follows the mark of the end where ncurses did not see it, because it came in pieces; what closes it by that.
  private mutating func takeMark(_ scalar: Unicode.Scalar) -> [Piece]? {
    if scalar == Self.end[mark.count] {
      mark.append(scalar)
      return mark.count == Self.end.count ? close() : nil
    }
    let begun = mark
    mark = []
    if begun.count == 1, scalar != Self.end[0] {
      // Escape and a key, both after a pause: nobody pastes that.
      if isUnclosed, size == 2 { return close() + [.escape, .key(scalar)] }
      behindEscape = scalar
      return nil
    }
    // Of an older burst it is nothing that anybody waits for.
    if size > 1 || !isUnclosed { for one in begun { append(one) } }
    if scalar == Self.end[0] { mark = [scalar] } else { append(scalar) }
    return nil
  }
}
