package import Basics
package import Imaging

/// A tissue of the brain as voxels of a run's grid.
package struct Tissue: Sendable {
  /// Flat places on the grid, whether in the brain mask or not.
  package let mask: Mask
  /// Whether it was eroded by one voxel.
  package let isEroded: Bool

  /// The voxels of a tissue map from `threshold` upwards, without those that touch something else.
  ///
  /// When fewer than 20 are left the tissue is taken as it is.
  /// - Parameter probability: on the run's grid.
  package init(_ probability: Volume, threshold: Float = 0.95, name: String) throws(Problem) {
    let grid = probability.grid
    let inside = probability.values.map { $0.isFinite && $0 >= threshold }
    let all = Mask(grid: grid, origin: name) { inside[$0] }
    guard all.count > 0 else {
      throw Problem(
        .data, name, "no voxel reaches \(plainNumber(Double(threshold), 2))",
        expected: "a tissue map of the same head")
    }
    let core = Mask(grid: grid, origin: name) { offset in
      guard inside[offset] else { return false }
      let v = grid.index(at: offset)
      for (di, dj, dk) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)] {
        let n = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
        if !grid.contains(n) || !inside[grid.offset(n)] { return false }
      }
      return true
    }
    isEroded = core.count >= 20
    mask = isEroded ? core : all
  }

  /// Places of the tissue in a run's mask.
  func places(in run: Run) -> [Int] {
    mask.offsets.compactMap { offset in
      let place = run.mask.places[Int(offset)]
      return place >= 0 ? Int(place) : nil
    }
  }
}

/// The largest principal components of a tissue's series (Behzadi 2007, as fMRIPrep makes them).
package struct CompCor: Sendable {
  /// Unit-length series over all frames of the run, the largest first.
  package let components: [[Double]]
  /// Part of the variance that each explains.
  package let explained: [Double]
  package let voxelCount: Int
}

extension Run {
  /// Components of the voxels of a tissue: high-passed with cosines of 128 s and longer, each voxel
  /// scaled to unit variance, then the left singular vectors.
  ///
  /// - Throws: fewer than `count` voxels of the tissue in the run's mask.
  package func compCor(
    _ tissue: Tissue, count: Int = 5, highPassHertz: Double = 1 / 128
  ) throws(Problem) -> CompCor {
    let places = tissue.places(in: self).filter { place in
      series(of: place).allSatisfy(\.isFinite)
    }
    guard places.count >= count else {
      throw Problem(
        .data, tissue.mask.origin, "it shares \(places.count) voxels with the brain mask",
        expected: "at least \(count)", remedy: "Give a mask that includes white matter and CSF")
    }
    var drift = legendre(0, frameCount)
    if let tr = repetitionTimeSeconds { drift += discreteCosines(frameCount, tr, highPassHertz) }
    let model = try LinearAlgebra.complement(of: drift, length: frameCount)
    let n = frameCount
    var columns: [Double] = []
    var used = 0
    for place in places {
      let x = series(of: place)
      let c = LinearAlgebra.product(model.span, model.rank, n, x, 1)
      let fitted = LinearAlgebra.product(c, 1, model.rank, model.span, n)
      let left = zip(x, fitted).map { $0 - $1 }
      let length = left.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let size = x.reduce(0) { max($0, abs($1)) }
      guard length > 1e-9 * size * Double(n).squareRoot() else { continue }
      columns += left.map { $0 / length }
      used += 1
    }
    guard used >= count else {
      throw Problem(
        .data, tissue.mask.origin, "\(used) of its voxels change over time",
        expected: "at least \(count)")
    }
    // Frames are fewer than voxels: the eigenvectors of the frames' covariance.
    let covariance = LinearAlgebra.selfProduct(columns, rows: used, n)
    let found = try LinearAlgebra.leadingEigenvectors(covariance, n, count: count)
    let total = found.values.reduce(0, +)
    return CompCor(
      components: found.vectors, explained: found.values.prefix(count).map { $0 / total },
      voxelCount: used)
  }

  /// Mean series of a tissue's voxels in the mask.
  package func meanSeries(of tissue: Tissue) throws(Problem) -> [Double] {
    let places = tissue.places(in: self)
    guard !places.isEmpty else {
      throw Problem(
        .data, tissue.mask.origin, "it shares no voxel with the brain mask", expected: "an overlap")
    }
    var sum = [Double](repeating: 0, count: frameCount)
    for place in places {
      for (t, x) in series(of: place).enumerated() { sum[t] += x }
    }
    return sum.map { $0 / Double(places.count) }
  }

  /// Confounds made from the run itself, under fMRIPrep's names: mean and five components of white
  /// matter and CSF where their maps are given, and the global signal.
  package func computedConfounds(
    whiteMatter: Tissue?, csf: Tissue?
  ) throws(Problem) -> Confounds {
    var names = ["global_signal"]
    var columns = [globalSignal()]
    for (tissue, mean, prefix) in [
      (whiteMatter, "white_matter", "w_comp_cor_"), (csf, "csf", "c_comp_cor_"),
    ] {
      guard let tissue else { continue }
      names.append(mean)
      columns.append(try meanSeries(of: tissue))
      for (n, component) in try compCor(tissue).components.enumerated() {
        names.append("\(prefix)0\(n)")
        columns.append(component)
      }
    }
    return Confounds(names: names, columns: columns)
  }
}
