import ArgumentParser
import Basics
import CellUI
import CursesTerminal
import Foundation
import Imaging
import Viewer
import ViewerRuntime

/// `boldspect view`.
struct View: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Browse images: connectivity on the left, SPECT on the right, one cursor.",
    discussion: "\(researchUse)\n\nPress ? for the keys.")

  @OptionGroup var options: ViewOptions
  @Flag(help: "Say everything in lines of text instead of pictures, for screen readers.")
  var speak = false

  func run() throws {
    let config = try Config.read(options.config)
    let (request, workspace) = try options.opened()
    let start = try options.start(request, config: config, workspace: workspace)
    if speak {
      try openSpokenViewer(request, start, library: options.library)
    } else {
      try openViewer(
        request, start, options.screen.plan(ProcessInfo.processInfo.environment, config),
        library: options.library)
    }
  }
}
