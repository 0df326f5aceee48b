package import Basics
package import ImageFiles
package import Imaging
package import Registration
package import Study

/// An image for a registration, with the brain that a person gave.
package func registrationInput(
  _ d: ImageDescription, _ volume: Volume, brain: String?, _ end: Transform.End
) throws(Problem) -> RegistrationInput {
  try d.requireOwnGeometry(for: "a transform")
  try requireHead(volume, fileName: d.name, for: "a registration")
  var input = RegistrationInput(name: d.name, volume: volume, isTemplate: end.space == .mni152)
  if let brain {
    let (about, values) = try readSingleVolume(brain)
    input.brain = try brainMask(values, on: volume.grid, fileName: about.name).mask
  }
  return input
}

/// Where the picture of a transform lies that a person looks at.
package func contourPicturePath(_ transform: String) -> String {
  (transform.hasSuffix(".txt") ? String(transform.dropLast(4)) : transform) + ".png"
}

/// A registration as it is told.
package struct RegistrationAnswer {
  package let figures: [(name: String, value: Double)]
  package let warnings: [String]
  package let text: String
  package let members: [(String, JSON)]

  /// How far apart an affine map leaves regions of a head and of a template, in mm: the spread of sulci about
  /// their place after linear normalisation (Thompson and others 1996, J Neurosci 16:4261: 5 to 20 mm, less deep
  /// within the brain).
  static let affineWarning =
    "affine only: a head's shape is fitted, its folds are not; region names and MNI places may be off by 5 to 20 mm at the cortex, less deep within"

  package init(
    _ found: Registration, _ kind: RegistrationKind, moving: Volume, toTemplate end: Transform.End
  ) {
    let moved = movement(found.fixedFromMoving, about: moving.grid.middle)
    var figures: [(name: String, value: Double)] = [
      ("nmi_before", found.before.nmi), ("nmi_after", found.after.nmi),
      ("overlap_before", found.before.overlap), ("overlap_after", found.after.overlap),
      ("moved_mm", moved.millimetres), ("turned_degrees", moved.degrees),
    ]
    if let fit = found.fit {
      figures += [
        ("surfaces_apart_mm", fit.meanMillimetres), ("surfaces_within_mm_95", fit.mostMillimetres),
        ("brain_volume_ratio", fit.volumeRatio),
      ]
    }
    if let spread = found.spread {
      figures += [
        ("restarts_apart_mm", spread.mean), ("restarts_apart_most_mm", spread.most),
      ]
    }
    if kind == .affine { figures.append(("determinant", found.fixedFromMoving.determinant)) }
    self.figures = figures.sorted { $0.name < $1.name }
    warnings =
      found.warnings + (kind == .affine && end.space == .mni152 ? [Self.affineWarning] : [])
    func shows(_ name: String, _ brain: FoundBrain?) -> String {
      brain.map {
        "\(name) shows \($0.kind.rawValue); its brain is \(fixed($0.millilitres, 0)) mL, \($0.mask.origin == "FOUND" ? "found" : "given")"
      } ?? "\(name): NO BRAIN FOUND"
    }
    text = [
      found.quality, shows("MOVING", found.moving), shows("FIXED", found.fixed),
      "moved \(fixed(moved.millimetres, 1)) mm, turned \(fixed(moved.degrees, 1))°; \(fixed(found.seconds, 1)) s",
    ].joined(separator: "\n")
    func json(_ brain: FoundBrain?) -> JSON {
      brain.map {
        .object([
          ("shows", .string($0.kind.rawValue)), ("brain_ml", .number($0.millilitres)),
          ("brain", .string($0.mask.origin)), ("scalp_share", .number($0.scalpShare)),
        ])
      } ?? .null
    }
    members =
      self.figures.map { ($0.name, JSON.number($0.value)) } + [
        ("quality", .string(found.quality)), ("moving_brain", json(found.moving)),
        ("fixed_brain", json(found.fixed)), ("seconds", .number(found.seconds)),
        ("warnings", .array(warnings.map(JSON.string))),
      ]
  }
}

/// What is shown of a transform before it is accepted.
package struct TransformLook {
  package let moving: Volume
  package let fixed: Volume
  package let brains: (moving: Mask?, fixed: Mask?)
  package let inputs: [Provenance]
  package let members: [(String, JSON)]
  package let text: String
  /// What speaks against it; kept with the transform.
  package let warnings: [String]
  /// What is known of the two images' sides; nil where no brain was found in one of them.
  package let sides: (judged: JudgedSides, isNew: Bool)?
  package let images: [ImageDescription]
}

/// What a person reads of the sides of two images that are to be laid on each other.
package func sidesLine(_ sides: (judged: JudgedSides, isNew: Bool)?) -> String {
  guard let judged = sides?.judged else {
    return "sides not compared: no brain was found in one of the two"
  }
  return ([judged.agreement.words] + [judged.decisionWords].compactMap { $0 }).joined(
    separator: "; ")
}

/// Reads the two images of a transform and finds their brains.
///
/// - Throws: other images than those that it was made for; a map that no human head needs or whose brains do not
///   lie on each other.
package func lookedAt(
  _ t: Transform, moving: String, fixed: String, name: String, _ progress: WorkProgress
) throws(Problem) -> TransformLook {
  let (m, a) = try meanVolume(moving, progress)
  let (f, b) = try meanVolume(fixed, progress)
  for (d, end, word) in [(m, t.moving, "MOVING"), (f, t.fixed, "FIXED")]
  where d.sha256 != end.sha256 {
    throw Problem(
      .data, d.name, "\(name) was made for another \(word)", expected: "the images that it is of")
  }
  progress.report("looking for the brains", 0)
  let seen = try plausible(
    t.fixedFromMoving, moving: try registrationInput(m, a, brain: nil, t.moving),
    fixed: try registrationInput(f, b, brain: nil, t.fixed))
  let sides = try judgedSides(
    fixed: (f, b, seen.fixed?.mask), moving: (m, a, seen.moving?.mask), progress: progress)
  let warnings = t.warnings + seen.warnings.filter { !t.warnings.contains($0) }
  let lines =
    [seen.fit?.words ?? BrainFit.unknown, sidesLine(sides)] + warnings.map { "WARNING: " + $0 }
  return TransformLook(
    moving: a, fixed: b, brains: (seen.moving?.mask, seen.fixed?.mask),
    inputs: [Provenance("moving", m), Provenance("fixed", f)],
    members: [
      ("surfaces_apart_mm", .optional(seen.fit?.meanMillimetres)),
      ("surfaces_within_mm_95", .optional(seen.fit?.mostMillimetres)),
      ("sides", .string(sidesLine(sides))), ("warnings", .array(warnings.map(JSON.string))),
    ], text: lines.joined(separator: "\n"), warnings: warnings, sides: sides, images: [f, m])
}
