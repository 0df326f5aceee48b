import ArgumentParser
import Basics
import Foundation
import Glibc
import Imaging
import Records
import ViewerRuntime

/// `boldspect demo`.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open the viewer on the synthetic sample person.",
    discussion: "\(researchUse)\n\nEverything in it is of a SYNTHETIC PERSON. Press ? for the keys."
  )

  @Option(help: ArgumentHelp("Where the sample files are.", valueName: "folder"))
  var data: String?
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var state: ViewStateOptions
  @Flag(help: "Say everything in lines of text instead of pictures, for screen readers.")
  var speak = false

  func run() throws {
    let folder = try data ?? SampleFolder.find()
    guard speak || (isatty(0) == 1 && isatty(1) == 1) else {
      throw Problem(
        .unavailable, "demo", "there is no terminal here",
        remedy:
          "Draw the same picture with: boldspect snapshot --bold \(folder)/\(SampleFiles.bold) "
          + "--spect \(folder)/\(SampleFiles.spect) --seed PCC -o picture.txt, or hear it with --speak"
      )
    }
    var options = try demoOptions(folder)
    options.screen = screen
    options.state = state
    let config = try Config.read(nil)
    let start = try options.start(options.request, config: config)
    if speak {
      try openSpokenViewer(options.request, start)
    } else {
      try openViewer(
        options.request, start, screen.plan(ProcessInfo.processInfo.environment, config))
    }
  }
}

/// The sample person's files as options of the viewer.
func demoOptions(_ folder: String) throws -> ViewOptions {
  try ViewOptions.parse(SampleFiles.viewerArguments(folder))
}
