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
      guard let region = made.region else {
        return "Blood flow, side by side: SPECT measures it, rsfMRI does not."
      }
      return
        "The most uneven of \(region.count) regions is \(region.name), lower on the \(region.side.rawValue): blood "
        + "flow, which rsfMRI does not measure."
    },
    pictures: { lesionPictures($0) },
    number: { m in m.lesson.perfusion.map { lesionNumber($0) } },
    cannot: { m in
      guard let spect = m.scene.spects.first else {
        return
          "No SPECT was given (--spect): what a simulation shows is tissue, never a person's blood flow."
      }
      return spect.isSyntheticPerson
        ? "The SYNTHETIC PERSON's SPECT: the lesion was put there." : nil
    },
    warnings: { m in
      m.scene.spects.isEmpty || m.lesson.perfusion == nil ? [] : [asymmetryCaution]
    },
    remarks: { lesionRemarks($0) },
    truth: .lesion,
    question: "Which picture answers: how much blood does this region get?",
    answer:
      "SPECT, as a share: its brightness goes with blood flow and is read in % of a reference. rsfMRI measures "
      + "fluctuations, and its brightness has no unit. SPECT asks less at the moment that counts: the injection is "
      + "outside of the camera, at rest; under it one lies still for 20 to 40 minutes afterwards.",
    notes:
      "The ring is round the largest single place where that lies in the region that is named, else round a voxel in "
      + "the middle of that region. It is SPECT's strength: large regions and "
      + "lasting differences, in per cent that can be compared with normals. A difference is measured; whether it is a "
      + "lesion no picture of two sides says.",
    facts: [
      LessonFact(
        "Healthy people differ by about 5 % in a region and a person by about 3 % from one SPECT to the next.",
        "spect.md 1.6: Van Laere 2001, 4.8 % and 3.0 %"),
      LessonFact(
        "The tracer is caught within minutes of the injection, in a quiet room; the camera counts for 20 to 40 minutes "
          + "later.", "spect.md 1.1 and 1.2: uptake and acquisition window (times recalled)"),
    ])

  /// The run beside the SPECT, at the place of the largest difference, else in the middle of the brain.
  private static func lesionPictures(_ m: Model) -> [LessonPicture] {
    let place = m.lesson.perfusion?.place ?? m.lessonSlice
    // A ring over both sides would show two places that are held against each other as one.
    let ring = m.lesson.perfusion?.place.map { place in
      let fromMiddle = m.scene.space == .mni152 ? abs(place.x) - 3 : 22
      return [
        LessonMark(
          point: place, letter: "", ink: LessonInk.mark, radius: min(22, max(10, fromMiddle)))
      ]
    }
    let map = m.connectivity.seedVolume
    let run = LessonPicture(
      content: .slice(
        map.map { m.mapContent($0) } ?? PaneContent(base: m.greyBase), .axial, place),
      caption: map == nil ? "the run's background" : "rsfMRI: coupling, r", ink: LessonInk.sharp,
      marks: ring ?? [])
    guard let spect = m.scene.spects.first else { return [run] }
    return [
      run,
      LessonPicture(
        content: .slice(
          m.uptakeContent(spect.measured.volume, top: spect.top), .axial, place),
        caption: "SPECT \(spect.kindWord), % of a reference\(fileWords(m, spect))",
        shortCaption: "SPECT \(spect.kindWord), %",
        ink: LessonInk.camera, marks: ring ?? []),
    ]
  }

  /// The SPECT's own file: it may be of another than the run's, whose name stands above all pictures.
  private static func fileWords(_ m: Model, _ spect: NamedSPECT) -> String {
    spect.isSyntheticPerson && m.scene.isSyntheticPerson
      ? "" : ", " + shortened(visibleText(spect.name, limit: 60), 30)
  }

  /// The mean of a region, as the table of `perfusion` has it; without regions the largest difference found anywhere.
  private static func lesionNumber(_ made: PerfusionMaterial) -> LessonNumber {
    if let region = made.region {
      let next = made.regions.dropFirst().map {
        "\($0.name) \($0.side.rawValue) \(fixed($0.lessPercent, 0)) %"
      }
      return LessonNumber(
        "\(fixed(region.lessPercent, 0)) %",
        "less in \(region.name) on the \(region.side.rawValue): the region's means are "
          + "\(fixed(region.lower, 1)) and \(fixed(region.higher, 1)) % of \(region.reference)"
          + (next.isEmpty ? "" : "; next \(next.joined(separator: ", "))")
          + (made.peak.map {
            ". At one place, searched for as the largest and perhaps outside of the ring, the index is \(fixed($0.percent, 0)) % (\($0.side.rawValue))"
          } ?? ""))
    }
    guard let peak = made.peak else {
      return LessonNumber("< 10 %", "between the sides at every place: \(made.largest)")
    }
    return LessonNumber(
      "\(fixed(peak.percent, 0)) %",
      "is the index 200 (L − R) / (L + R) of the most uneven place, lower on the \(peak.side.rawValue): searched for "
        + "as the largest, so larger than a place that was named before")
  }

  private static func lesionRemarks(_ m: Model) -> [String] {
    guard let made = m.lesson.perfusion else { return [] }
    var out = ["Largest asymmetry: \(made.largest)."]
    out += made.regions.map {
      "\($0.name): lower on the \($0.side.rawValue), asymmetry index \(fixed($0.index, 1, signed: true)) %, of the "
        + "largest of \($0.count) regions, as `boldspect perfusion --table` prints."
    }
    if made.runPercent.isFinite {
      out.append(
        "Mean BOLD signal in a ball of 8 mm radius at the ring: "
          + "\(fixed(abs(shareLess(made.runPercent)), 0)) % \(made.runPercent < 0 ? "more" : "less") than on the "
          + "other side; it is no blood flow.")
    }
    return out
  }
}

/// How much less one side has than the other, in per cent, of the index 200 (other − own) / (other + own).
func shareLess(_ index: Double) -> Double { 200 * index / (200 + index) }
