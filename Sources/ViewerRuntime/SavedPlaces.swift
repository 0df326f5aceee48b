import Basics
import ImageFiles
import Imaging
import Records
import Study
import Targeting
import Viewer

/// The places that were accepted for an image in earlier sessions.
func acceptedTransforms(in records: RecordsFolder) -> KeptTransforms {
  { hash in
    StudyRecords(records).registrations(of: hash).map { kept in
      GivenTransforms.One(
        file: "accepted on \(kept.time.prefix(10)) by \(visibleText(kept.rater, limit: 40))",
        transform: kept.transform, sha256: sha256(of: Array(kept.json.text.utf8)))
    }
  }
}

/// What the sheet says of the coil, when it was planned for this place.
func coilLines(
  _ records: [TargetRecord], _ coil: (place: WorldPoint, outlook: CoilOutlook)?
) -> [String] {
  guard let coil, records.first?.point == coil.place, case .plan(let plan, _) = coil.outlook else {
    return []
  }
  return [
    "centre \(millimetres(plan.pose.centre)) mm, \(plainNumber(plan.coilDistance)) mm off the scalp",
    "handle points \(plan.pose.handleWords): \(plan.handleAngleWords)",
    "\(fixed(plan.depth, 1)) mm below the scalp: \(plan.depthWords)",
  ]
}
