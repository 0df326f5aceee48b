import Basics
import CellUI

extension Action {
  /// Keys that are younger than config files that may already use them: those keep what they say, and the action
  /// has its name after `:`.
  package var givesWay: Bool {
    CommandTopic.people.keys.contains { $0.key?.action == self }
  }
}

extension CommandTopic {
  static let people = CommandTopic(
    title: "People and visits", keyRank: 15,
    keys: [
      .key(.people, [.character("F")], "F", "the list of the folder's people, and back"),
      .key(.nextPerson, [.control("n")], "Ctrl-N", "next person: place, seed and view go along"),
      .key(.previousPerson, [.control("p")], "Ctrl-P", "person before"),
      .key(.nextVisit, [.control("f")], "Ctrl-F", "next visit of the person"),
      .key(.previousVisit, [.control("b")], "Ctrl-B", "visit before"),
      .key(.anotherSpace, [.character("W")], "W", "the same run in another space"),
      .key(.anotherRun, [.character("J")], "J", "another run in the same space"),
      .key(
        .searchPeople, [.character("/")], "/", "in the list: find, while typing", own: notInList),
      .key(
        .filterPeople, [.character("f")], "f", "in the list: only those where something is missing",
        own: notInList),
      .key(.sortPeople, [.character("*")], "*", "in the list: another order", own: notInList),
      .key(.firstLine, [.home], "Home", "in the list: the first line", own: notInList),
      .key(.lastLine, [.end], "End", "in the list: the last line", own: notInList),
      .key(.rateGood, [.character("7")], "7", "this scan is good"),
      .key(.rateDoubtful, [.character("8")], "8", "this scan is doubtful, and why"),
      .key(.rateBad, [.character("9")], "9", "this scan is bad, and why"),
      .key(.noteVisit, [.character("&")], "&", "a note about this scan"),
    ],
    lines: [
      .line(
        "open", "FOLDER or FILE", "people of a folder, or the person of a file", .file([]),
        isPersonal: true
      ) { model, typed in
        typed.isEmpty ? nil : openFolder(&model, typed.text)
      },
      .line(
        "with", "mask, confounds, anat, spect, gm or wm, then FILE or none",
        "another file beside this run, for as long as it is on screen",
        .other(example: "mask none"),
        isPersonal: true
      ) { model, typed in changeCompanion(&model, typed.text) },
      .line(
        "rate", "good, doubtful, bad or none, then why", "rate this scan, or take your rating back",
        .words(["good", "doubtful", "bad", "none"]), isPersonal: true
      ) { model, typed in
        let word = String(typed.text.prefix { $0 != " " })
        guard ["good", "doubtful", "bad", "none"].contains(word) else { return nil }
        return review(
          &model, rating: word, text: String(typed.text.dropFirst(word.count)).trimmedBlanks)
      },
    ])

  /// Keys of the list mean nothing beside a picture.
  private static let notInList: @Sendable (inout Model) -> [Effect] = { model in
    refuse(
      &model,
      model.browser.listing == nil
        ? noFolderWords
        : "\(model.ways.keys.shown(.people) ?? ":people") first: this is for the list")
  }
}
