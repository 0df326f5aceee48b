import Basics
import CellUI

extension CommandTopic {
  static let workspace = CommandTopic(
    title: "Workspace",
    lines: [
      .line(
        "workspace", "save FILE.json", "keep all that is looked at; view --workspace opens it",
        .workspace, was: ["session"]
      ) { workspaceCommand(&$0, $1.text) },
      .line(
        "save", "course, spectrum, windows, histogram or curve, then NAME",
        "what is drawn, as NAME.csv and NAME.svg", .words(SavedChart.kinds), isPersonal: true,
        run: saveChart),
    ])

  static let program = CommandTopic(
    title: "Program", keyRank: 14,
    keys: [
      .key(.command, [.character(":")], ":", "type a command"),
      .key(.help, [.character("?")], "?", "this help"),
      .key(.back, [.escape], "Esc", "back, or cancel what is running"),
      .key(.redraw, [.control("l")], "Ctrl-L", "draw the screen anew"),
      .key(.suspend, [.control("z")], "Ctrl-Z", "to the shell; fg comes back"),
      .key(.quit, [.character("q"), .control("c")], "q", "quit"),
    ],
    lines: [
      .line("debug", "bytes and milliseconds of the last picture, on or off") {
        $0.shell.showsCost.toggle()
        return []
      },
      .line("load", "FILE.json", "show targets that were saved", .file([".json"]), isPersonal: true)
      {
        model, typed in
        if typed.isEmpty { return nil }
        guard model.hasWorld else {
          return refuse(
            &model, "the file does not say which side is left, so targets have no place in it")
        }
        return [.loadTargets(typed.text)]
      },
      .line("findings", "what is odd about the files") { model in
        let lines =
          model.ways.recordProblems
          + model.scene.problems.map { "\($0.severity.rawValue): \($0.sentence)" }
          + model.scene.findings.map { "\($0.severity.rawValue): \($0.line)" }
        tell(&model, lines.isEmpty ? "nothing odd was found" : lines.joined(separator: "  "))
        return []
      },
      .line("quit", "leave") { act(&$0, .quit) },
    ])
}
