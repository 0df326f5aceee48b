/// What a person wants pictures to be made of.
package enum PicturesWanted: String, Sendable, CaseIterable {
  case auto, half, quadrant, kitty
}

/// What is known of a terminal from its surroundings, and what it may be asked.
package struct TerminalPlan: Equatable, Sendable {
  /// What the person wants; nil leaves it to the terminal.
  package var colours: Capabilities.Colours?
  /// Whether the environment says that it has 24 bits.
  package var isDirect: Bool
  /// Whether it may be asked if it has 24 bits, and if its colours can be redefined.
  package var asksDirect: Bool
  package var asksPalette: Bool
  /// Whether it may be asked what colour is behind its text.
  package var asksBackground: Bool
  /// Whether terminals of its name have 256 colours as a rule, whatever their entry says.
  package var isOftenIndexed: Bool
  /// What pictures are to be made of.
  package var pictures: PicturesWanted
  /// Whether it may be asked if it shows images, and how large its cells are.
  package var asksImages: Bool
  /// Whether the person says that it shows images, where it is not asked.
  package var hasImages: Bool
  /// Whether it repeats pixels when it enlarges an image; others may blur.
  package var repeatsPixels: Bool
  /// Whether clicks come here: where the terminal knows how to tell of them, and a person does not keep
  /// them for selecting text. The Linux console and old hardware are not asked.
  package var usesMouse: Bool
  /// Whether it is told to mark pasted text as such.
  package var marksPaste: Bool

  /// Families that read over what they do not understand. The others are asked nothing: the Linux
  /// console and old hardware would print it.
  private static let families = [
    "xterm", "foot", "alacritty", "wezterm", "konsole", "gnome", "vte", "iterm", "contour",
    "ghostty", "mlterm", "putty", "st-", "rxvt-unicode",
  ]

  /// - Parameters:
  ///   - isUnderMosh: mosh draws the screen itself, so nothing that it does not know arrives.
  ///   - mayProbe: false where a person does without.
  package init(
    environment: [String: String], isUnderMosh: Bool, colours: Capabilities.Colours?,
    pictures: PicturesWanted = .auto, mayProbe: Bool
  ) {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let term = value("TERM")
    self.colours = colours
    // screen passes on what its own terminal said, but not 24 bits.
    let isScreen = !value("STY").isEmpty || term.hasPrefix("screen") && value("TMUX").isEmpty
    isDirect = ["truecolor", "24bit"].contains(value("COLORTERM")) && !isScreen
    let isInside =
      term.hasPrefix("screen") || term.hasPrefix("tmux") || !value("TMUX").isEmpty
      || !value("STY").isEmpty
    let isKnown = Self.families.contains { term.hasPrefix($0) }
    usesMouse = isInside || isKnown
    marksPaste = isInside || isKnown
    let mayAsk =
      mayProbe && !isUnderMosh && !isInside && value("BOLDSPECT_NO_PROBE").isEmpty
      && isKnown
    asksDirect = mayAsk && colours == nil && !isDirect
    asksPalette = mayAsk && (colours == .indexed || colours == nil)
    isOftenIndexed = isInside || isKnown
    asksBackground = mayAsk && colours != Capabilities.Colours.none
    self.pictures = pictures
    asksImages =
      mayAsk && colours != Capabilities.Colours.none && [.auto, .kitty].contains(pictures)
    // mosh, tmux and screen pass no images on, whatever the terminal beyond them shows.
    hasImages = pictures == .kitty && !asksImages && !isUnderMosh && !isInside
    repeatsPixels = term.hasPrefix("xterm-kitty")
  }
}
