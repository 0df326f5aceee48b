import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion

/// "29 %".
func percent(_ x: Double, _ decimals: Int = 0) -> String {
  x.isFinite ? "\(fixed(100 * x, decimals)) %" : "no number"
}

extension Model {
  /// The lesson's own state; a step is only drawn while it runs.
  var lessonNow: LessonState { lesson.running ?? LessonState() }

  /// An image of uptake on a scale that all pictures of the step share.
  func uptakeContent(_ volume: Volume, top: Double) -> PaneContent {
    PaneContent(
      base: .hot(volume, top: top), palette: lessonPalette,
      isMonochrome: shell.capabilities.hasNoColourScale)
  }

  /// Of uptake: where a terminal has few colours most of hot iron is one red, and greys are told apart.
  package var lessonPalette: Palette {
    switch shell.capabilities.colours {
    case .sixteen, .eight: shell.palette == .hotIron ? .grey : shell.palette
    case .direct, .indexed, .none: shell.palette
    }
  }

  /// A map over the anatomy, in the colours of correlations.
  func mapContent(_ volume: Volume, from level: Double = 0.3, to ceiling: Double = 0.8)
    -> PaneContent
  {
    PaneContent(
      base: greyBase,
      layers: [
        MapLayer(volume: volume, level: level, floor: level, ceiling: ceiling, unit: "r")
      ], showsMap: true, gamma: view.underlay.gamma)
  }

  /// The run's own resolution, "own 6.8–8.8 mm", as it was measured.
  func ownWords(_ native: Averaging) -> String {
    let f = [native.nativeFWHM.0, native.nativeFWHM.1, native.nativeFWHM.2].sorted()
    let (low, high) = (plainNumber(f[0], 1), plainNumber(f[2], 1))
    return "\(low == high ? low : "\(low)–\(high)") mm"
  }

  /// The middle of the brain at a height that shows cortex, white matter and ventricles.
  var lessonSlice: WorldPoint {
    guard let field = scene.field else { return WorldPoint(0, 0, 0) }
    let middle = WorldPoint(
      (field.low.x + field.high.x) / 2, (field.low.y + field.high.y) / 2,
      field.low.z + 0.62 * (field.high.z - field.low.z))
    return scene.space == .mni152 ? WorldPoint(0, middle.y, 20) : middle
  }
}

/// Values of an image along a world axis through a place.
func line(
  _ volume: Volume, through place: WorldPoint, axis: Int, from: Double, to: Double, count: Int = 160
) -> (x: [Double], y: [Double]) {
  var (xs, ys): ([Double], [Double]) = ([], [])
  for n in 0..<count {
    var p = place
    p[axis] = from + (to - from) * Double(n) / Double(count - 1)
    xs.append(p[axis])
    ys.append(Double(volume.nearest(p)))
  }
  return (xs, ys)
}

/// A curve of a function over a range.
func curve(
  _ name: String, _ range: ClosedRange<Double>, _ ink: Colour, isDotted: Bool = false,
  count: Int = 120, _ f: (Double) -> Double
) -> LessonCurve {
  let xs = (0..<count).map {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1)
  }
  return LessonCurve(name: name, x: xs, y: xs.map(f), ink: ink, isDotted: isDotted)
}
