import ArgumentParser
import CellUI
import CursesTerminal
import Foundation
import Viewer
import ViewerRuntime

/// How pictures are shown.
struct ScreenOptions: ParsableArguments {
  @Option(
    name: [.customLong("colour-depth"), .customLong("colours")],
    help: ArgumentHelp(
      "Depth of colour: auto, 24bit, 256, 16 or none; --colours is the old name.",
      valueName: "kind"))
  var colours = ColourArgument.auto
  @Option(
    help: ArgumentHelp(
      "Colours of perfusion: \(Palette.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var palette: Palette?
  @Option(
    help: ArgumentHelp(
      "Pixels: auto, half (exact), quadrant (finer, interpolated) or kitty (images).",
      valueName: "kind"))
  var pictures = PicturesWanted.auto
  @Flag(help: "Ask the terminal nothing; BOLDSPECT_NO_PROBE=1 does the same.")
  var noProbe = false
  @Flag(help: "Leave the mouse to the terminal, for selecting text.")
  var noMouse = false

  /// What the person or NO_COLOR asks for; nil leaves it to the terminal.
  func wanted(_ environment: [String: String]) -> Capabilities.Colours? {
    switch colours {
    case .direct: return .direct
    case .indexed: return .indexed
    case .sixteen: return .sixteen
    case .none: return Capabilities.Colours.none
    case .auto:
      return environment["NO_COLOR"].map { !$0.isEmpty } == true ? Capabilities.Colours.none : nil
    }
  }

  /// What this terminal may be asked; the command line counts for more than the config file.
  func plan(_ environment: [String: String], _ config: Config?) -> TerminalPlan {
    var chosen = self
    if case .auto = colours, let kind = config?.colours { chosen.colours = kind }
    var plan = TerminalPlan(
      environment: environment, isUnderMosh: isUnderMosh(environment),
      colours: chosen.wanted(environment), pictures: pictures,
      mayProbe: !noProbe && config?.probes ?? true)
    plan.usesMouse = plan.usesMouse && !noMouse && (config?.usesMouse ?? true)
    return plan
  }
}

extension PicturesWanted: ExpressibleByArgument {}
extension ColourArgument: ExpressibleByArgument {}

extension Palette: ExpressibleByArgument {
  package init?(argument: String) { self.init(typed: argument) }
}
