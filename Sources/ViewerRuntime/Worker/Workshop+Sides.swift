import Basics
import ImageFiles
import Imaging
import Records
import Registration
import Study
import Viewer

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
    var others: [(hash: String, volume: Volume)] = spectFiles.map {
      ($0.description.sha256, $0.volume)
    }
    if let loadedRun { others.insert((loadedRun.description.sha256, loadedRun.run.mean), at: 0) }
    guard !others.isEmpty else { throw missing("a BOLD run or a SPECT", "--bold or --spect") }
    try study.requireOwnGeometry(for: "a verdict that is kept")
    let kept = KeptSides()
    for other in others where other.hash != anatomy.end.sha256 {
      guard kept.judged(anatomy.end.sha256, other.hash) == nil else { continue }
      guard
        let found = try flipCheck(anatomy.volume, other.volume, progress: job.progress)
      else {
        throw Problem(
          .data, anatomy.fileName, "no brain was found in it or in what it is compared with",
          expected: "images of a head")
      }
      try kept.keep(
        JudgedSides(first: anatomy.end.sha256, second: other.hash, agreement: found))
    }
    post(job, kept, decided: false)
  }

  private mutating func decideSides(_ reason: String, _ job: Job) throws(Problem) {
    let kept = KeptSides()
    for pair in study.judgedPairs({ kept.judged($0, $1) }) where pair.judged.isBlocking {
      _ = try kept.decide(pair.judged.first, pair.judged.second, reason: reason)
    }
    post(job, kept, decided: true)
  }

  private mutating func post(_ job: Job, _ kept: KeptSides, decided: Bool) {
    let notes = sideNotes(study.judgedPairs { kept.judged($0, $1) })
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
