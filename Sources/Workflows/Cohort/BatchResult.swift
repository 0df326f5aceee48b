package import Basics
package import Connectivity
package import ImageFiles
package import Imaging
package import Perfusion
package import Study
package import Targeting

/// A map of one person, on the run's grid.
package struct BatchMap: Sendable {
  /// The entities that tell it from the others, such as `seed-PCC_stat-r`.
  package var entities: String
  /// What its values are, in the words that a comparison looks at.
  package var measure: String
  package var meaning: ValueMeaning
  package var volume: Volume
  /// What it was made of beside the runs.
  package var inputs: [Provenance]
  package var parameters: [(String, JSON)]
  /// How the run was cleaned for it.
  package var cleaning: [(String, JSON)]
}

/// What a perfusion image gave.
package struct BatchPerfusion {
  package var report: PerfusionReport
  package var space: Space
  package var formCode: Int
  package var brain: Mask
  package var inputs: [Provenance]
  package var findings: [Finding]
  package var isSimulated: Bool
  /// What was asked of the image, which is in it.
  package var request: PerfusionRequest
  package var description: ImageDescription
  /// The image and what was laid over it, as the rules know them.
  package var files: [StudyFile]
}

/// How one run moved and what cleaning left of it.
package struct BatchMotion: Equatable, Sendable {
  package var frames: Int
  package var dropped: Int
  package var censored: Int
  package var repetitionTimeSeconds: Double?
  package var meanDisplacement: Double?
  package var largestDisplacement: Double?
  /// The share of frames that moved by more than `RunFacts.keptBelowMillimetres`.
  package var shareBeyond: Double?
  package var meanStandardisedDVARS: Double?
  package var isModelled: Bool
}

/// All that was made of the runs of a visit.
package struct BatchRuns {
  package var runs: CleanedRuns
  package var reduced: ReducedSeries
  package var inputs: [Provenance]
  package var maps: [BatchMap] = []
  package var networks: NetworkReport?
  /// The regions that the networks were told from.
  package var parcels: [Parcel] = []
  package var targets: TargetReport?
  package var surroundings: TargetSurroundings?
  /// The series that targets were looked for in: their protocol decides on the global signal and smoothing.
  package var searched: ReducedSeries?
  package var motion: [BatchMotion] = []
}

/// All that was made of a visit.
package struct BatchResult {
  package var visit: CohortVisit
  package var bold: BatchRuns?
  package var perfusion: [BatchPerfusion] = []
  /// What was asked for and has no image.
  package var leftOut: [BatchPart] = []

  package var findings: [Finding] {
    var out = bold?.runs.findings ?? []
    for finding in perfusion.flatMap(\.findings) where !out.contains(finding) {
      out.append(finding)
    }
    return out
  }

  package var provenance: [Provenance] {
    var out: [Provenance] = []
    for one in (bold?.runs.inputs ?? []) + (bold?.inputs ?? []) + perfusion.flatMap(\.inputs)
    where !out.contains(one) { out.append(one) }
    return out
  }
}
