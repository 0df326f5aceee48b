import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Imaging
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
  @Flag(help: "Check a file, the usual one without a name.")
  var check = false
  @Argument(help: ArgumentHelp("File to check.", valueName: "file"))
  var file: String?

  func run() throws {
    if path {
      try printResult(Config.usualPath)
    } else if fields {
      try printResult(
        Config.fieldNames.map { "\($0): \(ViewField.named($0)?.expected ?? "")" }
          .joined(separator: "\n"))
    } else if check || file != nil {
      let wanted = file ?? Config.usualPath
      guard FileManager.default.fileExists(atPath: wanted) else {
        throw Problem(
          .missingInput, fileName(wanted), "it is not there", expected: "a config file",
          remedy: "Without one the defaults count; `boldspect config` prints them")
      }
      _ = try Config(wanted)
      try printResult("\(fileName(wanted)) is right")
    } else {
      try printResult(Config.defaults.text)
    }
  }
}
