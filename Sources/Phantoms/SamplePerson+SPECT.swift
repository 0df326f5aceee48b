package import Imaging

extension SamplePerson {
  /// A SPECT that looks measured: 4 grey to 1 white, one region with less uptake, 9 mm resolution, on
  /// a grid of its own that is coarser and tilted. Whole numbers.
  package func makeSPECT(_ templates: SampleTemplates) -> Volume {
    let fine = anatomy.grid
    var uptake = (0..<fine.count).map { place -> Float in
      let w = fine.world(at: place)
      let v = templates.anatomy.nearest(w)
      guard v > 0 else { return 0 }
      let csf = max(0, min(1, (70 - v) / 25))
      let white = max(0, min(1, (v - 92) / 16))
      let grey = max(0, 1 - csf - white)
      let label = templates.labels.label(at: w)
      let share = Self.hypoperfusedLabels.contains(label) ? Float(Self.hypoperfusion) : 1
      return (80 * grey + 20 * white) * share
    }
    let kernel = ExactMath.gaussianKernel(sigmaVoxels: 9 / 2.354820045030949 / 2)
    uptake = separableConvolution(uptake, fine, kernels: [kernel, kernel, kernel])
    let blurred = Sampler(Volume(grid: fine, values: uptake), .linear)
    let target = Self.cameraGrid
    var noise = NormalNoise(seed: Self.seed &+ 5)
    let speckle = separableConvolution(
      (0..<target.count).map { _ in Float(noise.next()) }, target,
      kernels: [[0.25, 0.5, 0.25], [0.25, 0.5, 0.25], [0.25, 0.5, 0.25]])
    let values = (0..<target.count).map { place -> Float in
      let v = blurred.value(at: target.world(at: place))
      guard v.isFinite, v > 0.5 else { return 0 }
      return max(0, (10 * (v + 0.9 * speckle[place])).rounded())
    }
    return Volume(grid: target, values: values)
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
