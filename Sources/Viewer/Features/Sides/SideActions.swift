package import Basics
import CellUI

/// Two images of the scene whose sides were compared.
package struct SideNote: Equatable, Sendable {
  package var words: String
  /// Whether they are mirrored against each other, and nobody decided.
  package var isBlocking: Bool
  /// Who decided what, when and for which images.
  package var decision: String?

  package init(words: String, isBlocking: Bool, decision: String?) {
    self.words = words
    self.isBlocking = isBlocking
    self.decision = decision
  }
}

/// What is known of the sides of the scene's images from now on.
package struct SideNews: Sendable {
  package var notes: [SideNote]
  /// All findings of the scene, those of sides as they are now.
  package var findings: [Finding]
  package var problems: [SceneProblem]
  /// Why no targets may be looked for; nil where they may.
  package var targetsRefusal: String?
  /// For the person who asked.
  package var words: String

  package init(
    notes: [SideNote], findings: [Finding], problems: [SceneProblem], targetsRefusal: String?,
    words: String
  ) {
    self.notes = notes
    self.findings = findings
    self.problems = problems
    self.targetsRefusal = targetsRefusal
    self.words = words
  }
}

extension Scene {
  /// Why no place may be kept or go out: two of the images are mirrored against each other, and nobody decided.
  var sidesBlock: String? {
    if let blocking = sideNotes.first(where: \.isBlocking) {
      return "blocked: " + blocking.words + " (:side decide REASON)"
    }
    return findings.first { $0.code == "sides-mirrored" && $0.severity == .blocking }
      .map { "blocked: " + $0.text }
  }

  /// What stands in the header line for as long as the scene is shown.
  var sideWord: String? {
    if sideNotes.contains(where: \.isBlocking) { return "MIRRORED PAIR" }
    let isDecided =
      sideNotes.contains { $0.decision != nil } || findings.contains { $0.code == "form-trusted" }
    return isDecided ? "SIDES BY DECISION" : nil
  }
}

/// Compares left and right of the anatomy with those of the run and of every SPECT.
func checkSides(_ model: inout Model) -> [Effect] {
  guard model.hasWorld else {
    return refuse(&model, "the file does not say which side is left: nothing can be compared")
  }
  model.shell.progress = ("comparing left and right", 0)
  return [.checkSides]
}

/// A person decides that the sides are right as they are, and says why.
func decideSides(_ model: inout Model, reason: String) -> [Effect] {
  guard model.scene.sideNotes.contains(where: \.isBlocking) else {
    return refuse(
      &model, "no images here are mirrored against each other (:flipcheck compares them)")
  }
  guard reason.count >= 8 else { return refuse(&model, "say why, in words: :side decide REASON") }
  return [.decideSides(reason)]
}

/// What was found out or decided.
func receiveSides(_ model: inout Model, _ message: Message) -> [Effect] {
  guard case .sides(let news) = message else { return [] }
  model.shell.progress = nil
  model.scene.sideNotes = news.notes
  model.scene.findings = news.findings
  model.scene.problems = news.problems
  model.scene.targetsRefusal = news.targetsRefusal
  model.notice = Notice(text: news.words, isError: news.notes.contains(where: \.isBlocking))
  return []
}
