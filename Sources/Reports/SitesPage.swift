package import Basics
import Imaging
import Targeting

/// Published sites and positions on the scalp.
package enum SitesPage {
  private static let sites = Sites.treatment + Sites.seeds

  private static var scalp: [(label: String, cap: ScalpLandmarks.Cap, point: WorldPoint)] {
    ScalpLandmarks.labels.flatMap { label in
      ScalpLandmarks.Cap.allCases.compactMap { cap in
        ScalpLandmarks.position(label, cap).map { (label, cap, $0) }
      }
    }
  }

  package static var result: [(String, JSON)] {
    [
      ("space", .string(Space.mni152.rawValue)),
      (
        "sites",
        .array(
          sites.map {
            .object([
              ("name", .string($0.name)), ("mm", .point($0.point)), ("source", .string($0.source)),
            ])
          })
      ),
      (
        "scalp",
        .array(
          scalp.map {
            .object([
              ("label", .string($0.label)), ("cap", .string($0.cap.rawValue)),
              ("mm", .point($0.point)),
            ])
          })
      ),
    ]
  }

  package static var text: String {
    (["MNI152, RAS+ mm"] + sites.map { "\($0.name)\t\(words($0.point))\t\($0.source)" }
      + scalp.map { "\($0.label) on the scalp\t\(words($0.point))\t\($0.cap.rawValue)" })
      .joined(separator: "\n")
  }

  private static func words(_ p: WorldPoint) -> String {
    [p.x, p.y, p.z].map { plainNumber($0, 1) }.joined(separator: ", ")
  }
}
