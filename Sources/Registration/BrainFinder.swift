import Basics
import Glibc
package import Imaging

/// What an image shows of a head.
package enum HeadKind: String, Sendable {
  /// Skull and scalp around the brain.
  case wholeHead = "a whole head"
  /// Nothing around the brain, as after stripping, in SPECT or in most EPI.
  case brainOnly = "a brain only"
  /// Something around it, but not what a scalp is.
  case unsure = "a head of which it is not clear whether it has a skull"
}

/// Where the brain of an image is.
package struct FoundBrain: Sendable {
  package var kind: HeadKind
  /// On an upright grid of the finder's own spacing, or on the grid of the mask that was given.
  package var mask: Mask
  /// The share of the directions around the upper brain in which something like a scalp was met.
  package var scalpShare: Double

  package var millilitres: Double { mask.millilitres }
}

/// Finds the brain of a head by a surface that grows from within until it meets what is no brain (Smith 2002,
/// Human Brain Mapping 17:143, the Brain Extraction Tool: its forces and constants), and says whether a scalp
/// lies around it.
package struct BrainFinder {
  /// Spacing of the grid that is searched.
  static let spacing = 2.0
  /// Smith's fractional intensity thresholds, his b_t, one after the other.
  static let shares = [0.5, 0.6, 0.7, 0.8]
  /// The head is searched as far as this below its top: what lies deeper is neck.
  static let depth = 165.0

  /// An edge of the surface is some 4 mm long. One corner may be torn out by a few centimetres, and what the rest
  /// encloses is the brain all the same; an edge longer than a head is no surface any more.
  private static let longestEdge = 200.0
  /// Gaps of twice this width are closed where the brain is found by its brightness, in mm.
  private static let closing: Float = 6

  private let grid: Grid
  private let values: [Float]
  /// Smith's t2, t and t98, and t_m of the brain.
  private var (low, threshold, high, median) = (0.0, 0.0, 0.0, 0.0)
  private var centre = SIMD3<Double>(0, 0, 0)
  private var radius = 0.0

  /// The brain of an image; nil where nothing like one stands out.
  ///
  /// The threshold rises until what is found is no larger than a template's brain: in a coarse or blurred image
  /// the skull is too thin to be dark.
  package static func brain(of volume: Volume) -> FoundBrain? {
    guard var finder = BrainFinder(volume), finder.learnLevels() else { return nil }
    var (mask, first, share) = (Mask?.none, Double?.none, 0.0)
    var mesh = finder.grown(shares[0])
    for (n, level) in shares.enumerated() {
      if n > 0 { for _ in 0..<120 { finder.step(&mesh, level) } }
      guard let found = finder.filled(mesh) else { return nil }
      share = finder.scalpShare(mesh)
      first = first ?? share
      mask = found
      if found.millilitres <= 1900 { break }
    }
    guard var mask, let first else { return nil }
    let kind: HeadKind = share > 0.5 ? .wholeHead : first < 0.2 ? .brainOnly : .unsure
    if kind == .brainOnly, mask.millilitres > 2000 { mask = finder.brightPiece() ?? mask }
    // Less than an infant's brain or more than the inside of any head is none.
    guard (300...2600).contains(mask.millilitres) else { return nil }
    return FoundBrain(kind: kind, mask: mask, scalpShare: share)
  }

  private init?(_ volume: Volume) {
    guard let upright = volume.grid.upright(spacing: Self.spacing, margin: 2) else { return nil }
    grid = upright
    // The finest detail that the grid can hold, and no finer.
    let s = volume.grid.spacing
    func blur(_ mm: Double) -> Double {
      max(0, Self.spacing * Self.spacing - mm * mm).squareRoot()
    }
    values = volume.smoothed(fwhm: (blur(s.0), blur(s.1), blur(s.2)))
      .resampled(to: upright, .linear).values.map { $0.isFinite ? $0 : 0 }
  }

  /// Smith's thresholds, the head's centre and radius; false where nothing stands out.
  private mutating func learnLevels() -> Bool {
    guard let t2 = boldspectPercentile(values, 2), let t98 = boldspectPercentile(values, 98) else {
      return false
    }
    (low, high) = (Double(t2), Double(t98))
    guard high > low else { return false }
    threshold = low + 0.1 * (high - low)
    // The top of the head: the highest plane of which something like a head is bright.
    let plane = grid.nx * grid.ny
    let area = Self.spacing * Self.spacing
    var top = grid.nz - 1
    while top > 0 {
      let bright = values[top * plane..<(top + 1) * plane].reduce(0) {
        $0 + (Double($1) > threshold ? 1 : 0)
      }
      if Double(bright) * area > 1500 { break }
      top -= 1
    }
    let bottom = max(0, top - wholeNumber(Self.depth / Self.spacing, in: 0...1 << 20))
    var (sum, weight, count) = (SIMD3<Double>.zero, 0.0, 0)
    for k in bottom...top {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          let v = Double(values[(k * grid.ny + j) * grid.nx + i])
          guard v > threshold else { continue }
          let w = min(v, high) - low
          sum += w * SIMD3(Double(i), Double(j), Double(k))
          weight += w
          count += 1
        }
      }
    }
    guard count > 100 else { return false }
    centre = sum / weight * Self.spacing
    radius = cbrt(Double(count) * pow(Self.spacing, 3) * 3 / (4 * .pi))
    var inside: [Float] = []
    for (offset, value) in values.enumerated() where Double(value) > low && Double(value) < high {
      let v = grid.index(at: offset)
      let p = SIMD3(Double(v.i), Double(v.j), Double(v.k)) * Self.spacing
      if length(p - centre) < radius { inside.append(value) }
    }
    guard let middle = boldspectPercentile(inside, 50) else { return false }
    median = Double(middle)
    return median > threshold
  }

  /// The value at a place in millimetres from the grid's first voxel; the darkest outside.
  @inline(__always)
  private func value(_ p: SIMD3<Double>) -> Double {
    let v = p / Self.spacing + 0.5
    guard v.x >= 0, v.y >= 0, v.z >= 0, v.x < Double(grid.nx), v.y < Double(grid.ny),
      v.z < Double(grid.nz)
    else { return low }
    // Inside of the grid: small whole numbers.
    return Double(values[(Int(v.z) * grid.ny + Int(v.y)) * grid.nx + Int(v.x)])
  }

  /// The surface after it has grown.
  private func grown(_ share: Double) -> SphereMesh {
    var mesh = SphereMesh()
    for _ in 0..<3 { mesh.refine() }
    mesh.vertices = mesh.vertices.map { centre + $0 * (radius / 2) }
    for _ in 0..<500 { step(&mesh, share) }
    mesh.refine()
    for _ in 0..<200 { step(&mesh, share) }
    return mesh
  }

  /// One step of Smith's update: u = 0.5 s_t + f2 s_n + 0.05 f3 l n.
  private func step(_ mesh: inout SphereMesh, _ share: Double) {
    let normals = mesh.normals()
    let edge = mesh.meanEdge
    // Radii of curvature that are smoothed out little and much, in mm.
    let (rMin, rMax) = (3.33, 10.0)
    let e = (1 / rMin + 1 / rMax) / 2
    let f = 6 / (1 / rMin - 1 / rMax)
    let old = mesh.vertices
    for v in old.indices {
      let p = old[v]
      let n = normals[v]
      var mean = SIMD3<Double>.zero
      for other in mesh.neighbours[v] { mean += old[other] }
      let s = mean / Double(mesh.neighbours[v].count) - p
      let along = dot(s, n)
      let sn = along * n
      let curvature = 2 * abs(along) / (edge * edge)
      let f2 = (1 + tanh(f * (curvature - e))) / 2
      mesh.vertices[v] = p + 0.5 * (s - sn) + f2 * sn + 0.05 * pull(p, n, share) * edge * n
    }
  }

  /// Smith's f3: outwards as long as the darkest value within 20 mm inwards is brain.
  private func pull(_ p: SIMD3<Double>, _ n: SIMD3<Double>, _ share: Double) -> Double {
    var (least, most) = (median, threshold)
    var d = 0.0
    while d <= 20 {
      let x = value(p - d * n)
      least = min(least, x)
      if d <= 10 { most = max(most, x) }
      d += Self.spacing
    }
    least = max(low, least)
    most = min(median, most)
    guard most > low else { return -1 }
    let local = (most - low) * share + low
    return 2 * (least - local) / (most - low)
  }

  /// The voxels inside of a surface.
  private func filled(_ mesh: SphereMesh) -> Mask? {
    var wall = [Bool](repeating: false, count: grid.count)
    let step = Self.spacing / 2
    for f in mesh.faces {
      let (a, b, c) = (mesh.vertices[f[0]], mesh.vertices[f[1]], mesh.vertices[f[2]])
      let longest = max(length(b - a), length(c - a), length(c - b))
      // A surface that has flown apart encloses no brain, and its faces have no end.
      guard longest <= Self.longestEdge else { return nil }
      let n = max(1, (longest / step).rounded(.up))
      let count = wholeNumber(n, in: 1...10_000)
      for i in 0...count {
        for j in 0...count - i {
          let p = a + (b - a) * (Double(i) / n) + (c - a) * (Double(j) / n)
          let v = (p / Self.spacing).rounded(.toNearestOrAwayFromZero)
          let index = VoxelIndex(
            wholeNumber(v.x, in: -1...1 << 20), wholeNumber(v.y, in: -1...1 << 20),
            wholeNumber(v.z, in: -1...1 << 20))
          if grid.contains(index) { wall[grid.offset(index)] = true }
        }
      }
    }
    let inside = Mask.fillHoles(wall, grid)
    let mask = Mask(grid: grid, origin: "FOUND") { inside[$0] }
    return mask.count > 0 ? mask : nil
  }

  /// Where nothing but a brain is, blurred beyond its edge: what is at least half as bright as the bright parts.
  private func brightPiece() -> Mask? {
    let level = low + 0.45 * (high - low)
    guard let piece = Mask.largestPiece(values.map { Double($0) > level }, grid) else { return nil }
    // Closed over the sulci, as the grown surface is.
    let near = distances(toSet: Mask.fillHoles(piece, grid), grid).map { $0 <= Self.closing }
    let inside = distances(toSet: near.map { !$0 }, grid).map { $0 > Self.closing }
    return Mask(grid: grid, origin: "FOUND") { inside[$0] }
  }

  /// The share of the directions around the upper brain in which the image gets dark behind the surface and then
  /// bright again: skull and scalp.
  private func scalpShare(_ mesh: SphereMesh) -> Double {
    let normals = mesh.normals()
    let rise = 0.2 * (median - low)
    var (met, all) = (0, 0)
    for (p, n) in zip(mesh.vertices, normals) where n.z > 0.2 {
      all += 1
      var least = Double.infinity
      var d = Self.spacing
      while d <= 30 {
        let x = value(p + d * n)
        least = min(least, x)
        if least < 0.6 * median, x - least > rise {
          met += 1
          break
        }
        d += Self.spacing
      }
    }
    return all > 0 ? Double(met) / Double(all) : 0
  }
}

extension Grid {
  /// A grid along the world's axes that holds this one with a margin of voxels, at equal spacing; nil where it
  /// would be larger than any head needs.
  package func upright(spacing step: Double, margin: Int = 0) -> Grid? {
    var (low, high) = (corners[0], corners[0])
    for c in corners {
      for axis in 0..<3 {
        low[axis] = min(low[axis], c[axis])
        high[axis] = max(high[axis], c[axis])
      }
    }
    var size = [0, 0, 0]
    for axis in 0..<3 {
      size[axis] =
        wholeNumber(((high[axis] - low[axis]) / step).rounded(.up), in: 0...1 << 20) + 1
        + 2 * margin
      low[axis] -= Double(margin) * step
    }
    guard size.allSatisfy({ $0 <= 2048 }), size[0] * size[1] * size[2] <= 1 << 27 else {
      return nil
    }
    return Grid(
      dimensions: (size[0], size[1], size[2]),
      worldFromVoxel: Affine(spacing: (step, step, step), origin: low))
  }
}

extension Mask {
  package var millilitres: Double { Double(count) * grid.voxelVolume / 1000 }
}
