import Perfusion

/// What stands below a mean of z.
///
/// Noise of voxels averages out within a region, so that the mean of their z spreads over people by far less than 1.
let meanZWords =
  "mean z: the mean of the region's voxels' z, which spreads over people by far less than 1 and is no z of the region "
  + "(that needs people's images: --normals-folder)"

extension [RegionRow] {
  /// Whether only the voxels were compared with normals, by MEAN and SD maps.
  var hasMeanZ: Bool {
    contains { $0.meanZ != nil } && !contains { $0.left != nil || $0.right != nil }
  }

  /// The headings of the columns of z; none without normals.
  var zWords: [String] {
    if hasMeanZ { return ["mean z L", "mean z R"] }
    return contains { $0.left != nil || $0.right != nil } ? ["z LEFT", "z RIGHT", "z AI"] : []
  }
}

extension RegionRow {
  /// The numbers below `zWords`.
  var zValues: [Double?] {
    meanZ.map { [$0.left, $0.right] } ?? [left?.z, right?.z, asymmetry?.z]
  }
}
