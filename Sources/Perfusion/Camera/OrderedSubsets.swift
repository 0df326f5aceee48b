package import Basics
import Imaging

extension Projector {
  /// Activity by OSEM, i fastest, never negative, zero outside the field of view.
  ///
  /// x ← x · Aₛ'(y / (Aₛ x + b)) / Aₛ'1 for every subset s (Hudson and Larkin 1994), from a uniform
  /// image. Subset s holds the views s, s + subsets, …; A is this projector: one that blurs gives
  /// resolution recovery.
  ///
  /// - Parameter background: expected scatter per pixel of each view; empty for none.
  /// - Throws: subsets that the views cannot be shared out in; that the person cancelled.
  package func orderedSubsets(
    _ projections: Projections, iterations: Int = 4, subsets: Int = 8, background: [Float] = [],
    progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    let a = acquisition
    guard (1...100).contains(iterations), subsets >= 1, subsets <= a.views else {
      throw Problem(
        .usage, "--subsets", "\(iterations) iterations of \(subsets) subsets are not possible",
        expected: "1 to 100 iterations, at most as many subsets as views (\(a.views))")
    }
    let perView = a.matrix * a.slices
    let views = (0..<subsets).map { Array(Swift.stride(from: $0, to: a.views, by: subsets)) }
    let steps = Double(subsets * (iterations * 2 + 1))
    var done = 0.0
    func step(_ part: Double) throws(Problem) {
      done += part
      progress.report("reconstructing", done / steps)
      try progress.check()
    }
    var sensitivities: [[Float]] = []
    for subset in views {
      let ones = [Float](repeating: 1, count: perView * subset.count)
      sensitivities.append(backProjected(ones, views: subset))
      try step(1)
    }
    var rows = [Float](repeating: 0, count: layout.count)
    let largest = sensitivities.map { $0.max() ?? 0 }
    for n in rows.indices where sensitivities[0][n] > 1e-4 * largest[0] { rows[n] = 1 }
    for _ in 0..<iterations {
      for (s, subset) in views.enumerated() {
        var ratio = projected(rows: rows, views: subset)
        for (place, view) in subset.enumerated() {
          let b = background.isEmpty ? 0 : background[view]
          for n in 0..<perView {
            let expected = ratio[place * perView + n] + b
            let measured = projections.values[view * perView + n]
            ratio[place * perView + n] = expected > 1e-9 ? measured / expected : 0
          }
        }
        try step(1)
        let back = backProjected(ratio, views: subset)
        let sensitivity = sensitivities[s]
        let least = 1e-4 * largest[s]
        for n in rows.indices {
          rows[n] = sensitivity[n] > least ? rows[n] * back[n] / sensitivity[n] : 0
        }
        try step(1)
      }
    }
    return layout.image(from: rows)
  }
}
