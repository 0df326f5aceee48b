package import Basics
package import Imaging

/// What the sample person is derived from: an anatomy and its labels, both 1 mm and in MNI space.
package struct SampleTemplates: Sendable {
  /// Skull-stripped T1 with dark CSF, grey and bright white matter (mricron-data's ch2bet).
  package var anatomy: Volume
  /// AAL labels 1…116 (mricron-data's aal).
  package var labels: LabelMap

  package init(anatomy: Volume, labels: LabelMap) {
    self.anatomy = anatomy
    self.labels = labels
  }
}

/// One synthetic person in MNI space with known answers.
///
/// Every number comes from plain arithmetic and a fixed seed, so the voxels are the same bit for bit
/// wherever they are made.
package struct SamplePerson: Sendable {
  /// Where sgACC of the first person is most anticorrelated: in the left DLPFC, 20 mm from the group site.
  package static let trueSite = WorldPoint(-38, 30, 40)
  /// The same of the second person.
  package static let secondSite = WorldPoint(-32, 44, 34)
  package static let sgACC = WorldPoint(6, 16, -10)
  /// AAL labels of the region that takes up less tracer: left middle and inferior temporal gyrus.
  package static let hypoperfusedLabels: Set<Int32> = [85, 89]
  /// What is left of the uptake there.
  package static let hypoperfusion = 0.7
  package static let repetitionTimeSeconds = 3.0

  package static let networks = [
    SampleNetwork(name: "default mode", regions: [23, 24, 25, 26, 35, 36, 65, 66, 67, 68]),
    SampleNetwork(name: "somatomotor", regions: [1, 2, 19, 20, 57, 58, 69, 70]),
    SampleNetwork(name: "visual", regions: [43, 44, 45, 46, 47, 48, 49, 50]),
    SampleNetwork(name: "dorsal attention", regions: [59, 60]),
    SampleNetwork(name: "salience", regions: [29, 30, 31, 32, 33, 34]),
    SampleNetwork(name: "frontoparietal", regions: [13, 14, 61, 62]),
    SampleNetwork(name: "cerebellum", regions: [91, 92, 93, 94, 99, 100, 101, 102]),
  ]
  /// How each network of both people stands before treatment.
  package static let states: [NetworkState] = [
    .asNormals, .overActive, .underActive, .asNormals, .outOfSync, .asNormals, .asNormals,
  ]
  /// Coupling of the network that is out of sync, before and after treatment.
  package static let couplingBefore = 0.1
  package static let couplingAfter = 0.7
  /// A place of that network, the left insula, from which the change with treatment is seen.
  package static let changeSeed = WorldPoint(-36, 14, 2)

  package let grid: Grid
  package let mask: Mask
  package let greyMatter: [Float]
  package let whiteMatter: [Float]
  package let csf: [Float]
  package let frameCount: Int
  /// T1-like image on a 2 mm grid.
  package let anatomy: Volume
  package let traits: SampleTraits
  let runSeed: UInt64
  let personSeed: UInt64
  /// Where each region of a network reaches and how strongly, region after region.
  let regions: [SampleRegion]
  let sgWeight: [Float]
  let siteWeight: [Float]
  let eventWeight: [Float]

  /// - Parameters:
  ///   - minutes: length of the run.
  ///   - voxel: edge of a BOLD voxel in mm.
  package init(
    _ templates: SampleTemplates, minutes: Double, voxel: Double,
    choice: SampleChoice = SampleChoice()
  ) throws(Problem) {
    guard (1...2).contains(choice.person), (1...2).contains(choice.session) else {
      throw Problem(
        .usage, "sample", "there is no person \(choice.person) with a session \(choice.session)",
        expected: "person 1 or 2, session 1 or 2")
    }
    try self.init(
      templates, minutes: minutes, voxel: voxel, SampleTraits(choice), runSeed: choice.runSeed,
      personSeed: choice.personSeed)
  }

  /// One of the twenty generated normals.
  package init(
    normal number: Int, _ templates: SampleTemplates, minutes: Double, voxel: Double
  ) throws(Problem) {
    let seed = SampleChoice.usualSeed &+ 15_485_863 &* UInt64(truncatingIfNeeded: number)
    try self.init(
      templates, minutes: minutes, voxel: voxel, SampleTraits(normal: number, seed: seed),
      runSeed: seed, personSeed: seed &+ 31)
  }

  private init(
    _ templates: SampleTemplates, minutes: Double, voxel: Double, _ traits: SampleTraits,
    runSeed: UInt64, personSeed: UInt64
  ) throws(Problem) {
    guard minutes >= 1, minutes <= 60, voxel >= 2, voxel <= 6 else {
      throw Problem(
        .usage, "sample", "\(plainNumber(minutes)) min at \(plainNumber(voxel)) mm is out of range",
        expected: "1 to 60 minutes and 2 to 6 mm")
    }
    (self.traits, self.runSeed, self.personSeed) = (traits, runSeed, personSeed)
    grid = Self.grid(voxel)
    frameCount = Int((minutes * 60 / Self.repetitionTimeSeconds).rounded())
    let tissue = Self.tissue(templates, grid, voxel)
    greyMatter = tissue.grey
    whiteMatter = tissue.white
    csf = tissue.csf
    let inside = (0..<grid.count).map { tissue.grey[$0] + tissue.white[$0] + tissue.csf[$0] > 0.5 }
    mask = Mask(grid: grid, origin: "sample") { inside[$0] }
    let fine = Self.grid(2)
    anatomy = Volume(
      grid: fine, values: Self.averaged(templates.anatomy, fine, 2).map { ($0).rounded() })
    let kernel = ExactMath.gaussianKernel(sigmaVoxels: 3 / voxel)
    regions = tissue.regions.map { [grid, mask] region in
      let smooth = separableConvolution(region.weight, grid, kernels: [kernel, kernel, kernel])
      return SampleRegion(network: region.network, label: region.label, weight: smooth, mask)
    }
    sgWeight = Self.blob(Self.sgACC, 7, grid)
    siteWeight = Self.blob(traits.site, 6, grid)
    eventWeight = Self.blob(SampleEvent.place, SampleEvent.widthMillimetres, grid)
  }

  /// A Gaussian around a place, `sigma` in mm.
  private static func blob(_ centre: WorldPoint, _ sigma: Double, _ grid: Grid) -> [Float] {
    (0..<grid.count).map {
      let d = grid.world(at: $0).distance(to: centre)
      return d > 4 * sigma ? 0 : Float(ExactMath.exp(-0.5 * d * d / (sigma * sigma)))
    }
  }

  static func grid(_ voxel: Double) -> Grid {
    let n = { (span: Double) in Int((span / voxel).rounded(.down)) + 1 }
    let made = Grid(
      dimensions: (n(156), n(189), n(159)),
      worldFromVoxel: Affine(
        spacing: (voxel, voxel, voxel), origin: WorldPoint(-78, -112, -70)))
    guard let made else { preconditionFailure("the sample's own grid is valid") }
    return made
  }

  /// The 1 mm samples of a voxel, seen from its middle; x fastest.
  private static func samples(_ voxel: Double) -> [WorldPoint] {
    let n = max(1, Int(voxel.rounded()))
    let steps = (0..<n).map { Double($0) - Double(n - 1) / 2 }
    return steps.flatMap { dz in
      steps.flatMap { dy in steps.map { dx in WorldPoint(dx, dy, dz) } }
    }
  }

  /// Mean of 1 mm samples in each voxel.
  private static func averaged(_ image: Volume, _ grid: Grid, _ voxel: Double) -> [Float] {
    let samples = samples(voxel)
    return (0..<grid.count).map { place in
      let w = grid.world(at: place)
      var sum = 0.0
      for d in samples {
        let v = Double(image.nearest(WorldPoint(w.x + d.x, w.y + d.y, w.z + d.z)))
        if v.isFinite { sum += v }
      }
      return Float(sum / Double(samples.count))
    }
  }

  private struct Tissue {
    var grey: [Float]
    var white: [Float]
    var csf: [Float]
    var regions: [(network: Int, label: Int32, weight: [Float])]
  }

  /// Soft tissue classes from the anatomy's brightness, and networks from the labels' grey matter.
  private static func tissue(_ templates: SampleTemplates, _ grid: Grid, _ voxel: Double) -> Tissue
  {
    let samples = samples(voxel)
    let empty = [Float](repeating: 0, count: grid.count)
    var out = Tissue(grey: empty, white: empty, csf: empty, regions: [])
    var regionOf = [Int](repeating: -1, count: 256)
    for (n, network) in networks.enumerated() {
      for label in network.regions {
        regionOf[Int(label)] = out.regions.count
        out.regions.append((n, label, empty))
      }
    }
    let part = 1 / Float(samples.count)
    for place in 0..<grid.count {
      let w = grid.world(at: place)
      for d in samples {
        let at = WorldPoint(w.x + d.x, w.y + d.y, w.z + d.z)
        let v = templates.anatomy.nearest(at)
        guard v > 0 else { continue }
        let here = TissueShares(brightness: v)
        out.csf[place] += here.csf * part
        out.white[place] += here.white * part
        out.grey[place] += here.grey * part
        let label = templates.labels.label(at: at)
        guard (1...255).contains(label), regionOf[Int(label)] >= 0 else { continue }
        out.regions[regionOf[Int(label)]].weight[place] += (0.3 + 0.7 * here.grey) * part
      }
    }
    return out
  }

  /// The networks as labels 1, 2, … in the order of `networks`, where there is grey matter; 0 elsewhere.
  package func networkLabels(_ templates: SampleTemplates) -> Volume {
    var networkOf: [Int32: Float] = [:]
    for (n, network) in Self.networks.enumerated() {
      for label in network.regions { networkOf[label] = Float(n + 1) }
    }
    let values = (0..<grid.count).map { place -> Float in
      guard greyMatter[place] >= 0.4 else { return 0 }
      return networkOf[templates.labels.label(at: grid.world(at: place))] ?? 0
    }
    return Volume(grid: grid, values: values)
  }
}

/// The voxels that one region of a network reaches.
struct SampleRegion: Sendable {
  let network: Int
  let label: Int32
  /// Numbers of voxels of the mask, and the weight of each.
  let voxels: [Int32]
  let weights: [Float]

  init(network: Int, label: Int32, weight: [Float], _ mask: Mask) {
    self.network = network
    self.label = label
    let near = (0..<mask.count).filter { weight[Int(mask.offsets[$0])] > 0.01 }
    voxels = near.map { Int32($0) }
    weights = near.map { weight[Int(mask.offsets[$0])] }
  }
}

/// Something that happens once in the run before treatment and is over: a rise of the BOLD signal.
package enum SampleEvent {
  /// In the right middle temporal gyrus.
  package static let place = WorldPoint(60, -30, -4)
  package static let widthMillimetres = 7.0
  package static let percent = 5.0
  package static let seconds = 24.0

  /// After three minutes; in the middle of runs that are shorter than six.
  package static func startSeconds(minutes: Double) -> Double { min(180, minutes * 60 / 2) }

  /// Part of its height at a time: up in 6 s, down in 6 s.
  static func height(_ t: Double, minutes: Double) -> Double {
    let since = t - startSeconds(minutes: minutes)
    return max(0, min(1, since / 6, (seconds - since) / 6))
  }
}
