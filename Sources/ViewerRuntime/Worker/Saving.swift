import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Study
import Targeting
import Viewer
import Workflows

/// What is written: records, marks, bookmarks, sessions, transforms.
struct Saving {
  private let keepsMarks: Bool
  /// The request as it was typed, for session files.
  private let arguments: [String]
  private var keeper: BookKeeper?
  private var places: PlaceKeeper?

  init(keepsMarks: Bool, arguments: [String]) {
    self.keepsMarks = keepsMarks
    self.arguments = arguments
  }

  /// Gives back what an earlier session kept of this image.
  mutating func open(_ imageSHA256: String?, _ job: Job) {
    guard keepsMarks else { return }
    if let hash = imageSHA256 {
      let keeper = BookKeeper(imageSHA256: hash)
      self.keeper = keeper
      // A book that cannot be read is left where it is and said.
      do throws(Problem) {
        let records = try keeper.recovered()
        if !records.isEmpty { job.post(.recovered(records)) }
      } catch { job.post(.failed(error)) }
      let places = PlaceKeeper(imageSHA256: hash)
      self.places = places
      do throws(Problem) {
        let marks = try places.recovered()
        if !marks.isEmpty { job.post(.bookmarks(marks)) }
      } catch { job.post(.failed(error)) }
    }
    let lines = TypedKeeper.recovered()
    if !lines.isEmpty { job.post(.typed(lines)) }
  }

  mutating func carryOut(_ job: Job, _ workshop: Workshop?) throws(Problem) {
    switch job.request.effect {
    case .keepBook(let records): try keeper?.keep(records)
    case .keepBookmarks(let marks): try places?.keep(marks)
    case .save(let records, let name): try save(records, name, job, workshop)
    case .saveSession(let state, let name):
      job.progress.report("saving the session", 0)
      try Session.write(state, arguments: arguments, to: name)
      job.post(
        .told("saved: \(fileName(name)); boldspect view --session \(fileName(name)) opens it"))
    case .keepTransform(let n, let place, let maker, let name):
      try keepTransform(n, place, by: maker, name, job, workshop)
    default: break
    }
  }

  /// Writes the records with the report that was on screen when their name was typed.
  private func save(
    _ records: [TargetRecord], _ name: String, _ job: Job, _ workshop: Workshop?
  ) throws(Problem) {
    guard let workshop, let report = job.request.shown.targets, let inputs = workshop.targetInputs
    else { throw Problem(.data, name, "there is no report that these targets are of") }
    try TargetFiles.write(
      records, report, space: try workshop.requireRun().space, inputs: inputs.hashes,
      coil: coilLines(records, job), to: name + ".tsv", overwrite: false)
    job.post(.saved("\(name).tsv, .json and .txt"))
  }

  /// What the sheet says of the coil, when it was planned for this place.
  private func coilLines(_ records: [TargetRecord], _ job: Job) -> [String] {
    guard let coil = job.request.shown.coil, records.first?.point == coil.place,
      case .plan(let plan, _) = coil.outlook
    else { return [] }
    return [
      "centre \(millimetres(plan.pose.centre)) mm, \(plainNumber(plan.coilDistance)) mm off the scalp",
      "handle points \(plan.pose.handleWords), \(plainNumber(plan.handleDegrees)) degrees from the midline",
      "\(fixed(plan.depth, 1)) mm below the scalp: \(plan.depthWords)",
    ]
  }

  private func keepTransform(
    _ n: Int, _ place: Affine, by maker: String, _ name: String, _ job: Job, _ workshop: Workshop?
  ) throws(Problem) {
    guard let workshop, workshop.spectFiles.indices.contains(n) else {
      throw Problem(.data, name, "there is no SPECT to keep a place of", expected: "--spect")
    }
    let file = workshop.spectFiles[n]
    let fixed = try workshop.fixedImage()
    let now = LikenessMeter(fixed: fixed.volume, moving: file.volume, spacing: 5).likeness(place)
    let path = name + ".txt"
    try TransformFile.write(
      path,
      try Transform(
        fixedFromMoving: place,
        moving: transformEnd(file.description, stated: nil), fixed: fixed.end,
        origin: "\(maker), accepted in the viewer", isAccepted: true,
        figures: [("nmi_after", now.nmi), ("overlap_after", now.overlap)], file: path),
      version: boldspectVersion, overwrite: false)
    job.post(.saved("\(path) and \(fileName(TransformFile.sidecar(path)))"))
  }
}
