import Basics
import Imaging

/// What FSL's linear and nonlinear registration write: FLIRT's matrix, or a field on the grid of the reference.
struct FSLTransform {
  private let path: String
  private let name: String

  init(_ path: String) {
    self.path = path
    name = fileName(path)
  }

  /// FSL's millimetres from voxels: voxel times size, x counted from the other end where the affine keeps
  /// handedness (FSL's newimage coordinates).
  static func scaled(_ grid: Grid) -> Affine {
    let s = grid.spacing
    let flips = grid.worldFromVoxel.determinant > 0
    return Affine(rows: [
      [flips ? -s.0 : s.0, 0, 0, flips ? Double(grid.nx - 1) * s.0 : 0], [0, s.1, 0, 0],
      [0, 0, s.2, 0],
    ])
  }

  func found(
    direction stated: ForeignTransform.Direction?, moving: Grid, fixed: Grid
  ) throws(Problem) -> ForeignTransform.Found {
    guard FileNames.isNIfTI(path) else {
      let direction = try ForeignTransform.decided(stated, nil, name)
      let (from, to) = direction == .forward ? (moving, fixed) : (fixed, moving)
      let m = try matrix(from: from, to: to)
      guard let back = m.inverse, m.isFinite, back.isFinite else {
        throw ForeignTransform.singular(name)
      }
      let (there, other) = (SpatialMap([.affine(m)]), SpatialMap([.affine(back)]))
      return .init(
        movingFromFixed: direction == .forward ? other : there,
        fixedFromMoving: direction == .forward ? there : other, direction: direction,
        isProven: false)
    }
    let image = try VectorImage(path)
    guard !image.isFiveDimensional, image.intent != 1007 else {
      throw Problem(
        .data, name, "its header calls it a field of ITK or ANTs (…×1×3, vectors)",
        expected: "a field of FSL (…×3)", remedy: "Say --format itk")
    }
    let (isFixed, isMoving) = (image.grid.isAlike(fixed), image.grid.isAlike(moving))
    let proof: ForeignTransform.Direction? =
      isFixed == isMoving ? nil : isFixed ? .forward : .backward
    guard isFixed || isMoving else {
      throw Problem(
        .data, name, "its grid is that of neither image",
        expected: "a field on the grid of the reference that it was made for",
        remedy: "Give that image as --fixed, or make the field anew with `convertwarp -r REF`")
    }
    let direction = try ForeignTransform.decided(stated, proof, name)
    let (reference, source) = direction == .forward ? (fixed, moving) : (moving, fixed)
    let field = try displacements(image, reference: reference, source: source)
    let (there, other) = (SpatialMap([.field(field)]), SpatialMap([.inverseField(field)]))
    return .init(
      movingFromFixed: direction == .forward ? there : other,
      fixedFromMoving: direction == .forward ? other : there, direction: direction,
      isProven: proof != nil)
  }

  /// world(to) = W(to) S(to)⁻¹ F S(from) W(from)⁻¹
  private func matrix(from: Grid, to: Grid) throws(Problem) -> Affine {
    let m = try matrix4(try readTextFile(path), file: name)
    guard let unscaled = Self.scaled(to).inverse else { throw ForeignTransform.singular(name) }
    return to.worldFromVoxel.composed(after: unscaled).composed(after: m)
      .composed(after: Self.scaled(from)).composed(after: from.voxelFromWorld)
  }

  /// The shift of each voxel of the reference in the world: FSL's place in the source, which a relative field gives
  /// as a difference from FSL's place in the reference, brought to the source's millimetres.
  private func displacements(
    _ image: VectorImage, reference: Grid, source: Grid
  ) throws(Problem) -> DisplacementField {
    guard let unscaled = Self.scaled(source).inverse else { throw ForeignTransform.singular(name) }
    let world = source.worldFromVoxel.composed(after: unscaled)
    let own = Self.scaled(reference)
    let isAbsolute = try isAbsolute(image, own)
    let values = image.values
    let (nx, ny) = (reference.nx, reference.ny)
    let shifts = [Float](
      count: values.count, filledByChunksOf: ny * reference.nz, grain: 16
    ) { rows, out in
      for row in rows {
        for i in 0..<nx {
          let (j, k) = (row % ny, row / ny)
          let at = 3 * (row * nx + i)
          let here = reference.world(VoxelIndex(i, j, k))
          let scaled =
            isAbsolute ? (0, 0, 0) : own.applied(Double(i), Double(j), Double(k))
          let there = world.applied(
            scaled.0 + Double(values[at]), scaled.1 + Double(values[at + 1]),
            scaled.2 + Double(values[at + 2]))
          out[at] = Float(there.0 - here.x)
          out[at + 1] = Float(there.1 - here.y)
          out[at + 2] = Float(there.2 - here.z)
        }
      }
    }
    return try DisplacementField(grid: image.grid, values: shifts, file: name)
  }

  /// Whether the numbers are places and not differences: how they change along their own axis, about 1 or about 0.
  private func isAbsolute(_ image: VectorImage, _ own: Affine) throws(Problem) -> Bool {
    let grid = image.grid
    let slopes = (0..<3).map { axis -> Double in
      let n = [grid.nx, grid.ny, grid.nz][axis]
      let stride = [1, grid.nx, grid.nx * grid.ny][axis]
      var (xy, xx) = (0.0, 0.0)
      for at in 0..<grid.count {
        let x = Double(at / stride % n) - Double(n - 1) / 2
        let value = Double(image.values[3 * at + axis])
        xy += x * (value.isFinite ? value : 0)
        xx += x * x
      }
      return xy / xx / own.rows[axis][axis]
    }
    if slopes.allSatisfy({ abs($0 - 1) < 0.4 }) { return true }
    if slopes.allSatisfy({ abs($0) < 0.4 }) { return false }
    throw Problem(
      .data, name,
      "its numbers change by \(slopes.map { plainNumber($0, 2) }.joined(separator: ", ")) per millimetre: neither places (1) nor differences (0)",
      expected: "a relative or absolute field of FSL")
  }
}
