import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// A curve beside a step's words, with the place on it that is on screen.
struct LessonPlot: Sendable {
  var title: String
  var values: [Double]
  /// Words at the left and right end of the axis.
  var ends: (String, String)
  /// Part of the axis at which a mark stands; nil for none.
  var mark: Double?
  /// A second curve on the same axis.
  var other: [Double] = []
}

/// One step of the lesson: what is set, what is said, what is drawn.
struct LessonStep: Sendable {
  var title: String
  /// Sets the screen and asks for what it needs.
  var prepare: @Sendable (inout Model) -> [Effect]
  /// Words with the numbers of this person.
  var words: @Sendable (Model) -> String
  var plot: @Sendable (Model) -> LessonPlot?
}

/// From millimetres to centimetres and from seconds to minutes, in ten steps.
enum Lesson {
  static let steps: [LessonStep] = [
    LessonStep(
      title: "A network, in millimetres",
      prepare: { show(&$0, .mapBlurred, fwhm: 2) },
      words: { m in
        let spacing = m.scene.grid.map { plainNumber($0.spacing.0, 1) } ?? "?"
        let dof = m.connectivity.seedMap.map { "\($0.degreesOfFreedom)" } ?? "?"
        return
          "Left: how every place goes with the seed, from voxels of \(spacing) mm with \(dof) degrees of "
          + "freedom. Right: the same map through a camera of 2 mm, finer than the data: nothing is lost. "
          + "It says SIMULATED, because no camera was there."
      },
      plot: { profile($0) }),
    LessonStep(
      title: "Six millimetres",
      prepare: { show(&$0, .mapBlurred, fwhm: 6) },
      words: { m in
        "A camera of 6 mm. \(rangeWords(m)) A ball of 10 mm keeps "
          + "\(percent(sphereRecovery(diameter: 10, fwhm: 6))) of its contrast in the middle, the cortex, 3 mm "
          + "thick, \(percent(slabRecovery(thickness: 3, fwhm: 6)))."
      },
      plot: { recoveryPlot($0) }),
    LessonStep(
      title: "Ten millimetres: a good SPECT",
      prepare: { show(&$0, .mapBlurred, fwhm: 10) },
      words: { m in
        "What a good brain SPECT resolves. \(rangeWords(m)) The ball of 10 mm keeps "
          + "\(percent(sphereRecovery(diameter: 10, fwhm: 10))), cortex "
          + "\(percent(slabRecovery(thickness: 3, fwhm: 10)))."
      },
      plot: { recoveryPlot($0) }),
    LessonStep(
      title: "Sixteen millimetres: a smooth one",
      prepare: { show(&$0, .mapBlurred, fwhm: 16) },
      words: { m in
        "A filtered reconstruction, smooth to look at. \(rangeWords(m)) The ball keeps "
          + "\(percent(sphereRecovery(diameter: 10, fwhm: 16)))."
      },
      plot: { recoveryPlot($0) }),
    LessonStep(
      title: "Two networks become one",
      prepare: { show(&$0, .mapBlurred, fwhm: 16) },
      words: { m in
        "The line across the cursor: the map as it is and through the camera. Peaks and valleys of neighbouring "
          + "networks run together. \(rangeWords(m)) Move the cursor to see other lines; - and + change the camera."
      },
      plot: { profile($0) }),
    LessonStep(
      title: "How many places are left",
      prepare: { show(&$0, .mapBlurred, fwhm: 10) },
      words: { m in
        let f = m.averaging.camera.fwhm
        return
          "A brain of 1400 cm³ holds \(fixed(elements(3), 0)) boxes of 3 mm, but \(fixed(elements(f), 0)) of "
          + "\(plainNumber(f, 1)) mm: \(fixed(elements(3) / elements(f), 0)) times fewer. A coil is aimed in "
          + "millimetres."
      },
      plot: { m in
        curve(
          "places in a brain, 2 to 20 mm (logarithm)", from: 2, to: 20, at: m.averaging.camera.fwhm,
          unit: "mm"
        ) { logarithm(elements($0)) }
      }),
    LessonStep(
      title: "One moment",
      prepare: { m in
        m.averaging.camera.average = .window
        m.averaging.camera.windowSeconds = m.scene.run?.repetitionTimeSeconds
        return show(&m, .simulated, fwhm: 2)
      },
      words: { m in
        let tr = m.scene.run?.repetitionTimeSeconds.map { plainNumber($0, 2) } ?? "?"
        return
          "Now time. Right: one frame of the run, \(tr) s of it. rsfMRI follows a network from second to "
          + "second; its time course stands where these words are (Esc shows it)."
      },
      plot: { dilutionPlot($0) }),
    LessonStep(
      title: "Fifteen minutes",
      prepare: { m in
        m.averaging.camera.average = .window
        m.averaging.camera.windowSeconds = 900
        return show(&m, .simulated, fwhm: 10)
      },
      words: { m in
        "A SPECT counts for 10 to 15 minutes, and all of it becomes one number a place. Of something that lasts a "
          + "minute \(percent(60.0 / 900, 1)) is left after 15 minutes\(windowWords(m)). A network that speaks up "
          + "and falls silent again leaves no trace."
      },
      plot: { dilutionPlot($0) }),
    LessonStep(
      title: "What the tracer saw",
      prepare: { m in
        m.averaging.camera.windowSeconds = nil
        m.averaging.camera.average = .uptake(tauMinutes: TimeAverage.usualTauMinutes)
        return show(&m, .simulated, fwhm: 10)
      },
      words: { m in
        "The tracer is caught within two minutes of the injection and then stays: what the camera counts for "
          + "fifteen minutes is a picture of those two. Half of the weight lies in the first 28 s. Both averages "
          + "are offered, and the screen says which one is on."
      },
      plot: { _ in
        LessonPlot(
          title: "weight of a second after the injection", values: decay(seconds: 300, tau: 40.2),
          ends: ("0 s", "300 s"), mark: nil)
      }),
    LessonStep(
      title: "The target moves",
      prepare: { m in
        m.averaging.camera = Camera()
        var effects = show(&m, .mapBlurred, fwhm: 10)
        m.lesson.targets = nil
        if m.scene.targetsRefusal == nil, !m.shell.isLoading { effects += searchTargets(&m) }
        return effects
      },
      words: { m in
        if let refusal = m.scene.targetsRefusal {
          return "No target can be looked for here: \(refusal)"
        }
        guard let report = m.lesson.targets else { return "Looking for the target…" }
        let moved =
          report.cameraMillimetres.map {
            "\(fixed($0, 1)) mm away from where the fMRI puts it"
          } ?? "nowhere"
        return
          "The same search on the map as a 10 mm SPECT would have kept it puts the target \(moved). "
          + (report.result.isDetected
            ? "The fMRI target passes its tests."
            : "In this person the fMRI target is not reliable either: "
              + (report.result.reason ?? ""))
      },
      plot: { profile($0) }),
    LessonStep(
      title: "What SPECT is for",
      prepare: { m in
        m.averaging.camera = Camera()
        let isMeasured = !m.scene.spects.isEmpty
        return show(&m, isMeasured ? .measured(0) : .simulated, fwhm: 10)
      },
      words: { m in
        (m.scene.spects.isEmpty
          ? "No SPECT was given: the picture is SIMULATED. "
          : m.scene.spects[0].isSimulated
            ? "Right: the SYNTHETIC PERSON's SPECT, in per cent of a region. "
            : "Right: the measured SPECT in per cent of a region. ")
          + "It shows perfusion, how much blood every region gets, which rsfMRI does not measure. Large regions and "
          + "lasting differences between the sides are its strength; networks and targets are not. Esc ends the "
          + "lesson."
      },
      plot: { _ in nil }),
  ]

  /// The camera's and the pane's state for a step, and the map or simulation that it needs.
  private static func show(_ model: inout Model, _ right: RightPane, fwhm: Double) -> [Effect] {
    model.panes.right = right
    model.averaging.camera.fwhm = fwhm
    model.overlays.isShown = true
    model.overlays.index = 0
    if model.connectivity.seedMap == nil, right == .mapBlurred {
      let seed =
        model.scene.space == .mni152
        ? Sites.seed(named: "PCC") : nil
      return askSeedMap(&model, seed ?? .sphere(centre: model.cursor, radius: 6, name: nil))
    }
    return refreshRight(&model)
  }

  static func percent(_ x: Double, _ decimals: Int = 0) -> String {
    "\(fixed(100 * x, decimals)) %"
  }

  private static func elements(_ fwhm: Double) -> Double { 1_400_000 / (fwhm * fwhm * fwhm) }

  /// What is left of the spread along the line across the cursor.
  private static func rangeWords(_ m: Model) -> String {
    guard let plot = profile(m) else { return "" }
    func spread(_ values: [Double]) -> Double {
      let finite = values.filter(\.isFinite)
      return (finite.max() ?? 0) - (finite.min() ?? 0)
    }
    let (before, after) = (spread(plot.values), spread(plot.other))
    guard before > 0, after > 0 else { return "" }
    return "Across the cursor \(percent(after / before)) of the map's spread is left."
  }

  private static func windowWords(_ m: Model) -> String {
    guard let seconds = m.averaging.simulated?.window.seconds, seconds < 899 else { return "" }
    return
      " (this run has \(fixed(seconds / 60, 1)) min, of which it would be \(percent(min(1, 60 / seconds), 1)))"
  }

  /// The map along the screen's horizontal line through the cursor, and the same through the camera.
  private static func profile(_ m: Model) -> LessonPlot? {
    guard let map = m.connectivity.seedVolume, let field = m.scene.field else { return nil }
    let axes = ScreenAxes(plane: m.navigation.plane, isRadiological: m.navigation.isRadiological)
    let (low, high) = (field.low[axes.horizontalAxis], field.high[axes.horizontalAxis])
    let places = (0..<120).map { n -> WorldPoint in
      var p = m.cursor
      let t = Double(n) / 119
      p[axes.horizontalAxis] =
        axes.horizontalSign > 0 ? low + t * (high - low) : high - t * (high - low)
      return p
    }
    let at = (m.cursor[axes.horizontalAxis] - low) / max(1e-9, high - low)
    let letters = axes.letters(m.scene.laterality)
    return LessonPlot(
      title: "r across the cursor and, flatter, through the camera",
      values: places.map { Double(map.nearest($0)) }, ends: (letters.left, letters.right),
      mark: axes.horizontalSign > 0 ? at : 1 - at,
      other: m.averaging.blurredMap.map { blurred in places.map { Double(blurred.nearest($0)) } }
        ?? [])
  }

  private static func recoveryPlot(_ m: Model) -> LessonPlot {
    curve(
      "contrast kept by a ball of 10 mm, camera of 2 to 20 mm", from: 2, to: 20,
      at: m.averaging.camera.fwhm,
      unit: "mm"
    ) { sphereRecovery(diameter: 10, fwhm: $0) }
  }

  private static func dilutionPlot(_ m: Model) -> LessonPlot {
    curve(
      "left of a 60 s event, window of 1 to 15 min", from: 60, to: 900,
      at: m.averaging.camera.windowSeconds ?? 900, unit: "s"
    ) { min(1, 60 / $0) }
  }

  private static func curve(
    _ title: String, from: Double, to: Double, at: Double, unit: String, _ f: (Double) -> Double
  ) -> LessonPlot {
    LessonPlot(
      title: title, values: (0..<120).map { f(from + (to - from) * Double($0) / 119) },
      ends: ("\(plainNumber(from, 0)) \(unit)", "\(plainNumber(to, 0)) \(unit)"),
      mark: max(0, min(1, (at - from) / (to - from))))
  }

  /// exp(−t/τ) by repeated multiplication: no C library may be reached from here.
  private static func decay(seconds: Int, tau: Double) -> [Double] {
    let factor = 1 - 1 / tau + 1 / (2 * tau * tau) - 1 / (6 * tau * tau * tau)
    var out = [1.0]
    for _ in 1..<seconds { out.append((out.last ?? 0) * factor) }
    return out
  }

  /// A logarithm to base 2 that is exact at its whole steps and straight between them: for a picture.
  private static func logarithm(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    return Double(x.exponent) + (x.significand - 1)
  }
}
