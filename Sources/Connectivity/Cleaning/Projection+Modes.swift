internal import Basics
import Imaging

extension Projection {
  /// The same projection on a basis whose vectors go from slow to fast.
  ///
  /// They are the eigenvectors of the roughness Σ (x(i+1) − x(i))²/Δt over kept frames within what the
  /// projection keeps: cosines where nothing but drift is removed, and what is nearest to them under
  /// any filter, confounds and censoring. Squared coordinates are then a spectrum, of which each
  /// number belongs to one mode of the kept series alone.
  func frequencyOrdered() throws(Problem) -> Projection {
    var ordered: [Block] = []
    for block in blocks { ordered.append(try block.frequencyOrdered()) }
    return Projection(blocks: ordered, report: report)
  }

  /// Which modes stand for each other's spectrum.
  var modeSmoothing: ModeSmoothing {
    ModeSmoothing(
      blocks.map(\.degreesOfFreedom),
      inflation: blocks.flatMap {
        [Float](repeating: Float($0.inflation), count: $0.degreesOfFreedom)
      })
  }
}

extension Projection.Block {
  func frequencyOrdered() throws(Problem) -> Projection.Block {
    let (n, d) = (frames.count, degreesOfFreedom)
    var steps = [Double](repeating: 0, count: d * (n - 1))
    for row in 0..<d {
      for i in 0..<n - 1 {
        let gap = Double(frames[i + 1] - frames[i])
        steps[row * (n - 1) + i] =
          (basis[row * n + i + 1] - basis[row * n + i]) / gap.squareRoot()
      }
    }
    let roughness = LinearAlgebra.productTransposed(steps, d, n - 1, steps, d)
    let rotation = try LinearAlgebra.eigenvectors(roughness, d)
    return Projection.Block(
      window: window, frames: frames, basis: LinearAlgebra.product(rotation, d, d, basis, n),
      analysis: LinearAlgebra.product(rotation, d, d, analysis, n), span: span,
      degreesOfFreedom: d, inflation: inflation)
  }
}
