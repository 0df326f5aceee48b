package import Imaging

extension SamplePerson {
  /// A SPECT that looks measured: 4 grey to 1 white, one region with less uptake, 9 mm resolution, on
  /// a grid of its own that is coarser and tilted. Whole numbers.
  package func makeSPECT(_ templates: SampleTemplates) -> Volume {
    let uptake = Self.seenUptake(
      templates, on: anatomy.grid, lesion: Self.hypoperfusedLabels)
    let blurred = Sampler(uptake, .linear)
    let varied = Sampler(SampleVariation.field(seed: personSeed), .linear)
    let target = Self.cameraGrid
    var noise = NormalNoise(seed: runSeed &+ 5)
    let speckle = separableConvolution(
      (0..<target.count).map { _ in Float(noise.next()) }, target,
      kernels: [[0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.25, 0.5, 0.25]])
    let values = (0..<target.count).map { place -> Float in
      let w = target.world(at: place)
      let v = blurred.value(at: w)
      guard v.isFinite, v > 0.5 else { return 0 }
      return max(0, (10 * (v * (1 + varied.value(at: w)) + 0.9 * speckle[place])).rounded())
    }
    return Volume(grid: target, values: values)
  }

  /// Uptake at 9 mm resolution before noise: 80 grey, 20 white matter, CSF dark.
  ///
  /// - Parameter lesion: AAL labels of what takes up less.
  static func seenUptake(
    _ templates: SampleTemplates, on grid: Grid, lesion: Set<Int32>
  ) -> Volume {
    let uptake = (0..<grid.count).map { place -> Float in
      let w = grid.world(at: place)
      let v = templates.anatomy.nearest(w)
      guard v > 0 else { return 0 }
      let here = TissueShares(brightness: v)
      let share = lesion.contains(templates.labels.label(at: w)) ? Float(hypoperfusion) : 1
      return (80 * here.grey + 20 * here.white) * share
    }
    let kernel = ExactMath.gaussianKernel(sigmaVoxels: 9 / 2.354820045030949 / grid.spacing.0)
    return Volume(
      grid: grid, values: separableConvolution(uptake, grid, kernels: [kernel, kernel, kernel]))
  }

  /// 4 mm, turned by rational angles so that no sine is needed: 7.6° about x, 4.6° about z.
  private static var cameraGrid: Grid {
    func turn(_ t: Double) -> (cosine: Double, sine: Double) {
      ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
    }
    let (cx, sx) = turn(1.0 / 15)
    let (cz, sz) = turn(1.0 / 25)
    // Rz · Rx, columns scaled to 4 mm.
    let rows = [
      [4 * cz, -4 * sz * cx, 4 * sz * sx], [4 * sz, 4 * cz * cx, -4 * cz * sx],
      [0, 4 * sx, 4 * cx],
    ]
    let size = (50, 58, 48)
    let middle = [Double(size.0 - 1) / 2, Double(size.1 - 1) / 2, Double(size.2 - 1) / 2]
    let centre = [0.0, -18.0, 12.0]
    let full = (0..<3).map { r -> [Double] in
      let reach = rows[r][0] * middle[0] + rows[r][1] * middle[1] + rows[r][2] * middle[2]
      return rows[r] + [centre[r] - reach]
    }
    guard let grid = Grid(dimensions: size, worldFromVoxel: Affine(rows: full)) else {
      preconditionFailure("the sample's own grid is valid")
    }
    return grid
  }
}
