import Basics
package import ImageFiles
package import Imaging

extension Role {
  /// Whether its values are yes and no, which nothing may be put between.
  fileprivate var isMask: Bool { [.mask, .seedImage, .referenceMask].contains(self) }
}

extension ImageDescription {
  /// What it is once a warp has put it on the grid of its FIXED.
  package mutating func carry(onto warp: Warp) {
    let grid = warp.fixedGrid
    header.grid = grid
    header.affine = grid.worldFromVoxel
    header.spacing = grid.spacing
    header.shape = [grid.nx, grid.ny, grid.nz, header.frameCount]
    header.formCode = warp.fixed.space == .mni152 ? 4 : 2
  }
}

extension LoadedStudy {
  /// Puts an image of one volume on the grid of a warp's FIXED, masks by the nearest voxel, and lets it in.
  ///
  /// - Throws: for SPECT, which is measured on its own voxels.
  mutating func take(
    _ found: (description: ImageDescription, volume: Volume), _ path: String, as role: Role,
    by bent: GivenTransforms.Bent
  ) throws(Problem) -> CarriedImage {
    var d = found.description
    try requireKnownSides(d, for: "a warp")
    try d.requireOwnGeometry(for: "a warp")
    if role == .spect || role == .interictal { throw warpOfScan(d, bent) }
    let stored = (transformEnd(d, stated: stated).space, d.grid)
    try requireRoom(for: bent)
    let way: Interpolation = role.isMask ? .nearest : .linear
    let volume = bent.warp.carried(found.volume, way)
    guard volume.values.contains(where: \.isFinite) else {
      throw Problem(
        .data, d.name, "\(bent.file) leads it past the grid of its FIXED",
        expected: "a warp that was made for it")
    }
    d.carry(onto: bent.warp)
    let grid = d.grid
    d.findings.append(
      Finding(
        "carried", bent.warp.warning == nil ? .note : .warning,
        "\(bent.warp.warning.map { $0 + ". " } ?? "")Put on FIXED's grid of \(grid.nx)×\(grid.ny)×\(grid.nz) (\(way.rawValue)) by \(bent.file)."
      ))
    try admit(d, path, as: role, carriedBy: bent, volume: volume)
    tell(d.findings, of: role)
    setStored(stored.0, stored.1)
    // What stands for the file from here on are the new voxels.
    return CarriedImage(description: d, volume: volume, stored: d, transform: nil)
  }

  /// What a file says of FIXED's grid may be more than there is room for.
  func requireRoom(for bent: GivenTransforms.Bent) throws(Problem) {
    try MemoryBudget.require(
      MemoryBudget.product(24, bent.warp.fixedGrid.count), of: bent.file,
      for: "an image on the grid of its FIXED")
  }
}
