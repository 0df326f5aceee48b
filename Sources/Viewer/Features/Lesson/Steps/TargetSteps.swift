import Basics
import CellUI
import Connectivity
import Imaging
import Targeting

extension Lesson {
  /// A landmark against a personal target, and how sure it is.
  static let targetSteps = [landmark, doubt]

  @Sendable private static func search(_ model: inout Model) -> [Effect] {
    guard model.lesson.targets == nil, model.scene.targetsRefusal == nil, !model.shell.isLoading,
      !model.targets.isSearching
    else { return [] }
    return searchTargets(&model)
  }

  @Sendable private static func refusal(_ m: Model) -> String? {
    m.scene.targetsRefusal.map { "No target can be looked for here: \($0)" }
  }

  /// One place of the step: its letter, name, colour and where it is.
  private struct Place {
    var letter: String
    var name: String
    var point: WorldPoint
    var ink: Colour
    var r: Double?
    /// From the personal place as it is printed, in mm; nil for that place itself.
    var away: Double?
  }

  private static let named = [
    ("5", "5 cm rule"), ("F", "F3 cortex"), ("G", "group optimum"),
  ]
  /// Above or below the slice by more than this a place is drawn as a hollow ring, in mm.
  private static let thickness = 6.0

  private static func places(_ report: TargetReport) -> [Place] {
    var out: [Place] = []
    for (letter, name) in named {
      guard let found = report.comparators.first(where: { $0.site.name == name }) else { continue }
      out.append(
        Place(
          letter: letter, name: name, point: found.site.point, ink: LessonInk.landmark, r: found.r,
          away: found.millimetres))
    }
    if let shifted = report.cameraTarget {
      out.append(
        Place(
          letter: "S", name: "SIMULATED", point: shifted, ink: LessonInk.camera,
          r: report.coupling(at: shifted), away: cameraShift(report)))
    }
    if let first = report.result.candidates.first {
      out.append(
        Place(
          letter: "O", name: "own place", point: first.point, ink: LessonInk.sharp, r: first.r))
    }
    return out
  }

  /// From the printed place, whose millimetres stand beside it; `targets` measures before it is bound to a voxel.
  private static func cameraShift(_ report: TargetReport) -> Double? {
    guard let shifted = report.cameraTarget, let first = report.result.candidates.first else {
      return nil
    }
    return shifted.distance(to: first.point)
  }

  /// A disc on the slice; a hollow ring above or below it.
  private static func mark(_ place: Place, from slice: WorldPoint, radius: Double) -> LessonMark {
    LessonMark(
      point: place.point, letter: place.letter, ink: place.ink, radius: radius,
      isFilled: abs(place.point.x - slice.x) <= thickness)
  }

  /// "LEFT, x −38 mm, MNI152": said once for the picture and everything on it.
  private static func sliceWords(_ m: Model, _ point: WorldPoint) -> String {
    "\(m.scene.sideRule.side(of: point).rawValue), x \(fixed(point.x, 0, signed: true)) mm, "
      + m.scene.space.rawValue
  }

  private static func shortSliceWords(_ m: Model, _ point: WorldPoint) -> String {
    "\(m.scene.sideRule.side(of: point).rawValue), x \(fixed(point.x, 0, signed: true))"
  }

  private static func coordinates(_ p: WorldPoint) -> String {
    [p.x, p.y, p.z].map { fixed($0, 0, signed: true) }.joined(separator: " ")
  }

  private static let landmark = LessonStep(
    topic: "Target", title: "Landmark or personal", prepare: search,
    sentence: { m in
      m.lesson.targets == nil
        ? "Where rules for everybody put the coil, and where this person's own coupling does."
        : "The head from its side: O is this person's own place, 5, F and G are the same for everybody."
    },
    pictures: { m in
      guard let report = m.lesson.targets, let first = report.result.candidates.first else {
        return []
      }
      let all = places(report)
      var picture = LessonPicture(
        content: .slice(
          m.mapContent(report.result.map.volume, from: 0.15, to: 0.5), .sagittal, first.point),
        caption: sliceWords(m, first.point) + ": coupling with sgACC, r",
        shortCaption: shortSliceWords(m, first.point), ink: LessonInk.sharp,
        marks: all.map { mark($0, from: first.point, radius: 3) }, zoom: 72)
      picture.lines = all.filter { $0.letter == "5" }.map {
        ($0.point, first.point, LessonInk.truth)
      }
      return [picture]
    },
    table: { m in
      guard let report = m.lesson.targets, !report.result.candidates.isEmpty else { return [] }
      return [LessonRow(["place", "from O", "x y z, mm", "r sgACC"], isHead: true)]
        + places(report).reversed().map { place in
          LessonRow(
            [
              place.name, place.away.map { "\(fixed($0, 1)) mm" } ?? "–",
              coordinates(place.point), place.r.map { fixed($0, 2, signed: true) } ?? "no data",
            ], ink: place.ink, mark: place.letter)
        } + [LessonRow([report.result.isDetected ? "O passes its tests" : "O passes no test"])]
    },
    number: { m in
      guard let report = m.lesson.targets,
        let rule = report.comparators.first(where: { $0.site.name == "5 cm rule" })?.millimetres
      else { return nil }
      return LessonNumber(
        "\(fixed(rule, 0)) mm",
        "from the 5 cm rule to this person's place (the white line); \(report.radiusWords), with all else "
          + report.budget.togetherWords)
    },
    cannot: refusal,
    warnings: { m in m.lesson.targets.map(targetWarnings) ?? [] },
    remarks: { m in m.lesson.targets.map(targetRemarks) ?? [] },
    truth: .target,
    question: "Which of these places would you trust?",
    answer:
      "The personal one only where it passes its tests and its halves agree, and then as a place to study: studies "
      + "disagree whether it helps more. Else a place for everybody, such as the group's, is the safer choice.",
    notes:
      "Discs lie on the slice to 6 mm, hollow rings above or below it. S is what a SPECT's "
      + "width would make of it, as far off as the printed millimetres of both are apart; `boldspect targets` measures "
      + "that before the own place is bound to a voxel, which differs by less than a voxel. Research only: the program "
      + "plans nobody's treatment.",
    facts: [
      LessonFact(
        "The 5 cm rule misses the dorsolateral prefrontal cortex in more than a third of people.",
        "targeting.md 2, registration and rule literature (abstract)"),
      LessonFact(
        "Against: in 501 patients the distance from the personal target did not predict the outcome (rho 0.02), nor "
          + "did coupling in 66 followed forward (r 0.1, p 0.39); in 295 r was −0.16, driven by those who breathe "
          + "periodically.",
        "targeting.md 2, clinic.md 4: Gregory 2026; Khosravani 2025; Elbau 2023"),
      LessonFact(
        "For: in a blinded trial of 40 the individual target did better than the scalp target, 80 % against 60 %, with "
          + "41 minutes of multi-echo BOLD and the depression circuit, not an sgACC sphere.",
        "clinic.md 4: JAMA Psychiatry 2026, doi 10.1001/jamapsychiatry.2026.1100"),
      LessonFact(
        "Even the sign is in dispute: in 115 people stronger positive coupling evoked more response of sgACC.",
        "clinic.md 4: PMID 39638081"),
    ])

  /// What must stand beside the place, the most important first, in few words.
  private static func targetWarnings(_ report: TargetReport) -> [String] {
    if report.isPreliminary { return [] }
    var out = report.checks.filter { $0.outcome != .stays }.map { "O \($0.warning)" }
    if report.hasFewMinutes, let kept = report.secondsKept {
      out.append("\(fixed(kept / 60, 1)) min are LESS THAN ALL PUBLISHED (10 to 40)")
    }
    if !report.result.candidates.isEmpty {
      out.append(
        "r of O is a selected extreme, chosen from \(report.result.regionVoxelCount) places")
    }
    if report.result.selected == nil { out.insert(report.verdict, at: 0) }
    return out
  }

  /// All that `targets` says of the same person.
  private static func targetRemarks(_ report: TargetReport) -> [String] {
    var out = [report.verdict] + report.warnings.map { "! " + $0 } + report.confidenceLines
    if !report.result.candidates.isEmpty { out.append("r of candidates: " + report.extremeWords) }
    out += report.settings.evidence.map { "evidence " + $0 }
    var seen: Set<String> = []
    return out.filter { seen.insert($0).inserted }
  }

  private static let doubt = LessonStep(
    topic: "Target", title: "How sure is the place?", prepare: search,
    sentence: { m in
      m.lesson.targets?.radius95Millimetres == nil
        ? "The place from either half of the run (1 and 2), and from redrawn maps (dots): how far it could lie elsewhere."
        : "The place from either half of the run (1 and 2); the ring holds it in 95 % of redrawn maps."
    },
    pictures: { m in m.lesson.targets.flatMap { doubtPicture(m, $0) }.map { [$0] } ?? [] },
    table: { doubtTable($0) },
    number: { m in
      guard let report = m.lesson.targets else { return nil }
      if report.isPreliminary { return LessonNumber("…", "halves and redrawn maps are being made") }
      return LessonNumber(
        report.radius95Millimetres.map { "\(fixed($0, 1)) mm" } ?? "not known",
        (report.radius95Millimetres == nil
          ? "\(report.radiusWords): no place passes its tests"
          : "is the radius that holds the place in 95 % of redrawn maps of this scan")
          + ". With all else \(report.budget.togetherWords)")
    },
    cannot: refusal,
    warnings: { m in m.lesson.targets.map(targetWarnings) ?? [] },
    remarks: { m in m.lesson.targets.map(targetRemarks) ?? [] },
    truth: .target,
    question: "Is a shift of the target by the camera real?",
    answer:
      "Only if it is larger than what chance moves the place by: compare S with the ring, or the dots, and with 1 and 2. "
      + "And a coil reaches a centimetre or more around its aim.",
    notes: "t shows the truth, where it is known. Say every shift with its uncertainty.",
    facts: [
      LessonFact(
        "A coil is aimed to a few millimetres, and its field spreads over 5 cm² and more.",
        "clinic.md 4: Caulfield 2022, Deng 2013"),
      LessonFact(
        "For less than a centimetre between days 28 minutes with clustering were needed; 10 beat a group target in "
          + "coupling, 40 in distance.", "clinic.md 4: Cao 2024; Sun 2022"),
    ])

  /// The place, its halves and how far it could lie elsewhere, as near as they all fit.
  private static func doubtPicture(_ m: Model, _ report: TargetReport) -> LessonPicture? {
    guard let first = report.result.candidates.first else { return nil }
    let confidence = report.result.confidence
    let radius = report.radius95Millimetres
    // The ring says of a target that passes what the dots would hide the map with.
    var marks: [LessonMark] =
      radius == nil
      ? (confidence?.redrawn ?? []).prefix(200).map {
        LessonMark(point: $0, letter: "", ink: LessonInk.mark, isSmall: true)
      } : []
    if let radius {
      marks.append(
        LessonMark(point: first.point, letter: "", ink: LessonInk.mark, radius: radius))
    }
    var own: [Place] = []
    for (n, half) in (confidence?.halves ?? []).enumerated() {
      own.append(Place(letter: "\(n + 1)", name: "", point: half, ink: LessonInk.landmark))
    }
    own += places(report).filter { ["S", "O"].contains($0.letter) }
    if m.lessonNow.showsTruth, let truth = m.lesson.truth?.target {
      own.append(Place(letter: "T", name: "", point: truth, ink: LessonInk.truth))
    }
    let farthest = (own.map(\.point) + marks.map(\.point)).map { $0.distance(to: first.point) }
      .max()
    // Near enough that the ring and what lies in it are told apart; not farther than the region's surroundings.
    let across = min(64, max(16, 2.6 * max(radius ?? 0, farthest ?? 0)))
    marks += own.map { mark($0, from: first.point, radius: 0.03 * across) }
    return LessonPicture(
      content: .slice(
        m.mapContent(report.result.map.volume, from: 0.15, to: 0.5), .sagittal, first.point),
      caption: sliceWords(m, first.point) + ": coupling with sgACC, r",
      shortCaption: shortSliceWords(m, first.point), ink: LessonInk.sharp, marks: marks,
      zoom: across)
  }

  private static func doubtTable(_ m: Model) -> [LessonRow] {
    guard let report = m.lesson.targets, let c = report.result.confidence,
      let first = report.result.candidates.first
    else { return [] }
    func mm(_ value: Double?) -> String { value.map { "\(fixed($0, 1)) mm" } ?? "none found" }
    var rows = [
      LessonRow(["between", "apart in 3D"], isHead: true),
      LessonRow(
        ["half 1 and half 2", mm(c.splitMillimetres)], ink: LessonInk.landmark, mark: "1 2"),
      LessonRow(["odd and even minutes", mm(c.oddEvenMillimetres)]),
      LessonRow(["two places by chance", mm(c.chanceMillimetres)]),
      LessonRow(
        ["O and S, SIMULATED \(plainNumber(report.cameraFWHM)) mm", mm(cameraShift(report))],
        ink: LessonInk.camera, mark: "S"),
    ]
    if m.lessonNow.showsTruth, let truth = m.lesson.truth?.target {
      rows.append(
        LessonRow(
          ["O and the truth", mm(truth.distance(to: first.point))], ink: LessonInk.truth, mark: "T")
      )
    }
    rows.append(
      LessonRow(["O at \(coordinates(first.point))", ""], ink: LessonInk.sharp, mark: "O"))
    return rows
  }
}
