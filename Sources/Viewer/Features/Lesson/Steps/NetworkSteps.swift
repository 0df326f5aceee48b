import Basics
import CellUI
import Connectivity
import Imaging

extension Lesson {
  /// Networks: over-active, under-active, out of sync, and what a treatment changes.
  static let networkSteps = [states, change]

  private static let states = LessonStep(
    topic: "Networks", title: "Over, under, out of sync",
    prepare: { m in
      m.scene.hasNetworks && m.analyses.networks == nil ? [.networks] : []
    },
    sentence: { m in
      m.analyses.networks?.isWithinPerson == true
        ? "Each network against this person's others: no normals were given."
        : "Each network against healthy people: activity as ▲, coupling within it as ●."
    },
    plot: { statesPlot($0) },
    table: { statesTable($0) },
    number: { m in
      guard let report = m.analyses.networks else { return nil }
      let words = report.findings.filter { $0.word != nil }
      return LessonNumber(
        "\(words.count) of \(report.findings.count)",
        "numbers stand out (false discovery rate 5 %); " + report.leastText)
    },
    cannot: { m in
      !m.scene.hasNetworks
        ? "No networks were given (--networks with --names): nothing can be called over-active here."
        : m.analyses.networks?.isWithinPerson == true
          ? "Without normals (--norms) a network is compared with the person's own others: that is no finding of "
            + "health." : nil
    },
    question: "Could a SPECT say that a network is out of sync?",
    answer:
      "No. Being in sync is a matter of time courses, and one SPECT has none. It could say that a large region gets "
      + "less blood.",
    notes:
      "Truth of the synthetic person: t. What stands out by chance is held to 5 % of what is named.",
    facts: [
      LessonFact(
        "Of many numbers some stand out by chance: the words are held to a false discovery rate of 5 % over the "
          + "whole table.", "NetworkFinding.word; Connectivity decisions")
    ])

  /// The names of the networks in the order of the report.
  private static func names(_ report: NetworkReport) -> [String] {
    report.summary.networks.map(\.name)
  }

  private static func statesPlot(_ m: Model) -> LessonPlot? {
    guard let report = m.analyses.networks else { return nil }
    let all = names(report)
    func scores(_ measure: NetworkMeasure) -> [Double] {
      all.map { name in
        report.findings.first { $0.network == name && $0.measure == measure }?.score?.t ?? .nan
      }
    }
    let xs = all.indices.map { Double($0 + 1) }
    var plot = LessonPlot(
      title: "against the others", xTitle: "network (table)", yTitle: "t",
      curves: [
        LessonCurve(
          name: "▲ activity", x: xs, y: scores(.activity), ink: LessonInk.sharp, isDotted: true),
        LessonCurve(
          name: "● coupling within", x: xs, y: scores(.within), ink: LessonInk.mark,
          isDotted: true),
      ])
    plot.xRange = 0...Double(all.count + 1)
    return plot
  }

  private static func statesTable(_ m: Model) -> [LessonRow] {
    guard let report = m.analyses.networks else { return [] }
    var rows = [LessonRow(["network", "activity t", "within t", "stands out"], isHead: true)]
    for (n, name) in names(report).enumerated() {
      func t(_ measure: NetworkMeasure) -> String {
        guard
          let score = report.findings.first(where: { $0.network == name && $0.measure == measure })?
            .score
        else { return "–" }
        return fixed(score.t, 1, signed: true)
      }
      let words = report.findings.filter { $0.network == name }.compactMap(\.word)
      let ink = words.isEmpty ? Ink.text : LessonInk.sharp
      let truth =
        m.lessonNow.showsTruth
        ? m.lesson.truth?.networks.first { $0.name == name }.map { " (truth: \($0.state))" } ?? ""
        : ""
      rows.append(
        LessonRow(
          [
            "\(n + 1) \(name)", t(.activity), t(.within),
            (words.first.map { shorter($0) } ?? "–") + truth,
          ], ink: ink, mark: words.isEmpty ? "·" : "!"))
    }
    return rows
  }

  private static func shorter(_ word: String) -> String {
    word.hasPrefix("out of sync") ? "out of sync" : word
  }

  private static let change = LessonStep(
    topic: "Networks", title: "Before and after",
    prepare: { m in
      guard m.scene.secondTitle != nil else { return [] }
      let known = m.lesson.truth?.change.map {
        Seed.sphere(centre: $0.seed, radius: 6, name: $0.network)
      }
      guard let seed = known ?? m.connectivity.seedMap?.seed else { return [] }
      let asked = m.connectivity.seedMap?.seed == seed ? [] : askSeedMap(&m, seed)
      return m.change.result?.first.seed == seed ? asked : asked + [.change(seed)]
    },
    sentence: { _ in "One network before and after treatment, and the change by its error." },
    pictures: { m in
      guard let first = m.connectivity.seedVolume, let now = m.currentChange else { return [] }
      let place = m.connectivity.seedMap?.seed.centre ?? m.lessonSlice
      let layer = MapLayer(volume: now.ratio, level: 1.96, floor: 1.96, ceiling: 5, unit: "Δz/SE")
      let changed = PaneContent(
        base: m.greyBase, layers: [layer], showsMap: true, gamma: m.view.underlay.gamma)
      return [
        LessonPicture(
          content: .slice(m.mapContent(first), .axial, place), caption: "before, r",
          ink: LessonInk.sharp),
        LessonPicture(
          content: .slice(m.mapContent(now.second), .axial, place), caption: "after, r",
          ink: LessonInk.mark),
        LessonPicture(
          content: .slice(changed, .axial, place), caption: "change by its error",
          ink: LessonInk.truth),
      ]
    },
    number: { m in
      guard let now = m.currentChange else { return nil }
      let values = now.ratio.values.filter { $0.isFinite && $0 != 0 }
      let beyond = values.filter { abs($0) >= 1.96 }.count
      return LessonNumber(
        percent(Double(beyond) / Double(max(1, values.count)), 1),
        "of the brain changed by more than 1.96 of its error; by chance alone 5 % would")
    },
    cannot: { m in
      m.scene.secondTitle == nil
        ? "There is one session (--second gives another; `boldspect sample DIR` makes two): no change can be shown."
        : nil
    },
    question: "What does it take before a change can be believed?",
    answer:
      "It must be larger than what two scans of one day differ by. A difference without its error says nothing.",
    notes: "The seed is that of the screen; the scale of both maps is one.",
    facts: [
      LessonFact(
        "Two scans of one untreated person differ as well: a change is judged by its standard error.",
        "SessionChange: change of Fisher z by its error; reliability.md")
    ])
}
