import Basics
package import Connectivity
import Imaging

/// How one place is made of a map of the search region.
package enum TargetMethod: String, Sendable, CaseIterable {
  /// The strongest part of the region, its largest connected pieces, their weighted centres (Cash 2021).
  case cluster
  /// Single voxels: the strongest, then the strongest that lies far enough away (Fox 2012). The noisiest.
  case peak
  /// The same after a cone of 12 mm, a model of how far stimulation spreads (Fox 2013).
  case cone

  package var title: String {
    switch self {
    case .cluster: "cluster centres"
    case .peak: "single voxels"
    case .cone: "12 mm cone"
    }
  }
}

/// Which sign of the coupling makes a target.
package enum Polarity: String, Sendable, CaseIterable {
  case anticorrelated, correlated

  /// What r is multiplied by so that larger is better.
  package var sign: Float { self == .anticorrelated ? -1 : 1 }
  package var word: String { self == .anticorrelated ? "most negative" : "most positive" }
}

/// How a target is looked for; everything that changes the answer.
package struct TargetProtocol: Sendable, Equatable {
  /// What every published protocol takes here.
  package static let usualBootstrapCount = 200
  package static let usualSplitMillimetres = 15.0

  package var name = "sgACC–left DLPFC"
  package var seed = Seed.sphere(
    centre: Sites.sgACC.point, radius: Sites.sgACC.seedRadius, name: Sites.sgACC.name)
  package var region = SearchRegion.leftDLPFC
  package var method = TargetMethod.cluster
  package var polarity = Polarity.anticorrelated
  /// The strongest part of the region's voxels that is clustered, in per cent. Chosen with the smoothing
  /// by the benchmark of known truth (`boldspect-bench targets`): at 4 mm, 3 % has the smallest error of
  /// detected targets; more finds a few more and puts them further off.
  package var percentile = 3.0
  /// Smaller clusters are no candidates.
  package var leastClusterVoxels = 5
  package var smoothingFWHM = 4.0
  package var removesGlobalSignal = true
  package var surrogateCount = 999
  /// Redrawn maps behind the radius; 0 for none.
  package var bootstrapCount = usualBootstrapCount
  /// Length of their blocks, and of the odd and even blocks.
  package var blockSeconds = 60.0
  /// Targets of the two halves that lie further apart than this are no reliable target.
  package var largestSplitMillimetres = usualSplitMillimetres
  package var randomSeed: UInt64 = 20_261
  /// Whether a person moved the region after looking at a map.
  package var isMovedByHand = false

  /// Whether the published left-DLPFC sites are an alternative to what is searched.
  package var hasGroupSite: Bool {
    polarity == .anticorrelated
      && region.centres.contains { $0.distance(to: Sites.treatment[0].point) <= 45 }
  }

  package init() {}

  /// By what candidates are ordered.
  var orderWords: String {
    switch method {
    case .cluster: "excess of r over the weakest voxel kept, summed over each cluster"
    case .peak: "r of the single voxel, the strongest first"
    case .cone: "mean r of the 12 mm cone, the strongest first; r is of its middle alone"
    }
  }

  /// The same where there is little room.
  var shortOrderWords: String {
    switch method {
    case .cluster: "summed excess of r"
    case .peak: "r of the voxel"
    case .cone: "mean r of the cone"
    }
  }

  /// One line for the screen and for records.
  package var methodText: String {
    let name = "\(name) (seed \(seed.title); \(region.name))"
    return switch method {
    case .cluster:
      "\(name): \(polarity.word) \(plainNumber(percentile, 1)) % of the search region, 26-neighbour "
        + "clusters, excess-weighted centre snapped to the cluster"
    case .peak: "\(name): \(polarity.word) single voxels of the search region"
    case .cone: "\(name): \(polarity.word) voxels after a 12 mm cone over the search region"
    }
  }

  /// The protocols that come with the program.
  package static let shipped: [(id: String, settings: TargetProtocol)] = {
    let standard = TargetProtocol()
    var right = standard
    right.name = "sgACC–right DLPFC"
    right.region = .rightDLPFC
    var node = standard
    node.name = "default-mode node, left parietal"
    node.seed = .sphere(centre: WorldPoint(0, -53, 26), radius: 6, name: "PCC")
    node.region = SearchRegion(
      name: "left lateral parietal, one 20 mm sphere", centres: [WorldPoint(-46, -68, 32)],
      radius: 20)
    node.polarity = .correlated
    // One sphere is a third of four: the same number of voxels is clustered.
    node.percentile = 10
    var motor = standard
    motor.name = "motor, left hand knob"
    motor.seed = .sphere(centre: WorldPoint(38, -24, 56), radius: 6, name: "right-motor")
    motor.region = SearchRegion(
      name: "left hand area, one 20 mm sphere", centres: [WorldPoint(-38, -24, 56)], radius: 20)
    motor.polarity = .correlated
    motor.percentile = 10
    return [
      ("sgacc-left-dlpfc", standard), ("sgacc-right-dlpfc", right), ("dmn-node", node),
      ("motor", motor),
    ]
  }()
}
