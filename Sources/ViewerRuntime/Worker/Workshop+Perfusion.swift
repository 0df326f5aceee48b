import Basics
import ImageFiles
import Imaging
import Perfusion
import Reports
import Study
import Viewer
import Workflows

/// What the viewer asks of measured perfusion and of the rotating camera.
extension Workshop {
  mutating func carryOutPerfusion(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .scan(let camera, let method): try scan(camera, method, job)
    case .makePicture(.asymmetry(let n, let side)): try makeAsymmetry(n, side, job)
    case .makePicture(.subtraction(let isStated)): try makeSubtraction(isStated: isStated, job)
    case .perfusion(let n, let beyond): try perfusionSheet(n, clustersBeyond: beyond, job)
    case .reference(let text):
      job.post(
        .spects(
          try references.spects(
            of: shownScene(job), reference: text, progress: job.progress)))
    default: break
    }
    return .done
  }

  package var references: SPECTReferences {
    SPECTReferences(
      files: spectFiles, study: study, normals: options.normals)
  }

  /// The proxy through the camera of tier 2 and back.
  private mutating func scan(
    _ camera: Camera, _ method: ScanMethod, _ job: Job
  ) throws(Problem) {
    let loaded = try requireRun()
    let found = try beforeCamera(camera, loaded.run, job)
    try requireKnownSides(loaded.description, for: "a camera around it")
    let settings = CameraSettings()
    let scan = try cameraScan(
      of: found.values, in: loaded.run.mask,
      attenuation: .head(nil, perCentimetre: CameraAttenuation.water), settings,
      fileName: loaded.description.name, progress: job.progress)
    let way: CameraReconstruction =
      method == .fbp
      ? .fbp(.butterworth(cutoff: 0.5, order: 5, .amplitude))
      : .osem(iterations: 4, subsets: 8, recovery: method == .osemRecovery)
    let image = try reconstruct(scan, way, progress: job.progress)
    let inside = loaded.run.mask.offsets.map { image.values[Int($0)] }.filter(\.isFinite)
    let time = found.proxy.hasTime ? found.window.words : "one map"
    job.post(
      .made(
        .scan,
        MadePicture(
          volume: image, look: .hot(top: Double(inside.max() ?? 1)),
          heading: "SIMULATED CAMERA", isSimulated: true,
          detail: "\(found.proxy.name), \(way.title), \(settings.collimator), "
            + "\(plainNumber(settings.counts / 1e6, 1)) M counts, \(time)",
          shortDetail: way.title, unit: found.proxy.name)))
    for f in scan.findings where f.severity == .warning {
      job.post(.failed(Problem(.data, loaded.description.name, f.text)))
    }
  }

  func request(
    _ n: Int, _ job: Job
  ) throws(Problem) -> (request: PerfusionRequest, spect: NamedSPECT) {
    let spect = try requireSPECT(n, job)
    guard
      let request = try references.request(n, at: spect.sceneFromFile, of: shownScene(job))
    else { throw Problem(.data, spect.name, "it cannot be laid there") }
    return (request, spect)
  }

  private func makeAsymmetry(_ n: Int, _ side: AsymmetrySide, _ job: Job) throws(Problem) {
    let (request, spect) = try request(n, job)
    let report = try quantify(request.ofAsymmetry(side), progress: job.progress)
    guard let map = report.asymmetry, let plane = report.mirror else {
      throw Problem(.data, request.fileName, "no mirror plane was found in it")
    }
    let word = side == .lower ? "less" : "more"
    var picture = MadePicture(
      volume: sidedAsymmetry(map, side, at: plane),
      look: .signed(
        threshold: ClusterRule.usualAsymmetry.threshold, ceiling: 40,
        sign: side == .lower ? .negative : .positive),
      heading: spect.roleTitle + " asymmetry" + (spect.unmeasuredWord.map { " \($0)" } ?? ""),
      isSimulated: spect.isSimulated,
      detail:
        "coloured: the side that has \(word), |200 (L−R)/(L+R)| %  at \(plane.origin)  "
        + "without the brain's rim of \(plainNumber(report.asymmetryRim)) mm",
      shortDetail: word,
      // Not the index, whose sign means a side: here it means less or more on the side that is coloured.
      unit: "|AI|, \(word)")
    picture.values = map
    picture.name = spect.name
    picture.answer =
      (spect.role.map { "\($0.uppercased()): " } ?? "")
      + "largest asymmetry: \(asymmetryAnswer(report, space: request.space)); \(asymmetryCaution)"
      + (report.lacking.map { "; " + $0 } ?? "")
    if spect.role == "ictal", side == .lower {
      picture.answer? += "; a seizure's focus has MORE in an ictal scan: `:asymmetry higher`"
    }
    job.post(.made(.asymmetry(n, side), picture))
  }

  private func makeSubtraction(isStated: Bool, _ job: Job) throws(Problem) {
    let shown = shownScene(job)
    let spects = shown.spects
    guard spects.count > 1,
      let a = references.placed(0, at: spects[0].sceneFromFile, of: shown),
      let b = references.placed(1, at: spects[1].sceneFromFile, of: shown)
    else { throw missing("two SPECT images", "--spect ICTAL --spect INTERICTAL") }
    let report = try siscom(
      ictal: a, interictal: b,
      isStated: isStated,
      registration: registrationWords(laid(0, spects[0]), laid(1, spects[1])), brain: nil,
      rule: .usualSubtraction,
      atlas: a.space == .mni152 ? scene.atlas : nil, progress: job.progress)
    let isSimulated = spects[0].isSimulated || spects[1].isSimulated
    var picture = MadePicture(
      volume: report.subtraction.score, look: .signed(threshold: 2, ceiling: 5),
      heading: (["ICTAL − INTERICTAL"] + (report.isSwapped ? ["SWAPPED?"] : [])
        + spects.compactMap(\.unmeasuredWord).prefix(1))
        .joined(separator: " "),
      isSimulated: isSimulated,
      detail:
        "ICTAL \(visibleText(a.fileName, limit: 24)) − INTERICTAL \(visibleText(b.fileName, limit: 24))  beyond ±2 SD  "
        + report.alignment.words,
      shortDetail: report.caution?.contains("the transform") == true
        ? "NOT ACCEPTED" : "ICTAL: 1st file", unit: "SD")
    picture.answer = siscomAnswer(report).first
    job.post(.made(.subtraction(isStated: isStated), picture))
    if let warning = report.warnings.first {
      job.post(.failed(Problem(.data, b.fileName, warning)))
    }
  }

  /// In whose world a SPECT lies now.
  func laid(_ n: Int, _ spect: NamedSPECT) -> LaidImage {
    let d = spectFiles[n].description
    switch spect.measured.placement {
    case .registered(_, let isAccepted):
      guard isAccepted != false else { return LaidImage(world: nil) }
      let given = study.transforms.one(for: d, space: .native)?.transform
      // One that was made here leads to the image that decides on the scene's world.
      return LaidImage(
        world: given?.fixed.sha256 ?? scene.imageSHA256, maker: spect.measured.placement.words)
    case .asStored, .alone, .sameTemplate: return LaidImage(world: d.sha256)
    }
  }

  /// Regions, and clusters where a threshold is given, as the command prints them.
  private func perfusionSheet(
    _ n: Int, clustersBeyond: Double?, _ job: Job
  ) throws(Problem) {
    let (asked, spect) = try request(n, job)
    var request = asked
    var isSimulated = spect.isSimulated
    if let normals = try references.normalImages(for: n, progress: job.progress) {
      request.normals = normals.images
      isSimulated = isSimulated || normals.isSimulated
    }
    request.wantsTable = request.space == .native || request.atlas != nil
    if let clustersBeyond {
      request.clusters = try ClusterRule(threshold: clustersBeyond, leastVoxels: 10)
      request.clusteredMap = request.normals == nil ? .asymmetry : .z
      request.wantsAsymmetry = request.normals == nil
    }
    let report = try quantify(request, progress: job.progress)
    let page = PerfusionPage(
      report: report, spheres: [], space: request.space, isSimulated: isSimulated,
      rule: request.clusters, brainVoxels: request.brain.count, brainOrigin: request.brain.origin)
    job.post(
      .perfusion(
        PerfusionSheet(
          spect: n, lines: page.text.split(separator: "\n").map(String.init),
          // Without clusters n goes through the regions, as the table lists them.
          peaks: request.clusters == nil
            ? report.table.compactMap(\.place) : report.clusters.map(\.peakPlace))))
  }
}
