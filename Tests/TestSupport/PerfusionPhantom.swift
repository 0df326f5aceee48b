import Basics
import Glibc
package import Imaging

/// People made by rule: a head of grey and white matter, differences between people of about 5 %, and
/// in patients 20 % less in regions that hold half of the counts.
package enum PerfusionPhantom {
  package static let grid = Small.grid(
    44, 54, 44, spacing: (4, 4, 4), origin: WorldPoint(-86, -118, -66))

  /// A head without any difference between people.
  package static let template = Volume(
    grid: grid,
    values: (0..<grid.count).map { offset in
      let w = grid.world(at: offset)
      let (x, y, z) = (w.x / 68, (w.y + 16) / 86, (w.z - 18) / 70)
      let r = x * x + y * y + z * z
      return r > 1 ? 0 : r > 0.62 || (r < 0.12 && abs(w.x) > 8) ? 80 : 30
    }
  ).smoothed(fwhm: 9, noData: .zero)

  /// Behind this plane lies half of the counts.
  package static let halfPlane: Double = {
    let sums = (0..<grid.ny).map { j in
      (0..<grid.nz).reduce(0.0) { sum, k in
        (0..<grid.nx).reduce(sum) { $0 + Double(template[VoxelIndex($1, j, k)]) }
      }
    }
    var left = sums.reduce(0, +) / 2
    for j in 0..<grid.ny {
      left -= sums[j]
      if left <= 0 { return grid.world(VoxelIndex(0, j, 0)).y }
    }
    return 0
  }()

  package static func isAffected(_ offset: Int) -> Bool { grid.world(at: offset).y <= halfPlane }

  package static func person(_ seed: UInt64, decrease: Double = 0) -> Volume {
    var generator = SeededGenerator(seed: seed)
    func noise(_ fwhm: Double, sd: Double) -> [Float] {
      let white = Volume(
        grid: grid,
        values: (0..<grid.count).map { _ in
          Float(
            (-2 * log(1 - generator.uniform())).squareRoot()
              * cos(2 * Double.pi * generator.uniform()))
        }
      ).smoothed(fwhm: fwhm, noData: .zero).values
      let all = (white.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(white.count))
        .squareRoot()
      return white.map { Float(Double($0) * sd / all) }
    }
    let regional = noise(25, sd: 0.045)
    let counts = noise(9, sd: 0.03)
    let dose = 0.7 + 0.6 * generator.uniform()
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { offset in
        let share = isAffected(offset) ? 1 - decrease : 1
        return Float(
          dose * Double(template.values[offset]) * share
            * (1 + Double(regional[offset]) + Double(counts[offset])))
      })
  }

  package static let normals = (1...16).map { person(UInt64($0)) }
}
