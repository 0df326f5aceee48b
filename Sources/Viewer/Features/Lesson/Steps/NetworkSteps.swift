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
      guard m.scene.hasNetworks else {
        return "Without networks no state can be told; here is what goes with one seed."
      }
      return m.analyses.networks?.isWithinPerson == true
        ? "Each network against this person's others: no normals were given."
        : "Each network against healthy people: activity as ▲, coupling within it as ●."
    },
    pictures: { m in
      guard !m.scene.hasNetworks, let map = m.connectivity.seedMap,
        let volume = m.connectivity.seedVolume
      else { return [] }
      let place = map.seed.centre ?? m.lessonSlice
      return [Plane.axial, .sagittal].map { plane in
        LessonPicture(
          content: .slice(m.mapContent(volume), plane, place),
          caption: "coupling with \(map.seed.title), r", shortCaption: "coupling, r",
          ink: LessonInk.sharp)
      }
    },
    plot: { statesPlot($0) },
    table: { statesTable($0) },
    number: { m in
      guard let report = m.analyses.networks else { return nil }
      let words = report.findings.filter { $0.word != nil }
      return LessonNumber(
        "\(words.count) of \(report.findings.count)",
        "numbers (\(names(report).count) networks, each measured in "
          + "\(report.findings.count / max(1, names(report).count)) ways) stand out at a false discovery rate of 5 %; "
          + report.leastText)
    },
    cannot: { m in
      !m.scene.hasNetworks
        ? "No networks were given (--networks with --names): nothing can be called over-active here. Shown is what "
          + "goes with the seed."
        : m.analyses.networks?.isWithinPerson == true
          ? "Without normals (--norms) a network is compared with the person's own others: that is no finding of "
            + "health." : nil
    },
    warnings: { m in
      guard m.scene.hasNetworks else { return [] }
      // Of the table, not of the images that a SPECT is compared with.
      let doubts = m.scene.findings.filter {
        $0.code == Lesson.normalsDoubtCode && $0.file?.contains(".nii") != true
      }.map(\.text)
      return doubts
        + (m.analyses.networks?.warnings ?? []).filter { !doubts.contains($0) }.prefix(1)
    },
    remarks: { m in m.analyses.networks?.warnings ?? [] },
    truth: .networks,
    question: "Could a SPECT say that a network is out of sync?",
    answer:
      "No. Being in sync is a matter of time courses, and one SPECT has none. It could say that a large region gets "
      + "less blood.",
    notes:
      "Truth of the synthetic person: t. Of what is named 5 % may stand out by chance.",
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
      title: "by network", xTitle: "network (table)", yTitle: "t",
      curves: [
        LessonCurve(
          name: "▲ activity", x: xs, y: scores(.activity), ink: LessonInk.sharp, isDotted: true),
        LessonCurve(
          name: "● coupling within", x: xs, y: scores(.within), ink: LessonInk.mark,
          isDotted: true),
      ])
    plot.xRange = 0...Double(all.count + 1)
    plot.xNames = all.indices.map { "\($0 + 1)" }
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
      rows.append(
        LessonRow(
          [
            "\(n + 1) \(name)", t(.activity), t(.within),
            words.first.map { shorter($0) } ?? "–",
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
      let known = m.lesson.truth?.change.map {
        Seed.sphere(centre: $0.seed, radius: 6, name: $0.network)
      }
      guard m.scene.secondTitle != nil, let seed = known ?? m.connectivity.seedMap?.seed else {
        return []
      }
      let asked = m.connectivity.seedMap?.seed == seed ? [] : askSeedMap(&m, seed)
      return m.change.result?.first.seed == seed ? asked : asked + [.change(seed)]
    },
    sentence: { m in
      guard m.scene.secondTitle != nil, let seed = m.connectivity.seedMap?.seed else {
        return
          "One network before and after treatment needs two sessions: here is the one that was given."
      }
      return m.change.networks.count > 1
        ? "What goes with \(seed.shortTitle) before and after treatment, and every network's own coupling."
        : "What goes with \(seed.title) before and after treatment, and the change by its error."
    },
    pictures: { changePictures($0) },
    table: { m in
      let all = m.change.networks
      guard all.count > 1, m.currentChange != nil else { return [] }
      // Where there is little room the names come first.
      let isWide = m.shell.size.columns >= 100
      let head = isWide ? ["Fisher z", "before", "after", "change"] : ["network", "change"]
      return [LessonRow(head, isHead: true)]
        + all.map { network in
          let isMost = network.name == mostChanged(all).first?.name
          let both = isWide ? [fixed(network.before, 3), fixed(network.after, 3)] : []
          return LessonRow(
            [network.name] + both + [fixed(network.difference, isWide ? 3 : 2, signed: true)],
            ink: isMost ? LessonInk.sharp : Ink.text, mark: isMost ? "!" : "·")
        }
    },
    number: { m in m.change.result == nil ? nil : changeNumber(m.change.networks) },
    cannot: { m in
      guard m.scene.secondTitle == nil else {
        return m.change.result != nil && m.change.networks.isEmpty
          ? "No networks were given (--networks with --names): no change of one can be said." : nil
      }
      return
        "One session was given: no change can be shown. `boldspect sample two`, then `boldspect lesson two`, has "
        + "both; of your own give --second FILE."
    },
    remarks: { changeRemarks($0) },
    truth: .change,
    question: "What does it take before a change can be believed?",
    answer:
      "It must be larger than what two scans of one day differ by. A difference without its error says nothing.",
    notes:
      "The seed is that of the screen, of a synthetic person the network that its truth changes; the scale of both "
      + "maps is one. The most changed of several networks is a selected extreme: the changes of the others say how "
      + "much chance moves.",
    facts: [
      LessonFact(
        "Two scans of one untreated person differ as well: a change is judged by its standard error.",
        "SessionChange: change of Fisher z by its error; reliability.md")
    ])

  private static func changePictures(_ m: Model) -> [LessonPicture] {
    guard let first = m.connectivity.seedVolume else { return [] }
    let place = m.connectivity.seedMap?.seed.centre ?? m.lessonSlice
    let before = LessonPicture(
      content: .slice(m.mapContent(first), .axial, place), caption: "before, r",
      ink: LessonInk.sharp)
    guard m.scene.secondTitle != nil else {
      return [
        before,
        LessonPicture(
          content: .nothing("no second session"), caption: "after", ink: LessonInk.mark),
      ]
    }
    guard let now = m.currentChange else { return [] }
    let layer = MapLayer(volume: now.ratio, level: 1.96, floor: 1.96, ceiling: 5, unit: "Δz/SE")
    let changed = PaneContent(
      base: m.greyBase, layers: [layer], showsMap: true, gamma: m.view.underlay.gamma)
    let after = LessonPicture(
      content: .slice(m.mapContent(now.second), .axial, place), caption: "after, r",
      ink: LessonInk.mark)
    // Where whole networks can be compared, a voxel's change is but noise beside theirs.
    guard m.change.networks.count < 2 else { return [before, after] }
    return [
      before, after,
      LessonPicture(
        content: .slice(changed, .axial, place), caption: "change by its error",
        shortCaption: "change/error", ink: LessonInk.truth),
    ]
  }

  /// The network whose own coupling changed most, beside the most that any other changed.
  private static func changeNumber(_ networks: [NetworkChange]) -> LessonNumber? {
    let all = mostChanged(networks)
    guard let most = all.first else { return nil }
    return LessonNumber(
      fixed(most.difference, 2, signed: true),
      "Fisher z is the change of coupling within \(most.name), \(fixed(most.before, 3)) before and "
        + "\(fixed(most.after, 3)) after: the most changed of \(all.count) networks"
        + (all.count == 2
          ? "; the other is \(all[1].name), \(fixed(all[1].difference, 2, signed: true))" : "")
        + (all.count > 2
          ? "; the others, a yardstick of chance, by "
            + "\(fixed(all.dropFirst().map(\.difference).min() ?? 0, 2, signed: true)) to "
            + "\(fixed(all.dropFirst().map(\.difference).max() ?? 0, 2, signed: true))" : ""))
  }

  /// Those with a number, the largest change first.
  private static func mostChanged(_ networks: [NetworkChange]) -> [NetworkChange] {
    networks.filter(\.difference.isFinite).sorted { abs($0.difference) > abs($1.difference) }
  }

  private static func changeRemarks(_ m: Model) -> [String] {
    guard let now = m.currentChange else { return [] }
    let values = now.ratio.values.filter { $0.isFinite && $0 != 0 }
    let beyond = values.filter { abs($0) >= 1.96 }.count
    return m.change.networks.map {
      "\($0.name): coupling within \(fixed($0.before, 3)) before, \(fixed($0.after, 3)) after, change "
        + "\(fixed($0.difference, 3, signed: true)) (Fisher z)."
    } + [
      "Of the voxels of the brain \(percent(Double(beyond) / Double(max(1, values.count)), 1)) changed by more than "
        + "1.96 of their error in coupling with the seed; by chance alone 5 % would: one network is a small part of a "
        + "brain."
    ]
  }
}
