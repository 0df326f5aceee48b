package import Basics
package import Imaging
package import Perfusion
package import Study

/// Where the mirror plane comes from.
package enum MirrorChoice: String, Sendable, CaseIterable {
  /// x = 0 in MNI space, estimated elsewhere.
  case automatic
  case mni, estimated
}

/// Which map clusters are looked for in.
package enum ClusteredMap: String, Sendable, CaseIterable {
  case z, asymmetry
}

/// What is wanted of a perfusion image.
package struct PerfusionRequest: Sendable {
  package var image: Volume
  package var fileName: String
  package var space: Space
  package var brain: Mask
  package var atlas: LabelMap?
  /// Nil takes the atlas where there is one in MNI space, else the brain.
  package var reference: PerfusionReference?
  package var mirror = MirrorChoice.automatic
  package var normals: NormalImages?
  package var wantsAsymmetry = false
  package var wantsTable = false
  /// How the regional table is sorted.
  package var regionOrder = RegionOrder.lowest
  /// Which of two unequal sides clusters of asymmetry are looked for on.
  package var asymmetrySide = AsymmetrySide.lower
  /// How much of the brain's rim asymmetry leaves out, mm.
  package var rim = asymmetryRim
  package var clusters: ClusterRule?
  package var clusteredMap: ClusteredMap?

  package init(image: Volume, fileName: String, space: Space, brain: Mask, atlas: LabelMap?) {
    self.image = image
    self.fileName = fileName
    self.space = space
    self.brain = brain
    self.atlas = atlas
  }

  /// The same image, asked for nothing but where one side has less than the other, or more.
  package func ofAsymmetry(_ side: AsymmetrySide = .lower) -> PerfusionRequest {
    var out = self
    // The index is a ratio: it does not depend on what 100 % is.
    (out.reference, out.normals, out.wantsTable) = (.brain, nil, false)
    (out.wantsAsymmetry, out.asymmetrySide) = (true, side)
    (out.clusters, out.clusteredMap) = (.usualAsymmetry, .asymmetry)
    return out
  }

  /// What is taken when nobody says otherwise.
  package var chosenReference: PerfusionReference {
    reference ?? (space == .mni152 && atlas != nil ? .atlas : .brain)
  }

  /// The plane that left and right are mirrored at.
  package func mirrorPlane() throws(Problem) -> MirrorPlane {
    let isTemplate = mirror == .mni || mirror == .automatic && space == .mni152
    guard isTemplate else {
      return try MirrorPlane.estimated(from: image, in: brain, fileName: fileName)
    }
    try requireMNI(space, fileName: fileName, for: "the mirror plane x = 0")
    return .mni
  }
}

/// Quantifies a perfusion image: per cent of a reference, asymmetry, z, clusters and a regional table.
///
/// Normals are resampled (linear) to the image's grid and each is normalised by its own mean over the same
/// reference.
/// - Throws: what needs MNI space, an atlas or normals and has none; too few normals.
package func quantify(
  _ request: PerfusionRequest, progress: WorkProgress = .silent
) throws(Problem) -> PerfusionReport {
  let reference = request.chosenReference
  let isClusterOfZ =
    request.clusters != nil && (request.clusteredMap ?? .z) == .z && request.normals == nil
  if isClusterOfZ {
    throw Problem(
      .usage, "--clusters", "clusters of z need normals",
      expected: "--normals, --normals-folder, or --of asymmetry")
  }
  if reference == .cluster, request.normals == nil {
    throw Problem(
      .usage, "--reference", "a data-driven cluster is found by comparison with normals",
      expected: "--normals or --normals-folder",
      remedy: "Without normals take cerebellum, pons or thalamus")
  }
  let needsPlane =
    request.mirror != .automatic || request.wantsAsymmetry || request.wantsTable
    || reference == .contralateral
    || request.clusteredMap == .asymmetry || request.clusters != nil
  let plane = needsPlane ? try request.mirrorPlane() : nil
  try progress.check()
  let others = try request.normalsOnGrid()
  var quantification = Quantification(request, plane: plane, others: others)
  try quantification.findUnaffected()
  progress.report("reference", 0.3)
  try progress.check()
  try quantification.normalise(reference)
  progress.report("normals", 0.6)
  try progress.check()
  try quantification.compare()
  return quantification.report
}

extension PerfusionRequest {
  /// The normals on the image's grid, in their stored units.
  fileprivate func normalsOnGrid() throws(Problem) -> NormalImages? {
    guard let normals else { return nil }
    try requireMNI(space, fileName: fileName, for: "the space of normals")
    let grid = image.grid
    func onGrid(_ v: Volume) throws(Problem) -> Volume {
      let out = v.grid.matches(grid) ? v : v.resampled(to: grid, .linear)
      guard brain.offsets.contains(where: { out.values[Int($0)].isFinite }) else {
        throw Problem(
          .data, "normals", "one of them does not overlap \(fileName)",
          expected: "images of one space")
      }
      return out
    }
    switch normals {
    case .people(let people):
      try Normals.require(people.count)
      var out: [Volume] = []
      for person in people { out.append(try onGrid(person)) }
      return .people(out)
    case .meanAndDeviation(let mean, let sd, let count):
      return .meanAndDeviation(try onGrid(mean), try onGrid(sd), count: count)
    }
  }
}

/// The steps of `quantify`, which share what they found.
private struct Quantification {
  let request: PerfusionRequest
  let plane: MirrorPlane?
  let others: NormalImages?
  var report: PerfusionReport
  var scale = PercentScale.mean(1)
  var peopleScales: [PercentScale] = []

  init(_ request: PerfusionRequest, plane: MirrorPlane?, others: NormalImages?) {
    self.request = request
    self.plane = plane
    self.others = others
    whole = WholeBrain(mask: request.brain)
    report = PerfusionReport(
      percent: request.image, reference: "", referenceVoxels: 0, referenceMean: nil)
    report.mirror = plane
  }

  private var image: Volume { request.image }
  private var grid: Grid { request.image.grid }

  /// Compares with normals by whole-brain means first: that is what finds unaffected tissue.
  mutating func findUnaffected() throws(Problem) {
    let normal: Volume
    switch others {
    case nil: return
    case .meanAndDeviation(let mean, _, _): normal = mean
    case .people(let people):
      var means: [Double] = []
      for person in people {
        means.append(try Uptake(person, reference: request.brain, name: "brain").referenceMean)
      }
      normal = try Normals(count: people.count, grid: grid) { p, v in
        100 * Double(people[p].values[v]) / means[p]
      }.mean
    }
    report.unaffected = try ReferenceCluster(image, normal: normal, in: request.brain)
    if request.chosenReference == .cluster { try report.unaffected?.requireUnaffected() }
    normalMean = normal
  }

  private var normalMean: Volume?
  /// The brain with what it lacks.
  private var whole: WholeBrain

  mutating func normalise(_ reference: PerfusionReference) throws(Problem) {
    if reference == .contralateral, let plane {
      report.percent = percentOfContralateral(image, in: request.brain, at: plane)
      scale = .contralateral(report.percent)
      report.reference = "contralateral (the mirrored place of each voxel, \(plane.origin))"
      try normaliseOthers(nil, name: report.reference)
      return
    }
    let region: (mask: Mask, name: String)
    if reference == .cluster, let found = report.unaffected {
      region = (found.mask, "data-driven cluster of unaffected tissue, by comparison with normals")
    } else {
      region = try referenceRegion(
        reference, on: grid, brain: request.brain, atlas: request.atlas, space: request.space,
        fileName: request.fileName)
    }
    let uptake = try Uptake(image, reference: region.mask, name: region.name)
    scale = .mean(uptake.referenceMean)
    report.percent = uptake.percent
    report.reference = region.name
    let missing = image.countWithoutData(in: region.mask)
    report.referenceVoxels = region.mask.count - missing
    report.referenceMean = uptake.referenceMean
    if missing > 0 {
      let share = 100 * Double(missing) / Double(region.mask.count)
      report.warnings.append(
        "\(share < 1 ? "less than 1" : fixed(share, 0)) % of the reference (\(region.name)) have no data: its mean "
          + "is of the other \(report.referenceVoxels) voxels")
    }
    // What has no data was told.
    let empty = region.mask.offsets.reduce(-missing) { $0 + (image.values[Int($1)] > 0 ? 0 : 1) }
    if Double(empty) > 0.05 * Double(region.mask.count) {
      report.warnings.append(
        "\(100 * empty / region.mask.count) % of the reference (\(region.name)) hold no counts: it may be cut by "
          + "the camera's field of view")
    }
    try normaliseOthers(region.mask, name: region.name)
    judge(region.mask, reference)
  }

  /// Normals by the same reference.
  private mutating func normaliseOthers(_ region: Mask?, name: String) throws(Problem) {
    switch others {
    case nil: return
    case .people(let people):
      var scales: [PercentScale] = []
      for person in people {
        if let region {
          scales.append(
            .mean(try Uptake(person, reference: region, name: name).referenceMean))
        } else if let plane {
          scales.append(
            .contralateral(percentOfContralateral(person, in: request.brain, at: plane)))
        }
      }
      peopleScales = scales
      report.normals = try Normals(count: people.count, grid: grid) { p, v in
        scales[p].percent(of: people[p], at: v)
      }
    case .meanAndDeviation(let mean, let sd, let count):
      guard let region else {
        throw Problem(
          .usage, "--normals",
          "a mean and an SD image say nothing about how both sides of one person differ",
          expected: "--normals-folder with --reference contralateral")
      }
      report.normals = try Normals(
        mean: mean, standardDeviation: sd, count: count, reference: region, name: name)
    }
  }

  /// Warns when the reference itself has less than unaffected tissue.
  private mutating func judge(_ region: Mask, _ reference: PerfusionReference) {
    guard let found = report.unaffected, let normalMean else {
      if reference.isGlobal {
        report.warnings.append(
          "a decrease in a large part of the brain lowers this reference too and hides part of itself; "
            + "only a comparison with normals can show that")
      }
      return
    }
    let share =
      meanRatio(image, normalMean, over: region) / meanRatio(image, normalMean, over: found.mask)
    report.referenceShare = share
    if reference == .cluster {
      report.warnings.append(
        "the data-driven cluster takes true changes to be decreases; it holds \(found.mask.count) voxels, "
          + "\(100 * found.mask.count / max(1, request.brain.count)) % of the brain")
      if found.loweredShare > ReferenceCluster.muchLowered {
        report.warnings.append(
          "\(fixed(100 * found.loweredShare, 0)) % of the brain has less than the cluster: whether it is spared "
            + "itself this comparison cannot know; compare with cerebellum or pons")
      }
    } else if share < 1 - PerfusionReport.tolerance {
      report.warnings.append(
        "the reference (\(report.reference)) has \(fixed(100 * (1 - share), 0)) % less than unaffected tissue "
          + "by the normals: decreases look smaller in per cent of it and normal tissue looks increased; "
          + "take --reference cluster")
    }
  }

  /// Maps, table and clusters.
  mutating func compare() throws(Problem) {
    // Told of one image in the same words, whatever is asked of it.
    whole = try request.brainWithDefects()
    if let normals = report.normals {
      report.z = normals.z(in: whole.mask) { scale.percent(of: image, at: $0) }
      if let warning = Normals.warning(count: normals.count) { report.warnings.append(warning) }
    }
    if let plane, let r = plane.similarity, r < 0.85 {
      report.warnings.append(
        "at the estimated mirror plane the two sides are not much alike (r \(fixed(r, 2)))")
    }
    if let plane, request.wantsAsymmetry || request.clusteredMap == .asymmetry {
      let sides = try request.brainOfTwoSides(at: plane)
      if request.space != .mni152, request.brain.isFound {
        whole.lacking = unequalWords(request.brain, compared: sides, at: plane)
      }
      let inside = sides.withoutRim(request.rim, at: plane)
      report.asymmetry = asymmetryMap(of: image, in: inside, at: plane)
      (report.asymmetryRim, report.asymmetrySide) = (request.rim, request.asymmetrySide)
      report.warnings.append(asymmetryCaution)
    }
    report.lacking = whole.lacking
    if let lacking = whole.lacking { report.warnings.append(lacking) }
    if let plane, request.wantsTable { try tabulate(plane) }
    if let rule = request.clusters, let plane { cluster(rule, plane) }
  }

  /// What cluster sizes healthy people have, where there are single ones.
  private mutating func judgeSizes(_ rule: ClusterRule) {
    guard case .people(let people) = others else { return }
    let scales = peopleScales
    let healthy = HealthyClusters(
      count: people.count, in: whole.mask, threshold: rule.threshold
    ) { person, voxel in scales[person].percent(of: people[person], at: voxel) }
    report.healthyClusters = healthy
    for n in report.clusters.indices {
      report.clusters[n].normalsWithAsLarge = healthy.peopleWithAsLarge(report.clusters[n])
    }
  }

  private mutating func tabulate(_ plane: MirrorPlane) throws(Problem) {
    // A person looks for the table: where there can be none, its place says why.
    guard request.space == .mni152 else {
      report.tableRefusal =
        "no regions: \(request.fileName) is in native space and the atlas in MNI152; give a transform to MNI152 "
        + "(--transform), or say --space MNI152 if it lies there"
      return
    }
    guard let atlas = request.atlas else {
      throw Problem(
        .usage, "--atlas", "no regions are given and no atlas is installed",
        expected: "a label map")
    }
    let regions = try RegionPairs(atlas, on: grid, plane: plane)
    var people: [(image: Volume, scale: PercentScale)] = []
    if case .people(let images) = others { people = Array(zip(images, peopleScales)) }
    report.table = regionalTable(of: image, scale, regions: regions, people: people)
    if people.isEmpty, let z = report.z {
      for (n, mean) in regions.means(of: z).enumerated() { report.table[n].meanZ = mean }
    }
    let edges = regions.edges(of: atlas, in: image, brain: request.brain, at: plane)
    for (n, edge) in edges.enumerated() {
      (report.table[n].leftEdge, report.table[n].rightEdge) = edge
    }
    report.table = report.table.sorted(by: request.regionOrder)
    let missing = report.table.compactMap { row in row.missingWords.map { "\(row.name) \($0)" } }
    if !missing.isEmpty {
      report.warnings.append(
        "regions in which voxels have no data, their numbers are of the others: "
          + missing.prefix(5).joined(separator: "; ")
          + (missing.count > 5 ? "; and \(missing.count - 5) more" : ""))
    }
  }

  private mutating func cluster(_ rule: ClusterRule, _ plane: MirrorPlane) {
    let map: Volume
    if request.clusteredMap == .asymmetry, let asymmetry = report.asymmetry {
      map = sidedAsymmetry(asymmetry, request.asymmetrySide, at: plane)
      report.clusteredMap =
        "the size of the asymmetry index in % (− for less), on the side that is \(request.asymmetrySide.rawValue) than the other, without the "
        + "brain's rim of \(plainNumber(request.rim)) mm"
    } else if let z = report.z {
      map = z
      report.clusteredMap = "z against normals, negative: less than they have"
    } else {
      return
    }
    let atlas = request.space == .mni152 ? request.atlas : nil
    report.clusters = clusters(of: map, rule, side: plane.side(of:), labels: atlas)
    if request.clusteredMap == .asymmetry {
      report.clusters = report.clusters.byMass
    } else {
      judgeSizes(rule)
    }
  }
}
