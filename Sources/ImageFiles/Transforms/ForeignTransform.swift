package import Basics
package import Imaging

/// Transforms of other programs, each with its own idea of axes and direction.
package enum ForeignTransform: String, Sendable, CaseIterable {
  /// Four rows of four numbers between RAS+ worlds.
  case matrix
  /// FLIRT's matrices: between scaled voxels of the two images, x turned round where the affine is right-handed; and
  /// fields of displacements in those millimetres on the grid of the reference.
  case fsl
  /// ITK and ANTs: text, .mat, composite .h5, fields in NIfTI; LPS+ points of the fixed image to the moving one.
  case itk
  /// FreeSurfer's .lta, from its src to its dst.
  case lta
  /// AFNI's .aff12.1D: DICOM points of the base to those of the source.
  case afni

  /// What a file does.
  package enum Direction: String, Sendable, CaseIterable {
    /// It carries MOVING onto FIXED, as the program that made it uses the words.
    case forward = "moving-to-fixed"
    case backward = "fixed-to-moving"

    package var reversed: Direction { self == .forward ? .backward : .forward }
  }

  /// What files of another program come to.
  package struct Found: Sendable {
    /// Points of FIXED to MOVING, RAS+ mm.
    package var movingFromFixed: SpatialMap
    /// The way back, as the file states it where it does: inverted twice a matrix would lose its last bits.
    package var fixedFromMoving: SpatialMap
    package var direction: Direction
    /// Whether the file's own geometry says which way it leads.
    package var isProven: Bool
  }

  /// The map between two images that files hold.
  ///
  /// - Parameters:
  ///   - paths: one file; of ITK several, in the order of `antsApplyTransforms -t`.
  ///   - stated: `forward`: FLIRT's `-in MOVING -ref FIXED -omat FILE`; ANTs' `-f FIXED -m MOVING`, or
  ///     `antsApplyTransforms -i MOVING -r FIXED -t FILE`; 3dAllineate's `-base FIXED -source MOVING`; an .lta
  ///     whose src is MOVING; a matrix that takes points of MOVING to FIXED. Nil where the file must prove it.
  ///   - moving, fixed: the two images; FLIRT's matrices mean nothing without their grids.
  /// - Throws: what the file's geometry speaks against, and what nothing says.
  package func read(
    _ paths: [String], direction stated: Direction?, moving: Grid, fixed: Grid
  ) throws(Problem) -> Found {
    guard let path = paths.first, paths.count == 1 || self == .itk, paths.count <= 16 else {
      throw Problem(
        .usage, rawValue, "there are \(paths.count) files",
        expected: "one file; several, in the order of antsApplyTransforms' -t, only of itk")
    }
    let name = fileName(path)
    switch self {
    case .matrix:
      let m = try matrix4(try readTextFile(path), file: name)
      return try found(points: SpatialMap([.affine(m)]), isPull: false, stated, nil, name)
    case .fsl:
      return try FSLTransform(path).found(direction: stated, moving: moving, fixed: fixed)
    case .itk:
      var map = SpatialMap([])
      for path in paths { map = map.followed(by: try ITKTransform.read(path)) }
      return try found(points: map, isPull: true, stated, proof(of: map, moving, fixed), name)
    case .lta:
      let lta = try FreeSurferLTA(path)
      return try found(
        points: SpatialMap([.affine(lta.destinationFromSource)]), isPull: false, stated,
        direction(
          from: [lta.source].compactMap { $0 }, to: [lta.destination].compactMap { $0 }, moving,
          fixed), name)
    case .afni:
      let m = try afniMatrix(path)
      for (grid, what) in [(moving, "MOVING"), (fixed, "FIXED")] {
        try requirePlumb(grid, what, file: name)
      }
      return try found(points: SpatialMap([.affine(m)]), isPull: true, stated, nil, name)
    }
  }

  /// The same of one file that holds a matrix, from MOVING to FIXED.
  package func fixedFromMoving(
    _ path: String, direction: Direction, moving: Grid, fixed: Grid
  ) throws(Problem) -> Affine {
    let found = try read([path], direction: direction, moving: moving, fixed: fixed)
    guard let out = found.fixedFromMoving.affine else {
      throw Problem(
        .data, fileName(path), "it holds a field of displacements", expected: "a matrix")
    }
    return out
  }

  /// - Parameter isPull: whether a file that carries MOVING onto FIXED holds the way of points from FIXED to
  ///   MOVING, as of programs that resample.
  private func found(
    points: SpatialMap, isPull: Bool, _ stated: Direction?, _ proof: Direction?, _ name: String
  ) throws(Problem) -> Found {
    let direction = try Self.decided(stated, proof, name)
    let isAsked = isPull == (direction == .forward)
    guard let back = points.inverse else { throw Self.singular(name) }
    for map in [points, back] {
      if let m = map.affine, !m.isFinite { throw Self.singular(name) }
    }
    return Found(
      movingFromFixed: isAsked ? points : back, fixedFromMoving: isAsked ? back : points,
      direction: direction, isProven: proof != nil)
  }

  /// What is stated and what is proven must not differ, and one of them must be there.
  static func decided(
    _ stated: Direction?, _ proof: Direction?, _ name: String
  ) throws(Problem) -> Direction {
    if let stated, let proof, stated != proof {
      throw Problem(
        .data, name,
        "its own geometry says \(proof.rawValue), but --direction says \(stated.rawValue)",
        expected: "a direction that fits the two images",
        remedy: "Say --direction \(proof.rawValue), or exchange --moving and --fixed")
    }
    guard let direction = stated ?? proof else {
      throw Problem(
        .usage, "--direction", "nothing in \(name) says which way it leads",
        expected: Direction.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return direction
  }

  static func singular(_ name: String) -> Problem {
    Problem(.data, name, "its matrix cannot be inverted", expected: "a rigid or affine transform")
  }

  /// What the grids at a file's two ends say: nil where they are neither image's, or both.
  func direction(
    from: [Grid], to: [Grid], _ moving: Grid, _ fixed: Grid
  ) -> Direction? {
    func isAny(_ grids: [Grid], _ other: Grid) -> Bool {
      grids.contains { $0.isAlike(other) }
    }
    let forward = isAny(from, moving) || isAny(to, fixed)
    let backward = isAny(from, fixed) || isAny(to, moving)
    return forward == backward ? nil : forward ? .forward : .backward
  }

  /// Of a chain with fields: points come from the world of a field that stands first, and end in that of one that
  /// stands last, as in ANTs' inverse composites. One field alone says nothing: both of ANTs' lie on FIXED's grid.
  private func proof(of map: SpatialMap, _ moving: Grid, _ fixed: Grid) -> Direction? {
    guard map.parts.count > 1 else { return nil }
    func grid(_ part: SpatialMap.Part?) -> Grid? {
      if case .field(let field)? = part { field.grid } else { nil }
    }
    let first = grid(map.parts.first)
    let last = first == nil ? grid(map.parts.last) : nil
    // A map that carries MOVING onto FIXED takes points the other way.
    return direction(
      from: [last].compactMap { $0 }, to: [first].compactMap { $0 }, moving, fixed)
  }
}

extension Grid {
  /// Whether two grids are one, as far as programs write it: to a hundredth of a millimetre.
  func isAlike(_ other: Grid) -> Bool {
    nx == other.nx && ny == other.ny && nz == other.nz
      && zip(corners, other.corners).allSatisfy { $0.distance(to: $1) < 0.01 }
  }
}
