package import Imaging

/// Which world axes run along the screen.
package struct ScreenAxes: Equatable, Sendable {
  package let horizontalAxis: Int
  /// +1 when the world axis grows to the right of the screen.
  package let horizontalSign: Double
  package let verticalAxis: Int

  /// Radiological shows the patient's left on the right; a sagittal slice always looks to the left.
  package init(plane: Plane, isRadiological: Bool) {
    switch plane {
    case .axial, .coronal:
      horizontalAxis = 0
      horizontalSign = isRadiological ? -1 : 1
      verticalAxis = plane == .axial ? 1 : 2
    case .sagittal:
      horizontalAxis = 1
      horizontalSign = -1
      verticalAxis = 2
    }
  }

  /// Letters at the left, right, top and bottom of the slice; `?` where sides are unknown.
  package func letters(_ laterality: Laterality) -> (
    left: String, right: String, top: String, bottom: String
  ) {
    let names = [("L", "R"), ("P", "A"), ("I", "S")]
    let h = names[horizontalAxis]
    let v = names[verticalAxis]
    guard laterality == .known else { return ("?", "?", "?", "?") }
    return horizontalSign > 0 ? (h.0, h.1, v.1, v.0) : (h.1, h.0, v.1, v.0)
  }
}

/// Where the pixels of a slice lie in the world.
struct SliceGeometry: Equatable {
  let axes: ScreenAxes
  let plane: Plane
  let width: Int
  let height: Int
  let millimetresPerPixel: Double
  /// World coordinates of the middle of the picture along the two axes.
  let middle: (horizontal: Double, vertical: Double)

  static func == (a: SliceGeometry, b: SliceGeometry) -> Bool {
    a.axes == b.axes && a.plane == b.plane && a.width == b.width && a.height == b.height
      && a.millimetresPerPixel == b.millimetresPerPixel && a.middle == b.middle
  }

  /// - Parameters:
  ///   - scale: mm per pixel.
  ///   - centre: what lies in the middle; nil is the middle of the field.
  init(
    plane: Plane, isRadiological: Bool, scene: Scene, width: Int, height: Int, scale: Double,
    centre: WorldPoint? = nil
  ) {
    axes = ScreenAxes(plane: plane, isRadiological: isRadiological)
    self.plane = plane
    self.width = width
    self.height = height
    millimetresPerPixel = scale
    let field = scene.field ?? (WorldPoint(0, 0, 0), WorldPoint(0, 0, 0))
    var middle =
      centre
      ?? WorldPoint(
        (field.low.x + field.high.x) / 2, (field.low.y + field.high.y) / 2,
        (field.low.z + field.high.z) / 2)
    // Voxel centres fall on pixel centres wherever the scale allows it.
    if let grid = scene.grid, let v = grid.nearestVoxel(middle) { middle = grid.world(v) }
    let half = scale / 2
    /// Half a pixel on where the size is even, and where an even number of pixels makes a voxel:
    /// else every second pixel would lie between two voxels.
    func shift(_ size: Int, _ axis: Int) -> Double {
      let ratio = scene.step(along: axis) / scale
      let isEven =
        abs(ratio - ratio.rounded()) < 1e-6 && ratio.rounded() >= 2
        && ratio.rounded().truncatingRemainder(dividingBy: 2) == 0
      return (size % 2 == 0) != isEven ? half : 0
    }
    self.middle = (
      middle[axes.horizontalAxis] + axes.horizontalSign * shift(width, axes.horizontalAxis),
      middle[axes.verticalAxis] - shift(height, axes.verticalAxis)
    )
  }

  /// The world point of a pixel's centre, on the slice through the cursor.
  func world(_ x: Int, _ y: Int, through cursor: WorldPoint) -> WorldPoint {
    var w = cursor
    let across = Double(x) + 0.5 - Double(width) / 2
    let down = Double(y) + 0.5 - Double(height) / 2
    w[axes.horizontalAxis] = middle.horizontal + axes.horizontalSign * across * millimetresPerPixel
    w[axes.verticalAxis] = middle.vertical - down * millimetresPerPixel
    return w
  }

  /// The pixel that a world point falls into; it may lie outside the picture.
  func pixel(_ w: WorldPoint) -> (x: Int, y: Int) {
    let across =
      axes.horizontalSign * (w[axes.horizontalAxis] - middle.horizontal) / millimetresPerPixel
    let down = (middle.vertical - w[axes.verticalAxis]) / millimetresPerPixel
    func cell(_ v: Double, _ n: Int) -> Int {
      Int(max(-1e6, min(1e6, (v + Double(n) / 2 + 1e-9).rounded(.down))))
    }
    return (cell(across, width), cell(down, height))
  }

  /// The scale at which a field fits into a picture in the given planes, rounded so that voxels are
  /// whole pixels where that costs little.
  static func scale(
    fitting scene: Scene, planes: [Plane], width: Int, height: Int
  ) -> Double {
    guard scene.field != nil, width > 2, height > 2 else { return 3 }
    let needed = planes.map { Self.needed(scene, $0, width: width, height: height) }.max() ?? 0.1
    return snapped(needed, voxel: scene.step(along: 0), slack: 1.12)
  }

  /// mm per pixel at which a plane of the field just fits.
  static func needed(_ scene: Scene, _ plane: Plane, width: Int, height: Int) -> Double {
    guard let field = scene.field, width > 0, height > 0 else { return .infinity }
    let axes = ScreenAxes(plane: plane, isRadiological: true)
    let h = field.high[axes.horizontalAxis] - field.low[axes.horizontalAxis]
    let v = field.high[axes.verticalAxis] - field.low[axes.verticalAxis]
    let voxel = scene.step(along: axes.horizontalAxis)
    return max(0.1, (h + voxel) / Double(width), (v + voxel) / Double(height))
  }

  /// A scale that makes whole pixels of voxels, where one is coarser by less than the slack.
  static func snapped(_ needed: Double, voxel: Double, slack: Double) -> Double {
    for divisor in [0.5, max(1, (voxel / needed + 1e-9).rounded(.down))] {
      let whole = voxel / divisor
      if whole >= needed, whole <= needed * slack { return whole }
    }
    return needed
  }

  /// A fitted scale made finer, at whole pixels a voxel where that is near.
  static func zoomed(_ base: Double, by zoom: Double, voxel: Double) -> Double {
    let wanted = base / zoom
    guard wanted < voxel * 1.2 else { return wanted }
    let pixels = max(1, (voxel / wanted).rounded())
    let whole = voxel / pixels
    return whole < base * 0.95 && abs(whole / wanted - 1) < 0.2 ? whole : wanted
  }

  /// The scales that the zoom key goes through: fitted, then one pixel a voxel, two, three…
  static func zoomSteps(_ base: Double, voxel: Double) -> [Double] {
    [base]
      + (1...64).map { voxel / Double($0) }
      .filter { $0 < base * 0.95 && base / $0 <= Presentation.zooms.upperBound }
  }
}
