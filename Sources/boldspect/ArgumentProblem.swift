import ArgumentParser
import Basics
import ImageFiles
import Workflows

/// A refusal of the argument parser in the one wording that all refusals have.
///
/// - Parameter full: what the parser itself would print: `Error:`, then `Help:` and `See '… --help'`.
func argumentProblem(_ full: String) -> Problem {
  var message = ""
  var help: String?
  var command = "boldspect"
  var choices: [Substring] = []
  for line in full.split(separator: "\n") {
    // Many choices stand in lines of their own.
    if message.hasSuffix("one of the following:"), let choice = after("-", line.drop { $0 == " " })
    {
      choices.append(choice[...])
    } else if let rest = after("Error:", line) {
      message = rest
    } else if let rest = after("Help:", line) {
      // The name stands before two blanks, what it takes behind them.
      help = rest.split(separator: "  ", maxSplits: 1).last.map(String.init)
    } else if let known = line.firstMatch(of: /See '(.*) --help'/) {
      command = String(known.output.1)
    }
  }
  if !choices.isEmpty {
    message = message.dropLast("the following:".count) + choices.joined(separator: ", ") + "."
  }
  let (subject, found, expected) = reading(of: message)
  return Problem(
    .usage, subject, found,
    expected: expected ?? help.map(withinASentence),
    remedy: "`\(command) --help` lists what it takes")
}

/// Refuses a word of the command line that is no text: the system's names are bytes, and one that is no UTF-8 names
/// another file, or none, once it is taken for text.
func requireTextArguments() throws(Problem) {
  for case let word? in UnsafeBufferPointer(
    start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
  where String(validatingCString: word) == nil {
    throw Problem(
      .missingInput, fileName(String(cString: word)), "the name is not UTF-8",
      expected: "a name in UTF-8",
      remedy:
        "Rename it (`convmv -f latin1 -t utf8 --notest`), or give a link to it that has such a name"
    )
  }
}

/// Words of the help page after others: without their full stop, an article small.
private func withinASentence(_ help: String) -> String {
  let words = help.hasSuffix(".") ? String(help.dropLast()) : help
  let isArticle = ["A ", "An ", "The "].contains { words.hasPrefix($0) }
  return isArticle ? words.prefix(1).lowercased() + words.dropFirst() : words
}

/// What was wrong, in which argument, and what the parser would take.
private func reading(of message: String) -> (subject: String, found: String, expected: String?) {
  if let m = message.firstMatch(of: /^Unexpected argument '(.*)'/) {
    return (String(m.output.1), "it is not understood here", "an argument of this command")
  }
  if let m = message.firstMatch(of: /^Unknown option '([^']*)'(?:.*Did you mean '([^']*)')?/) {
    return (
      String(m.output.1), "there is no such option",
      m.output.2.map(String.init) ?? "an option of this command"
    )
  }
  if let m = message.firstMatch(of: /^Missing expected argument '(.*)'/) {
    return (String(m.output.1), "it is missing", nil)
  }
  if let m = message.firstMatch(of: /^Missing value for '(\S+) ?(.*)'/) {
    let name = String(m.output.1)
    if let typed = TypedOptions(CommandLine.arguments).negativeValue(of: name) {
      return (name, "\(typed) is read as an option", "\(name)=\(typed)")
    }
    return (name, "its value is missing", m.output.2.filter { $0 != "<" && $0 != ">" })
  }
  if let m = message.firstMatch(
    of: /^The value '(.*)' is invalid for '(\S+).*?'(?:\. Please provide one of (.*)\.)?$/)
  {
    return (
      String(m.output.2),
      hasDecimalComma(String(m.output.1))
        ? "\(m.output.1) holds a decimal comma; decimals stand behind a point"
        : "\(m.output.1) cannot be meant",
      m.output.3.map { "one of " + $0.filter { $0 != "'" } }
    )
  }
  return ("", message.hasSuffix(".") ? String(message.dropLast()) : message, nil)
}

private func after(_ word: String, _ line: Substring) -> String? {
  guard line.hasPrefix(word) else { return nil }
  return String(line.dropFirst(word.count).drop { $0 == " " })
}
