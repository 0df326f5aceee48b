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
    let (opened, session) = try options.opened()
    try opened.validateRequest()
    let start = try opened.start(
      config: config, session: session,
      arguments: session?.arguments ?? Array(ProcessInfo.processInfo.arguments.dropFirst(2)))
    if speak {
      try openSpokenViewer(opened.request, start)
    } else {
      try openViewer(
        opened.request, start, opened.screen.plan(ProcessInfo.processInfo.environment, config))
    }
  }
}
