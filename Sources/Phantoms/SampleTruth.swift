package import Basics
import Imaging

extension SamplePerson {
  /// Newest form of `truth.json` that is written.
  package static let truthFormat = 1

  /// The known answers of one run.
  ///
  /// - Parameter templates: what the person was made of.
  package func truth(
    _ templates: SampleTemplates, choice: SampleChoice, minutes: Double, voxel: Double
  ) -> JSON {
    .object([
      ("notice", .string("SIMULATED person; \(researchUse)")), ("format", .int(Self.truthFormat)),
      ("version", .string(boldspectVersion)), ("person", .int(choice.person)),
      ("session", .int(choice.session)),
      ("treatment", .string(choice.session == 1 ? "before" : "after")),
      ("reliable", .bool(choice.person == 1)), ("seed", .int(Int(truncatingIfNeeded: choice.seed))),
      ("minutes", .number(minutes)), ("voxel_mm", .number(voxel)), ("space", .string("MNI152")),
      ("sgACC_mm", .point(Self.sgACC)), ("true_target_mm", .point(traits.site)),
      ("networks", .array(networkTruth(templates))), ("event", eventTruth(minutes)),
      ("lesion", lesionTruth(templates)), ("change", changeTruth()), ("motion", motionTruth()),
    ])
  }

  private func networkTruth(_ templates: SampleTemplates) -> [JSON] {
    let labels = networkLabels(templates).values
    return Self.networks.enumerated().map { n, network in
      let places = (0..<grid.count).filter { labels[$0] == Float(n + 1) }
      return .object([
        ("label", .int(n + 1)), ("name", .string(network.name)),
        ("state", .string(state(of: n).rawValue)),
        ("aal_labels", .array(network.regions.map { .int(Int($0)) })),
        ("activity_of_normals", .number(traits.gains[n])),
        ("coupling", .number(traits.couplings[n])),
        ("coupling_of_normals", .number(SampleTraits.usualCoupling)),
        ("voxels", .int(places.count)),
      ])
    }
  }

  /// How a network stands in this session: treatment brings back the one that was out of sync.
  private func state(of n: Int) -> NetworkState {
    let state = Self.states[n]
    return state == .outOfSync && traits.couplings[n] == Self.couplingAfter ? .asNormals : state
  }

  private func eventTruth(_ minutes: Double) -> JSON {
    guard traits.hasEvent else { return .null }
    let start = SampleEvent.startSeconds(minutes: minutes)
    return .object([
      ("mm", .point(SampleEvent.place)), ("side", .string("right")), ("start_s", .number(start)),
      ("seconds", .number(SampleEvent.seconds)), ("minute", .number(start / 60)),
      ("rise_percent", .number(SampleEvent.percent)),
      ("width_sd_mm", .number(SampleEvent.widthMillimetres)),
    ])
  }

  private func lesionTruth(_ templates: SampleTemplates) -> JSON {
    let grid = templates.labels.grid
    var (sum, count) = (WorldPoint(0, 0, 0), 0.0)
    for n in 0..<grid.count where Self.hypoperfusedLabels.contains(templates.labels.labels[n]) {
      let w = grid.world(at: n)
      sum = WorldPoint(sum.x + w.x, sum.y + w.y, sum.z + w.z)
      count += 1
    }
    let middle = WorldPoint(
      (sum.x / max(1, count)).rounded(), (sum.y / max(1, count)).rounded(),
      (sum.z / max(1, count)).rounded())
    return .object([
      ("side", .string("left")), ("mm", .point(middle)),
      ("aal_labels", .array(Self.hypoperfusedLabels.sorted().map { .int(Int($0)) })),
      ("share_of_uptake", .number(Self.hypoperfusion)),
    ])
  }

  private func changeTruth() -> JSON {
    guard let n = Self.states.firstIndex(of: .outOfSync) else { return .null }
    return .object([
      ("network", .string(Self.networks[n].name)), ("seed_mm", .point(Self.changeSeed)),
      ("coupling_before", .number(Self.couplingBefore)),
      ("coupling_after", .number(Self.couplingAfter)),
    ])
  }

  private func motionTruth() -> JSON {
    .object([
      (
        "mean_framewise_displacement_mm",
        .number((meanFramewiseDisplacement * 1e4).rounded() / 1e4)
      ),
      ("jerks_per_minute", .number(traits.motion.jerksPerMinute)),
      ("jerk_mm", .number(traits.motion.jerkMillimetres)),
      ("drift_step_mm", .number(traits.motion.driftMillimetres)),
    ])
  }
}
