import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Imaging
import Reports
import Viewer
import ViewerRuntime

/// `boldspect config`.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "The config file: its defaults, where it is, whether it is right.",
    discussion: """
      Without options the defaults are printed: what a config file may hold, and what counts where it \
      says nothing. A file needs only what differs. A key that is given to an action takes the place of that \
      action's own keys; q, Ctrl-C, Esc, ? and : keep their meaning.
      """)

  @Flag(help: "Print where the file is looked for.")
  var path = false
  @Flag(help: "Print what each view takes.")
  var fields = false
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Check a file, the usual one without a name.")
  var check = false
  @Argument(help: ArgumentHelp("File to check.", valueName: "file"))
  var file: String?

  func run() throws {
    if path {
      try answer.give(
        CommandAnswer("config", result: [("path", .string(Config.usualPath))]),
        text: Config.usualPath)
    } else if fields {
      let fields = Config.fieldNames.map { ($0, ViewField.named($0)?.expected ?? "") }
      try answer.give(
        CommandAnswer(
          "config", result: [("fields", .object(fields.map { ($0.0, .string($0.1)) }))]),
        text: fields.map { "\($0.0): \($0.1)" }.joined(separator: "\n"))
    } else if check || file != nil {
      let wanted = file ?? Config.usualPath
      guard FileManager.default.fileExists(atPath: wanted) else {
        throw Problem(
          .missingInput, fileName(wanted), "it is not there", expected: "a config file",
          remedy: "Without one the defaults count; `boldspect config` prints them")
      }
      _ = try Config(wanted)
      try answer.give(
        CommandAnswer(
          "config", inputs: [try Provenance("config", file: wanted)],
          result: [("right", .bool(true))]),
        text: "\(fileName(wanted)) is right")
    } else {
      try answer.give(
        CommandAnswer("config", result: Config.defaults.members ?? []), text: Config.defaults.text)
    }
  }
}
