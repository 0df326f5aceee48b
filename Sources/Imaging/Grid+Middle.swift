extension Grid {
  /// The middle of the field.
  package var middle: WorldPoint {
    let w = worldFromVoxel.applied(Double(nx - 1) / 2, Double(ny - 1) / 2, Double(nz - 1) / 2)
    return WorldPoint(w.0, w.1, w.2)
  }
}
