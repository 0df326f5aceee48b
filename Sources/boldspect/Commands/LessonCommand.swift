import ArgumentParser
import Basics
import Foundation
import Glibc
import Imaging
import ViewerRuntime

/// `boldspect lesson`.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "A guided lesson: what resolution in space and time means, on a brain.",
    discussion: """
      \(researchUse)

      Without files on the synthetic sample person, everything in it being SIMULATED; else on your own run, \
      with the options of `view`. n is the next step, N the one before, Esc ends it; the cursor and the \
      camera can be moved in every step. `snapshot … --keys "Enn"` draws a step without a terminal.
      """)

  @OptionGroup var options: ViewOptions

  func run() throws {
    let isOwn = !options.bold.isEmpty
    let used = isOwn ? options : try demoOptions(try Demo.findSampleData())
    guard isatty(0) == 1, isatty(1) == 1 else {
      throw Problem(
        .unavailable, "lesson", "there is no terminal here",
        remedy: "Draw a step with: boldspect snapshot --bold FILE --keys E -o step.txt")
    }
    let config = try Config.read(options.config)
    let start = try used.start(used.request, config: config, startsLesson: true)
    try openViewer(
      used.request, start, used.screen.plan(ProcessInfo.processInfo.environment, config))
  }
}
