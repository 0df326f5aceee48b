import Basics
import CellUI
import Connectivity
import Imaging
import Targeting

extension Lesson {
  /// What neither of them can do, and what each is for.
  static let limitSteps = [minutes, summary]

  private static let minutes = LessonStep(
    topic: "Limits", title: "Minutes buy certainty", needs: [.minutes],
    sentence: { m in
      guard let made = m.lesson.minutes else {
        return
          "The same map of one person from two stretches of the run: two short ones, then two long."
      }
      return
        "What goes with \(made.seed.shortTitle), from two stretches of one run: two short ones, then two long."
    },
    pictures: { m in
      guard let made = m.lesson.minutes, let short = made.minutes.first,
        let long = made.minutes.last
      else { return [] }
      let place = made.seed.centre ?? m.lessonSlice
      func picture(_ volume: Volume, _ caption: String, _ ink: Colour) -> LessonPicture {
        LessonPicture(
          content: .slice(m.mapContent(volume), .axial, place), caption: caption,
          shortCaption: caption.replacing("first ", with: "1st ").replacing("last ", with: "end ")
            .replacing(" min", with: ""),
          ink: ink)
      }
      let (a, b) = ("\(fixed(short, 1)) min", "\(fixed(long, 1)) min")
      return [
        picture(made.first.short, "first \(a)", LessonInk.landmark),
        picture(made.last.short, "last \(a)", LessonInk.landmark),
        picture(made.first.long, "first \(b)", LessonInk.sharp),
        picture(made.last.long, "last \(b)", LessonInk.sharp),
      ]
    },
    plot: { m in
      guard let made = m.lesson.minutes else { return nil }
      var curves = [
        LessonCurve(
          name: "this map", x: made.minutes, y: made.agreement, ink: LessonInk.sharp)
      ]
      if made.regionAgreement.contains(where: \.isFinite) {
        curves.insert(
          LessonCurve(
            name: "all couplings of \(made.regionCount) regions", x: made.minutes,
            y: made.regionAgreement, ink: LessonInk.mark), at: 0)
      }
      var plot = LessonPlot(
        title: "likeness of both stretches", xTitle: "minutes of each", yTitle: "r",
        curves: curves)
      plot.yRange = min(0, curves.flatMap(\.y).filter(\.isFinite).min() ?? 0)...1
      plot.xRange = 0...((made.minutes.last ?? 1) * 1.05)
      return plot
    },
    number: { m in
      guard let made = m.lesson.minutes, made.minutes.count > 1,
        let a = made.agreement.first, let b = made.agreement.last
      else { return nil }
      let lengths = "\(fixed(made.minutes[0], 1)) and \(fixed(made.minutes.last ?? 0, 1)) min each"
      let map = "two maps of \(made.seed.shortTitle), smoothed by \(plainNumber(made.smoothing)) mm"
      guard let first = made.regionAgreement.first, let last = made.regionAgreement.last,
        first.isFinite, last.isFinite
      else {
        return LessonNumber(
          "\(fixed(a, 2)) → \(fixed(b, 2))",
          "likeness (r) of \(map), of \(lengths); 1 would be the same map")
      }
      return LessonNumber(
        "\(fixed(first, 2)) → \(fixed(last, 2))",
        "likeness (r) of all couplings of \(made.regionCount) regions, \(lengths); 1 would be the same. One map alone "
          + "is less alike: \(map), \(fixed(a, 2)) and \(fixed(b, 2))")
    },
    remarks: { m in [globalSignalWords(m)].filter { !$0.isEmpty } },
    question: "Is a map of six minutes a map of the person?",
    answer:
      "In part. A group's average is steady because many people are in it; one person's map needs many minutes and "
      + "a still head. The sign of weak coupling even hangs on how the global signal is treated.",
    notes: "Another person differs: `boldspect sample DIR --person 2` makes one that moves more.",
    facts: [
      LessonFact(
        "For a target within 1 cm 28 minutes with clustering were needed; 240 s are below all published minutes.",
        "clinic.md 4: Cao 2024; Sun 2022")
    ])

  private static func globalSignalWords(_ m: Model) -> String {
    guard let report = m.lesson.targets else { return "" }
    let (own, other) = (report.result.regionMeanR, report.withoutGlobalSignalRemoval.regionMeanR)
    return
      "sgACC with the frontal region: r \(fixed(own, 2, signed: true)), \(report.otherChoiceWords) "
      + fixed(other, 2, signed: true)
  }

  private static let summary = LessonStep(
    topic: "Limits", title: "Which, and for what?",
    sentence: { _ in "Two methods, two questions: neither answers the other's." },
    table: { _ in
      [
        LessonRow(["", "SPECT", "rsfMRI"], isHead: true),
        LessonRow(
          ["measures", "blood flow, % of a region", "what goes together"], mark: "·"),
        LessonRow(["space", "about a centimetre", "some millimetres"], mark: "·"),
        LessonRow(["time", "2 min at the injection", "minutes, in steps of seconds"], mark: "·"),
        LessonRow(
          ["strong in", "one person, large regions", "networks, groups"], ink: LessonInk.mark,
          mark: "+"),
        LessonRow(
          ["", "a seizure as it begins", "a place to stimulate"], ink: LessonInk.mark, mark: "+"),
        LessonRow(["weak in", "networks, fast change", "one person in few minutes"], mark: "−"),
        LessonRow(["", "small, thin things", "no unit of blood flow"], mark: "−"),
        LessonRow(["costs", "a dose of radiation", "a still head, many minutes"], mark: "·"),
      ]
    },
    question: "A person with seizures; a person with a depression: what would you ask for?",
    answer:
      "Where does the seizure begin: ictal SPECT. Where to stimulate for depression: rsfMRI, with its doubt said. "
      + "Neither of them is a diagnosis.",
    notes: "Let the class fill the table first. The program is for research and education only.",
    facts: [
      LessonFact(
        "Subtraction of ictal and interictal SPECT localised 88 % of seizures, side-by-side reading 39 %.",
        "spect.md 3, SISCOM: O'Brien 1998")
    ])
}
