package import Basics
package import ImageFiles
package import Imaging
package import Perfusion
import Records

/// A sphere and the one at the mirrored place.
package struct PerfusionSphere {
  package var centre: WorldPoint
  package var radius: Double
  package var mirrored: WorldPoint
  package var side: Side
  package var asymmetry: Asymmetry

  package init(
    centre: WorldPoint, radius: Double, mirrored: WorldPoint, side: Side, asymmetry: Asymmetry
  ) {
    self.centre = centre
    self.radius = radius
    self.mirrored = mirrored
    self.side = side
    self.asymmetry = asymmetry
  }

  /// - Throws: a place without another side.
  package init(
    of image: Volume, around centre: WorldPoint, radius: Double, at plane: MirrorPlane?
  ) throws(Problem) {
    guard let plane,
      let found = Perfusion.asymmetry(of: image, around: centre, radius: radius, at: plane)
    else {
      throw Problem(
        .data, "--at", "a place in the midline or outside of the image has no other side",
        expected: "a place more than 1 mm beside the mirror plane, with data on both sides")
    }
    self.init(
      centre: centre, radius: radius, mirrored: plane.mirrored(centre),
      side: plane.side(of: centre), asymmetry: found)
  }
}

/// A quantification as text and JSON.
package struct PerfusionPage {
  package var report: PerfusionReport
  package var spheres: [PerfusionSphere]
  package var space: Space
  package var isSimulated: Bool
  package var rule: ClusterRule?
  package var brainVoxels: Int
  package var brainOrigin: String

  package init(
    report: PerfusionReport, spheres: [PerfusionSphere], space: Space, isSimulated: Bool,
    rule: ClusterRule? = nil, brainVoxels: Int, brainOrigin: String
  ) {
    self.report = report
    self.spheres = spheres
    self.space = space
    self.isSimulated = isSimulated
    self.rule = rule
    self.brainVoxels = brainVoxels
    self.brainOrigin = brainOrigin
  }

  /// Which side is which, for every file and page.
  package static let sides = "+x is the person's RIGHT; LEFT and RIGHT are the person's own"

  package var parameters: [(String, JSON)] {
    [
      ("reference", .string(report.reference)), ("reference_voxels", .int(report.referenceVoxels)),
      ("reference_mean", .optional(report.referenceMean)),
      ("reference_share_of_unaffected", .optional(report.referenceShare)),
      ("brain", .string(brainOrigin)), ("brain_voxels", .int(brainVoxels)),
      ("mirror_plane", report.mirror.map(mirrorJSON) ?? .null),
      ("normals", report.normals?.count.map(JSON.int) ?? .null),
      ("has_normals", .bool(report.normals != nil)),
      ("z_is", report.normals.map { .string($0.zWords) } ?? .null), ("sides", .string(Self.sides)),
      ("warnings", .array(report.warnings.map(JSON.string))),
    ]
  }

  private func mirrorJSON(_ plane: MirrorPlane) -> JSON {
    .object([
      ("origin", .string(plane.origin)), ("normal", .point(plane.normal)),
      ("offset_mm", .number(plane.offset)), ("similarity_r", .optional(plane.similarity)),
    ])
  }

  /// The tables, beside what the sidecars hold.
  package var numbers: [(String, JSON)] {
    [
      (
        "regions",
        .array(
          report.table.map { row in
            .object([
              ("name", .string(row.name)), ("cut_at_mirror_plane", .bool(row.isCut)),
              ("left_percent", .number(row.percent.left)),
              ("right_percent", .number(row.percent.right)), ("ai_percent", .number(row.index)),
              ("left_voxels", .int(row.leftVoxels)), ("right_voxels", .int(row.rightVoxels)),
              ("left_z", .optional(row.left?.z)), ("right_z", .optional(row.right?.z)),
              ("left_mean_voxel_z", .optional(row.meanZ?.left)),
              ("right_mean_voxel_z", .optional(row.meanZ?.right)),
              ("ai_z", .optional(row.asymmetry?.z)),
              ("left_at_edge", .optional(row.leftEdge?.isAtEdge)),
              ("right_at_edge", .optional(row.rightEdge?.isAtEdge)),
            ])
          })
      ),
      (
        "places",
        .array(
          spheres.map { s in
            .object([
              ("mm", .point(s.centre)), ("radius_mm", .number(s.radius)),
              ("side", .string(s.side.rawValue)), ("mirrored_mm", .point(s.mirrored)),
              ("left", .number(s.asymmetry.left)), ("right", .number(s.asymmetry.right)),
              ("ai_percent", .number(s.asymmetry.index)),
            ])
          })
      ), ("clusters_of", .optional(report.clusteredMap)),
      ("threshold", .optional(rule?.threshold)), ("clusters", clustersJSON(report.clusters)),
      ("regions_refusal", .optional(report.tableRefusal)),
      ("lowest_region", sideJSON(report.table.lowest)),
      ("highest_region", sideJSON(report.table.highest)),
      ("lowest_region_inside", sideJSON(RegionExtremes(report.table).lowest.inside)),
      ("highest_region_inside", sideJSON(RegionExtremes(report.table).highest.inside)),
      (
        "asymmetry_rim_mm", report.asymmetry == nil ? .null : .number(report.asymmetryRim)
      ), ("healthy_largest_clusters", healthyJSON),
    ]
  }

  private func sideJSON(_ side: RegionSide?) -> JSON {
    guard let side else { return .null }
    return .object([
      ("name", .string(side.name)), ("side", .string(side.side.rawValue)),
      ("percent", .number(side.percent)), ("z", .optional(side.z)),
      ("at_edge", .bool(side.isAtEdge)),
    ])
  }

  private var healthyJSON: JSON {
    guard let healthy = report.healthyClusters else { return .null }
    func sizes(_ isDecrease: Bool) -> JSON {
      let size = healthy.sizes(decrease: isDecrease)
      return .object([("median_mm3", .number(size.median)), ("largest_mm3", .number(size.largest))])
    }
    return .object([
      ("people", .int(healthy.people)), ("decrease", sizes(true)), ("increase", sizes(false)),
    ])
  }

  package var text: String {
    var lines: [String] = []
    if isSimulated { lines.append("SIMULATED input: not a perfusion measurement") }
    lines.append(
      report.referenceMean.map {
        "100 % is the mean of \(report.reference): \(plainNumber($0, 3)) over \(report.referenceVoxels) voxels"
      } ?? "100 % is \(report.reference)")
    lines.append(
      "space \(space.rawValue), RAS+ mm; brain: \(brainVoxels) voxels, mask \(brainOrigin)")
    if let plane = report.mirror {
      let n = [plane.normal.x, plane.normal.y, plane.normal.z].map { fixed($0, 4, signed: true) }
      lines.append(
        "mirror plane: \(plane.origin), normal \(n.joined(separator: " ")), offset "
          + "\(fixed(plane.offset, 2, signed: true)) mm"
          + (plane.similarity.map { ", similarity r \(fixed($0, 3))" } ?? ""))
    }
    if let normals = report.normals {
      lines.append(
        "normals: \(normals.count.map { "\($0) people" } ?? "number not stated"), in per cent of the same reference"
      )
      lines.append(normals.zWords)
    }
    if report.asymmetry != nil, report.asymmetryRim > 0 {
      lines.append(
        "the map of asymmetry and its clusters leave out the outer \(plainNumber(report.asymmetryRim)) mm of the brain, "
          + "about a camera's resolution: there the index is of the outline; table and places have it"
      )
    }
    lines += tableLines + sphereLines
    if let what = report.clusteredMap, let rule {
      lines.append("clusters of \(what), beyond ±\(plainNumber(rule.threshold))")
      lines += healthyLines
      lines += clusterLines(report.clusters, people: report.healthyClusters?.people)
    }
    lines += report.warnings.map { "! \($0)" }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
  }

  /// What the largest cluster of somebody healthy is.
  private var healthyLines: [String] {
    guard let healthy = report.healthyClusters else { return [] }
    let words = [true, false].map { isDecrease in
      let size = healthy.sizes(decrease: isDecrease)
      return
        "\(isDecrease ? "decrease" : "increase") \(fixed(size.median / 1000, 1)) cm³ in the middle, at most "
        + "\(fixed(size.largest / 1000, 1))"
    }
    return [
      "largest cluster of a healthy person (each of \(healthy.people) normals against the others): "
        + words.joined(separator: "; ")
    ]
  }

  private var tableLines: [String] {
    if let refusal = report.tableRefusal { return [refusal] }
    guard !report.table.isEmpty else { return [] }
    let zWords = report.table.zWords
    let width = max(12, (report.table.map(\.name.count).max() ?? 0) + 2)
    func right(_ text: String, _ width: Int = 9) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    func left(_ text: String) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let zWidth = report.table.hasMeanZ ? 10 : 8
    func score(_ z: Double?) -> String { right(fixed(z ?? .nan, 1, signed: true), zWidth) }
    var lines = RegionExtremes(report.table).line.map { [$0] } ?? []
    lines.append(
      left("region") + right("LEFT %") + right("RIGHT %") + right("AI %")
        + zWords.map { right($0, zWidth) }.joined())
    for row in report.table {
      lines.append(
        left(row.name) + right(fixed(row.percent.left, 1)) + right(fixed(row.percent.right, 1))
          + right(fixed(row.index, 1, signed: true))
          + row.zValues.prefix(zWords.count).map(score).joined()
          + (row.isCut ? "  cut at the mirror plane" : ""))
    }
    if report.table.hasMeanZ { lines.append(meanZWords) }
    // Said once: where the map was made too, it stands among the warnings.
    lines.append(
      "AI = 200 (L − R)/(L + R), negative: LEFT has less"
        + (report.warnings.contains(asymmetryCaution) ? "" : "; \(asymmetryCaution)"))
    return lines
  }

  private var sphereLines: [String] {
    spheres.map { s in
      let a = [s.centre, s.mirrored].map { w in
        [w.x, w.y, w.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
      }
      return "\(a[0]) (\(s.side.rawValue)) and \(a[1]), \(plainNumber(s.radius)) mm: LEFT "
        + "\(plainNumber(s.asymmetry.left, 3)), RIGHT \(plainNumber(s.asymmetry.right, 3)), AI "
        + "\(fixed(s.asymmetry.index, 2, signed: true)) %"
    }
  }
}

// MARK: Maps that are written

extension PerfusionPage {
  /// A map with what its values are.
  package struct DescribedMap {
    package let words: String
    package let meaning: ValueMeaning
    package let volume: Volume
  }

  package var percentMap: DescribedMap? {
    DescribedMap(
      words: "per cent of the reference", meaning: .percentOfReference,
      volume: report.percent)
  }
  package var asymmetryMap: DescribedMap? {
    report.asymmetry.map {
      DescribedMap(
        words:
          "asymmetry index 200 (L - R)/(L + R) in per cent, the same on both sides; negative: LEFT has less; "
          + "without the brain's rim of \(plainNumber(report.asymmetryRim)) mm",
        meaning: .estimate("asymmetry %"), volume: $0)
    }
  }
  package var zMap: DescribedMap? {
    report.z.map {
      DescribedMap(
        words: "\(report.normals?.zWords ?? "z"); negative: less than the normals",
        meaning: .zScore, volume: $0)
    }
  }
}

package func clustersJSON(_ clusters: [PerfusionCluster]) -> JSON {
  .array(
    clusters.map { c in
      .object([
        ("direction", .string(c.isDecrease ? "decrease" : "increase")), ("voxels", .int(c.voxels)),
        ("mm3", .number(c.cubicMillimetres)), ("peak", .number(c.peak)),
        ("peak_mm", .point(c.peakPlace)), ("peak_side", .string(c.side.rawValue)),
        ("side", .string(c.isOnBothSides ? "BOTH SIDES" : c.side.rawValue)),
        ("left_share", .optional(c.leftShare)),
        ("centre_mm", .point(c.centre)), ("peak_label", .optional(c.peakLabel)),
        ("main_label", .optional(c.mainLabel)), ("main_share", .optional(c.mainShare)),
        ("normals_with_as_large", c.normalsWithAsLarge.map(JSON.int) ?? .null),
      ])
    })
}

/// One line for each cluster: direction and side first.
///
/// - Parameters:
///   - unit: of the peak.
///   - people: how many normals their sizes were judged by; nil where they were not.
///   - limit: how many are listed; what is left out is counted.
///   - allAre: where all of them are, in words.
package func clusterLines(
  _ clusters: [PerfusionCluster], unit: String = "", people: Int? = nil, limit: Int = .max,
  allAre: String = ""
) -> [String] {
  if clusters.isEmpty { return ["none"] }
  var lines = clusters.prefix(limit).map { c in
    return "\(c.isDecrease ? "decrease" : "increase") \(c.extentWords)  "
      + "\(plainNumber(c.cubicMillimetres / 1000, 2)) cm³, \(c.voxels) voxels, peak "
      + fixed(c.peak, 2, signed: true) + (unit.isEmpty ? "" : " " + unit)
      + " at \(peakMillimetres(c))"
      + (c.peakLabel.map { ", \($0)" } ?? "")
      + (c.mainWords.map { ", \($0)" } ?? "")
      + sizeWords(c, people)
  }
  if clusters.count > limit {
    lines.append("and \(clusters.count - limit) smaller ones: \(allAre)")
  }
  guard let people else {
    return lines + [
      "sizes are not corrected for the number of voxels: some clusters are expected by chance"
    ]
  }
  return lines + [
    "a size that k of \(people) healthy people reach has a p of about (k + 1)/\(people + 1), for the largest "
      + "cluster of a direction"
  ]
}

private func sizeWords(_ c: PerfusionCluster, _ people: Int?) -> String {
  guard let people, let k = c.normalsWithAsLarge else { return "" }
  return k == 0
    ? "; larger than in all \(people) normals" : "; as large in \(k) of \(people) normals"
}
