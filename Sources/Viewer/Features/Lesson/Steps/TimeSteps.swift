import Basics
import CellUI
import Imaging
import Perfusion

extension Lesson {
  /// Time: what an average leaves, and what the tracer averages.
  static let timeSteps = [averages, event, uptake]

  /// Seconds that are averaged, from a frame to a quarter of an hour.
  private static func seconds(_ m: Model, _ made: TimeMaterial) -> Double {
    let all = [made.repetitionTimeSeconds, 60, 300, 900]
    return all[max(0, min(all.count - 1, m.lessonNow.width))]
  }

  private static func spanWords(_ seconds: Double) -> String {
    seconds >= 60
      ? "\(plainNumber(seconds / 60, 1)) min" : "one frame, \(plainNumber(seconds, 2)) s"
  }

  private static let averages = LessonStep(
    topic: "Time", title: "A frame, a minute, fifteen", needs: [.time],
    sentence: { m in
      guard let made = m.lesson.time else { return "One place, averaged over longer and longer." }
      return "One place, averaged over \(spanWords(seconds(m, made)))."
    },
    variable: "length of the average", firstWidth: 1,
    plot: { m in
      guard let made = m.lesson.time else { return nil }
      let length = seconds(m, made)
      let xs = made.percent.indices.map { Double($0) * made.repetitionTimeSeconds / 60 }
      var plot = LessonPlot(
        title: "signal of one place", xTitle: "minutes of the run", yTitle: "% of its mean",
        curves: [
          LessonCurve(
            name: "every frame", x: xs, y: made.percent, ink: LessonInk.sharp, isDotted: true),
          LessonCurve(
            name: "averaged over \(spanWords(length))", x: xs, y: made.averaged(seconds: length),
            ink: LessonInk.camera),
        ])
      let e = made.event
      plot.band = (
        e.start / 60...(e.start + e.seconds) / 60, made.isKnown ? "event" : "largest minute"
      )
      return plot
    },
    number: { m in
      guard let made = m.lesson.time else { return nil }
      let length = seconds(m, made)
      let isWhole = length >= Double(made.percent.count) * made.repetitionTimeSeconds
      return LessonNumber(
        isWhole ? "one number" : "±\(fixed(made.spread(seconds: length), 2)) %",
        isWhole
          ? "is all that one average over the run leaves"
          : "spread from one average to the next (one frame: ±\(fixed(made.spread(seconds: made.repetitionTimeSeconds), 2)) %)"
      )
    },
    cannot: { m in
      guard let seconds = m.scene.run?.seconds, seconds < 899 else { return nil }
      return "This run has \(fixed(seconds / 60, 1)) min: beyond them nothing is averaged."
    },
    question: "How fast can each method see a change?",
    answer:
      "rsfMRI follows changes over some seconds to a minute: a frame takes 1 to 3 s, the blood's response about 6 s, "
      + "and correlations need minutes. SPECT makes one picture per injection.",
    notes: "Change the average with + and −. The blue line becomes flat: nothing else was changed.",
    facts: [
      LessonFact(
        "rsfMRI does not see from second to second: the blood's response takes about 6 s and the band that is used is "
          + "0.01 to 0.1 Hz.",
        "targeting.md 1.1, pass bands of seven programs; the usual haemodynamic response")
    ])

  private static let event = LessonStep(
    topic: "Time", title: "Seen, and then gone", needs: [.time],
    sentence: { m in
      m.lesson.time?.isKnown == false
        ? "The minute that differs most, and the average of the whole run."
        : "An event of \(plainNumber(m.lesson.time?.event.seconds ?? 60, 0)) s: in its own minute, and in the "
          + "average of the whole run."
    },
    pictures: { m in
      guard let made = m.lesson.time else { return [] }
      let top = max(0.2, Double(made.during.nearest(made.place)))
      func content(_ volume: Volume) -> LessonPicture.Content {
        .slice(m.mapContent(volume, from: top / 3, to: top), .axial, made.place)
      }
      let e = made.event
      let ring = LessonMark(
        point: made.place, letter: "", ink: LessonInk.mark, radius: 14)
      return [
        LessonPicture(
          content: content(made.during),
          caption: "minute \(fixed(e.start / 60, 1))–\(fixed((e.start + e.seconds) / 60, 1))",
          ink: LessonInk.sharp, marks: [ring]),
        LessonPicture(
          content: content(made.whole), caption: "averaged over the run", ink: LessonInk.camera,
          marks: [ring]),
      ]
    },
    number: { m in
      guard let made = m.lesson.time else { return nil }
      let during = Double(made.during.nearest(made.place))
      let whole = Double(made.whole.nearest(made.place))
      return LessonNumber(
        "\(fixed(during, 2, signed: true)) % → \(fixed(whole, 2, signed: true)) %",
        "change here; \(percent(made.left, 1)) of it is left in the average")
    },
    cannot: { m in
      m.lesson.time?.isKnown == false
        ? "No event is known in this run: this minute may as well be noise or motion." : nil
    },
    truth: .event,
    question: "Does an average of the whole run show what happened in a part of it?",
    answer:
      "Only its share: the event's length by that of the average, as the number says; one minute in fifteen would be "
      + "6.7 %. A lasting difference stays whole, and that is what averages are good at.",
    notes: "Both pictures have one scale. The ring is at the same place.",
    facts: [
      LessonFact(
        "An average over time leaves of an event its length by the length of the average.",
        "closed form; TimeWindow.dilution, spect.md 2.1")
    ])

  private static let uptake = LessonStep(
    topic: "Time", title: "The tracer takes two minutes",
    sentence: { _ in
      "SPECT's moment is the injection: the tracer is caught in about two minutes and stays."
    },
    plot: { _ in
      guard let tracer = window(.uptake(tauMinutes: TimeAverage.usualTauMinutes)),
        let box = window(.window)
      else { return nil }
      // Two rates of next to nothing cannot be told apart; what was collected so far can.
      var plot = LessonPlot(
        title: "collected so far", xTitle: "minutes after the injection",
        yTitle: "% of all",
        curves: [
          curve("tracer's uptake", 0...15, LessonInk.sharp, count: 181) {
            100 * tracer.share(from: 0, to: 60 * $0)
          },
          curve("average of 15 min", 0...15, LessonInk.camera, isDotted: true, count: 181) {
            100 * box.share(from: 0, to: 60 * $0)
          },
        ])
      plot.yRange = 0...100
      plot.band = (0...2, "2 min")
      return plot
    },
    number: { _ in
      guard let tracer = window(.uptake(tauMinutes: TimeAverage.usualTauMinutes)) else {
        return nil
      }
      return LessonNumber(
        percent(tracer.share(from: 0, to: 120)),
        "of the uptake is decided in the first two minutes (the yellow curve), "
          + "\(percent(tracer.share(from: 0, to: 60))) in one; after five minutes "
          + "\(percent(tracer.share(from: 300, to: 900), 2)) are to come")
    },
    question: "Why can SPECT catch a seizure that fMRI mostly misses?",
    answer:
      "Injected at the onset, the tracer keeps the picture of those two minutes for hours; the patient is scanned "
      + "later, when the seizure is over. Nobody has to have the seizure inside a scanner.",
    notes:
      "This is a strength of SPECT. The camera counts for 20 to 40 minutes later: that sets the noise, not what is "
      + "averaged. An event that comes minutes after the injection leaves nothing.",
    facts: [
      LessonFact(
        "Of the tracer 63 % is decided in 40 s and 95 % in 2 min; what the camera counts later is frozen.",
        "spect.md 1.1: k2 + k3 = 1.49 per min, Lassen 1988 (PMID 3192638)"),
      LessonFact(
        "Ictal SPECT became false or non-localising with injections later than 45 s.",
        "spect.md 1.1: O'Brien 1998"),
    ])

  /// A quarter of an hour in seconds.
  private static func window(_ average: TimeAverage) -> TimeWindow? {
    try? TimeWindow(
      frameCount: 900, repetitionTimeSeconds: 1, requestedSeconds: 900, average: average)
  }
}
