package import Basics
package import Imaging

/// The voxels of an atlas region on a grid: every region whose name begins with a word, whatever the
/// case, so that "Cerebelum" takes all of the cerebellum.
package func atlasRegion(
  named word: String, in atlas: LabelMap, on grid: Grid
) throws(Problem) -> Mask {
  let wanted = atlas.names.filter { $0.value.lowercased().hasPrefix(word.lowercased()) }
  guard !word.isEmpty, !wanted.isEmpty else {
    throw Problem(
      .usage, "reference", "no region of \(atlas.title) begins with \(visibleText(word))",
      expected: "a name such as \(atlas.names.values.sorted().prefix(3).joined(separator: ", "))")
  }
  let labels = Set(wanted.keys)
  let mask = Mask(grid: grid, origin: word) {
    labels.contains(atlas.label(at: grid.world(at: $0)))
  }
  guard mask.count > 0 else {
    throw Problem(.data, word, "the region lies outside the image", expected: "an overlap")
  }
  return mask
}
