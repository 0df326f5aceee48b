package import Basics
import Connectivity
package import Imaging
package import Perfusion
package import Workflows

/// What a camera lost of an image, as lines and as JSON.
package struct LossReport {
  package let losses: Losses
  package let contrast: ContrastKept
  private let before: [Float]
  private let after: [Float]
  /// SERIES BLURRED beside MAP BLURRED; nil where the image is no connectivity.
  private let series: [Float]?
  private let peaks: [PeakShift]
  private let mask: Mask

  /// Of a proxy.
  package init(_ simulated: SimulatedSPECT, _ mask: Mask) {
    let after = mask.offsets.map { simulated.volume.values[Int($0)] }
    losses = Losses(averaging: simulated.averaging, window: simulated.window, mask: mask)
    contrast = ContrastKept(
      before: simulated.before, kernel: simulated.averaging.kernelFWHM, in: mask)
    (before, self.after, self.mask) = (simulated.before, after, mask)
    series = nil
    peaks = []
  }

  /// Of a seed map.
  package init(
    _ averaging: Averaging, _ window: TimeWindow, _ mask: Mask, _ found: BlurredConnectivity,
    groups: [Int32]?, name: (WorldPoint, Int32) -> String
  ) {
    losses = Losses(averaging: averaging, window: window, mask: mask)
    contrast = ContrastKept(
      before: found.real.r, kernel: averaging.kernelFWHM, in: mask)
    (before, after, series) = (found.real.r, found.map, found.series)
    self.mask = mask
    peaks = peakShifts(
      of: found.real.r, seenAs: found.map, in: mask, groups: groups, count: groups == nil ? 8 : 40,
      name: name)
  }

  /// What must be said of the run's coverage and resolution.
  package var findings: [Finding] { losses.averaging.findings(of: before, in: mask) }

  private func place(_ p: WorldPoint) -> LossesAtPlace? {
    guard let v = mask.grid.nearestVoxel(p), mask.contains(v) else { return nil }
    let n = Int(mask.places[mask.grid.offset(v)])
    return LossesAtPlace(
      place: p, before: Double(before[n]), after: Double(after[n]),
      contrastKept: Double(contrast.kept[n]))
  }

  private func seriesValue(_ p: WorldPoint) -> Double? {
    guard let series, let v = mask.grid.nearestVoxel(p), mask.contains(v) else { return nil }
    return Double(series[Int(mask.places[mask.grid.offset(v)])])
  }

  package func lines(places: [WorldPoint], eventSeconds: Double) -> [String] {
    func percent(_ x: Double) -> String { "\(fixed(100 * x, 1)) %" }
    var out = [
      "resolution elements: \(fixed(losses.elementsBefore, 0)) before, "
        + "\(fixed(losses.elementsAfter, 0)) after, \(fixed(losses.elementRatio, 1)) times fewer",
      "kept in the middle of a sphere of 10, 20, 30 mm: "
        + [10.0, 20, 30].map { percent(losses.recovery(ofSphere: $0)) }.joined(separator: ", "),
      "kept in the middle of cortex of 2.5, 3, 4 mm: "
        + [2.5, 3, 4].map { percent(losses.recovery(ofSlab: $0)) }.joined(separator: ", "),
      "local contrast kept, median over the brain: \(percent(contrast.median)) (slope of after on before within "
        + "\(plainNumber(ContrastKept.neighbourhoodFWHM)) mm)",
      "an event of \(plainNumber(eventSeconds)) s: \(percent(losses.dilution(ofSeconds: eventSeconds))) of it is left; "
        + "+50 % shows as +\(fixed(50 * losses.dilution(ofSeconds: eventSeconds), 2)) %",
    ]
    if series != nil { out.append(BlurredSenses.difference) }
    for p in places {
      let at = "\(plainNumber(p.x, 1)), \(plainNumber(p.y, 1)), \(plainNumber(p.z, 1)) mm"
      guard let l = place(p) else {
        out.append("\(at): outside the brain")
        continue
      }
      guard l.before.isFinite, l.after.isFinite else {
        out.append("\(at): no data")
        continue
      }
      out.append(
        "\(at): before \(number(l.before)), after \(number(l.after)), recovery "
          + "\(fixed(l.recovery, 3)), contrast kept \(percent(l.contrastKept))"
          + (seriesValue(p).map {
            $0.isFinite ? ", SERIES BLURRED \(fixed($0, 3))" : ", SERIES BLURRED: too near the seed"
          } ?? ""))
    }
    return out + peakLines(peaks)
  }

  private func number(_ x: Double) -> String {
    abs(x) >= 10 ? fixed(x, 1) : fixed(x, 3)
  }

  package func json(places: [WorldPoint], eventSeconds: Double) -> [(String, JSON)] {
    let dilution = losses.dilution(ofSeconds: eventSeconds)
    func table(_ sizes: [Double], _ recovery: (Double) -> Double) -> JSON {
      .array(sizes.map { .object([("mm", .number($0)), ("recovery", .number(recovery($0)))]) })
    }
    var out: [(String, JSON)] = [
      (
        "resolution_elements",
        .object([
          ("brain_mm3", .number(losses.brainVolume)), ("before", .number(losses.elementsBefore)),
          ("after", .number(losses.elementsAfter)), ("ratio", .number(losses.elementRatio)),
        ])
      ), ("sphere_recovery", table([5, 10, 15, 20, 30, 40], losses.recovery(ofSphere:))),
      ("cortex_recovery", table([2, 2.5, 3, 4, 5], losses.recovery(ofSlab:))),
      ("contrast_kept_median", .number(contrast.median)),
      (
        "event",
        .object([
          ("seconds", .number(eventSeconds)), ("share_left", .number(dilution)),
          ("plus_50_percent_shows_as_percent", .number(50 * dilution)),
        ])
      ),
      (
        "places",
        .array(
          places.map { p in
            guard let l = place(p) else {
              return .object([("mm", .point(p)), ("inside", .bool(false))])
            }
            return .object(
              [
                ("mm", .point(p)), ("inside", .bool(true)), ("before", .number(l.before)),
                ("after", .number(l.after)), ("recovery", .number(l.recovery)),
                ("contrast_kept", .number(l.contrastKept)),
              ] + (series == nil ? [] : [("series_blurred_r", .optional(seriesValue(p)))]))
          })
      ),
    ]
    guard series != nil else { return out }
    out.append(("map_and_series", .string(BlurredSenses.difference)))
    out.append(
      (
        "peaks",
        .array(
          peaks.map { peak in
            .object([
              ("name", .string(peak.name)), ("mm", .point(peak.from)), ("r", .number(peak.value)),
              ("moved_to_mm", peak.to.map(JSON.point) ?? .null),
              ("blurred_r", .number(peak.blurredValue)), ("moved_mm", .number(peak.distance)),
              ("merged_with_peak", peak.mergedWith.map { .int($0 + 1) } ?? .null),
            ])
          })
      ))
    return out
  }
}

/// One line for each peak: where it was and where the camera shows it.
package func peakLines(_ peaks: [PeakShift]) -> [String] {
  peaks.enumerated().map { n, peak in
    let to =
      peak.to == nil
      ? "is gone"
      : "moves \(fixed(peak.distance, 1)) mm, r \(fixed(peak.blurredValue, 3))"
    return "peak \(n + 1) \(peak.name.isEmpty ? "" : peak.name + " ")"
      + "(\(plainNumber(peak.from.x, 1)), \(plainNumber(peak.from.y, 1)), \(plainNumber(peak.from.z, 1))) "
      + "r \(fixed(peak.value, 3)): \(to)"
      + (peak.mergedWith.map { ", merged with peak \($0 + 1)" } ?? "")
  }
}
