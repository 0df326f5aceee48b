internal import CNcurses
import CellUI
import Glibc

extension CursesTerminal {
  /// Finds out what colours there are, from the entry, the person and the terminal's answers.
  func startColours(_ plan: TerminalPlan) -> TerminalReplies {
    var count: Int32 = 0
    if plan.colours != Capabilities.Colours.none, has_colors(), start_color() != ERR {
      use_default_colors()
      count = boldspect_colors()
    }
    let replies = count > 0 ? ask(plan) : TerminalReplies()
    let isDirect = plan.isDirect || TerminalQuestions.saysDirect(replies)
    let redefines = TerminalQuestions.redefines(replies)
    // What answered knows better than its entry here; then only text has to do with the entry's
    // colours. Chosen colours look like 24 bits in less than half of the bytes.
    let has: Capabilities.Colours =
      redefines
      ? .indexed : isDirect ? .direct : count >= 256 ? .indexed : count >= 16 ? .sixteen : .eight
    let wanted = plan.colours == .sixteen && count < 16 ? .eight : plan.colours
    capabilities.colours = count < 8 ? .none : wanted ?? has
    if count < 256 { textTable = count < 16 ? .eight : .sixteen }
    if capabilities.colours == .indexed, redefines {
      capabilities.redefines = true
      TerminalGuard.alsoRestore(PaletteCommands.restore)
    }
    // A person who asks for 24 bits gets each colour as it is.
    capabilities.writesAlike =
      capabilities.redefines || capabilities.colours == .direct && plan.colours == nil
    // What is behind text is the person's own where that is surely dark; a white one would hide the text.
    paintsBackground = count >= 8 && !TerminalQuestions.isDark(replies)
    capabilities.mayHaveMore =
      plan.isOftenIndexed && plan.colours == nil && count < 256
      && [.eight, .sixteen].contains(capabilities.colours)
    return replies
  }
}
