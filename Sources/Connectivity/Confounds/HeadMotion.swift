import Glibc
package import Imaging

/// Head position per frame, as realignment found it.
package struct HeadMotion: Sendable, Equatable {
  /// Translations along x, y, z in mm, one array per axis.
  package let translations: [[Double]]
  /// Rotations about x, y, z in radians, one array per axis.
  package let rotations: [[Double]]

  package var frameCount: Int { translations[0].count }

  /// The motion columns of a table; nil when it has not all six.
  package init?(_ table: Confounds) {
    func three(_ names: [String]) -> [[Double]]? {
      let found = names.compactMap(table.column)
      return found.count == 3 ? found : nil
    }
    guard let t = three(["trans_x", "trans_y", "trans_z"]),
      let r = three(["rot_x", "rot_y", "rot_z"])
    else { return nil }
    translations = t
    rotations = r
  }

  package init(translations: [[Double]], rotations: [[Double]]) {
    self.translations = translations
    self.rotations = rotations
  }

  /// Framewise displacement of Power 2012 in mm: Σ|Δtranslation| + 50 mm · Σ|Δrotation|. The first
  /// frame has none (NaN).
  package var powerDisplacement: [Double] {
    (0..<frameCount).map { t in
      guard t > 0 else { return .nan }
      var sum = 0.0
      for axis in 0..<3 {
        sum += abs(translations[axis][t] - translations[axis][t - 1])
        sum += 50 * abs(rotations[axis][t] - rotations[axis][t - 1])
      }
      return sum
    }
  }

  /// Framewise displacement of Jenkinson 2002 in mm: √(R²/5·tr(AᵀA) + bᵀb) of the movement from one
  /// frame to the next, for a sphere of R = 80 mm around `centre`. The first frame has none (NaN).
  package func jenkinsonDisplacement(centre: WorldPoint = WorldPoint(0, 0, 0)) -> [Double] {
    let radius = 80.0
    return (0..<frameCount).map { t in
      guard t > 0 else { return .nan }
      guard let back = pose(t - 1).inverse else { return .nan }
      let m = pose(t).composed(after: back)
      var trace = 0.0
      var offset = 0.0
      for row in 0..<3 {
        var b = m.rows[row][3]
        for column in 0..<3 {
          let a = m.rows[row][column] - (row == column ? 1 : 0)
          trace += a * a
          b += a * centre[column]
        }
        offset += b * b
      }
      return (radius * radius / 5 * trace + offset).squareRoot()
    }
  }

  /// Rotation about x, then y, then z, then translation.
  private func pose(_ t: Int) -> Affine {
    let (a, b, c) = (rotations[0][t], rotations[1][t], rotations[2][t])
    let x = Affine(rows: [[1, 0, 0, 0], [0, cos(a), -sin(a), 0], [0, sin(a), cos(a), 0]])
    let y = Affine(rows: [[cos(b), 0, sin(b), 0], [0, 1, 0, 0], [-sin(b), 0, cos(b), 0]])
    let z = Affine(rows: [[cos(c), -sin(c), 0, 0], [sin(c), cos(c), 0, 0], [0, 0, 1, 0]])
    let turned = z.composed(after: y).composed(after: x)
    var rows = turned.rows
    for axis in 0..<3 { rows[axis][3] = translations[axis][t] }
    return Affine(rows: rows)
  }
}
