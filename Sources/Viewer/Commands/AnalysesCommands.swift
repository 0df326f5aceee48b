import Basics
import CellUI
import Connectivity
import Imaging

extension CommandTopic {
  static let frames = CommandTopic(
    title: "Frames", keyRank: 6, fieldRank: 5,
    keys: [
      .key(.frameBack, [.character("[")], "[", "previous frame, or window of a movie"),
      .key(.frameForward, [.character("]")], "]", "next frame, or window of a movie"),
    ],
    lines: [
      .line("frame", "N", "frame, from 0", .number(0...1_000_000, "from 0"), field: .frame) {
        guard let v = $1.number, let run = $0.scene.run, v < Double(run.frameCount) else {
          return nil
        }
        $0.navigation.frame = Int(v)
        return []
      }
    ],
    fields: [.activity, .overlay, .underlay, .frame])

  static let analyses = CommandTopic(
    title: "Analyses of the run", keyRank: 7,
    keys: [
      .key(.course, [.character("y")], "y", "time course: cleaned, stored, per cent, spectrum"),
      .key(.activity, [.character("A")], "A", "next activity map: ALFF, fALFF, ReHo, temporal SNR"),
      .key(.movie, [.character("w")], "w", "movie of sliding windows, on or off"),
      .key(.play, [.character("p")], "p", "play or stop the movie"),
      .key(.motion, [.character("m")], "m", "motion, DVARS, global signal and carpet"),
      .key(.matrix, [.character("x")], "x", "matrix of the atlas's regions"),
    ],
    lines: [
      .line("alff", "map of low-frequency amplitude") { askActivity(&$0, .alff) },
      .line("falff", "the same by all frequencies") { askActivity(&$0, .falff) },
      .line("reho", "map of regional homogeneity") { askActivity(&$0, .reho) },
      .line("tsnr", "map of temporal signal to noise") { askActivity(&$0, .tsnr) },
      .line("windows", "SECONDS", "movie of sliding windows", .number(1...100_000, "seconds")) {
        guard let v = $1.number else { return nil }
        return askMovie(&$0, seconds: v)
      },
      .line("motion", "motion, DVARS and carpet") { actOnAnalyses(&$0, .motion) ?? [] },
      .line("matrix", "matrix of the atlas's regions") { actOnAnalyses(&$0, .matrix) ?? [] },
    ])

  static let lesson = CommandTopic(
    title: "Lesson", keyRank: 7,
    keys: [
      .key(
        .lesson, [.character("E")], "E",
        "lesson: what SPECT and rsfMRI each can show; goes on where it was left")
    ],
    lines: [
      .line(
        "lesson", "[STEP, contents, or seconds as in: auto 20]",
        "the lesson, from anywhere at any step", .other(example: "7"), run: lessonByName)
    ])

  @Sendable private static func lessonByName(
    _ model: inout Model, _ typed: TypedArgument
  ) -> [Effect]? {
    if typed.isEmpty { return enterLesson(&model, nil) }
    if "contents".hasPrefix(typed.text) { return showContents(&model) }
    let words = typed.text.split(separator: " ").map(String.init)
    if words.first == "auto", words.count == 2, let seconds = Double(words[1]),
      (2...3600).contains(seconds)
    {
      let effects = enterLesson(&model, nil)
      model.lesson.running?.autoSeconds = seconds
      return effects
    }
    guard words.count == 1, let number = typed.number, number == number.rounded(),
      abs(number) < 1000
    else { return nil }
    return enterLesson(&model, Int(number))
  }

  static let registration = CommandTopic(
    title: "Registration", keyRank: 7,
    keys: [
      .key(
        .registration, [.character("G")], "G",
        "does the SPECT lie right? move it, register it, accept it")
    ],
    lines: [
      .line("register", "register the SPECT to the anatomy") { model in
        let opened = model.shell.panel == .registration ? [] : openRegistration(&model)
        guard model.shell.panel == .registration else { return opened }
        return opened + runRegistration(&model)
      },
      .line("flipcheck", "do the anatomy and the others agree about left and right?") {
        checkSides(&$0)
      },
      .line(
        "side", "decide, then why", "decide that the sides are right as they are, and why",
        .words(["decide"]), isPersonal: true
      ) { model, typed in
        guard typed.text.hasPrefix("decide") else { return nil }
        return decideSides(
          &model, reason: String(typed.text.dropFirst("decide".count)).trimmedBlanks)
      },
    ])

  static let networks = CommandTopic(
    title: "Networks", keyRank: 8,
    keys: [
      .key(.networks, [.character("T")], "T", "table of networks")
    ],
    lines: [.line("networks", "table of networks") { actOnAnalyses(&$0, .networks) ?? [] }])

  static let visits = CommandTopic(
    title: "A second session",
    lines: [
      .line("change", "change to the second session") { model in
        guard model.scene.secondTitle != nil else {
          return refuse(&model, "there is no second session: start with --second FILE")
        }
        model.panes.right = .change
        return refreshRight(&model)
      }
    ])
}

extension ViewField {
  static let activity = ViewField(
    name: "activity", help: "Activity map on top.", value: "name",
    expected: oneOf(ActivityMeasure.allCases.map(\.rawValue)), isPersonal: true,
    write: { .optional($0.activity?.rawValue) },
    read: { s, v in
      guard let found = v.asString.flatMap({ ActivityMeasure(rawValue: $0) }) else {
        return false
      }
      s.activity = found
      return true
    })
  static let overlay = whole(
    "overlay", \.overlay, "Overlay by its place in the list, from 0.", 0...999,
    "its place in the list", value: "n", isPersonal: true, option: "overlay-number")
  static let underlay = whole(
    "underlay", \.underlay, "Background by its place in the list, from 0.", 0...999,
    "its place in the list", value: "n", isPersonal: true)
  static let frame = whole(
    "frame", \.frame, "Frame of the run.", 0...1_000_000, "from 0", value: "n", isPersonal: true)
  static let course = words(
    "course", \.course, "Time course under the slices.",
    CourseKind.allCases.map { ($0.rawValue, $0) })
  static let panel = ViewField(
    name: "panel", help: "What takes the place of the slices.", value: "panel",
    expected: oneOf(Panel.views.map(\.rawValue)), isPersonal: true,
    write: { .optional($0.panel?.rawValue) },
    read: { s, v in
      guard let found = v.asString.flatMap({ Panel(rawValue: $0) }), Panel.views.contains(found)
      else {
        return false
      }
      s.panel = found
      return true
    })
}
