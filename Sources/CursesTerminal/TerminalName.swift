/// Entries that stand for a terminal whose own is missing on this machine.
enum TerminalName {
  private static let likeXterm = [
    "xterm", "kitty", "ghostty", "alacritty", "foot", "konsole", "putty", "wezterm", "vte", "gnome",
    "iterm", "contour", "st-", "rxvt",
  ]

  /// Other names to try, the best first; none for a family that nothing is known of.
  static func substitutes(_ name: String) -> [String] {
    if name.hasPrefix("tmux") || name.hasPrefix("screen") { return ["screen-256color", "screen"] }
    return likeXterm.contains { name.hasPrefix($0) } ? ["xterm-256color", "xterm"] : []
  }
}
