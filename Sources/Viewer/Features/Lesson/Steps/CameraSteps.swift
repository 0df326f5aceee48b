import Basics
import CellUI
import Imaging
import Perfusion

extension Lesson {
  /// The camera: how views become slices.
  static let cameraSteps = [views, reconstruction]

  private static let views = LessonStep(
    topic: "Camera", title: "The camera turns", needs: [.camera],
    sentence: { m in
      guard let made = m.lesson.camera else { return "Views from all around, row by row." }
      let angle = made.degrees(m.lessonNow.phase)
      return
        "Left what the camera sees at \(fixed(angle, 0))°; in the middle one row of every view so far: the sinogram; "
        + "right the slice that these views give."
    },
    variable: "view",
    pictures: { m in
      guard let made = m.lesson.camera else { return [] }
      let now = m.lessonNow.phase % made.views
      return [
        LessonPicture(
          content: .raster(made.view(now)),
          caption: "SIMULATED view \(now + 1) of \(made.views)", ink: LessonInk.camera,
          sides: made.sides(now)),
        LessonPicture(
          content: .raster(made.sinogram(upTo: now)), caption: "SIMULATED sinogram",
          ink: LessonInk.mark, fills: true),
        soFar(m, made, now + 1),
      ]
    },
    number: { m in
      guard let made = m.lesson.camera else { return nil }
      let now = m.lessonNow.phase % made.views
      let seen = made.photonsSoFar[now]
      return LessonNumber(
        "\(fixed(seen / 1e6, 1)) million",
        "photons so far of \(fixed(made.millions, 1)) million: few photons are noise")
    },
    question: "Why does a camera have to turn?",
    answer:
      "Each view adds everything along its lines. Only from all around can it be told what lies where: every place "
      + "draws its own wave in the sinogram, and views of one side alone smear it along their lines.",
    notes:
      "It moves by itself; + and − go view by view. The slice on the right is filtered back projection of the views so "
      + "far, brightened by how many are missing. Letters say which side of the head lies at which side of the view. "
      + "What stands before the camera is a stand-in for perfusion, no measurement of it.",
    facts: [
      LessonFact(
        "A usual brain SPECT has 120 views over 360° and at least 5 million counts.",
        "spect.md 1.2, protocol numbers (recalled)")
    ], moves: true)

  /// What the views so far give: few of them smear, and only those from all around make a slice.
  private static func soFar(_ m: Model, _ made: CameraMaterial, _ count: Int) -> LessonPicture {
    guard let part = made.partial.last(where: { $0.views <= count }) ?? made.partial.first else {
      return LessonPicture(
        content: .slice(m.uptakeContent(made.truth, top: made.top), .axial, made.place),
        caption: "before it: \(made.proxy)", shortCaption: "before the camera",
        ink: LessonInk.sharp)
    }
    return LessonPicture(
      content: .slice(m.uptakeContent(part.volume, top: made.partialTop), .axial, made.place),
      caption: "SIMULATED, from \(part.views) of \(made.views) views",
      shortCaption: "SIM. from \(part.views) views", ink: LessonInk.camera)
  }

  private static let reconstruction = LessonStep(
    topic: "Camera", title: "From views to slices", needs: [.camera],
    sentence: { m in
      "SIMULATED: the same photons, one filter of \(plainNumber(m.lesson.camera?.filterFWHM ?? 8)) mm: filtered back "
        + "projection, and OSEM by its iterations, which sharpen. Before the camera: \(m.lesson.camera?.proxy ?? "a stand-in")."
    },
    pictures: { m in
      guard let made = m.lesson.camera else { return [] }
      return [
        LessonPicture(
          content: .slice(m.uptakeContent(made.truth, top: made.top), .axial, made.place),
          caption: "before the camera" + ratioWords(made.truthRatio),
          shortCaption: "before" + ratioWords(made.truthRatio), ink: LessonInk.truth,
          bars: [(.axial, made.place.y)])
      ]
        + shownImages(made).map { image, ink in
          LessonPicture(
            content: .slice(m.uptakeContent(image.volume, top: made.top), .axial, made.place),
            caption: image.name + ratioWords(image.ratio), ink: ink,
            bars: [(.axial, made.place.y)])
        }
    },
    plot: { m in
      guard let made = m.lesson.camera, let field = m.scene.field else { return nil }
      func cut(_ name: String, _ volume: Volume, _ ink: Colour, isDotted: Bool = false)
        -> LessonCurve
      {
        let found = line(
          volume, through: made.place, axis: 0, from: field.low.x, to: field.high.x)
        return LessonCurve(
          name: name, x: found.x, y: found.y.map { $0 / made.top }, ink: ink, isDotted: isDotted)
      }
      var plot = LessonPlot(
        title: "along the line", xTitle: "x, mm", yTitle: "uptake, 1 is white",
        curves: [cut("before the camera", made.truth, LessonInk.truth, isDotted: true)]
          // Two that are nearly alike would only be tangled.
          + shownImages(made).dropFirst().map { cut($0.0.name, $0.0.volume, $0.1) })
      plot.flipsX = m.navigation.isRadiological
      plot.ends = m.scene.laterality == .known ? ("L", "R") : nil
      return plot
    },
    number: { m in
      guard let made = m.lesson.camera, made.images.count > 2, let back = made.images[0].ratio,
        let first = made.images[1].ratio, let last = made.images.last?.ratio
      else { return nil }
      return LessonNumber(
        "\(fixed(first, 2)) → \(fixed(last, 2))",
        "grey by white, \(made.images[1].name) and \(made.images[made.images.count - 1].name); "
          + "\(made.images[0].name) \(fixed(back, 2))"
          + (made.truthRatio.map { "; before the camera \(fixed($0, 2))" } ?? ""))
    },
    remarks: { m in
      guard let made = m.lesson.camera else { return [] }
      return made.images.map { image in
        "\(image.name): grey by white \(image.ratio.map { fixed($0, 2) } ?? "not known")."
      }
    },
    question: "Does another reconstruction make another camera?",
    answer:
      "For what is seen, in part. What the collimator's holes have blurred no method brings back for certain. But "
      + "pictures of one camera reach from about 7.5 to 12.5 mm by how they are made: iterations sharpen, and sharpen "
      + "the noise as well; a filter trades one for the other.",
    notes:
      "All pictures have one scale and one filter after the reconstruction: only the method differs. Compare like "
      + "with like when methods are compared.",
    facts: [
      LessonFact(
        "With more iterations OSEM approaches the resolution of the camera and the noise grows: 10 mm after 2, "
          + "8.5 mm after 8 of 8 subsets.", "spect.md 1.4, equivalent Gaussian")
    ])

  /// The picture of filtered back projection, and of the fewest and of the most iterations.
  private static func shownImages(_ made: CameraMaterial) -> [(CameraMaterial.Image, Colour)] {
    let inks = [LessonInk.landmark, LessonInk.camera, LessonInk.mark]
    let few = made.images.count > 3 ? [0, 1, made.images.count - 1] : Array(made.images.indices)
    return zip(few.map { made.images[$0] }, inks).map { ($0, $1) }
  }

  private static func ratioWords(_ ratio: Double?) -> String {
    ratio.map { " \(fixed($0, 2))" } ?? ""
  }
}

extension CameraMaterial {
  /// Where the camera stands: 0 is before the face, and it turns towards the right.
  func degrees(_ view: Int) -> Double { 360 * Double(view % views) / Double(views) }

  /// What lies at the first and at the last column of a view: columns run along (cos θ, −sin θ), at 0 from LEFT to RIGHT.
  package func sides(_ view: Int) -> (left: String, right: String) {
    // Every 45 degrees; between two axes both are named.
    let last = ["R", "PR", "P", "PL", "L", "AL", "A", "AR"]
    let at = Int((degrees(view) / 45).rounded()) % last.count
    return (last[(at + 4) % last.count], last[at])
  }
}

extension CameraMaterial {
  /// What the camera counts in one view, from 0 to 1, the top row first.
  func view(_ view: Int) -> [[Float]] {
    (0..<rows).reversed().map { row in
      (0..<columns).map { counts[(view * columns + $0) * rows + row] / countTop }
    }
  }

  /// One row of every view so far; later views are empty.
  func sinogram(upTo last: Int) -> [[Float]] {
    let all = (0..<views).map { view in
      (0..<columns).map { counts[(view * columns + $0) * rows + row] }
    }
    return all.enumerated().map { view, line in
      line.map { view <= last ? $0 / sinogramTop : 0 }
    }
  }
}
