package import Basics
import Connectivity
import ImageFiles
import Imaging
package import Perfusion
package import Records
import Study
package import Workflows

/// The curve of what cameras keep against their width, as a table for people, for programs and for slides.
extension LossCurve {
  package func lines() -> [String] {
    let head = ["camera", "reached", "contrast kept", "sphere 10 mm", "cortex 3 mm", "elements"]
    let rows = points.map { point in
      [
        "\(plainNumber(point.targetFWHM, 1)) mm", point.reachedWords,
        percent(point.contrastKept), percent(point.losses.recovery(ofSphere: 10)),
        percent(point.losses.recovery(ofSlab: 3)),
        "\(fixed(point.losses.elementRatio, 1))× fewer",
      ]
    }
    return AlignedTable(heads: head, rows: rows).lines
  }

  package var json: JSON {
    .array(
      points.map { point in
        let reached = point.losses.reachedFWHM
        return .object([
          ("fwhm_mm", .number(point.targetFWHM)),
          ("reached_fwhm_mm", .numbers([reached.0, reached.1, reached.2])),
          ("reached", .string(point.reachedWords)),
          ("contrast_kept_median", .number(point.contrastKept)),
          ("sphere_10_mm_recovery", .number(point.losses.recovery(ofSphere: 10))),
          ("cortex_3_mm_recovery", .number(point.losses.recovery(ofSlab: 3))),
          ("resolution_elements_ratio", .number(point.losses.elementRatio)),
        ])
      })
  }

  /// One row for each width, tab-separated.
  package var tsv: String {
    var lines = [
      [
        "fwhm_mm", "reached_i_mm", "reached_j_mm", "reached_k_mm", "contrast_kept_median",
        "sphere_10_mm_recovery", "cortex_3_mm_recovery", "resolution_elements_ratio",
      ].joined(separator: "\t")
    ]
    for point in points {
      let reached = point.losses.reachedFWHM
      let numbers = [
        point.targetFWHM, reached.0, reached.1, reached.2, point.contrastKept,
        point.losses.recovery(ofSphere: 10), point.losses.recovery(ofSlab: 3),
        point.losses.elementRatio,
      ]
      lines.append(numbers.map { plainNumber($0, 4) }.joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func percent(_ x: Double) -> String { x.isFinite ? "\(fixed(100 * x, 1)) %" : "–" }
}

/// What `losses` looks at: a seed's map, or what stands for perfusion.
package struct LossSource {
  package var run: AveragedRun
  private let proxies: ProxyRequest
  /// FWHM of each camera in mm, where there are several.
  private let widths: [Double]

  package init(_ run: AveragedRun, _ proxies: ProxyRequest, widths: [Double]) throws(Problem) {
    for width in widths { try checkFWHM(width, "--camera-fwhm") }
    (self.run, self.proxies, self.widths) = (run, proxies, widths)
  }

  package var name: String { proxies.isConnectivity ? "seed map" : run.proxy?.name ?? "" }

  /// Carried by everything that is told.
  private func banner(_ request: AveragingRequest) -> String {
    let source = run.proxy?.source ?? "rsfMRI"
    let time = run.hasTime ? run.window.words : "none, one map"
    guard widths.count > 1 else {
      return simulatedBanner(proxy: name, source: source, fwhm: request.targetFWHM, time: time)
    }
    let all = widths.map { plainNumber($0, 1) }.joined(separator: ", ")
    return simulatedBanner(proxy: name, source: source, camera: "FWHM=\(all) mm", time: time)
  }

  /// The first lines of an answer for people.
  package func headLines(_ request: AveragingRequest) -> [String] {
    let reasons = run.findings.filter {
      $0.code == "mean-bold-proxy" || $0.code == "standard-tissue"
    }
    return [
      banner(request),
      run.settings.averaging.nativeWords + "; " + run.window.note,
    ] + reasons.map(\.text)
  }

  /// What is written beside a result.
  package func derived(
    _ request: AveragingRequest, findings: [Finding], denoising: [(String, JSON)]
  ) -> Derived {
    let settings = request.json(run.settings, run.window, hasTime: run.hasTime)
    return Derived(
      command: "losses", inputs: run.inputs, space: run.loaded.space,
      parameters: [("proxy", .string(name))]
        + (widths.count > 1
          ? [("fwhm_mm", .numbers(widths))]
            + settings.filter { !["fwhm_mm", "kernel_fwhm_mm"].contains($0.0) } : settings)
        + [
          (
            "map",
            .string("1 - contrast kept, the slope of after on before within 20 mm inside the brain")
          )
        ] + denoising,
      findings: run.findings + findings.filter { !run.findings.contains($0) },
      isSimulated: run.loaded.description.isSimulated, banner: banner(request))
  }

  /// Both ways to blur the seed's map.
  private mutating func connectivity(_ progress: WorkProgress) throws(Problem)
    -> BlurredConnectivity
  {
    let seed = try run.seed(proxies.seed)
    let reduced = try run.prepared.cleaned(frames: run.window.frames, progress: progress)
    return try blurredConnectivity(
      of: reduced, seed, averaging: run.settings.averaging, progress: progress)
  }

  /// What cameras of several widths keep.
  package mutating func curve(progress: WorkProgress) throws(Problem) -> LossCurve {
    let before: [Float]
    if proxies.isConnectivity {
      before = try connectivity(progress).real.r
    } else {
      before = try proxyImage(
        run.proxy ?? .meanBOLD, of: run.prepared, run.settings, progress: progress
      ).values
    }
    return try LossCurve(
      of: before, widths: widths, run.settings.averaging, run.window, in: run.loaded.run.mask,
      progress: progress)
  }

  /// What one camera loses.
  ///
  /// - Parameter networks: a label map; the strongest peak of each network is followed.
  package mutating func report(
    networks: String?, progress: WorkProgress
  ) throws(Problem) -> LossReport {
    let mask = run.loaded.run.mask
    guard proxies.isConnectivity else {
      return LossReport(
        try simulateSPECT(
          of: run.prepared, proxy: run.proxy ?? .meanBOLD, run.settings, progress: progress), mask)
    }
    let found = try connectivity(progress)
    let groups = try networks.map { (path) throws(Problem) in
      run.inputs.append(try Provenance("networks", file: path))
      return try run.study.readNetworkLabels(path, on: mask)
    }
    let names =
      run.loaded.space == .mni152 && run.loaded.description.laterality == .known
      ? try AtlasFiles.standard() : nil
    return LossReport(
      run.settings.averaging, run.window, mask, found, groups: groups?.labels,
      name: { place, label in groups?.names[label] ?? names?.name(at: place) ?? "" })
  }
}
