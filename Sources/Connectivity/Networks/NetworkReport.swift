package import Basics
import Imaging

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

  package var title: String {
    switch self {
    case .activity: "ALFF"
    case .homogeneity: "ReHo"
    case .within: "within z"
    case .between: "between z"
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

  /// "over-active", "under-active" or "out of sync" at a false discovery rate of 5 % over the whole
  /// report: many numbers are looked at, and one in twenty would stand out by chance.
  package var word: String? {
    guard let score, let q, q < 0.05 else { return nil }
    let high = score.t > 0
    switch measure {
    case .activity: return high ? "over-active" : "under-active"
    case .homogeneity, .within, .between:
      return "out of sync (" + (high ? "more" : "less") + " coupled)"
    }
  }
}

/// The networks of one person: activity, synchrony, coupling, and what stands out.
package struct NetworkReport: Sendable {
  package let matrix: ConnectivityMatrix
  package let summary: NetworkSummary
  package let findings: [NetworkFinding]
  package let isWithinPerson: Bool
  package let alffDefinition: String
  package let warnings: [String]

  /// What the scores compare with, in words.
  package var basis: String {
    isWithinPerson
      ? "within this person: each network against the person's others; no reference was given"
      : "against the reference that was given"
  }

  /// - Parameters:
  ///   - alff, reho: per mask voxel.
  ///   - reference: other people's numbers; without it networks are compared with each other.
  package init(
    matrix: ConnectivityMatrix, alff: AmplitudeMaps, reho: [Float], reference: ReferenceTable?,
    covariates: [String: Double]
  ) throws(Problem) {
    self.matrix = matrix
    summary = NetworkSummary(matrix)
    alffDefinition = alff.definition
    isWithinPerson = reference == nil
    let finite = alff.alff.filter(\.isFinite).map(Double.init)
    let brainMean = finite.reduce(0, +) / Double(max(1, finite.count))
    func mean(_ values: [Float], _ places: [Int]) -> Double {
      let used = places.map { Double(values[$0]) }.filter(\.isFinite)
      return used.isEmpty ? .nan : used.reduce(0, +) / Double(used.count)
    }
    var numbers: [NetworkMeasure: [Double]] = [:]
    for network in summary.networks {
      let places = matrix.parcels.filter { $0.network == network.name }.flatMap(\.places)
      numbers[.activity, default: []].append(mean(alff.alff, places) / brainMean)
      numbers[.homogeneity, default: []].append(mean(reho, places))
      numbers[.within, default: []].append(network.within)
      numbers[.between, default: []].append(network.between)
    }
    var findings: [NetworkFinding] = []
    for (n, network) in summary.networks.enumerated() {
      for measure in NetworkMeasure.allCases {
        let all = numbers[measure] ?? []
        let score: NormScore?
        if let reference {
          score =
            all[n].isFinite
            ? try reference.score(
              all[n], measure: measure.rawValue, network: network.name, own: covariates) : nil
        } else {
          score = Self.amongOthers(n, all)
        }
        findings.append(
          NetworkFinding(
            network: network.name, measure: measure, value: all[n], score: score,
            isWithinPerson: reference == nil))
      }
    }
    let q = falseDiscoveryQ(findings.map { $0.score?.p ?? .nan })
    for n in findings.indices where q[n].isFinite { findings[n].q = q[n] }
    self.findings = findings
    warnings = [
      DataAmount(seconds: matrix.secondsKept, degreesOfFreedom: matrix.degreesOfFreedom).shortage,
      matrix.denoising.modelsMotion ? nil : "MOTION NOT MODELLED",
    ].compactMap { $0 }
  }

  /// One network against the others of the same person, by Crawford and Howell's t.
  private static func amongOthers(_ n: Int, _ all: [Double]) -> NormScore? {
    let others = all.indices.filter { $0 != n && all[$0].isFinite }.map { all[$0] }
    guard all[n].isFinite, others.count >= 3 else { return nil }
    let mean = others.reduce(0, +) / Double(others.count)
    let squares = others.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let sd = (squares / Double(others.count - 1)).squareRoot()
    return sd > 0 ? NormScore(all[n], mean: mean, sd: sd, n: others.count) : nil
  }
}
