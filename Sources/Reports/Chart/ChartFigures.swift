import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Targeting
import Workflows

/// The pictures of a report.
struct ChartFigures {
  private(set) var pictures: [ChartBlock] = []
  private(set) var target: ChartFigure?

  init(_ report: ChartReport) throws(Problem) {
    let source = report.source
    let shown = zip(source.scans, report.results.scans).compactMap { scan, made in
      made.value.map { (scan, $0) }
    }
    let inWorld = shown.filter { $0.0.isInWorld }
    if let map = report.results.map.value, let box = source.brain?.bounds {
      let layer = Self.layer(map, report)
      if inWorld.isEmpty {
        try add(
          [layer], box, report, unmeasured: source.unmeasured, "Slices of the run: \(map.title).")
      }
      for (scan, perfusion) in inWorld {
        try add(
          [layer, Self.layer(scan, perfusion)], box, report, unmeasured: report.unmeasured,
          "rsfMRI (\(map.title)) beside SPECT (\(scan.name), \(scan.placement)), the same millimetres."
        )
      }
    }
    let alone = source.run == nil ? shown : shown.filter { !$0.0.isInWorld }
    for (scan, perfusion) in alone {
      guard let box = scan.request.brain.bounds else { continue }
      try add(
        [Self.layer(scan, perfusion)], box, report,
        unmeasured: scan.isSimulated ? report.unmeasured ?? "SIMULATED" : nil,
        "SPECT \(scan.name), \(scan.placement).", space: scan.request.space.rawValue)
    }
    try addTarget(report)
  }

  private static func layer(_ map: ReportMap, _ report: ChartReport) -> SliceFigure.Layer {
    let background = report.source.anatomy ?? report.source.prepared.first?.run.mean
    let scale =
      map.isSigned
      ? ChartScale(look: .signed(threshold: 0.2, ceiling: 0.8), unit: map.unit)
      : .upTo(map.volume.values, unit: map.unit)
    return SliceFigure.Layer(
      title: "rsfMRI: \(map.title)", volume: map.volume,
      background: map.isSigned ? background : nil,
      scale: scale)
  }

  private static func layer(
    _ scan: ReportScan, _ perfusion: PerfusionReport
  ) -> SliceFigure.Layer {
    let inside = scan.request.brain.offsets.map { perfusion.percent.values[Int($0)] }
    return SliceFigure.Layer(
      title: "\(scan.isSimulated ? "SIMULATED " : "")SPECT: \(scan.name)",
      volume: perfusion.percent,
      background: nil, scale: .upTo(inside, unit: "% of \(perfusion.reference)"))
  }

  private mutating func add(
    _ layers: [SliceFigure.Layer], _ box: (low: WorldPoint, high: WorldPoint),
    _ report: ChartReport,
    unmeasured word: String?, _ caption: String, space: String? = nil
  ) throws(Problem) {
    let source = report.source
    let world = space ?? source.template ?? source.space.rawValue
    let figure = SliceFigure(
      layers: layers, box: box, cuts: SliceFigure.usualCuts(box), mark: nil,
      notes: ["space \(world), RAS+ mm; no voxel is interpolated"] + report.sideNotes,
      unmeasured: word,
      sidesAreKnown: source.laterality == .known)
    let image = try figure.drawn()
    pictures.append(
      .figure(
        ChartFigure(
          png: image.png, width: image.width, height: image.height,
          caption: (word.map { $0 + ". " } ?? "") + caption
            + " Space \(world). \(report.sideNotes.map { $0 + ". " }.joined())\(figure.sidesWords). "
            + layers.map { "\($0.title): \($0.scale.words)" }.joined(separator: ". ") + ".")))
  }

  /// The first candidate in the map that it was found in.
  private mutating func addTarget(_ report: ChartReport) throws(Problem) {
    guard let targets = report.results.targets.value, let first = targets.result.candidates.first,
      let box = report.source.brain?.bounds
    else { return }
    let source = report.source
    let map = targets.result.map
    let p = first.point
    let isSelected = targets.result.selected == first.rank
    let word = isSelected ? "selected target" : "candidate 1, NO RELIABLE TARGET"
    let figure = SliceFigure(
      layers: [
        SliceFigure.Layer(
          title: "\(word): connectivity of \(targets.settings.seed.title)", volume: map.volume,
          background: source.anatomy ?? source.prepared.first?.run.mean,
          scale: ChartScale(look: .signed(threshold: 0.1, ceiling: 0.5), unit: "r"))
      ], box: box,
      cuts: [[p.z - 8, p.z, p.z + 8], [p.y - 8, p.y, p.y + 8], [p.x - 8, p.x, p.x + 8]], mark: p,
      notes: [
        "cross: \(millimetres(p)) mm, \(source.template ?? source.space.rawValue), RAS+; \(targets.radiusWords)"
      ] + report.sideNotes, unmeasured: source.unmeasured,
      sidesAreKnown: source.laterality == .known)
    let image = try figure.drawn(width: 1500)
    target = ChartFigure(
      png: image.png, width: image.width, height: image.height,
      caption: (source.unmeasured.map { $0 + ". " } ?? "")
        + "The \(word) at \(millimetres(p)) mm (cross), \(first.side.rawValue), and 8 mm to both sides. "
        + report.sideNotes.map { $0 + ". " }.joined()
        + figure.sidesWords + ".")
  }
}
