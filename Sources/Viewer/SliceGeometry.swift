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

  /// - Parameter scale: mm per pixel.
  init(
    plane: Plane, isRadiological: Bool, scene: Scene, width: Int, height: Int, scale: Double
  ) {
    axes = ScreenAxes(plane: plane, isRadiological: isRadiological)
    self.plane = plane
    self.width = width
    self.height = height
    millimetresPerPixel = scale
    let field = scene.field ?? (WorldPoint(0, 0, 0), WorldPoint(0, 0, 0))
    var middle = WorldPoint(
      (field.low.x + field.high.x) / 2, (field.low.y + field.high.y) / 2,
      (field.low.z + field.high.z) / 2)
    // Voxel centres fall on pixel centres wherever the scale allows it.
    if let grid = scene.grid, let v = grid.nearestVoxel(middle) { middle = grid.world(v) }
    let half = scale / 2
    self.middle = (
      middle[axes.horizontalAxis] + (width % 2 == 0 ? axes.horizontalSign * half : 0),
      middle[axes.verticalAxis] + (height % 2 == 0 ? -half : 0)
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
    guard let field = scene.field, width > 2, height > 2 else { return 3 }
    var needed = 0.1
    for plane in planes {
      let axes = ScreenAxes(plane: plane, isRadiological: true)
      let h = field.high[axes.horizontalAxis] - field.low[axes.horizontalAxis]
      let v = field.high[axes.verticalAxis] - field.low[axes.verticalAxis]
      let voxel = scene.step(along: axes.horizontalAxis)
      needed = max(needed, (h + voxel) / Double(width), (v + voxel) / Double(height))
    }
    let voxel = scene.step(along: 0)
    for divisor in [0.5, max(1, (voxel / needed + 1e-9).rounded(.down))] {
      let whole = voxel / divisor
      if whole >= needed, whole <= needed * 1.12 { return whole }
    }
    return needed
  }
}
