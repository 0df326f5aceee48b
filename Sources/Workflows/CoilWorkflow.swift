package import Basics
package import ImageFiles
package import Imaging
package import Study
package import Targeting

/// How a target's coordinates become those of the anatomy.
package struct WayToAnatomy: Sendable {
  package var map: SpatialMap
  /// In words, for reports and exports.
  package var words: String
  package var warnings: [String] = []

  package init(map: SpatialMap, words: String, warnings: [String] = []) {
    self.map = map
    self.words = words
    self.warnings = warnings
  }
}

/// The way from a target's world to that of the anatomy; never guessed.
///
/// - Parameters:
///   - transform: between the anatomy and an image of the target's space, alone or a chain.
///   - isSameWorld: a person's word that the run and the anatomy of a native target were aligned.
/// - Throws: spaces between which nothing leads.
package func wayToAnatomy(
  _ record: TargetRecord, _ anatomy: Anatomy, transform: GivenTransforms.Link?, isSameWorld: Bool
) throws(Problem) -> WayToAnatomy {
  let end = anatomy.end
  if let transform { return try wayByTransform(record, anatomy, transform) }
  switch (record.space, end.space) {
  case (.mni152, .mni152):
    return WayToAnatomy(
      map: SpatialMap([]), words: "MNI152, the anatomy being in that space too",
      warnings: templateWarning(record.template, end.template))
  case (.native, .native):
    guard isSameWorld || record.imageSHA256 == end.sha256 else {
      throw Problem(
        .data, anatomy.fileName,
        "the target was found in the native space of another image, and nobody said that the two are aligned",
        expected: "one world",
        remedy: "Say --same-world if the run was aligned with this anatomy, or give --transform")
    }
    return WayToAnatomy(
      map: SpatialMap([]), words: "native space, said to be the anatomy's own world")
  default:
    throw Problem(
      .data, anatomy.fileName,
      "it is in \(end.template ?? end.space.rawValue) space and the target in \(record.spaceName)",
      expected: "a way between the two", remedy: "Give it with --transform")
  }
}

private func wayByTransform(
  _ record: TargetRecord, _ anatomy: Anatomy, _ transform: GivenTransforms.Link
) throws(Problem) -> WayToAnatomy {
  guard let (map, other) = transform.toImage(withSHA256: anatomy.end.sha256) else {
    throw Problem(
      .data, anatomy.fileName, "the transform is between two other images",
      expected: "a transform that was made for this file")
  }
  guard other.space == record.space else {
    throw Problem(
      .data, record.name,
      "it is in \(record.spaceName) space, the transform leads from \(other.template ?? other.space.rawValue)",
      expected: "one space")
  }
  if record.space == .native {
    guard let own = record.imageSHA256, own == other.sha256 else {
      throw Problem(
        .data, record.name, "its native space is not said to be that of the transform's image",
        expected: "a transform from the image it was found in")
    }
  }
  var way = WayToAnatomy(
    map: map,
    words: "\(other.template ?? other.space.rawValue) to the \(anatomy.title) by a transform ("
      + transform.origin + ")")
  way.warnings += templateWarning(record.template, other.template)
  if let warning = transform.warning { way.warnings.append(warning) }
  return way
}

private func templateWarning(_ a: String?, _ b: String?) -> [String] {
  guard let a, let b, a != b else { return [] }
  return ["\(a) and \(b) differ by millimetres: the target is taken as if they were one"]
}

/// A coil over a target, flat on the scalp next to it.
///
/// - Parameters:
///   - handleDegrees: from the midline to the back and outwards.
///   - coilDistance: from the scalp to the coil's centre, in mm.
/// - Returns: the plan and its warnings.
/// - Throws: a target outside of the head, on the other side than it says, or without a scalp near it.
package func coilPlan(
  for record: TargetRecord, way: WayToAnatomy, anatomy: Anatomy, handleDegrees: Double,
  coilDistance: Double, progress: WorkProgress = .silent
) throws(Problem) -> (plan: CoilPlan, warnings: [String]) {
  guard record.side != .unknown else {
    throw Problem(
      .data, record.name, "nobody knows which side it is on", expected: "LEFT, RIGHT or MIDLINE")
  }
  let head = try HeadSurface(anatomy.volume, fileName: anatomy.fileName, progress: progress)
  guard let cortex = way.map.applied(to: record.point) else {
    throw Problem(
      .data, record.name, "the transform leads it nowhere: its field ends or folds there",
      expected: "a place within the images", remedy: "Look at the transform")
  }
  guard anatomy.volume.grid.nearestVoxel(cortex) != nil, head.contains(cortex) else {
    throw Problem(
      .data, anatomy.fileName,
      "the target comes to lie at \([cortex.x, cortex.y, cortex.z].map { plainNumber($0, 1) }.joined(separator: ", ")) mm, outside of the head",
      expected: "a place inside it", remedy: "Look at the transform")
  }
  let middle = anatomy.end.space == .mni152 ? 0 : head.middleX
  let there = Side(x: cortex.x, midline: middle, tolerance: 5)
  guard there == record.side || there == .midline || record.side == .midline else {
    throw Problem(
      .data, anatomy.fileName,
      "the target says \(record.side.rawValue) but comes to lie \(there.rawValue) of the head's middle",
      expected: "the same side", remedy: "Look at the transform and at the anatomy's header")
  }
  guard let scalp = head.nearest(to: cortex) else {
    throw Problem(
      .data, anatomy.fileName, "no scalp is found near the target",
      expected: "an image that reaches beyond the head")
  }
  let pose = try CoilPose(
    scalp: scalp.point, normal: scalp.normal, millimetres: coilDistance,
    forward: try CoilPose.forward(
      handleDegrees: handleDegrees, side: record.side, name: record.name), name: record.name)
  let plan = CoilPlan(
    name: plainName(record.name) + "-" + record.side.rawValue, side: record.side, cortex: cortex,
    scalp: scalp.point, pose: pose, coilDistance: coilDistance, handleDegrees: handleDegrees)
  var warnings = way.warnings
  if plan.depth > 25 { warnings.append("\(fixed(plan.depth, 1)) mm deep: \(plan.depthWords)") }
  return (plan, warnings)
}

/// What a person decided about the sides of a target's image and the navigator's T1: it goes with every export.
///
/// - Throws: where one of them is mirrored against another image and nobody decided.
package func sideDecisions(
  _ record: TargetRecord, _ d: ImageDescription
) throws(Problem) -> [String] {
  try SideLedger.requireUnblocked(
    d.hashes, ancestors: try d.header.lineage.followed().hashes, name: d.name, for: "an export")
  let own = [record.imageSHA256, record.native?.imageSHA256].compactMap { $0 } + record.imageOrigin
  for hash in own {
    try SideLedger.requireUnblocked(hash, name: record.name, for: "an export")
  }
  let known = own.lazy.flatMap { one in d.hashes.lazy.compactMap { SideLedger.judged(one, $0) } }
  // Decided against another image than the other of the two: it holds for what is exported all the same.
  let others = [
    SideLedger.finding(of: d.hashes, name: d.name), SideLedger.finding(of: own, name: record.name),
  ]
  var out = [known.first?.decisionWords].compactMap { $0 }
  if out.isEmpty { out += others.compactMap { $0?.code == "sides-decided" ? $0?.text : nil } }
  if let doubt = uncomparedWords(known.first?.agreement.verdict, own, d) { out.append(doubt) }
  return out + d.findings.filter { $0.code == TrustedForm.findingCode }.map(\.text)
}

/// What is said where nothing but headers speaks for the T1 and the target's image agreeing about left and right.
private func uncomparedWords(
  _ verdict: SideAgreement.Verdict?, _ own: [String], _ d: ImageDescription
) -> String? {
  // One image cannot contradict itself.
  if own.contains(where: d.hashes.contains) { return nil }
  // Files name hashes: a name may be a person's.
  let title = "the T1 \(d.sha256.prefix(12))"
  switch verdict {
  case .same, .mirrored: return nil
  case .unknown:
    return
      "whether \(title) and the image of the target agree about left and right could NOT BE TOLD by comparing them"
  case nil:
    return
      "LEFT and RIGHT of \(title) and of the image of the target were NOT COMPARED: only their headers say that they "
      + "agree (boldspect flipcheck T1 RUN compares them)"
  }
}
