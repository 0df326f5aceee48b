import Basics
import CellUI
import Imaging
import Perfusion

extension Lesson {
  /// Space: what a wider point spread leaves.
  static let spaceSteps = [cut, cameras, pair, small]

  private static let cut = LessonStep(
    topic: "Space", title: "Sharp and blurred", needs: [.space],
    sentence: { m in
      "The same cut, sharp and through a camera of \(plainNumber(m.lessonNow.fwhm)) mm."
    },
    variable: "camera",
    pictures: { m in
      guard let made = m.lesson.space else { return [] }
      let top = sharpTop(made)
      let place = m.lessonSlice
      return [
        LessonPicture(
          content: .slice(m.uptakeContent(made.sharp, top: top), .axial, place),
          caption: "sharp, \(made.proxy)", ink: LessonInk.sharp, bars: [(.axial, place.y)]),
        LessonPicture(
          content: .slice(
            m.uptakeContent(made.blurred[m.lessonNow.width], top: top), .axial, place),
          caption: "SIMULATED, \(plainNumber(m.lessonNow.fwhm)) mm", ink: LessonInk.camera,
          bars: [(.axial, place.y)]),
      ]
    },
    plot: { m in
      guard let made = m.lesson.space, let field = m.scene.field else { return nil }
      let place = m.lessonSlice
      let top = sharpTop(made)
      func cut(_ volume: Volume) -> (x: [Double], y: [Double]) {
        let found = line(volume, through: place, axis: 0, from: field.low.x, to: field.high.x)
        return (found.x, found.y.map { $0 / top })
      }
      let sharp = cut(made.sharp)
      let blurred = cut(made.blurred[m.lessonNow.width])
      var plot = LessonPlot(
        title: "along the line", xTitle: "x, mm", yTitle: "uptake, 1 is white",
        curves: [
          LessonCurve(name: "sharp", x: sharp.x, y: sharp.y, ink: LessonInk.sharp, isDotted: true),
          LessonCurve(name: "camera", x: blurred.x, y: blurred.y, ink: LessonInk.camera),
        ])
      // The side that is on the left of the pictures is on the left of the curve.
      plot.flipsX = m.navigation.isRadiological
      plot.ends = m.scene.laterality == .known ? ("L", "R") : nil
      let half = m.lessonNow.fwhm / 2
      plot.band = (-half...half, "camera \(plainNumber(m.lessonNow.fwhm)) mm")
      return plot
    },
    number: { m in
      guard let made = m.lesson.space else { return nil }
      return LessonNumber(
        percent(made.contrastKept[m.lessonNow.width]),
        "of the local contrast is left (median of the brain). A run of this person has "
          + "\(m.ownWords(made.native)) measured, whatever its voxels")
    },
    question: "What is gone, and what is still there?",
    answer:
      "Thin things are gone: the folds of the cortex. Large ones stay: lobes, deep nuclei, the difference "
      + "between the sides.",
    notes:
      "Change the camera with + and −: 8 to 15 mm. The line is the same in both pictures. Say what the picture "
      + "is: tissue maps in the ratio of uptake, not a measurement.",
    facts: [
      LessonFact(
        "A reconstructed brain SPECT resolves about 8 to 10 mm without a filter and 12 to 17 mm after the usual "
          + "low-pass.", "spect.md 1.4, point source, LEHR and LEUHR at 15 cm")
    ])

  /// White of every picture of the tissue: the same in all.
  private static func sharpTop(_ made: SpaceMaterial) -> Double {
    max(1e-6, Double(made.sharp.percentile(99.5) ?? 1))
  }

  private static let cameras = LessonStep(
    topic: "Space", title: "Four cameras", needs: [.space],
    sentence: { m in
      "SIMULATED: from left to right only the width of the camera changes, on one scale. The sharp one is no "
        + "measurement: \(m.lesson.space?.proxy ?? "a stand-in for perfusion")."
    },
    pictures: { m in
      guard let made = m.lesson.space else { return [] }
      let top = sharpTop(made)
      var out = [
        LessonPicture(
          content: .slice(m.uptakeContent(made.sharp, top: top), .axial, m.lessonSlice),
          caption: "sharp", ink: LessonInk.sharp)
      ]
      for (n, width) in lessonWidths.enumerated() {
        out.append(
          LessonPicture(
            content: .slice(m.uptakeContent(made.blurred[n], top: top), .axial, m.lessonSlice),
            caption: "\(plainNumber(width)) mm", ink: LessonInk.camera))
      }
      return out
    },
    number: { m in
      guard let made = m.lesson.space else { return nil }
      guard made.greyWhite.count == lessonWidths.count + 1 else {
        return LessonNumber(
          percent(made.contrastKept[1]), "of the local contrast is left at 10 mm")
      }
      return LessonNumber(
        "\(fixed(made.greyWhite[0], 1)) → \(fixed(made.greyWhite[2], 1))",
        "grey by white matter, before and through 10 mm")
    },
    cannot: { m in
      m.lesson.space?.greyWhite.isEmpty == true
        ? "No tissue maps were given (--gm, --white): the picture is the mean of the run, whose ventricles are "
          + "bright; in a real SPECT they are dark." : nil
    },
    question: "Which of them would you use to find a focus of 1 cm?",
    answer:
      "The sharpest that the counts allow. A focus of 1 cm keeps 46 % of its contrast at 8 mm and 29 % at "
      + "10 mm.",
    notes: "One scale for all five: a darker picture has lost height, not only detail.",
    facts: [
      LessonFact(
        "Perfusion of grey and white matter is about 4 to 1; a 10 mm camera shows about 1.6 to 1.",
        "spect.md 1.5: autoradiography 4–5 : 1; blurred digital brain 1.626 at 10 mm")
    ])

  private static let pair = LessonStep(
    topic: "Space", title: "Two networks run together", needs: [.pair],
    sentence: { m in
      "Two neighbours, \(m.lesson.pair.map { "\($0.names.0) and \($0.names.1)" } ?? "two networks"): white is where "
        + "both are. The camera blurs the step between them."
    },
    variable: "camera", firstWidth: 3,
    pictures: { m in
      guard let made = m.lesson.pair else { return [] }
      func picture(_ labels: Volume, _ caption: String, _ ink: Colour) -> LessonPicture {
        LessonPicture(
          content: .slice(m.labelContent(labels), .sagittal, made.place), caption: caption,
          shortCaption: caption.replacing("rsfMRI, own ", with: "own "), ink: ink, zoom: 84)
      }
      return [
        picture(made.labels[0], "rsfMRI, own \(m.ownWords(made.native))", LessonInk.sharp),
        picture(
          made.labels[m.lessonNow.width + 1], "SIMULATED, \(plainNumber(m.lessonNow.fwhm)) mm",
          LessonInk.camera),
      ]
    },
    plot: { pairPlot($0) },
    number: { m in
      guard let made = m.lesson.pair, let borders = pairBorders(made, m.lessonNow.width) else {
        return nil
      }
      return LessonNumber(
        "\(fixed(borders.0.width, 1)) → \(fixed(borders.1.width, 1)) mm",
        "is the way from one network to the other, before and through \(plainNumber(m.lessonNow.fwhm)) mm: over it "
          + "the curves fall from three quarters to one quarter of their range")
    },
    question: "Can a blurred map still say which network a place belongs to?",
    answer:
      "In the middle of a network, yes. Between neighbours, no: there the camera mixes them. And a SPECT sees "
      + "blood flow, it has no networks to show: this is what its width alone would do to a map.",
    notes:
      "MAP BLURRED is a thought experiment: correlations through the camera's point spread. No SPECT measures "
      + "correlations. The curves are the coupling with the first network less that with the second, along the line "
      + "of y through the picture's middle.",
    facts: [
      LessonFact(
        "One SPECT is one picture without a time course, so it cannot show which places go together in one "
          + "person.", "spect.md 1.1: the distribution is frozen before the camera counts")
    ])

  /// The fall of the sharp curve and of the blurred one; nil where either does not fall.
  private static func pairBorders(
    _ made: PairMaterial, _ width: Int
  ) -> (LessonBorder, LessonBorder)? {
    func border(_ maps: (Volume, Volume)) -> LessonBorder? {
      let found = PairMaterial.difference(maps, through: made.place)
      return LessonBorder((found.y, found.r))
    }
    guard let sharp = border(made.sharp), let blurred = border(made.blurred[width]) else {
      return nil
    }
    return (sharp, blurred)
  }

  private static func pairPlot(_ m: Model) -> LessonPlot? {
    guard let made = m.lesson.pair else { return nil }
    func cut(_ name: String, _ maps: (Volume, Volume), _ ink: Colour, _ isDotted: Bool)
      -> LessonCurve
    {
      let found = PairMaterial.difference(maps, through: made.place)
      return LessonCurve(name: name, x: found.y, y: found.r, ink: ink, isDotted: isDotted)
    }
    var plot = LessonPlot(
      title: "\(made.names.0) less \(made.names.1)", xTitle: "y, mm", yTitle: "difference of r",
      curves: [
        cut("sharp", made.sharp, LessonInk.sharp, true),
        cut("camera", made.blurred[m.lessonNow.width], LessonInk.camera, false),
      ])
    let sagittal = ScreenAxes(plane: .sagittal, isRadiological: m.navigation.isRadiological)
    plot.flipsX = sagittal.horizontalSign < 0
    plot.ends = ("P", "A")
    plot.band = pairBorders(made, m.lessonNow.width).map {
      ($0.1.ends, "fall \(fixed($0.1.width, 1)) mm")
    }
    return plot
  }

  private static let small = LessonStep(
    topic: "Space", title: "Small things fade",
    sentence: { m in
      "Four balls of one brightness: 5, 10, 20, 30 mm, through \(plainNumber(m.lessonNow.fwhm)) mm."
    },
    variable: "camera",
    pictures: { m in
      [
        LessonPicture(content: .raster(balls(nil)), caption: "sharp", ink: LessonInk.sharp),
        LessonPicture(
          content: .raster(balls(m.lessonNow.fwhm)),
          caption: "SIMULATED, \(plainNumber(m.lessonNow.fwhm)) mm", ink: LessonInk.camera),
      ]
    },
    plot: { m in
      var plot = LessonPlot(
        title: "kept in the middle", xTitle: "width of the camera, mm", yTitle: "%",
        curves: [
          curve("ball 20 mm", 2...20, LessonInk.truth) {
            100 * sphereRecovery(diameter: 20, fwhm: $0)
          },
          curve("ball 10 mm", 2...20, LessonInk.sharp) {
            100 * sphereRecovery(diameter: 10, fwhm: $0)
          },
          curve("cortex 3 mm", 2...20, LessonInk.camera, isDotted: true) {
            100 * slabRecovery(thickness: 3, fwhm: $0)
          },
        ])
      plot.yRange = 0...100
      plot.mark = (m.lessonNow.fwhm, "\(plainNumber(m.lessonNow.fwhm)) mm")
      return plot
    },
    number: { m in
      LessonNumber(
        percent(sphereRecovery(diameter: 10, fwhm: m.lessonNow.fwhm)),
        "of its contrast is left in a ball of 10 mm; of a 20 mm ball "
          + percent(sphereRecovery(diameter: 20, fwhm: m.lessonNow.fwhm)))
    },
    question: "Is a small, pale focus a weak one?",
    answer:
      "Not necessarily: a small focus looks weak because it is small. Contrast comes back with size, from about "
      + "twice the camera's width on.",
    notes: "This is recovery: the same numbers as `boldspect losses` prints, by the closed forms.",
    facts: [
      LessonFact(
        "In the middle of a ball as wide as the camera's FWHM 29 % of its contrast are left, of one twice as "
          + "wide 86 %.", "spect.md 1.5, closed form of a sphere")
    ])

  /// Balls of 5, 10, 20 and 30 mm side by side, in pixels of 1.5 mm.
  private static func balls(_ fwhm: Double?) -> [[Float]] {
    let centres: [(x: Double, diameter: Double)] = [(12, 5), (32, 10), (62, 20), (102, 30)]
    let step = 1.5
    return (0..<30).map { row in
      (0..<84).map { column in
        let (x, y) = (Double(column) * step, Double(row) * step - 22)
        let sum = centres.reduce(0.0) { sum, ball in
          let r = ((x - ball.x) * (x - ball.x) + y * y).squareRoot()
          return sum + blurredSphere(at: r, diameter: ball.diameter, fwhm: fwhm ?? 0)
        }
        return Float(min(1, sum))
      }
    }
  }
}

extension Model {
  /// The labels of two networks over the anatomy: the first, the second, and both.
  func labelContent(_ labels: Volume) -> PaneContent {
    func layer(_ number: Double, _ ink: Colour) -> MapLayer {
      var layer = MapLayer(
        volume: labels, level: number - 0.5, top: number + 0.5, ceiling: number, isFaded: false)
      layer.flat = ink
      return layer
    }
    var out = PaneContent(
      base: greyBase,
      layers: LessonInk.networks.enumerated().map { layer(Double($0 + 1), $1) },
      showsMap: true, gamma: view.underlay.gamma)
    out.brightestGrey = LessonInk.brightestBelow
    return out
  }
}
