package import Basics
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
      ("has_normals", .bool(report.normals != nil)), ("sides", .string(Self.sides)),
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
              ("left_z", .optional(row.left?.z ?? row.meanZ?.left)),
              ("right_z", .optional(row.right?.z ?? row.meanZ?.right)),
              ("ai_z", .optional(row.asymmetry?.z)),
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
    ]
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
    }
    lines += tableLines + sphereLines
    if let what = report.clusteredMap, let rule {
      lines.append("clusters of \(what), beyond ±\(plainNumber(rule.threshold))")
      lines += clusterLines(report.clusters)
    }
    lines += report.warnings.map { "! \($0)" }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
  }

  private var tableLines: [String] {
    guard !report.table.isEmpty else { return [] }
    let hasZ = report.normals != nil
    let width = max(12, (report.table.map(\.name.count).max() ?? 0) + 2)
    func right(_ text: String, _ width: Int = 9) -> String {
      String(repeating: " ", count: max(1, width - text.count)) + text
    }
    func left(_ text: String) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    func score(_ z: Double?) -> String { right(fixed(z ?? .nan, 1, signed: true), 8) }
    var lines = [
      left("region") + right("LEFT %") + right("RIGHT %") + right("AI %")
        + (hasZ ? right("z LEFT", 8) + right("z RIGHT", 8) + right("z AI", 8) : "")
    ]
    for row in report.table {
      lines.append(
        left(row.name) + right(fixed(row.percent.left, 1)) + right(fixed(row.percent.right, 1))
          + right(fixed(row.index, 1, signed: true))
          + (hasZ
            ? score(row.left?.z ?? row.meanZ?.left) + score(row.right?.z ?? row.meanZ?.right)
              + score(row.asymmetry?.z) : "") + (row.isCut ? "  cut at the mirror plane" : ""))
    }
    lines.append("AI = 200 (L − R)/(L + R), negative: LEFT has less; \(asymmetryCaution)")
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

package func clustersJSON(_ clusters: [PerfusionCluster]) -> JSON {
  .array(
    clusters.map { c in
      .object([
        ("direction", .string(c.isDecrease ? "decrease" : "increase")), ("voxels", .int(c.voxels)),
        ("mm3", .number(c.cubicMillimetres)), ("peak", .number(c.peak)),
        ("peak_mm", .point(c.peakPlace)), ("side", .string(c.side.rawValue)),
        ("centre_mm", .point(c.centre)), ("peak_label", .optional(c.peakLabel)),
        ("main_label", .optional(c.mainLabel)),
      ])
    })
}

/// One line for each cluster.
package func clusterLines(_ clusters: [PerfusionCluster]) -> [String] {
  if clusters.isEmpty { return ["none"] }
  return clusters.map { c in
    let place = [c.peakPlace.x, c.peakPlace.y, c.peakPlace.z].map { fixed($0, 1, signed: true) }
    return "\(c.isDecrease ? "decrease" : "increase")  \(c.voxels) voxels, "
      + "\(plainNumber(c.cubicMillimetres / 1000, 2)) cm³, peak \(fixed(c.peak, 2, signed: true)) at "
      + "\(place.joined(separator: " ")) \(c.side.rawValue)"
      + (c.peakLabel.map { ", \($0)" } ?? "")
      + (c.mainLabel == c.peakLabel ? "" : c.mainLabel.map { ", mostly \($0)" } ?? "")
  } + ["sizes are not corrected for the number of voxels: some clusters are expected by chance"]
}
