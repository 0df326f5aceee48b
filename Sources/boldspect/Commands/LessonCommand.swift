import ArgumentParser
import Basics
import CellUI
import Foundation
import Glibc
import Imaging
import Reports
import Study
import ViewerRuntime

/// `boldspect lesson`.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson",
    abstract: "A guided lesson: what SPECT and rsfMRI each can show, on a brain.",
    discussion: """
      \(researchUse)

      Without files on the synthetic sample person, who was never measured; else on your own run, a \
      person's folder, or what `boldspect sample` made (both sessions), with the options of `view`. n is the next step, N the one before, a the answer, c all steps, Esc leaves, \
      E comes back. `snapshot … --keys ":lesson 3<Enter>"` draws a step without a terminal.
      """)

  @Option(
    help: ArgumentHelp(
      "Write pictures, curves, notes and a page that plays in any browser.", valueName: "folder"))
  var export: String?
  @Option(help: ArgumentHelp("Columns and rows of --export (80x24).", valueName: "80x24"))
  var size: SizeArgument?
  @Flag(help: "With --export, replace what is already there.") var force = false
  @Flag(help: "Print the speaker's notes, for a second screen or for paper.") var notes = false
  @Flag(help: "Say everything in lines of text instead of pictures.") var speak = false
  @OptionGroup var options: ViewOptions

  func run() throws {
    if notes { return try printResult(lessonNotes()) }
    let (request, workspace) = try person()
    let config = try export == nil ? Config.read(options.config) : nil
    let start = try ViewerStart(
      request, palette: options.screen.palette, views: options.state.given, config: config,
      workspace: workspace, startsLesson: true)
    if let export {
      let sheet = try PictureSheet(
        pixels: nil, cellSize: 16, size: size?.size, usualSize: Size(columns: 80, rows: 24))
      let names = try withStatus { progress in
        try writeHandout(
          try lessonHandout(request, start, sheet, progress: progress), sheet, to: export,
          overwrite: force, progress: progress)
      }
      return try printResult(names.joined(separator: "\n"))
    }
    if speak { return try openSpokenViewer(request, start, library: options.library) }
    guard isatty(0) == 1, isatty(1) == 1 else {
      throw Problem(
        .unavailable, "lesson", "there is no terminal here",
        remedy: "Draw a step with: boldspect snapshot --bold FILE --keys E -o step.txt")
    }
    try openViewer(
      request, start, options.screen.plan(ProcessInfo.processInfo.environment, config),
      library: options.library)
  }

  /// The files that the lesson is given on: those that were named, or the sample person's where none were.
  private func person() throws -> (StudyRequest, Workspace?) {
    let named = options.study.files
    if named.isEmpty, options.workspace == nil, options.bold.isEmpty {
      try options.request.requireNothingWithoutFiles()
      return (sample(try demoOptions(try SampleFolder.find())), nil)
    }
    let opened = try options.opened()
    guard options.study.opensFolder else {
      guard !opened.request.bold.isEmpty else {
        throw Problem(
          .usage, "lesson", "none of the files is a run", expected: "a BOLD run (--bold FILE)",
          remedy: "Without files the lesson is given on the synthetic person")
      }
      return opened
    }
    if let own = try LessonFiles.sampleArguments(named[0]) {
      try options.request.requireNothingWithoutFiles()
      return (sample(try ViewOptions.parse(own)), nil)
    }
    return (
      try LessonFiles.request(named[0], said: opened.request, library: options.library), nil
    )
  }

  /// A sample person's files, seen where it was asked for.
  private func sample(_ own: ViewOptions) -> StudyRequest {
    var request = own.request
    request.at = options.request.at
    return request
  }
}
