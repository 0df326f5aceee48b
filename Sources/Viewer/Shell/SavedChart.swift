import Basics
import CellUI
import Connectivity
import Imaging

/// Curves that go into files as they are on the screen.
package struct SavedChart: Sendable, Equatable {
  package var title: String
  package var xTitle: String
  package var yTitle: String
  package var curves: [LessonCurve]
  /// Whose they are, in which space and which way round.
  package var origin = ""

  /// The same on its axes.
  package var plot: LessonPlot {
    LessonPlot(title: title, xTitle: xTitle, yTitle: yTitle, curves: curves)
  }

  static let kinds = ["course", "spectrum", "windows", "histogram", "curve"]
}

/// `:save WHAT NAME`: what is drawn of it, as NAME.csv and NAME.svg.
@Sendable func saveChart(_ model: inout Model, _ typed: TypedArgument) -> [Effect]? {
  let words = typed.text.split(separator: " ", maxSplits: 1).map(String.init)
  guard words.count == 2, let kind = SavedChart.kinds.first(where: { $0.hasPrefix(words[0]) })
  else { return nil }
  var name = words[1].trimmedBlanks
  for ending in [".csv", ".svg"] where name.lowercased().hasSuffix(ending) {
    name = String(name.dropLast(4))
  }
  guard !name.isEmpty else { return nil }
  guard var chart = model.chart(kind) else {
    return refuse(&model, "there is no \(kind) on this screen to be saved")
  }
  chart.origin = [model.originWords, chart.origin].filter { !$0.isEmpty }.joined(separator: "; ")
  return [.saveChart(chart, name: name)]
}

extension Model {
  /// What can be saved of a kind; nil where the screen has none.
  fileprivate func chart(_ kind: String) -> SavedChart? {
    switch kind {
    case "curve":
      return LessonPlan.page(self)?.plot.map {
        SavedChart(title: $0.title, xTitle: $0.xTitle, yTitle: $0.yTitle, curves: $0.curves)
      }
    case "histogram": return histogramChart
    case "windows": return movie.windows == nil ? nil : courseChart
    case "spectrum":
      var spectral = self
      spectral.movie.windows = nil
      spectral.analyses.course = .spectrum
      return spectral.courseChart
    default:
      var plain = self
      plain.movie.windows = nil
      return plain.analyses.course == .spectrum ? nil : plain.courseChart
    }
  }

  private var courseChart: SavedChart? {
    guard let run = scene.run else { return nil }
    let course = Course(self, run)
    guard course.values.contains(where: \.isFinite) else { return nil }
    let count = course.values.count
    let tr = run.repetitionTimeSeconds
    let x: [Double]
    let xTitle: String
    if let windows = movie.windows {
      x = windows.starts.map { Double($0 + windows.window.tail) * (tr ?? 1) }
      xTitle = tr == nil ? "first frame of the window" : "beginning of the window, s"
    } else if analyses.course == .spectrum {
      x = course.hertz
      xTitle = "Hz"
    } else {
      x = (0..<count).map { Double($0) * (tr ?? 1) }
      xTitle = tr == nil ? "frame" : "s"
    }
    guard x.count == count else { return nil }
    // The voxel that the values are of, not the place of the cursor within it.
    let voxel = run.grid.nearestVoxel(cursor)
    let at = voxel.map { run.grid.world($0) } ?? cursor
    let numbers = [at.x, at.y, at.z].map { fixed($0, 1, signed: true) }
    let place =
      hasWorld
      ? " at \(numbers.joined(separator: " ")) mm"
      : voxel.map { " \($0.i), \($0.j), \($0.k)" } ?? ""
    let yTitle = courseTitle
    return SavedChart(
      title: scene.unmeasuredWord.map { "\($0), one voxel\(place)" } ?? "one voxel\(place)",
      xTitle: xTitle, yTitle: yTitle,
      curves: [LessonCurve(name: yTitle, x: x, y: course.values, ink: LessonInk.sharp)],
      origin: "voxel\(place)" + (isCourseAsStored ? "" : "; " + cleaningWords))
  }

  /// Whether nothing was removed from the course, be it that it was asked for so or that one run alone is not cleaned.
  private var isCourseAsStored: Bool {
    guard movie.windows == nil else { return false }
    switch analyses.course {
    case .spectrum, .percent: return false
    case .stored: return true
    case .cleaned: return scene.runCount != 1 || connectivity.cleaned == nil
    }
  }

  /// How the run was cleaned, shortly: curves of two cleanings lie in one folder.
  private var cleaningWords: String {
    let d = scene.denoising
    let isCut = movie.windows != nil || analyses.course == .cleaned
    let band = isCut ? d.bandHertz : nil
    var words = [
      "drift of degree \(d.polort)",
      band.map { "\(plainNumber($0.lowerBound))–\(plainNumber($0.upperBound)) Hz" } ?? "no band",
      "global signal \(d.removesGlobalSignal ? "removed" : "kept")",
      "\(d.confounds.count) confounds removed",
    ]
    if let highPass = d.highPassHertz {
      words.append("high-pass \(plainNumber(1 / highPass, 0)) s")
    }
    if !d.censoredFrames.isEmpty { words.append("\(d.censoredFrames.count) frames censored") }
    if d.droppedFrames > 0 { words.append("\(d.droppedFrames) first frames dropped") }
    if d.smoothingFWHM > 0 { words.append("smoothed \(plainNumber(d.smoothingFWHM)) mm") }
    return words.joined(separator: ", ")
  }

  /// What the values are and how they came about: two results of different cleaning are two things.
  private var courseTitle: String {
    if let windows = movie.windows {
      let length =
        "\(windows.window.width) frames"
        + (windows.repetitionTimeSeconds.map {
          ", \(plainNumber(Double(windows.window.width) * $0)) s"
        } ?? "")
      return "r by window of \(length) (\(windows.window.name)) with \(windows.seed.title)"
    }
    switch analyses.course {
    case .spectrum: return "amplitude, no band, drift and confounds removed"
    case .percent: return "% of the mean, no band, drift and confounds removed"
    case .stored, .cleaned:
      return isCourseAsStored ? "BOLD signal as stored" : "BOLD signal, cleaned"
    }
  }

  private var histogramChart: SavedChart? {
    let names = ["overlay", "underlay", "right side"]
    let all = histogramVolumes
    guard !all.isEmpty else { return nil }
    let inks = [LessonInk.sharp, LessonInk.camera, LessonInk.mark]
    let offset = all.count < 3 && shownOverlay(currentOverlayID) == nil ? 1 : 0
    let curves = all.enumerated().map { n, volume in
      let found = distribution(volume)
      let counts = found.columns(128)
      let step = (found.high - found.low) / 128
      return LessonCurve(
        name: names[min(2, n + offset)],
        x: counts.indices.map { found.low + step * (Double($0) + 0.5) }, y: counts.map(Double.init),
        ink: inks[n % 3])
    }
    return SavedChart(
      title: scene.unmeasuredWord ?? "all of each image", xTitle: "value", yTitle: "voxels",
      curves: curves)
  }
}
