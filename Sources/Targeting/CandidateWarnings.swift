import Basics
import Connectivity
package import Imaging

extension TargetReport {
  /// Before what is said of the first candidate, where another one is spoken of.
  package static let ofFirst = "of candidate 1: "

  /// What a person must know before using any of it.
  package var warnings: [String] { dataWarnings + searchWarnings(of: result.candidates.first) }

  /// The same of one candidate: halves, radius and the decision are of the first alone, and what is left of the
  /// coupling when the run is cleaned otherwise is of each place by itself.
  package func warnings(of candidate: Candidate) -> [String] {
    dataWarnings + searchWarnings(of: candidate)
  }

  /// What must be known of a place that no search found: a mark, a published site.
  package func warnings(atPlace point: WorldPoint) -> [String] {
    var out = dataWarnings
    if let r = coupling(at: point), let there = rWithOtherChoice(at: point), (r < 0) != (there < 0)
    {
      out.append(
        "the sign flips here \(otherChoiceWords) (r \(fixed(there, 2, signed: true)), was "
          + "\(fixed(r, 2, signed: true)))")
    }
    if let words = fewMinutesWords { out.append(words) }
    return out
  }

  private var fewMinutesWords: String? {
    guard hasFewMinutes else { return nil }
    return
      "\(fixed((secondsKept ?? 0) / 60, 1)) min are less than all published minutes (10 to 40)"
  }

  /// "cleaned otherwise: r +0.05 without global-signal removal, −0.30 without slow breathing, 0.03 Hz": what is left at a
  /// candidate's own place; nil where nothing is known of it.
  package func otherwiseWords(_ candidate: Candidate) -> String? {
    let found = otherwise(candidate).map { "\(fixed($0.r, 3, signed: true)) \($0.name)" }
    return found.isEmpty ? nil : "r here cleaned otherwise: \(found.joined(separator: ", "))"
  }

  /// r at a candidate's place in the other global-signal choice.
  package func rWithOtherChoice(_ candidate: Candidate) -> Double? {
    rWithOtherChoice(at: candidate.point)
  }

  private func rWithOtherChoice(at point: WorldPoint) -> Double? {
    guard !globalSignalIsGone else { return nil }
    let r = Double(withoutGlobalSignalRemoval.map.volume.nearest(point))
    return r.isFinite ? r : nil
  }

  private func otherwise(_ candidate: Candidate) -> [(name: String, r: Double)] {
    [
      rWithOtherChoice(candidate).map { (otherChoiceWords, $0) },
      candidate.rWithoutBreathing.map { (BreathlessMap.name, $0) },
    ].compactMap { $0 }
  }

  /// What speaks against a candidate that is not the first, of which no check of the whole search was made.
  private func ownWarnings(_ candidate: Candidate) -> [String] {
    [
      "this is candidate \(candidate.rank): radius, halves and the decision are of candidate 1, none is known for it"
    ]
      + otherwise(candidate).compactMap { name, r in
        let outcome: TargetCheck.Outcome
        if r * candidate.r <= 0 {
          outcome = .goesAway
        } else {
          guard abs(r) < abs(candidate.r) / 2 else { return nil }
          outcome = .weakens
        }
        return
          "candidate \(candidate.rank) \(outcome.rawValue) \(name) (\(r * candidate.r <= 0 ? "the sign flips, " : "")r here \(fixed(r, 2, signed: true)), was "
          + "\(fixed(candidate.r, 2, signed: true)))"
      }
  }

  /// What holds for every place of the map, candidate or not.
  package var dataWarnings: [String] {
    (unmeasured.map { ["\($0): the run was measured of nobody"] } ?? []) + moreWarnings
      + (modelsMotion ? [] : ["MOTION NOT MODELLED"])
  }

  /// Less than the least that studies of such targets published.
  package var hasFewMinutes: Bool {
    settings.isOfDepressionStudies
      && secondsKept.map { $0 / 60 < TargetEvidence.fewestMinutes } ?? false
  }

  /// What holds for a place that the search found.
  private func searchWarnings(of candidate: Candidate?) -> [String] {
    let isFirst = candidate.map { $0.rank == 1 } ?? true
    var out: [String] = []
    if settings.isMovedByHand {
      out.append(
        "the search region was chosen by hand: its region-wide p knows nothing of other places that were tried"
      )
    }
    if settings.largestSplitMillimetres > TargetProtocol.usualSplitMillimetres {
      out.append(
        "the protocol lets halves and radius be \(plainNumber(settings.largestSplitMillimetres)) mm; "
          + "\(plainNumber(TargetProtocol.usualSplitMillimetres)) mm is the usual limit")
    }
    if result.confidence?.radius95Millimetres != nil,
      settings.bootstrapCount < TargetProtocol.usualBootstrapCount
    {
      out.append(
        "the radius rests on \(settings.bootstrapCount) redrawn maps; \(TargetProtocol.usualBootstrapCount) are usual, and fewer may let it "
          + "look smaller")
    }
    if let reason = result.reason { out.append((isFirst ? "" : Self.ofFirst) + reason) }
    if let r = weightedSeedR, r <= 0 {
      out.append(
        "the weighted seed goes against sgACC (r \(fixed(r, 2, signed: true))): its sign may be turned "
          + "round, and the target with it")
    }
    // A person may take a place that does not pass: what speaks against it is said then too.
    if isFirst {
      out += checks.filter { $0.outcome != .stays }.map { "candidate 1 \($0.warning)" }
    } else if let candidate {
      out += ownWarnings(candidate)
    }
    if !result.candidates.isEmpty, let words = fewMinutesWords { out.append(words) }
    guard !globalSignalIsGone else {
      return out + [
        "the global signal was removed before: whether the target stays and keeps its sign without that cannot be told"
      ]
    }
    let removes = settings.removesGlobalSignal
    let (own, other) = (result.regionMeanR, withoutGlobalSignalRemoval.regionMeanR)
    let there = isFirst ? firstCandidateWithout : candidate.flatMap(rWithOtherChoice)
    if let candidate, let there, (candidate.r < 0) != (there < 0) {
      // A candidate's own check has said so.
      if !isFirst || checks.contains(where: { $0.name == otherChoiceWords && $0.flips }) {
        return out
      }
      out.append("the sign flips \(otherChoiceWords) (r \(fixed(there, 2, signed: true)))")
    } else if (own < 0) != (other < 0) {
      out.append(
        "the sign flips \(otherChoiceWords): mean r of the search region "
          + "\(fixed(own, 2, signed: true)) \(removes ? "with" : "without"), "
          + "\(fixed(other, 2, signed: true)) \(removes ? "without" : "with")")
    }
    return out
  }
}
