import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Targeting

/// `boldspect protocols`.
struct Protocols: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The ways a target is looked for, by name; save one to change it.",
    discussion: """
      A protocol is everything that changes the answer: seed, search region, method, polarity, part of \
      the region, smoothing, global signal, tests. `--save F.json` writes one; `targets --protocol \
      F.json` uses it.
      """)

  @Argument(help: ArgumentHelp("One protocol; all without it.", valueName: "name"))
  var name: String?
  @Option(help: ArgumentHelp("Write it to a file.", valueName: "file.json"))
  var save: String?
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    guard let name else {
      if save != nil {
        throw Problem(.usage, "--save", "no protocol is named", expected: "its name")
      }
      let all = TargetProtocol.shipped
      try answer.give(
        CommandAnswer(
          "protocols", result: all.map { ($0.id, TargetProtocols.json($0.settings)) }),
        text: all.map { "\($0.id): \($0.settings.methodText)" }.joined(separator: "\n"))
      return
    }
    let found = TargetProtocols.json(try TargetProtocols.named(name))
    let text = found.text
    if let save {
      guard save.hasSuffix(".json") else {
        throw Problem(
          .usage, fileName(save), "protocols are written as .json", expected: "such a name")
      }
      try checkFolder(of: save)
      try AtomicFile.write(save, Array((text + "\n").utf8), overwrite: force)
    }
    try answer.give(
      CommandAnswer("protocols", result: [(name.lowercased(), found)]),
      text: save == nil ? text : nil)
  }
}
