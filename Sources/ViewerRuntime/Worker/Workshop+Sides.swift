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
      let found = try newlyJudgedSides(
        fixed: (anatomy.end.sha256, anatomy.volume), moving: (other.d.sha256, other.volume),
        names: (anatomy.fileName, other.d.name), progress: job.progress)
      foundSides.append(found)
      if keepsSides { try KeptSides().keep(found) }
    }
    post(job, decided: false)
  }

  /// What is kept, and what was found in this session.
  private func knownSides(_ a: String, _ b: String) -> JudgedSides? {
    KeptSides().judged(a, b)
      ?? foundSides.last { $0.first == a && $0.second == b || $0.first == b && $0.second == a }
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
    let notes = sideNotes(study.judgedPairs(knownSides))
    scene.sideNotes = notes
    if notes.contains(where: \.isBlocking) { targetInputs = nil }
    transformWarnings += notes.compactMap(\.decision).filter { !transformWarnings.contains($0) }
    let words =
      decided
      ? "decided; open the images again for targets"
      : notes.map(\.words).joined(separator: " ")
    job.post(.sides(notes, words))
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
