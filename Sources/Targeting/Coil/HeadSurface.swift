package import Basics
import Glibc
package import Imaging

/// The outside of a head in a T1 image: where the scalp is, and which way it faces.
package struct HeadSurface: Sendable {
  /// Part of a voxel's neighbourhood that is head, 0…1: the scalp is where `sharp` is a half, and `broad`
  /// says which way it faces there.
  private let sharp: Sampler
  private let broad: Sampler
  /// Centres of head voxels that touch the air.
  private let rim: [WorldPoint]
  /// Mean x of the head, where the middle lies in a native image.
  package let middleX: Double
  package let litres: Double

  /// Blur for the place and for the direction of the scalp, in mm; openings up to twice `closing` are closed.
  private static let placeFWHM = 2.0
  private static let normalFWHM = 10.0
  private static let closing = 6.0
  /// Smaller bright pieces are noise, in mm³.
  private static let leastPiece = 2000.0
  /// A brain without its head is smaller than this.
  private static let leastLitres = 2.0

  /// The head is what is brighter than Otsu's threshold without specks, with openings closed and filled, and
  /// of that the largest piece (targeting.md 2.9). Closed before the piece is taken: dark bone may part the
  /// scalp from the brain all around.
  ///
  /// - Throws: an image in which no head stands out, or a brain without scalp.
  package init(
    _ t1: Volume, fileName: String, progress: WorkProgress = .silent
  ) throws(Problem) {
    let grid = t1.grid
    progress.report("head", 0)
    let none = Problem(
      .data, fileName, "no head stands out in it", expected: "a T1 image of a head")
    guard let level = otsuThreshold(t1.values) else { throw none }
    var bright = [Bool](repeating: false, count: grid.count)
    for piece in connectedPieces(t1.values.map { $0.isFinite && $0 > level }, grid, faces: true)
    where Double(piece.count) * grid.voxelVolume >= Self.leastPiece {
      for offset in piece { bright[offset] = true }
    }
    try progress.check()
    progress.report("head", 0.2)
    guard let head = Mask.largestPiece(Self.closed(bright, grid), grid) else { throw none }
    try progress.check()
    progress.report("head", 0.6)
    let count = head.reduce(0) { $0 + ($1 ? 1 : 0) }
    litres = Double(count) * grid.voxelVolume / 1e6
    guard litres >= Self.leastLitres else {
      throw Problem(
        .data, fileName,
        "what stands out in it has \(fixed(litres, 2)) litres: it looks like a brain without its scalp",
        expected: "the T1 image of the whole head")
    }
    let part = Self.occupancy(head, t1.values, level, grid)
    func blurred(_ fwhm: Double) -> Sampler {
      Sampler(
        Volume(
          grid: grid, values: smoothedValues(part, grid, fwhm: (fwhm, fwhm, fwhm), noData: .zero)),
        .linear)
    }
    sharp = blurred(Self.placeFWHM)
    broad = blurred(Self.normalFWHM)
    (rim, middleX) = Self.rim(head, grid)
    guard !rim.isEmpty else {
      throw Problem(
        .data, fileName, "the head fills the whole image", expected: "air around the head")
    }
    progress.report("head", 1)
  }

  /// Head voxels that touch the air, and the mean x of the head.
  private static func rim(_ head: [Bool], _ grid: Grid) -> (places: [WorldPoint], middleX: Double) {
    var rim: [WorldPoint] = []
    var sum = 0.0
    var count = 0
    let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
    let steps = [1, nx, nx * ny]
    for at in head.indices where head[at] {
      let v = grid.index(at: at)
      let w = grid.world(v)
      sum += w.x
      count += 1
      // The image's own edge is no scalp.
      let isInside =
        v.i > 0 && v.j > 0 && v.k > 0 && v.i < nx - 1 && v.j < ny - 1 && v.k < nz - 1
      if isInside, steps.contains(where: { !head[at - $0] || !head[at + $0] }) { rim.append(w) }
    }
    return (rim, sum / Double(max(1, count)))
  }

  /// Part of every voxel that is head: on the border by how bright it is between air and the brightest of its
  /// neighbours inside, because a border voxel is part scalp and part air.
  private static func occupancy(
    _ head: [Bool], _ values: [Float], _ level: Float, _ grid: Grid
  ) -> [Float] {
    var part = head.map { $0 ? Float(1) : 0 }
    let air =
      boldspectPercentile(
        stride(from: 0, to: values.count, by: 7).filter { !head[$0] && values[$0].isFinite }
          .map { values[$0] }, 50) ?? 0
    let steps = [1, grid.nx, grid.nx * grid.ny]
    func measure(_ at: Int) {
      var isBorder = false
      var tissue: Float = head[at] ? values[at] : -.infinity
      func look(_ n: Int) {
        if head[n] != head[at] { isBorder = true }
        if head[n], values[n].isFinite { tissue = max(tissue, values[n]) }
      }
      for step in steps {
        look(at - step)
        look(at + step)
      }
      // Where the border is not bright it was closed over a gap, and there is nothing to measure.
      guard isBorder, tissue > level, values[at].isFinite else { return }
      part[at] = max(0, min(1, (values[at] - air) / (tissue - air)))
    }
    for k in 1..<max(1, grid.nz - 1) {
      for j in 1..<max(1, grid.ny - 1) {
        let row = (k * grid.ny + j) * grid.nx
        for i in 1..<max(1, grid.nx - 1) { measure(row + i) }
      }
    }
    return part
  }

  /// Fills what the air cannot reach through openings narrower than twice `closing`.
  private static func closed(_ inside: [Bool], _ grid: Grid) -> [Bool] {
    let reach = Float(closing)
    let away = distances(toSet: inside, grid)
    // Air that a ball can reach from the image's edge, then everything within the ball's radius of it.
    let open = Mask.fillHoles(away.map { $0 <= reach }, grid).map { !$0 }
    let back = distances(toSet: open, grid)
    return back.map { $0 > reach }
  }

  package func contains(_ p: WorldPoint) -> Bool {
    let value = sharp.value(at: p)
    return value.isFinite && value >= 0.5
  }

  /// The scalp point nearest to a place, and the unit normal there, pointing out of the head.
  ///
  /// Voxels make a scalp rough by a fraction of a millimetre, and where it is nearly a sphere around the
  /// target one rough spot would decide: the direction is a mean over all places that are as near to
  /// half a millimetre, and the point lies on the scalp in that direction.
  /// - Returns: nil where the image ends before the scalp does.
  package func nearest(to p: WorldPoint) -> (point: WorldPoint, normal: WorldPoint)? {
    // The nearest place from which air leads straight out: a sinus or the throat is no scalp.
    let sorted = rim.indices.map { ($0, rim[$0].distance(to: p)) }.sorted { $0.1 < $1.1 }
    guard let least = sorted.first(where: { isOpen(rim[$0.0]) })?.1 else { return nil }
    var found: [(point: WorldPoint, distance: Double)] = []
    for (n, distance) in sorted where distance >= least - 3 && distance <= least + 3 {
      let start = rim[n]
      guard isOpen(start), let outward = normal(at: start), let point = crossing(start, outward)
      else { continue }
      found.append((point, point.distance(to: p)))
    }
    guard let nearest = found.map(\.distance).min(), nearest > 0 else { return nil }
    var sum = WorldPoint(0, 0, 0)
    for one in found {
      let excess = (one.distance - nearest) / 0.5
      let w = exp(-excess * excess) / one.distance
      for axis in 0..<3 { sum[axis] += w * (one.point[axis] - p[axis]) }
    }
    let length = sum.dot(sum).squareRoot()
    guard length > 0 else { return nil }
    let way = WorldPoint(sum.x / length, sum.y / length, sum.z / length)
    let start = WorldPoint(
      p.x + nearest * way.x, p.y + nearest * way.y, p.z + nearest * way.z)
    guard let point = crossing(start, way), let there = normal(at: point) else { return nil }
    return (point, there)
  }

  /// Whether the line out of the head meets no more of it within 150 mm, and does not lead down: below the
  /// skull there are sinuses, throat and neck, where the image may end before they do.
  private func isOpen(_ p: WorldPoint) -> Bool {
    guard let out = normal(at: p), out.z > -0.5 else { return false }
    for t in stride(from: 5.0, through: 150, by: 2) {
      let value = sharp.value(
        at: WorldPoint(p.x + t * out.x, p.y + t * out.y, p.z + t * out.z))
      if !value.isFinite { return true }
      if value >= 0.5 { return false }
    }
    return true
  }

  /// Out of the head: against the gradient of how much is head.
  private func normal(at p: WorldPoint) -> WorldPoint? {
    var g = WorldPoint(0, 0, 0)
    for axis in 0..<3 {
      var (low, high) = (p, p)
      low[axis] -= 1
      high[axis] += 1
      g[axis] = Double(broad.value(at: low)) - Double(broad.value(at: high))
    }
    let length = (g.x * g.x + g.y * g.y + g.z * g.z).squareRoot()
    guard length.isFinite, length > 1e-6 else { return nil }
    return WorldPoint(g.x / length, g.y / length, g.z / length)
  }

  /// Where half of the neighbourhood is head, on a line through `start`.
  private func crossing(_ start: WorldPoint, _ out: WorldPoint) -> WorldPoint? {
    func at(_ t: Double) -> WorldPoint {
      WorldPoint(start.x + t * out.x, start.y + t * out.y, start.z + t * out.z)
    }
    var (low, high) = (-4.0, 4.0)
    let (inner, outer) = (sharp.value(at: at(low)), sharp.value(at: at(high)))
    guard inner.isFinite, outer.isFinite, inner > 0.5, outer < 0.5 else { return nil }
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if sharp.value(at: at(middle)) > 0.5 { low = middle } else { high = middle }
    }
    return at((low + high) / 2)
  }
}
