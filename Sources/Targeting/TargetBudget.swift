import Basics
import Connectivity
import Imaging

/// One source of error in millimetres between the printed place and what a coil reaches.
package struct BudgetTerm: Sendable, Equatable {
  /// Where a number comes from.
  package enum Status: String, Sendable {
    /// From this run.
    case measured
    /// Published of other people, scans or devices.
    case typical
    case unknown
  }

  package var name: String
  /// Nil where nothing is known.
  package var millimetres: Double?
  package var status: Status
  /// What the number is, and who published it.
  package var source: String

  /// "another day 10.0 (typical)".
  package var short: String {
    let number = millimetres.map { fixed($0, 1) } ?? "?"
    return status == .unknown && millimetres != nil
      ? "\(name) ≥ \(number) (unknown)" : "\(name) \(number) (\(status.rawValue))"
  }
}

/// All that stands between a printed place and the tissue that a coil stirs up, as one budget.
package struct TargetBudget: Sendable, Equatable {
  package var terms: [BudgetTerm]

  /// Minutes from which clustering found the place of another day to within a centimetre (Cao 2024).
  private static let repeatableMinutes = 28.0

  /// - Parameters:
  ///   - radius: of this scan, 95 %, where it holds.
  ///   - atLeast: what it is at least where no target passes.
  package init(radius: Double?, atLeast: Double?, minutes: Double?) {
    let isLong = (minutes ?? 0) >= Self.repeatableMinutes
    terms = [
      BudgetTerm(
        name: "this scan", millimetres: radius ?? atLeast,
        status: radius == nil ? .unknown : .measured,
        source: radius != nil
          ? "95 % radius of the printed place"
          : atLeast == nil
            ? "no radius was found out"
            : "no target passes, so the radius does not hold; it is no smaller"),
      BudgetTerm(
        name: "another day", millimetres: 10, status: isLong ? .typical : .unknown,
        source: isLong
          ? "below 10 mm with 28 min and clusters (Cao 2024)"
          : "below 10 mm only with 28 min and clusters (Cao 2024)"),
      BudgetTerm(
        name: "registration", millimetres: nil, status: .unknown,
        source: "not measured here: look at the outlines of both images"),
      BudgetTerm(
        name: "EPI distortion", millimetres: 6, status: .typical,
        source: "uncorrected: off-resonance times readout, 50 Hz x 50 ms = 2.5 voxels of 2.4 mm"),
      BudgetTerm(
        name: "coil", millimetres: 0.3, status: .typical,
        source: "with a navigator; 10.7 mm with a cap (Caulfield 2022)"),
    ]
  }

  /// Root of the sum of squares of all terms that have a number. Terms that nobody knows are left out, and some of
  /// the others are what is not exceeded: no bound to either side.
  package var togetherMillimetres: Double {
    terms.reduce(0) { $0 + ($1.millimetres ?? 0) * ($1.millimetres ?? 0) }.squareRoot()
  }

  /// Whether one of the numbers is what its error is at least.
  package var isLowerBound: Bool {
    terms.contains { $0.status == .unknown && $0.millimetres != nil }
  }

  /// "at least 13 mm".
  package var shortTogether: String {
    (isLowerBound ? "at least " : "about ") + fixed(togetherMillimetres, 0) + " mm"
  }

  /// "at least 13 mm, without registration": a term that is no more than a lower bound makes a lower bound of the whole,
  /// and one that nobody knows is named.
  package var togetherWords: String {
    let missing = terms.filter { $0.millimetres == nil }.map(\.name)
    return shortTogether
      + (missing.isEmpty ? "" : ", without \(missing.joined(separator: " and "))")
  }

  /// One line for the screen.
  package var line: String {
    "mm: " + terms.map(\.short).joined(separator: ", ") + "; together \(togetherWords)"
  }

  /// A line a term, with what it rests on.
  package var lines: [String] {
    terms.map { "\($0.short): \($0.source)" }
      + ["together \(togetherWords) (root of the sum of squares)"]
  }
}

/// What studies found about personal targets, with dates; nobody may choose one without it.
package enum TargetEvidence {
  package static let lines = [
    "against: distance to such a target did not predict outcome in 501 patients (rho 0.02; Gregory 2026)",
    "weak: r −0.16 between coupling and response in 295, driven by those who breathe periodically (Elbau 2023)",
    "against: r 0.1, p 0.39 in 66 followed forward (Khosravani 2025)",
    "for: response 80 against 60 % in a blinded trial of 40 (JAMA Psychiatry, 24 June 2026), with 41 min of "
      + "multi-echo BOLD and the depression circuit, not an sgACC sphere",
  ]

  /// The fewest minutes that any study of such targets found enough (Sun 2022).
  static let fewestMinutes = 10.0

  /// The run's minutes beside those of studies.
  package static func minutes(_ minutes: Double?) -> String {
    let published =
      "published: 10 to beat a group target in coupling and 40 in distance (Sun 2022), 28 for less than "
      + "1 cm between days (Cao 2024)"
    guard let minutes else { return "minutes unknown; \(published)" }
    let warning = minutes < fewestMinutes ? ", LESS THAN ALL PUBLISHED" : ""
    return "\(fixed(minutes, 1)) min kept\(warning); \(published)"
  }
}

extension TargetProtocol {
  /// Whether it looks for what the studies looked for: a place that goes with, or against, sgACC.
  ///
  /// Maps and masks count as such: what stands against a target must not go because its seed has no centre.
  package var isOfDepressionStudies: Bool {
    guard case .sphere(centre: let centre, radius: _, name: _) = seed else { return true }
    return Sites.seeds.contains {
      $0.name.hasPrefix(Sites.sgACC.name) && $0.point.distance(to: centre) <= 10
    }
  }

  /// What studies found about targets of this protocol; that none is known here, where that is so.
  package var evidence: [String] {
    isOfDepressionStudies
      ? TargetEvidence.lines
      : [
        "none known here for this seed: the studies of personal targets are of sgACC and depression"
      ]
  }

  /// The run's minutes beside those of studies, where these are of such targets.
  package func minutesText(_ minutes: Double?) -> String {
    if isOfDepressionStudies { return TargetEvidence.minutes(minutes) }
    return (minutes.map { "\(fixed($0, 1)) min kept" } ?? "minutes unknown")
      + "; no published minutes are known here for this seed"
  }
}
