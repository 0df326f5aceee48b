import Basics

/// What a camera of a Gaussian point spread sees of a run, which does not cover everything that a camera sees.
///
/// A brain's edge against air is a true edge: outside the mask there is no tracer, and that counts as 0 as a
/// camera counts it (spect.md 2.1: not normalised by the mask). What was not measured is neither brain nor air:
/// a voxel of the mask without a number, what lies outside the field of view (`Mask.outsideField`), and what
/// lies beyond the outermost slices where these end in the brain. The kernel is normalised over the rest.
extension Mask {
  /// Below this share of the kernel that was measured there is no data. In a corner of three cut planes an eighth
  /// is left, so this takes only what stands alone.
  package static let leastMeasuredShare: Float = 0.1

  /// How much of a Gaussian around each voxel of a box lies where nothing was measured, i fastest.
  ///
  /// - Parameters:
  ///   - values: one per mask voxel; no number is no data.
  ///   - box: nil takes the whole grid.
  /// - Returns: nil where everything within reach was measured.
  package func unmeasuredShare(
    _ values: [Float], fwhm: (Double, Double, Double), box: VoxelBox? = nil
  ) -> [Float]? {
    precondition(values.count == count)
    let kernels = gaussianKernels(grid, fwhm: fwhm)
    let n = [grid.nx, grid.ny, grid.nz]
    let low = box.map { [$0.low.i, $0.low.j, $0.low.k] } ?? [0, 0, 0]
    let high = box.map { [$0.high.i, $0.high.j, $0.high.k] } ?? n.map { $0 - 1 }
    let reach = kernels.map { $0.count / 2 }
    let from = zip(low, reach).map { $0 - $1 }
    let size: [Int] = (0..<3).map { axis in high[axis] + reach[axis] - from[axis] + 1 }
    let (width, depth, rowCount) = (size[0], size[1], size[1] * size[2])
    let unknown = [Float](count: width * rowCount, filledByChunksOf: rowCount, grain: 64) {
      rows, out in
      for row in rows {
        let (j, k) = (from[1] + row % depth, from[2] + row / depth)
        let (nearJ, nearK) = (clamped(j, n[1]), clamped(k, n[2]))
        let start = grid.offset(VoxelIndex(0, nearJ, nearK))
        for column in 0..<width {
          let i = from[0] + column
          let nearI = clamped(i, n[0])
          let isBeyond = nearI != i || nearJ != j || nearK != k
          let isUnknown = isUnknown(values, start + nearI, isBeyond: isBeyond)
          out[row * width + column] = isUnknown ? 1 : 0
        }
      }
    }
    guard unknown.contains(1) else { return nil }
    return convolvedBox(unknown, kernels, from: from, size: size, low: low, high: high)
  }

  private func clamped(_ at: Int, _ n: Int) -> Int { min(max(at, 0), n - 1) }

  /// - Parameter isBeyond: asks of what continues a voxel of the outermost slices, not of itself.
  @inline(__always)
  private func isUnknown(_ values: [Float], _ offset: Int, isBeyond: Bool) -> Bool {
    let place = places[offset]
    if place >= 0 { return isBeyond || !values[Int(place)].isFinite }
    return !outsideField.isEmpty && outsideField[offset]
  }

  /// One value per mask voxel as a camera sees it: convolved, normalised over what was measured; NaN where there
  /// was no number or too little was measured.
  package func seenThroughCamera(_ values: [Float], fwhm: (Double, Double, Double)) -> [Float] {
    let blurred = smoothedValues(volume(values).values, grid, fwhm: fwhm, noData: .zero)
    let share = unmeasuredShare(values, fwhm: fwhm)
    return offsets.indices.map { place in
      let offset = Int(offsets[place])
      return measured(blurred[offset], values[place], share?[offset] ?? 0)
    }
  }

  /// The same for the voxels of a box, by computing no more than they need; NaN outside the box and the mask.
  package func seenThroughCamera(
    _ values: [Float], fwhm: (Double, Double, Double), in box: VoxelBox
  ) -> Volume {
    var out = [Float](repeating: .nan, count: grid.count)
    let part = smoothedValues(values, places: places, grid, fwhm: fwhm, box: box)
    let share = unmeasuredShare(values, fwhm: fwhm, box: box)
    var at = 0
    for k in box.low.k...box.high.k {
      for j in box.low.j...box.high.j {
        for i in box.low.i...box.high.i {
          let offset = grid.offset(VoxelIndex(i, j, k))
          let place = places[offset]
          if place >= 0 { out[offset] = measured(part[at], values[Int(place)], share?[at] ?? 0) }
          at += 1
        }
      }
    }
    return Volume(grid: grid, values: out)
  }

  @inline(__always)
  private func measured(_ blurred: Float, _ own: Float, _ unmeasured: Float) -> Float {
    guard own.isFinite, 1 - unmeasured >= Self.leastMeasuredShare else { return .nan }
    return unmeasured == 0 ? blurred : blurred / (1 - unmeasured)
  }

  /// Voxels outside the mask that lie outside the field of view: without a number or 0 in every frame, and
  /// connected to an outermost plane that is so as a whole.
  ///
  /// Nothing is known of it where the background was set to 0, as after brain extraction: where there is hardly
  /// any signal further than `airDistance` from the mask, 0 says nothing about the field of view.
  func voxelsOutsideField(of mean: Volume) -> [Bool] {
    guard mean.values.count == grid.count, count > 0 else { return [] }
    let isEmpty = mean.values.indices.map { n in
      places[n] < 0 && (!mean.values[n].isFinite || mean.values[n] == 0)
    }
    var queue = emptyOutermostPlanes(isEmpty)
    guard !queue.isEmpty, airVoxels(isEmpty) * 10 >= count else { return [] }
    var outside = [Bool](repeating: false, count: grid.count)
    for offset in queue { outside[offset] = true }
    while let at = queue.popLast() {
      visitNeighbours(of: at, grid, faces: true) { next in
        if isEmpty[next], !outside[next] {
          outside[next] = true
          queue.append(next)
        }
      }
    }
    return outside
  }

  /// Millimetres from the mask beyond which no part of a head that was cut out lies.
  private static let airDistance = 15.0

  /// The voxels of the grid's outermost planes of which at least 98 % are empty.
  private func emptyOutermostPlanes(_ isEmpty: [Bool]) -> [Int] {
    var out: [Int] = []
    for axis in 0..<3 {
      for isLast in [false, true] {
        let plane = outermostPlane(axis, isLast: isLast)
        let empty = plane.filter { isEmpty[$0] }
        if empty.count * 100 >= 98 * plane.count { out += empty }
      }
    }
    return out
  }

  /// The voxels of the grid's first or last plane along an axis; of a grid of one plane the last is none.
  private func outermostPlane(_ axis: Int, isLast: Bool) -> [Int] {
    let n = [grid.nx, grid.ny, grid.nz]
    let strides = [1, grid.nx, grid.nx * grid.ny]
    guard !isLast || n[axis] > 1 else { return [] }
    let (a, b) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
    let first = isLast ? (n[axis] - 1) * strides[axis] : 0
    return (0..<n[b]).flatMap { j in
      (0..<n[a]).map { first + $0 * strides[a] + j * strides[b] }
    }
  }

  /// How many voxels with signal lie further than `airDistance` from the mask along the axes.
  private func airVoxels(_ isEmpty: [Bool]) -> Int {
    var near = places.map { $0 >= 0 }
    widen(&near, by: Self.airDistance)
    return near.indices.reduce(0) { $0 + (!near[$1] && !isEmpty[$1] ? 1 : 0) }
  }

  /// What of a template's brain a run has no data of, where extraction set its background to 0: neither its brain
  /// nor air. What is thinner than a centimetre is the difference between two brains' outlines and is left out.
  func brainOutsideField(of mean: Volume, _ brain: (WorldPoint) -> Bool) -> [Bool] {
    guard mean.values.count == grid.count, count > 0 else { return [] }
    let missing = mean.values.indices.map { n in
      places[n] < 0 && (!mean.values[n].isFinite || mean.values[n] == 0) && brain(grid.world(at: n))
    }
    var thick = missing.map { !$0 }
    widen(&thick, by: Self.outlineDistance)
    thick = thick.map { !$0 }
    widen(&thick, by: Self.outlineDistance)
    let outside = missing.indices.map { missing[$0] && thick[$0] }
    return outside.contains(true) ? outside : []
  }

  /// Half of the thickness, in mm, below which two brains' outlines differ.
  private static let outlineDistance = 6.0

  /// Sets what lies within so many millimetres along each axis of what is set.
  private func widen(_ near: inout [Bool], by millimetres: Double) {
    let (n, s) = ([grid.nx, grid.ny, grid.nz], grid.spacing)
    let strides = [1, grid.nx, grid.nx * grid.ny]
    for (axis, spacing) in [s.0, s.1, s.2].enumerated() {
      let reach = wholeNumber((millimetres / spacing).rounded(.up), in: 0...max(1, n[axis]))
      let stride = strides[axis]
      for start in 0..<grid.count where start / stride % n[axis] == 0 {
        widen(&near, start, stride, n[axis], reach)
      }
    }
  }

  /// Sets what lies within `reach` of what is set along one line.
  private func widen(_ near: inout [Bool], _ start: Int, _ stride: Int, _ n: Int, _ reach: Int) {
    let line = (0..<n).map { near[start + $0 * stride] }
    var last = Int.min / 2
    for at in 0..<n {
      if line[at] { last = at }
      if at - last <= reach { near[start + at * stride] = true }
    }
    last = Int.max / 2
    for at in (0..<n).reversed() {
      if line[at] { last = at }
      if last - at <= reach { near[start + at * stride] = true }
    }
  }
}

/// Where a camera's picture of a run has no data, and where it rests on a part of the kernel.
package struct MeasuredPart: Sendable, Equatable {
  /// Voxels of the mask.
  package let voxels: Int
  /// Of these without data.
  package let withoutData: Int
  /// Of these with data, but with less than 95 % of the kernel where something was measured.
  package let atEdge: Int

  /// - Parameters:
  ///   - values: before the camera, one per mask voxel.
  ///   - fwhm: of the kernel along each voxel axis.
  package init(of values: [Float], in mask: Mask, fwhm: (Double, Double, Double)) {
    let share = mask.unmeasuredShare(values, fwhm: fwhm)
    var (none, edge) = (0, 0)
    for (place, offset) in mask.offsets.enumerated() {
      let missing = share?[Int(offset)] ?? 0
      if !values[place].isFinite || 1 - missing < Mask.leastMeasuredShare {
        none += 1
      } else if missing > 0.05 {
        edge += 1
      }
    }
    (voxels, withoutData, atEdge) = (mask.count, none, edge)
  }

  /// What must be said of it; nil where everything was measured.
  package var words: String? {
    var parts: [String] = []
    if withoutData > 0 {
      parts.append("\(withoutData) of \(voxels) voxels of the mask have no data and are NaN")
    }
    if atEdge > 0 {
      parts.append(
        "\(atEdge) lie so near to the edge of what was measured that part of the camera's kernel has no data: "
          + "they are means of the rest")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension Mask {
  /// An image for a camera that blurs by itself: what was not measured, within the mask and a few kernels beyond
  /// the field of view, is the mean of what was measured around it, so that no defect is made of it. Air is 0.
  ///
  /// On a grid that is wider where that is needed.
  package func filled(_ values: [Float], fwhm: Double) -> Volume {
    let around = (fwhm, fwhm, fwhm)
    guard unmeasuredShare(values, fwhm: around) != nil else {
      var out = [Float](repeating: 0, count: grid.count)
      for (place, offset) in offsets.enumerated() { out[Int(offset)] = values[place] }
      return Volume(grid: grid, values: out)
    }
    let kernels = gaussianKernels(grid, fwhm: around)
    let pad = kernels.map { $0.count / 2 }
    let n = [grid.nx, grid.ny, grid.nz]
    let size = (0..<3).map { n[$0] + 2 * pad[$0] }
    let origin = grid.worldFromVoxel.applied(-Double(pad[0]), -Double(pad[1]), -Double(pad[2]))
    var rows = grid.worldFromVoxel.rows
    (rows[0][3], rows[1][3], rows[2][3]) = origin
    guard
      let wide = Grid(
        dimensions: (size[0], size[1], size[2]), worldFromVoxel: Affine(rows: rows))
    else { return volume(values) }
    var data = [Float](repeating: 0, count: wide.count)
    var known = [Float](repeating: 1, count: wide.count)
    for at in 0..<wide.count {
      let v = wide.index(at: at)
      let own = [v.i - pad[0], v.j - pad[1], v.k - pad[2]]
      let near = (0..<3).map { clamped(own[$0], n[$0]) }
      let offset = grid.offset(VoxelIndex(near[0], near[1], near[2]))
      if isUnknown(values, offset, isBeyond: own != near) {
        known[at] = 0
      } else if own == near, places[offset] >= 0 {
        data[at] = values[Int(places[offset])]
      }
    }
    let sums = separableConvolution(data, wide, kernels: kernels)
    let weights = separableConvolution(known, wide, kernels: kernels)
    return Volume(
      grid: wide,
      values: (0..<wide.count).map {
        known[$0] > 0 ? data[$0] : weights[$0] > 1e-3 ? sums[$0] / weights[$0] : 0
      })
  }

  /// Where an image of values has no data: voxels of the mask without a number, and those outside the field of view.
  package func withoutData(_ values: [Float]) -> [Bool] {
    (0..<grid.count).map { isUnknown(values, $0, isBeyond: false) }
  }
}
