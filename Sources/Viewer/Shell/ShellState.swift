package import CellUI

/// The screen, what is typed and said on it, and what it waits for.
package struct ShellState: Sendable {
  package var size: Size
  package var capabilities: Capabilities {
    didSet { levels = palette.levels(capabilities) }
  }
  /// The scale of perfusion, and how many of its levels this terminal shows apart.
  package var palette = Palette.hotIron {
    didSet { levels = palette.levels(capabilities) }
  }
  private(set) var levels: Int
  /// What takes the place of the slices.
  package var panel: Panel?
  package var showsHelp = false
  /// Counted beyond the last page too; the view wraps it.
  package var helpPage = 0
  package var prompt: Prompt?
  package var notice: Notice?
  package var progress: (text: String, part: Double)?
  /// What the last picture cost, and whether that is shown.
  package var cost: FrameCost?
  package var showsCost = false
  package var isLoading = true
  package var hasEnded = false

  init(size: Size, capabilities: Capabilities) {
    self.size = size
    self.capabilities = capabilities
    levels = palette.levels(capabilities)
  }
}
