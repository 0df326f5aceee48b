import Basics
import CellUI
import Testing
import Viewer

/// What a person decided about sides in a session holds in it, on screen and for what may go out.
@Suite struct SideNewsTests {
  private func news(isBlocking: Bool, refusal: String?) -> SideNews {
    let note = SideNote(
      words: "a.nii and b.nii: MIRRORED", isBlocking: isBlocking,
      decision: isBlocking ? nil : "SIDES BY DECISION of x")
    let finding = Finding(
      "sides-mirrored", isBlocking ? .blocking : .warning, "Compared with b.nii, MIRRORED.")
    let problem = SceneProblem(
      file: "left and right", severity: isBlocking ? .blocking : .warning, sentence: note.words)
    return SideNews(
      notes: [note], findings: [finding], problems: [problem], targetsRefusal: refusal, words: "w")
  }

  @Test func aDecisionLiftsTheBlockAtOnce() throws {
    var model = Head.model()
    #expect(model.scene.sideNotes.isEmpty)
    _ = update(&model, .sides(news(isBlocking: true, refusal: "targets are blocked: MIRRORED")))
    #expect(model.notice?.isError == true)
    #expect(view(model).text.contains("MIRRORED PAIR"))
    _ = try Head.press(&model, ":side decide the marker is on the right<Enter>")
    _ = update(&model, .sides(news(isBlocking: false, refusal: nil)))
    let shown = view(model).text
    #expect(!shown.contains("MIRRORED PAIR") && shown.contains("SIDES BY DECISION"))
    #expect(!model.scene.findings.contains { $0.severity == .blocking })
    #expect(!model.scene.problems.contains { $0.severity == .blocking })
    #expect(model.scene.targetsRefusal == nil)
  }
}
