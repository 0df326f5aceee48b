package import Basics
package import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Reports
import Study
package import Viewer
import Workflows

/// What the viewer asks of measured perfusion and of the rotating camera.
extension EffectRunner {
  /// The proxy through the camera of tier 2 and back.
  package func scan(
    _ camera: Camera, _ method: ScanMethod, _ progress: WorkProgress
  ) throws(Problem) {
    guard let loaded = workshop.loadedRun,
      let found = try beforeCamera(camera, loaded.run, progress)
    else { return }
    try requireKnownSides(loaded.description, for: "a camera around it")
    let settings = CameraSettings()
    let scan = try cameraScan(
      of: loaded.run.mask.volume(found.values),
      attenuation: .head(nil, perCentimetre: CameraAttenuation.water), settings,
      fileName: loaded.description.name, progress: progress)
    let way: CameraReconstruction =
      method == .fbp
      ? .fbp(.butterworth(cutoff: 0.5, order: 5, .amplitude))
      : .osem(iterations: 4, subsets: 8, recovery: method == .osemRecovery)
    let image = try reconstruct(scan, way, progress: progress)
    let inside = loaded.run.mask.offsets.map { image.values[Int($0)] }.filter(\.isFinite)
    let time = found.proxy.hasTime ? found.window.words : "one map"
    mailbox.post(
      .made(
        .scan,
        MadePicture(
          volume: image, look: .hot(top: Double(inside.max() ?? 1)),
          heading: "SIMULATED CAMERA", isSimulated: true,
          detail: "\(found.proxy.name), \(way.title), \(settings.collimator), "
            + "\(plainNumber(settings.counts / 1e6, 1)) M counts, \(time)",
          shortDetail: way.title, unit: found.proxy.name)))
    for f in scan.findings where f.severity == .warning {
      mailbox.post(.failed(Problem(.data, loaded.description.name, f.text)))
    }
  }

  package func makePicture(_ kind: MadeKind, _ progress: WorkProgress) throws(Problem) {
    switch kind {
    case .asymmetry(let n): try makeAsymmetry(n, progress)
    case .subtraction: try makeSubtraction(progress)
    case .scan, .lostContrast: break
    }
  }

  private func request(
    _ n: Int
  ) throws(Problem) -> (request: PerfusionRequest, isSimulated: Bool)? {
    guard workshop.scene.spects.indices.contains(n) else { return nil }
    let spect = workshop.scene.spects[n]
    return try references.request(n, at: spect.sceneFromFile, of: workshop.scene).map {
      ($0, spect.isSimulated)
    }
  }

  private func makeAsymmetry(_ n: Int, _ progress: WorkProgress) throws(Problem) {
    guard let (asked, isSimulated) = try request(n) else { return }
    var request = asked
    request.wantsAsymmetry = true
    let report = try quantify(request, progress: progress)
    guard let map = report.asymmetry, let plane = report.mirror else { return }
    mailbox.post(
      .made(
        .asymmetry(n),
        MadePicture(
          volume: request.brain.volume(request.brain.offsets.map { map.values[Int($0)] }),
          look: .signed(threshold: 10, ceiling: 40),
          heading: isSimulated ? "ASYMMETRY SIMULATED" : "SPECT asymmetry",
          isSimulated: isSimulated,
          detail: "200 (L − R)/(L + R) %, below 0: LEFT has less; at \(plane.origin)",
          shortDetail: "below 0: LEFT less", unit: "AI")))
  }

  private func makeSubtraction(_ progress: WorkProgress) throws(Problem) {
    let spects = workshop.scene.spects
    guard spects.count > 1,
      let a = references.placed(0, at: spects[0].sceneFromFile, of: workshop.scene),
      let b = references.placed(1, at: spects[1].sceneFromFile, of: workshop.scene)
    else { return }
    let report = try siscom(
      ictal: a, interictal: b,
      isStated: false, registration: registrationWords(), brain: nil,
      rule: try ClusterRule(threshold: 2, leastVoxels: 10),
      atlas: a.space == .mni152 ? workshop.scene.atlas : nil, progress: progress)
    let isSimulated = spects[0].isSimulated || spects[1].isSimulated
    mailbox.post(
      .made(
        .subtraction,
        MadePicture(
          volume: report.subtraction.score, look: .signed(threshold: 2, ceiling: 5),
          heading: isSimulated ? "SPECT 1 − 2 SIMULATED" : "SPECT 1 − 2",
          isSimulated: isSimulated,
          detail:
            "\(visibleText(a.fileName, limit: 18)) − \(visibleText(b.fileName, limit: 18)), red: more in the first; "
            + report.alignment.words,
          shortDetail: "beyond ±2 SD", unit: "SD")))
    if let warning = report.warnings.first {
      mailbox.post(.failed(Problem(.data, b.fileName, warning)))
    }
  }

  /// Who laid the two images on each other; nil when nobody did.
  ///
  /// The image that decides on the scene's world needs no transform to it.
  private func registrationWords() -> String? {
    var makers: [String] = []
    for n in 0..<2 {
      switch workshop.scene.spects[n].measured.placement {
      case .registered(_, let isAccepted):
        guard isAccepted != false else { return nil }
        makers.append(workshop.scene.spects[n].measured.placement.words)
      case .asStored:
        guard workshop.spectFiles[n].description.sha256 == workshop.scene.imageSHA256 else {
          return nil
        }
      }
    }
    return makers.isEmpty ? nil : makers.joined(separator: "; ")
  }

  /// Regions, and clusters where a threshold is given, as the command prints them.
  package func perfusionSheet(
    _ n: Int, clustersBeyond: Double?, _ progress: WorkProgress
  ) throws(Problem) {
    guard var (request, isSimulated) = try request(n) else { return }
    if let normals = try references.normalImages(for: n, progress: progress) {
      request.normals = normals.images
      isSimulated = isSimulated || normals.isSimulated
    }
    request.wantsTable = request.space == .mni152 && request.atlas != nil
    if let clustersBeyond {
      request.clusters = try ClusterRule(threshold: clustersBeyond, leastVoxels: 10)
      request.clusteredMap = request.normals == nil ? .asymmetry : .z
      request.wantsAsymmetry = request.normals == nil
    }
    let report = try quantify(request, progress: progress)
    let page = PerfusionPage(
      report: report, spheres: [], space: request.space, isSimulated: isSimulated,
      rule: request.clusters, brainVoxels: request.brain.count, brainOrigin: request.brain.origin)
    mailbox.post(
      .perfusion(
        PerfusionSheet(
          spect: n, lines: page.text.split(separator: "\n").map(String.init),
          peaks: report.clusters.map(\.peakPlace))))
  }

  /// How far the peaks of the window's seed map move when a camera sees it.
  package func makePeaks(
    _ seed: Seed, _ camera: Camera, _ progress: WorkProgress
  ) throws(Problem) {
    guard let prepared = workshop.prepared.first else { return }
    let run = prepared.run
    let averaging = try averaging(camera, run, progress)
    let map = try windowSeries(timeWindow(camera, run).frames, prepared, progress).seedMap(seed)
    let blurred = averaging.applied(to: map.r, in: map.mask)
    let atlas = workshop.scene.atlas
    let peaks = peakShifts(of: map.r, seenAs: blurred, in: map.mask) { place, _ in
      atlas?.name(at: place) ?? ""
    }
    mailbox.post(.peaks(seed, camera, peakLines(peaks)))
  }
}
