import Basics
import CellUI
import Connectivity
import Foundation
import Imaging
import Perfusion
import Targeting
import TestSupport
import Testing
import Viewer

/// The tables of the documents, as the registry has them.
enum DocumentTables {
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let lines =
      [heads, heads.map { _ in "---" }].enumerated().map { n, cells in
        n == 0
          ? "| " + cells.joined(separator: " | ") + " |" : "|" + cells.joined(separator: "|") + "|"
      } + rows.map { "| " + $0.joined(separator: " | ") + " |" }
    return lines.joined(separator: "\n") + "\n"
  }

  static var keys: String {
    table(["key", "does"], KeyMap.bindings.map { ["`\($0.shown)`", $0.text] })
  }

  static var lines: String {
    table(
      ["typed", "does"],
      CommandRegistry.lines.map { command in
        ["`:\(command.name)\(command.takes.isEmpty ? "" : " " + command.takes)`", command.text]
      })
  }

  static var views: String {
    table(
      ["view", "option", "takes", "config"],
      CommandRegistry.fields.map { field in
        [
          "`\(field.name)`", field.optionName.map { "`\($0)`" } ?? "",
          field.expected.split(separator: "|", omittingEmptySubsequences: false)
            .joined(separator: "\\|"),
          field.isPersonal ? "no" : "yes",
        ]
      })
  }

  static var namesOfBefore: String {
    table(
      ["name of before", "name"],
      CommandRegistry.lines.flatMap { command in
        command.aliases.map { ["`:\($0)`", "`:\(command.name)`"] }
      })
  }

  static var settings: String {
    CommandRegistry.lines.filter(\.isSetting).map { "`\($0.name)`" }.joined(separator: ", ")
  }
}

@Suite struct DocumentTests {
  @Test(arguments: [
    ("README.md", DocumentTables.keys), ("README.md", DocumentTables.lines),
    ("Sources/boldspect/Documentation.docc/CommandLine.md", DocumentTables.views),
    ("Sources/boldspect/Documentation.docc/CommandLine.md", DocumentTables.namesOfBefore),
    ("Sources/boldspect/Documentation.docc/CommandLine.md", DocumentTables.settings),
  ])
  func tablesOfTheDocumentsAreTheRegistry(_ file: String, _ table: String) throws {
    let text = try String(
      contentsOf: RealData.project.appending(path: file), encoding: .utf8)
    #expect(text.contains(table), "\(file) should hold:\n\(table)")
  }
}

@Suite struct RegistryTests {
  @Test func namesKeysAndFieldsAreEachOne() {
    let names = CommandRegistry.names + CommandRegistry.lines.flatMap(\.aliases)
    #expect(Set(names).count == names.count)
    let fields = CommandRegistry.fields.map(\.name)
    #expect(Set(fields).count == fields.count)
    for command in CommandRegistry.lines {
      if let field = command.field { #expect(fields.contains(field.name), "\(command.name)") }
      // What a session repeats must be what a history may keep a name of.
      #expect(CommandRegistry.named(command.name)?.name == command.name)
    }
    // A name of before belongs to nothing else.
    for alias in CommandRegistry.lines.flatMap(\.aliases) {
      #expect(!CommandRegistry.names.contains(alias))
    }
  }

  /// A command with a range or a list of words sets the field that it says it sets.
  @Test func commandsSetTheirFields() throws {
    var start = AveragingViewTests.head()
    start.scene.proxies = ProxyChoice.allCases
    start.view.zoom = 2
    for command in CommandRegistry.lines {
      guard let field = command.field else { continue }
      let values: [String]
      switch command.parameter {
      case .number(let range, _, _):
        values = [range.lowerBound, range.lowerBound + 1].map { "\(Int($0.rounded(.up)))" }
      case .words(let words): values = [words.first ?? "", words.last ?? ""]
      default: continue
      }
      var seen: Set<String> = []
      for value in values {
        var model = start
        _ = try Head.press(&model, ":\(command.name) \(value)<Enter>")
        seen.insert(field.write(model.viewState).text)
      }
      #expect(seen.count == 2, "\(command.name) \(values) leaves \(field.name) at \(seen)")
    }
  }

  @Test(arguments: [
    ("fwhm 12", "camera-fwhm", "camera-fwhm 12"), ("camera osem", "camera-preset", "camera-fwhm 9"),
    ("colours green-purple", "overlay-colours", ""),
  ])
  func aNameOfBeforeWorksAndSaysTheNewOne(_ line: String, _ new: String, _ undo: String) throws {
    var old = AveragingViewTests.head()
    var now = old
    let word = line.prefix { $0 != " " }
    _ = try Head.press(&old, ":\(line)<Enter>")
    #expect(old.notice?.text.contains(":\(word) is called :\(new) now") == true)
    _ = try Head.press(&now, ":\(new)\(line.dropFirst(word.count))<Enter>")
    #expect(now.notice == nil)
    #expect(now.viewState == old.viewState && now.viewState != AveragingViewTests.head().viewState)
  }

  /// The minus sign that the screen shows may be typed back, whatever takes numbers.
  @Test func theMinusOfTheScreenIsAMinus() throws {
    var start = AveragingViewTests.head()
    start.view.zoom = 2
    for command in CommandRegistry.lines {
      for numbers in ["-3", "-40,10,20", "-4 -2", "-40,40,30,12"] {
        let shown = String(numbers.map { $0 == "-" ? "−" : $0 })
        var (a, b) = (start, start)
        let first = try Head.press(&a, ":\(command.name) \(numbers)<Enter>")
        let second = try Head.press(&b, ":\(command.name) \(shown)<Enter>")
        #expect(first.count == second.count, "\(command.name) \(numbers)")
        #expect(a.viewState == b.viewState, "\(command.name) \(numbers)")
        func plain(_ text: String?) -> String { String((text ?? "").map { $0 == "−" ? "-" : $0 }) }
        #expect(plain(a.notice?.text) == plain(b.notice?.text), "\(command.name)")
      }
    }
  }

  @Test func aWindowThatTheRunDoesNotHaveIsSaid() throws {
    var model = AveragingViewTests.head()
    _ = try Head.press(&model, ":window 900<Enter>")
    #expect(model.notice?.text.contains("the run has 16 s") == true)
    _ = try Head.press(&model, ":window 10<Enter>")
    #expect(model.notice == nil)
  }
}

@Suite struct HelpReasonTests {
  /// A result is no reason why not.
  @Test func commandsThatGiveResultsAreNotSaidToFail() throws {
    var (model, reduced, map) = try AnalysesTests.seeded()
    let inference = try map.inference(in: reduced, method: .bartlett)
    _ = update(&model, .inference(inference))
    for line in ["threshold z 2", "fdr 0.0001", "fdr 0.9"] {
      var copy = model
      _ = try Head.press(&copy, ":\(line)<Enter>")
      #expect(copy.notice != nil && copy.notice?.isRefusal == false, "\(line)")
    }
    let before = model.viewState
    for name in [":threshold", ":fdr"] {
      let line = try #require(model.helpLines.first { $0.keys == name })
      #expect(line.reason == nil, "\(name) \(line.reason ?? "")")
    }
    #expect(model.viewState == before)
    // An overlay has its own name.
    let given = Head.model()
    #expect(given.helpLines.first { $0.keys == ":choose" }?.reason == nil)
  }

  @Test func helpIsFoundByWordsOfWhatCommandsTake() throws {
    var model = Head.model()
    _ = try Head.press(&model, "?acompcor")
    #expect(model.helpLines.map(\.keys).contains(":preset"))
    _ = try Head.press(&model, "<Esc>fwhm")
    #expect(model.helpLines.map(\.keys).contains(":camera-fwhm"))
  }
}

@Suite struct PromptTests {
  @Test func aSiteIsFoundByAWordOfItsName() throws {
    for typed in ["DLPFC", "left DLPFC", "left-dlpfc"] {
      var model = Head.model()
      _ = try Head.press(&model, "g\(typed)<Enter>")
      #expect(model.notice?.text.contains("left-DLPFC") == true, "\(typed)")
      #expect(model.cursor == WorldPoint(-44, 40, 29), "\(typed)")
    }
    // What lies on both sides is never chosen for a person.
    var model = Head.model()
    let before = model.cursor
    _ = try Head.press(&model, "gmotor<Enter>")
    #expect(model.notice?.text == "motor may be left-motor, right-motor")
    #expect(model.cursor == before)
  }

  @Test func aProposedNameIsReplacedByTyping() throws {
    var model = Head.model()
    _ = try Head.press(&model, "\"spot")
    #expect(model.shell.prompt?.text == "spot")
    _ = try Head.press(&model, "<Esc>\"<Right>spot")
    #expect(model.shell.prompt?.text == "place-1spot")
    _ = try Head.press(&model, "<Esc>\"<BS>2<Enter>")
    #expect(model.ways.bookmarks.map(\.name) == ["place-2"])
  }

  @Test func aNameThatCannotBeStaysWithTheReason() throws {
    var model = try TargetListTests.model()
    _ = update(&model, .targets(try TargetListTests.report()))
    _ = try Head.press(&model, "M")
    while model.targets.list != nil, model.currentTarget?.name.hasPrefix("mark") != true,
      (model.targets.list?.index ?? 99) < 20
    {
      _ = try Head.press(&model, "n")
    }
    _ = try Head.press(&model, "rmy spot<Enter>")
    #expect(model.shell.prompt?.text == "my spot")
    #expect(model.notice?.text.contains("a name has letters") == true)
    let text = view(model).text
    #expect(text.contains("name: my spot") && text.contains("a name has letters"))
    _ = try Head.press(&model, "<Left><Left><Left><Left><BS>-<Enter>")
    #expect(model.shell.prompt == nil && model.targets.book.map(\.name) == ["my-spot"])
  }
}

@Suite struct HintTests {
  @Test(arguments: [80, 100, 120, 160])
  func theWayOutStandsInTheHintLine(_ columns: Int) throws {
    var model = Head.model(columns: columns, rows: 24)
    for keys in ["", "2", "3", "4", "5", "1V", "<Esc>:bookmark one<Enter>'"] {
      _ = try Head.press(&model, keys)
      model.notice = nil
      let foot =
        view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
        .last { !$0.allSatisfy { $0 == " " } } ?? ""
      #expect(foot.contains("q quit"), "\(keys): \(foot)")
    }
  }

  @Test func wordsAreNotCut() throws {
    var model = Head.model(columns: 80, rows: 24)
    _ = try Head.press(&model, ":thr")
    let line = try #require(
      view(model).text.split(separator: "\n").first { $0.contains(":threshold") })
    #expect(line.contains("…"))
    let last = line.split(separator: " ").dropLast().last.map(String.init) ?? ""
    let words = CommandRegistry.named("threshold").map { "\($0.takes): \($0.text)" } ?? ""
    #expect(words.split(separator: " ").map(String.init).contains(last), "\(last)")
  }
}
