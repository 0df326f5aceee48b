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
  chart.origin = model.originWords
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
      x = (0..<count).map { 0.5 / (tr ?? 1) * Double($0) / Double(max(1, count - 1)) }
      xTitle = "Hz"
    } else {
      x = (0..<count).map { Double($0) * (tr ?? 1) }
      xTitle = tr == nil ? "frame" : "s"
    }
    guard x.count == count else { return nil }
    let numbers = [cursor.x, cursor.y, cursor.z].map { fixed($0, 1, signed: true) }
    let place = hasWorld ? " at \(numbers.joined(separator: " ")) mm" : ""
    let yTitle =
      movie.windows != nil
      ? "r by window"
      : analyses.course == .spectrum
        ? "amplitude" : analyses.course == .percent ? "% of the mean" : "BOLD signal"
    return SavedChart(
      title: scene.unmeasuredWord.map { "\($0), one voxel\(place)" } ?? "one voxel\(place)",
      xTitle: xTitle, yTitle: yTitle,
      curves: [LessonCurve(name: yTitle, x: x, y: course.values, ink: LessonInk.sharp)])
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
