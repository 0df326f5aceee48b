package import Basics
package import Imaging

/// What is measured of a network.
package enum NetworkMeasure: String, Sendable, CaseIterable {
  /// Mean ALFF of its voxels by the mean of the brain mask.
  case activity = "malff"
  /// Mean Kendall's W of its voxels.
  case homogeneity = "reho"
  /// Mean Fisher z within.
  case within
  /// Mean Fisher z with the other networks.
  case between
  /// Mean Fisher z between its left and right regions less that among those of one side: structure within the
  /// network, which its mean does not show.
  case sides

  /// What a table has a column for; `sides` is told only when it stands out.
  package static let columns: [NetworkMeasure] = [.activity, .homogeneity, .within, .between]

  package var title: String {
    switch self {
    case .activity: "ALFF"
    case .homogeneity: "ReHo"
    case .within: "within z"
    case .between: "between z"
    case .sides: "left–right z"
    }
  }
}

/// One number of one network and how it stands.
package struct NetworkFinding: Sendable, Equatable {
  package var network: String
  package var measure: NetworkMeasure
  package var value: Double
  /// Against the reference people, or else against the person's own other networks.
  package var score: NormScore?
  /// False discovery rate over all networks and measures of the report.
  package var q: Double?
  package var isWithinPerson: Bool
  /// What the score is of, when it is not `value`: `value` less what all networks share.
  package var adjusted: Double?

  /// "over-active", "under-active" or "out of sync" at a false discovery rate of 5 % over the whole
  /// report: many numbers are looked at, and one in twenty would stand out by chance.
  package var word: String? {
    guard let score, let q, q < 0.05 else { return nil }
    let high = score.t > 0
    switch measure {
    case .activity: return high ? "over-active" : "under-active"
    case .sides: return "hemispheres \(high ? "more" : "less") coupled"
    case .homogeneity: return "out of sync (neighbours \(high ? "more" : "less") alike)"
    case .within, .between:
      return "out of sync (" + (high ? "more" : "less") + " coupled)"
    }
  }
}

/// How strongly the networks are coupled as a whole, which every single number of coupling contains.
package struct GlobalCoupling: Sendable, Equatable {
  /// Mean Fisher z of all pairs of regions.
  package var z: Double
  /// The median score of all numbers within and between against the reference; nil without one.
  package var score: NormScore?

  /// One line for a person.
  package var text: String {
    "global coupling: mean z \(fixed(z, 3, signed: true))"
      + (score.map {
        // A median of scores that go together has no p of its own.
        ", as a whole t \(fixed($0.t, 1, signed: true)) against the reference; within and between are "
          + "adjusted for it"
      } ?? "")
  }
}

/// The networks of one person: activity, synchrony, coupling, and what stands out.
package struct NetworkReport: Sendable {
  package let matrix: ConnectivityMatrix
  package let summary: NetworkSummary
  package let findings: [NetworkFinding]
  package let globalCoupling: GlobalCoupling
  /// The median over networks of the smallest difference that would have been named.
  package let leastDetectable: [(measure: NetworkMeasure, difference: Double)]
  package let isWithinPerson: Bool
  package let alffDefinition: String
  package let warnings: [String]

  /// What the scores compare with, in words.
  package var basis: String {
    isWithinPerson
      ? "within this person: each network against the person's others; no reference was given"
      : "against the reference that was given"
  }

  /// What these data could have shown, for beside "nothing stands out".
  package var leastText: String {
    "smallest difference that would have been named: "
      + (leastDetectable.isEmpty
        ? "none, too few networks"
        : leastDetectable.map { "\($0.measure.title) ±\(fixed($0.difference, 2))" }
          .joined(separator: ", "))
  }

  /// - Parameters:
  ///   - alff, reho: per mask voxel.
  ///   - mask: where regions lie; nil leaves the hemispheres alone.
  ///   - sides: how left is told from right.
  ///   - reference: other people's numbers; without it networks are compared with each other.
  package init(
    matrix: ConnectivityMatrix, alff: AmplitudeMaps, reho: [Float], mask: Mask? = nil,
    sides: SideRule = .mni, reference: ReferenceTable?, covariates: [String: Double]
  ) throws(Problem) {
    self.matrix = matrix
    let summary = NetworkSummary(matrix)
    self.summary = summary
    alffDefinition = alff.definition
    isWithinPerson = reference == nil
    try reference?.requireUsed(covariates)
    let numbers = networkNumbers(matrix, summary, alff.alff, reho, mask, sides)
    var findings: [NetworkFinding] = []
    for (n, network) in summary.networks.enumerated() {
      for measure in NetworkMeasure.allCases {
        let all = numbers[measure] ?? []
        let score: NormScore? =
          if let reference {
            all[n].isFinite
              ? try reference.score(
                all[n], measure: measure.rawValue, network: network.name, own: covariates) : nil
          } else { NormScore(amongOthers: n, all) }
        findings.append(
          NetworkFinding(
            network: network.name, measure: measure, value: all[n], score: score,
            isWithinPerson: reference == nil))
      }
    }
    if reference != nil, findings.allSatisfy({ $0.score == nil }) {
      throw Problem(
        .data, "the reference", "none of its numbers is of these networks and measures",
        expected: summary.networks.prefix(4).map(\.name).joined(separator: ", ")
          + " with malff, reho, within, between or left-right")
    }
    globalCoupling = GlobalCoupling(
      z: summary.meanZ, score: reference == nil ? nil : adjustForTheWhole(&findings))
    let q = falseDiscoveryQ(findings.map { $0.score?.p ?? .nan })
    for n in findings.indices where q[n].isFinite { findings[n].q = q[n] }
    self.findings = findings
    leastDetectable = NetworkMeasure.allCases.compactMap { measure in
      leastDifference(findings, measure).map { (measure, $0) }
    }
    warnings =
      [
        DataAmount(seconds: matrix.secondsKept, degreesOfFreedom: matrix.degreesOfFreedom).shortage,
        matrix.denoising.modelsMotion ? nil : "MOTION NOT MODELLED",
      ].compactMap { $0 } + (reference?.beyondPeople(covariates) ?? [])
      + (reference?.networksMissing(in: summary.networks.map(\.name)) ?? []).map {
        "the norms have numbers of \(visibleText($0, limit: 40)), which none of these networks is called"
      }
  }
}

/// Every measure of every network, in the order of the summary.
private func networkNumbers(
  _ matrix: ConnectivityMatrix, _ summary: NetworkSummary, _ alff: [Float], _ reho: [Float],
  _ mask: Mask?, _ rule: SideRule
) -> [NetworkMeasure: [Double]] {
  func mean(_ values: [Float], _ places: [Int]) -> Double {
    let used = places.map { Double(values[$0]) }.filter(\.isFinite)
    return used.isEmpty ? .nan : used.reduce(0, +) / Double(used.count)
  }
  let finite = alff.filter(\.isFinite).map(Double.init)
  let brainMean = finite.reduce(0, +) / Double(max(1, finite.count))
  let sides = mask.map { mask in matrix.parcels.map { side(of: $0, mask, rule) } }
  var numbers: [NetworkMeasure: [Double]] = [:]
  for network in summary.networks {
    let places = matrix.parcels.filter { $0.network == network.name }.flatMap(\.places)
    numbers[.activity, default: []].append(mean(alff, places) / brainMean)
    numbers[.homogeneity, default: []].append(mean(reho, places))
    numbers[.within, default: []].append(network.within)
    numbers[.between, default: []].append(network.between)
    numbers[.sides, default: []].append(
      sides.map { acrossLessAlong(matrix, network.name, $0) } ?? .nan)
  }
  return numbers
}

/// −1 for a region of which nine tenths lie on the left, 1 for one on the right, else 0.
private func side(of parcel: Parcel, _ mask: Mask, _ rule: SideRule) -> Int {
  func share(_ side: Side) -> Double {
    let there = parcel.places.count {
      rule.side(of: mask.grid.world(at: Int(mask.offsets[$0]))) == side
    }
    return Double(there) / Double(max(1, parcel.places.count))
  }
  return share(.left) > 0.9 ? -1 : share(.right) > 0.9 ? 1 : 0
}

/// Mean Fisher z of a network's pairs across the hemispheres less that of pairs within one; NaN without both.
private func acrossLessAlong(
  _ matrix: ConnectivityMatrix, _ network: String, _ sides: [Int]
) -> Double {
  let own = matrix.parcels.indices.filter {
    matrix.parcels[$0].network == network && sides[$0] != 0
  }
  var (sums, counts) = ([0.0, 0.0], [0.0, 0.0])
  for a in own {
    for b in own where b < a && matrix[a, b].isFinite {
      let kind = sides[a] == sides[b] ? 0 : 1
      sums[kind] += matrix.z(a, b)
      counts[kind] += 1
    }
  }
  return counts.contains(0) ? .nan : sums[1] / counts[1] - sums[0] / counts[0]
}

/// Takes the median score of all numbers of coupling, within and between, from each of them: a coupling that
/// is stronger everywhere is one finding and not one for every network.
/// - Returns: that median; nil where fewer than four numbers have a score.
private func adjustForTheWhole(_ findings: inout [NetworkFinding]) -> NormScore? {
  let places = findings.indices.filter {
    [.within, .between].contains(findings[$0].measure) && findings[$0].score != nil
  }
  let scores = places.compactMap { findings[$0].score }.sorted { $0.t < $1.t }
  guard scores.count >= 4 else { return nil }
  let middle = scores.count / 2
  let shift =
    scores.count % 2 == 1 ? scores[middle].t : (scores[middle - 1].t + scores[middle].t) / 2
  for at in places {
    guard let score = findings[at].score else { continue }
    findings[at].score = score.shifted(by: -shift)
    findings[at].adjusted = findings[at].value - shift * score.standardError
  }
  return scores[middle].shifted(by: shift - scores[middle].t)
}

/// The smallest difference of a measure that would have had a p of 0.05 after all numbers of the report are
/// counted (a single one must pass 0.05 by their number); the median over networks.
private func leastDifference(
  _ findings: [NetworkFinding], _ measure: NetworkMeasure
) -> Double? {
  let tests = findings.count { $0.score != nil }
  let sizes = findings.filter { $0.measure == measure }.compactMap(\.score).map {
    $0.standardError
      * studentQuantile(twoSidedP: 0.05 / Double(tests), degreesOfFreedom: $0.degreesOfFreedom)
  }.sorted()
  return sizes.isEmpty ? nil : sizes[sizes.count / 2]
}
