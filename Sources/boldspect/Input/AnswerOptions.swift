import ArgumentParser
import Basics
import Reports
import Workflows

/// What `--json` of every command is, once.
let envelopeHelp: ArgumentHelp =
  "Answer as JSON: {schema, version, command, inputs, findings, result, notice}."

/// How a command tells what it found.
struct AnswerOptions: ParsableArguments {
  @Flag(help: envelopeHelp)
  var json = false
  @Flag(help: "Say nothing on standard error but why something failed; holds for every command.")
  var quiet = false
  @OptionGroup var series: SeriesOption
  @OptionGroup var trust: TrustOption

  /// Prints the answer, and what is doubtful in it on standard error.
  ///
  /// - Parameter text: the same for a person to read; nil where the file that was written says it.
  func give(
    _ answer: @autoclosure () throws -> CommandAnswer, text: @autoclosure () -> String? = nil
  ) throws {
    let told = try answer()
    for finding in told.findings where finding.severity > .note { complain(finding.text) }
    if json {
      try printResult(told.json.text)
    } else if let text = text() {
      // Rows of numbers have no line for it, and go into programs.
      if let word = told.unmeasured, !text.contains(word), let words = told.unmeasuredWords {
        complain(words)
      }
      // Standard output belongs to the image.
      if StandardStreams.sendsImage { complain(text) } else { try printResult(text) }
    }
  }
}
