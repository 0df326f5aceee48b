import Basics
import ImageFiles
import Imaging
import Records
import Study
import Targeting
import Viewer

extension Saver {
  /// The places that were accepted for an image in earlier sessions.
  var keptTransforms: KeptTransforms {
    guard keepsMarks else { return { _ in [] } }
    return acceptedTransforms(in: records)
  }

  /// What was said of files in earlier sessions.
  var keptRemarks: KeptRemarks {
    guard keepsMarks else { return { _ in [] } }
    return remarksKept(in: records)
  }
}

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

/// What was said of files in earlier sessions, by whoever keeps records in this folder.
func remarksKept(in records: RecordsFolder) -> KeptRemarks {
  let all = StudyRecords(records)
  return { all.entries(of: $0) }
}

/// Ratings that stand and notes of one file, as what stands beside it; of the same bytes elsewhere with the name that
/// it was said under, or that it was of another folder: two people's folders may have one name.
///
/// - Parameter person: whose the file is here.
func remarkFindings(
  _ entries: [ReviewEntry], of file: String, at path: String, person: String?
) -> [Finding] {
  let place = ReviewEntry.place(of: absolutePath(path))
  func whose(_ e: ReviewEntry) -> String {
    if let subject = e.subject, let person, subject != person {
      return ", as \(visibleText(subject, limit: 60))"
    }
    return e.place.map { $0 != place } ?? false ? ", as a file in another folder" : ""
  }
  func when(_ e: ReviewEntry) -> String {
    "on \(e.time.prefix(10)) by \(visibleText(e.rater, limit: 40))\(whose(e))"
  }
  let ratings = standingRatings(entries).map { e in
    let word = e.rating?.rawValue ?? ""
    return Finding(
      "rated", e.rating == .good ? .note : .warning,
      "Rated \(word.uppercased()) \(when(e))\(e.text.isEmpty ? "" : ": \(e.text)").", file: file)
  }
  let notes = entries.filter { $0.rating == nil && !$0.text.isEmpty }.map { e in
    Finding("noted", .note, "Note \(when(e)): \(e.text).", file: file)
  }
  return ratings + notes
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
