import Basics
import CellUI
import Imaging
import Perfusion

extension Lesson {
  /// Perfusion: what SPECT sees and rsfMRI does not.
  static let perfusionSteps = [lesion]

  private static let lesion = LessonStep(
    topic: "Perfusion", title: "What only SPECT sees", needs: [.perfusion],
    sentence: { m in
      guard let made = m.lesson.perfusion else {
        return "Blood flow, region by region: SPECT measures it, rsfMRI does not."
      }
      return
        "Less blood flow on the \(made.side.rawValue)\(made.label.map { ", \($0)" } ?? ""): only one of the two "
        + "pictures shows it."
    },
    pictures: { m in
      guard let made = m.lesson.perfusion, let spect = m.scene.spects.first else { return [] }
      let ring = LessonMark(point: made.place, letter: "", ink: LessonInk.mark, radius: 22)
      let map = m.connectivity.seedVolume
      return [
        LessonPicture(
          content: .slice(
            map.map { m.mapContent($0) } ?? PaneContent(base: m.greyBase), .axial, made.place),
          caption: "rsfMRI: coupling, r", ink: LessonInk.sharp, marks: [ring]),
        LessonPicture(
          content: .slice(
            m.uptakeContent(spect.measured.volume, top: spect.top), .axial, made.place),
          caption: "SPECT \(spect.kindWord), %", ink: LessonInk.camera, marks: [ring]),
      ]
    },
    number: { m in
      guard let made = m.lesson.perfusion else { return nil }
      return LessonNumber(
        "\(fixed(shareLess(made.percent), 0)) %",
        "less than the same place on the other side, where they differ most in balls of 12 mm"
          + (made.runPercent.isFinite
            ? ". Mean signal of the BOLD run: \(fixed(abs(shareLess(made.runPercent)), 0)) % "
              + (made.runPercent < 0 ? "more" : "less") : ""))
    },
    cannot: { m in
      m.scene.spects.isEmpty
        ? "No SPECT was given (--spect): what a simulation shows is tissue, never a person's blood flow."
        : m.scene.spects[0].isSyntheticPerson
          ? "The SYNTHETIC PERSON's SPECT: the lesion was put there."
          : m.lesson.perfusion == nil
            ? nil
            : "A difference between the sides is no finding by itself: normals (--normals) tell more."
    },
    question: "Which picture answers: how much blood does this region get?",
    answer:
      "SPECT. Its tracer goes with blood flow, and it needs no task and no cooperation inside a scanner. rsfMRI "
      + "measures fluctuations; its brightness has no unit.",
    notes:
      "The slice is that of the largest difference between the sides. It is SPECT's strength: large regions and "
      + "lasting differences, in per cent that can be compared with normals.",
    facts: [
      LessonFact(
        "Healthy people differ by about 5 % in a region and a person by about 3 % from one SPECT to the next.",
        "spect.md 1.6: Van Laere 2001, 4.8 % and 3.0 %")
    ])
}

/// How much less one side has than the other, in per cent, of the index 200 (other − own) / (other + own).
func shareLess(_ index: Double) -> Double { 200 * index / (200 + index) }
