package import Basics
package import Imaging

/// A run at a glance: groups of voxels by frames, grey for how far each frame lies from the group's
/// mean, ordered by how much the voxels follow the global signal (Aquino 2020).
package struct Carpet: Sendable {
  package let rowCount: Int
  package let frameCount: Int
  /// Standard deviations, row by row; drift up to the second degree is gone.
  package let values: [Float]

  package func value(_ row: Int, _ frame: Int) -> Float { values[row * frameCount + frame] }
}

extension Run {
  /// - Parameters:
  ///   - rows: groups of voxels.
  ///   - sample: at most so many voxels are looked at, evenly over the mask.
  package func carpet(
    rows: Int = 120, sample: Int = 6000, progress: WorkProgress = .silent
  ) throws(Problem) -> Carpet {
    let t = frameCount
    let drift = try LinearAlgebra.complement(of: legendre(2, t), length: t)
    let step = max(1, voxelCount / sample)
    var all: [[Double]] = []
    for place in stride(from: step / 2, to: voxelCount, by: step) {
      if all.count % 500 == 0 { try progress.check() }
      let x = series(of: place)
      guard x.allSatisfy(\.isFinite) else { continue }
      let c = LinearAlgebra.product(drift.span, drift.rank, t, x, 1)
      let fitted = LinearAlgebra.product(c, 1, drift.rank, drift.span, t)
      let left = zip(x, fitted).map { $0 - $1 }
      let sd = (left.reduce(0) { $0 + $1 * $1 } / Double(max(1, t - 1))).squareRoot()
      if sd > 1e-9 * (x.map(abs).max() ?? 1) { all.append(left.map { $0 / sd }) }
    }
    guard !all.isEmpty else {
      throw Problem(.data, "the run", "no voxel of it changes", expected: "a BOLD run")
    }
    let mean = (0..<t).map { frame in all.reduce(0.0) { $0 + $1[frame] } }
    let order = all.indices.map { n in
      (n, zip(all[n], mean).reduce(0.0) { $0 + $1.0 * $1.1 })
    }.sorted { ($0.1, $0.0) > ($1.1, $1.0) }.map(\.0)
    let count = min(rows, all.count)
    var values: [Float] = []
    for row in 0..<count {
      let group = order[(row * all.count / count)..<((row + 1) * all.count / count)]
      for frame in 0..<t {
        values.append(Float(group.reduce(0.0) { $0 + all[$1][frame] } / Double(group.count)))
      }
    }
    return Carpet(rowCount: count, frameCount: t, values: values)
  }
}
