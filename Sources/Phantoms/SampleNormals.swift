package import Imaging

/// How perfusion varies over the brain from one person to the next.
enum SampleVariation {
  /// 5 % over lobes and 2 % over gyri: normals differ by 4.8 % between people (Van Laere 2001).
  static func field(seed: UInt64) -> Volume {
    let grid = SamplePerson.grid(4)
    var noise = NormalNoise(seed: seed)
    var sum = [Float](repeating: 0, count: grid.count)
    for (fwhm, share) in [(22.0, Float(0.045)), (9.0, Float(0.02))] {
      let kernel = ExactMath.gaussianKernel(sigmaVoxels: fwhm / 2.354820045030949 / 4)
      let left = kernel.reduce(Float(0)) { $0 + $1 * $1 }
      let scale = share / (left * left.squareRoot())
      let white = (0..<grid.count).map { _ in scale * Float(noise.next()) }
      let smooth = separableConvolution(white, grid, kernels: [kernel, kernel, kernel])
      for n in sum.indices { sum[n] += smooth[n] }
    }
    return Volume(grid: grid, values: sum)
  }
}

/// Twenty generated normals, whose numbers a synthetic person is held against.
package enum SampleNormals {
  package static let count = 20

  /// Mean and standard deviation of their perfusion at 4 mm, whole numbers in the unit of `makeSPECT`.
  package static func perfusion(_ templates: SampleTemplates) -> (mean: Volume, sd: Volume) {
    let fine = SamplePerson.grid(2)
    let seen = Sampler(SamplePerson.seenUptake(templates, on: fine, lesion: []), .linear)
    let grid = SamplePerson.grid(4)
    let base = (0..<grid.count).map { place -> Float in
      let v = seen.value(at: grid.world(at: place))
      return v.isFinite && v > 0.5 ? v : 0
    }
    var sum = [Float](repeating: 0, count: grid.count)
    var squares = sum
    for number in 1...count {
      let field = SampleVariation.field(seed: 40_009 &* UInt64(number)).values
      for n in sum.indices {
        sum[n] += field[n]
        squares[n] += field[n] * field[n]
      }
    }
    let people = Float(count)
    var (mean, sd) = (base, base)
    for n in base.indices {
      let middle = sum[n] / people
      let variance = max(0, (squares[n] - people * middle * middle) / (people - 1))
      mean[n] = (10 * base[n] * (1 + middle)).rounded()
      sd[n] = (10 * base[n] * variance.squareRoot()).rounded()
    }
    return (Volume(grid: grid, values: mean), Volume(grid: grid, values: sd))
  }
}
