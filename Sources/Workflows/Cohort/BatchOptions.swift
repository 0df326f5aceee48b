package import Basics
package import Connectivity
package import Study
package import Targeting

/// What is made of each person of a cohort.
package enum BatchPart: String, CaseIterable, Sendable {
  case maps, networks, targets, perfusion, motion, report
}

/// How everybody of a cohort is worked on: all that decides about a number.
package struct BatchOptions: Sendable {
  /// What is asked for; what has no image in a visit is left out there and said.
  package var parts: Set<BatchPart> = [.maps, .targets, .perfusion, .motion, .report]
  /// Of the runs: repetition time, space, columns, first frames and censoring; files are the person's own.
  package var run = RunRequest()
  /// Confounds by a published name; nil takes what each person's table has columns for.
  package var preset: NuisancePreset?
  package var cleaning = CleaningRequest()
  package var seeds = ["PCC"]
  package var network = NetworkRequest()
  package var norms = NormsRequest()
  package var target = TargetProtocol()
  package var normals = NormalsRequest()
  /// What perfusion is in per cent of; nil takes the atlas in MNI space.
  package var reference: String?

  package init() {}

  /// Files that every person's result depends on.
  package var sharedInputs: [CohortInput] {
    var out = [
      ("atlas", network.atlas), ("networks", network.networks),
      ("norms", norms.norms),
      ("names", network.names.flatMap { $0.lowercased() == "yeo7" ? nil : $0 }),
    ].compactMap { role, path in path.map { CohortInput(role: role, path: $0) } }
    out += normals.normals.map { CohortInput(role: "normals", path: $0) }
    out += normals.folderImages.map { CohortInput(role: "normals", path: $0) }
    out += seeds.flatMap(seedFiles).map { CohortInput(role: "seed", path: $0) }
    return out
  }

  /// Refuses what cannot be meant, before any file is read.
  package func check() throws(Problem) {
    guard !parts.isEmpty else {
      throw Problem(.usage, "--parts", "nothing is asked for", expected: BatchPart.words)
    }
    if parts.contains(.networks), network.networks == nil {
      throw Problem(
        .usage, "--networks", "no networks are given", expected: "a label map of networks")
    }
    try normals.check()
    _ = try run.choice()
    var choice = CleaningChoice()
    try cleaning.apply(to: &choice)
    var labels: Set<String> = []
    for seed in seeds where !labels.insert(Self.label(of: seed)).inserted {
      throw Problem(
        .usage, "--seed", "two seeds would have one name, \(Self.label(of: seed))",
        expected: "each seed once")
    }
  }

  /// A seed as a word of a file's name: letters and digits alone.
  package static func label(of seed: String) -> String {
    let short = seed.split(separator: "/").last.map(String.init) ?? seed
    let spelled = short.replacing("-", with: "m").replacing("+", with: "and")
      .replacing(",", with: "c").replacing(".", with: "p")
    let plain = spelled.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return plain.isEmpty ? "seed" : String(plain.prefix(60))
  }
}

extension BatchPart {
  package static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
