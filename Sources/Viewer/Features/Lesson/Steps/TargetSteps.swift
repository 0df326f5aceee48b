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
  }

  private static let named = [
    ("5", "5 cm rule"), ("F", "F3 cortex"), ("G", "group optimum"),
  ]

  private static func places(_ report: TargetReport) -> [Place] {
    var out: [Place] = []
    if let first = report.result.candidates.first {
      out.append(
        Place(
          letter: "P", name: "personal", point: first.point, ink: LessonInk.sharp, r: first.r))
    }
    for (letter, name) in named {
      guard let found = report.comparators.first(where: { $0.site.name == name }) else { continue }
      out.append(
        Place(
          letter: letter, name: name, point: found.site.point, ink: LessonInk.landmark, r: found.r))
    }
    if let shifted = report.cameraTarget {
      out.append(
        Place(
          letter: "S", name: "SIMULATED", point: shifted, ink: LessonInk.camera,
          r: report.coupling(at: shifted)))
    }
    return out
  }

  private static func mark(_ place: Place, at height: Double) -> LessonMark {
    LessonMark(
      point: place.point, letter: place.letter, ink: place.ink,
      radius: abs(place.point.z - height) <= 6 ? 4 : 2)
  }

  private static let landmark = LessonStep(
    topic: "Target", title: "Landmark or personal", prepare: search,
    sentence: { m in
      m.lesson.targets == nil
        ? "Where rules for everybody put the coil, and where this person's own coupling does."
        : "Coupling with the subgenual cingulate: P is this person's own place, 5, F and G are the same for everybody."
    },
    pictures: { m in
      guard let report = m.lesson.targets, let first = report.result.candidates.first else {
        return []
      }
      return [
        LessonPicture(
          content: .slice(
            m.mapContent(report.result.map.volume, from: 0.15, to: 0.5), .axial, first.point),
          caption: "coupling with sgACC, r", ink: LessonInk.sharp,
          marks: places(report).map { mark($0, at: first.point.z) }, zoom: 96)
      ]
    },
    table: { m in
      guard let report = m.lesson.targets, let first = report.result.candidates.first else {
        return []
      }
      var rows = [LessonRow(["place", "from P", "z", "r"], isHead: true)]
      for place in places(report) {
        let away = place.point.distance(to: first.point)
        rows.append(
          LessonRow(
            [
              place.name, place.letter == "P" ? "0" : "\(fixed(away, 0)) mm",
              fixed(place.point.z, 0, signed: true),
              place.r.map { fixed($0, 2, signed: true) } ?? "no data",
            ], ink: place.ink, mark: place.letter))
      }
      rows.append(
        LessonRow([report.result.isDetected ? "P passes its tests" : "P passes no test"]))
      return rows
    },
    number: { m in
      guard let report = m.lesson.targets, let first = report.result.candidates.first,
        let rule = report.comparators.first(where: { $0.site.name == "5 cm rule" })
      else { return nil }
      return LessonNumber(
        "\(fixed(rule.site.point.distance(to: first.point), 0)) mm",
        "from the 5 cm rule to this person's place (\(report.radiusWords))")
    },
    cannot: refusal,
    question: "Which of these places would you trust?",
    answer:
      "The personal one only where it passes its tests and its halves agree. Else a place for everybody, such as the "
      + "group's, is the safer choice.",
    notes:
      "All sites are drawn on one slice; small rings lie more than 6 mm above or below it, their z stands in the table. "
      + "Research only: the program plans nobody's treatment.",
    facts: [
      LessonFact(
        "The 5 cm rule misses the dorsolateral prefrontal cortex in more than a third of people.",
        "targeting.md 2, registration and rule literature (abstract)"),
      LessonFact(
        "In 501 patients the distance from the personal target did not predict the outcome; in a trial of 40 the "
          + "individual target did better than the scalp target, 80 % against 60 %.",
        "targeting.md 2: Gregory 2026; clinic.md 4: JAMA Psychiatry 2026, doi 10.1001/jamapsychiatry.2026.1100"
      ),
    ])

  private static let doubt = LessonStep(
    topic: "Target", title: "How sure is the place?", prepare: search,
    sentence: { _ in
      "The place from either half of the run (1 and 2), and redrawn maps as dots: how far it could lie elsewhere."
    },
    pictures: { m in
      guard let report = m.lesson.targets, let first = report.result.candidates.first else {
        return []
      }
      var marks = (report.result.confidence?.redrawn ?? []).prefix(200).map {
        LessonMark(point: $0, letter: "", ink: LessonInk.mark, isSmall: true)
      }
      for (n, half) in (report.result.confidence?.halves ?? []).enumerated() {
        marks.append(
          LessonMark(point: half, letter: "\(n + 1)", ink: LessonInk.truth, radius: 3))
      }
      marks.append(
        LessonMark(point: first.point, letter: "P", ink: LessonInk.sharp, radius: 4))
      if let shifted = report.cameraTarget {
        marks.append(
          LessonMark(point: shifted, letter: "S", ink: LessonInk.camera, radius: 4))
      }
      if m.lessonNow.showsTruth, let truth = m.lesson.truth?.target {
        marks.append(LessonMark(point: truth, letter: "T", ink: LessonInk.truth, radius: 6))
      }
      return [
        LessonPicture(
          content: .slice(
            m.mapContent(report.result.map.volume, from: 0.15, to: 0.5), .axial, first.point),
          caption: "coupling with sgACC, r", ink: LessonInk.sharp, marks: marks, zoom: 64)
      ]
    },
    table: { doubtTable($0) },
    number: { m in
      guard let report = m.lesson.targets else { return nil }
      if report.isPreliminary { return LessonNumber("…", "halves and redrawn maps are being made") }
      return LessonNumber(
        report.radius95Millimetres.map { "\(fixed($0, 1)) mm" } ?? "not known",
        report.radius95Millimetres == nil
          ? "\(report.radiusWords): no place passes its tests"
          : "is the radius that holds the place in 95 % of redrawn maps")
    },
    cannot: refusal,
    question: "Is a shift of the target by the camera real?",
    answer:
      "Only if it is larger than what chance moves the place by: compare S with the dots and with 1 and 2. And a coil "
      + "reaches a centimetre or more around its aim.",
    notes: "t shows the truth, where it is known. Say every shift with its uncertainty.",
    facts: [
      LessonFact(
        "A coil is aimed to a few millimetres, and its field spreads over 5 cm² and more.",
        "clinic.md 4: Caulfield 2022, Deng 2013")
    ])

  private static func doubtTable(_ m: Model) -> [LessonRow] {
    guard let report = m.lesson.targets, let c = report.result.confidence else { return [] }
    func mm(_ value: Double?) -> String { value.map { "\(fixed($0, 1)) mm" } ?? "none found" }
    var rows = [
      LessonRow(["from P", "apart"], isHead: true),
      LessonRow(["half 1 from half 2", mm(c.splitMillimetres)], ink: LessonInk.truth, mark: "1 2"),
      LessonRow(["odd from even minutes", mm(c.oddEvenMillimetres)], mark: ""),
      LessonRow(["chance would give", mm(c.chanceMillimetres)], mark: ""),
      LessonRow(
        ["through 10 mm, SIMULATED", mm(report.cameraMillimetres)], ink: LessonInk.camera, mark: "S"
      ),
    ]
    if let kept = report.secondsKept {
      rows.append(LessonRow(["minutes of the run", "\(fixed(kept / 60, 1)) min"]))
    }
    if let truth = m.lesson.truth?.target, let first = report.result.candidates.first {
      rows.append(
        LessonRow(
          [
            "truth",
            m.lessonNow.showsTruth
              ? mm(truth.distance(to: first.point)) : "t shows it",
          ], ink: LessonInk.truth, mark: "T"))
    }
    return rows
  }
}
