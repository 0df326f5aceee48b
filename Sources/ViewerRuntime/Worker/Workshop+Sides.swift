import Basics
import ImageFiles
import Imaging
import Records
import Registration
import Study
import Viewer
import Workflows

/// Whether the images agree about left and right.
extension Workshop {
  mutating func carryOutSides(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .checkSides: try checkSides(job)
    case .decideSides(let reason): try decideSides(reason, job)
    default: break
    }
    return .done
  }

  /// The anatomy against the run and every SPECT, as far as it is not known yet.
  private mutating func checkSides(_ job: Job) throws(Problem) {
    guard let anatomy else { throw missing("an anatomy", "--anat") }
    var others: [(d: ImageDescription, volume: Volume)] = spectFiles.map {
      ($0.description, $0.volume)
    }
    if let loadedRun { others.insert((loadedRun.description, loadedRun.run.mean), at: 0) }
    guard !others.isEmpty else { throw missing("a BOLD run or a SPECT", "--bold or --spect") }
    try study.requireOwnGeometry(for: "a verdict that is kept")
    for other in others where other.d.sha256 != anatomy.end.sha256 {
      guard knownSides(anatomy.end.sha256, other.d.sha256) == nil else { continue }
      let names = (anatomy.fileName, other.d.name)
      guard
        var found = try newlyJudgedSides(
          fixed: (anatomy.end.sha256, anatomy.volume), moving: (other.d.sha256, other.volume),
          names: names, progress: job.progress)
      else { throw noBrain(names) }
      found.name(voxelsOf: study.files.map { ($0.sha256, $0.voxelsSHA256) })
      foundSides.append(found)
      if keepsSides { try KeptSides().keep(found) }
    }
    post(job, decided: false)
  }

  /// What is kept, and what was found in this session.
  private func knownSides(_ a: String, _ b: String) -> JudgedSides? {
    KeptSides().judged(a, b) ?? foundSides.last { $0.isOf(a, b) }
  }

  private mutating func decideSides(_ reason: String, _ job: Job) throws(Problem) {
    guard keepsSides else {
      throw Problem(
        .usage, ":side decide", "a decision is kept, and a picture by a script keeps nothing",
        expected: "`boldspect flipcheck --decide`, or the viewer")
    }
    let kept = KeptSides()
    for pair in study.judgedPairs(knownSides) where pair.judged.isBlocking {
      _ = try kept.decide(pair.judged.first, pair.judged.second, reason: reason)
    }
    post(job, decided: true)
  }

  private mutating func post(_ job: Job, decided: Bool) {
    takeSides()
    let notes = scene.sideNotes
    let words =
      decided
      ? "decided"
        + (scene.targetsRefusal == nil ? "" : "; open the images again for targets")
      : notes.map(\.words).joined(separator: " ")
    job.post(
      .sides(
        SideNews(
          notes: notes, findings: scene.findings, problems: scene.problems,
          targetsRefusal: scene.targetsRefusal,
          words: words)))
  }

  /// Tells what is known of the sides now, wherever it stood otherwise before.
  mutating func takeSides() {
    let found = foundSides
    study.sides = { a, b in KeptSides().judged(a, b) ?? found.last { $0.isOf(a, b) } }
    study.retellSides()
    scene.findings.removeAll { LoadedStudy.isOfSides($0) }
    scene.findings += study.findings.filter {
      LoadedStudy.isOfSides($0) && !scene.findings.contains($0)
    }
    scene.sideNotes = sideNotes(study.judgedPairs(knownSides))
    scene.problems.removeAll { $0.file == sidesSubject }
    scene.problems += sideProblems(scene.sideNotes)
    transformWarnings += scene.sideNotes.compactMap(\.decision).filter {
      !transformWarnings.contains($0)
    }
    if let blocking = scene.sideNotes.first(where: \.isBlocking) {
      scene.targetsRefusal = "targets are blocked: " + blocking.words
    } else if targetInputs != nil {
      scene.targetsRefusal = nil
    }
  }
}

private let sidesSubject = "left and right"

/// What stays with the scene of them.
func sideProblems(_ notes: [SideNote]) -> [SceneProblem] {
  notes.filter { $0.isBlocking || $0.decision != nil }.map {
    SceneProblem(
      file: sidesSubject, severity: $0.isBlocking ? .blocking : .warning,
      sentence: [$0.words, $0.decision].compactMap { $0 }.joined(separator: ". "))
  }
}

/// As it is shown.
func sideNotes(_ pairs: [LoadedStudy.JudgedPair]) -> [SideNote] {
  pairs.map {
    SideNote(
      words:
        "\(visibleText($0.second.name, limit: 40)) and \(visibleText($0.first.name, limit: 40)): \($0.judged.agreement.words)",
      isBlocking: $0.judged.isBlocking, decision: $0.judged.decisionWords)
  }
}
