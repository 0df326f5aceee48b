package import Basics
import Foundation
package import Imaging
import Perfusion

/// Names that stand for several regions: each is in the documents, and no other word is taken as a beginning.
private let regionGroups = ["cerebelum": "Cerebelum_", "cerebellum": "Cerebel"]

/// The voxels of atlas regions on a grid, by an exact name whatever the case: `Thalamus_L`; `Thalamus` for both
/// sides; `Cerebelum` for all of the cerebellum; `BA4*` for every region whose name begins so.
package func atlasRegion(
  named word: String, in atlas: LabelMap, on grid: Grid
) throws(Problem) -> Mask {
  let labels = regionLabels(named: word, in: atlas)
  guard !labels.isEmpty else {
    let lower = word.lowercased()
    let near = lower.isEmpty ? [] : atlas.names.values.filter { $0.lowercased().hasPrefix(lower) }
    let shown = (near.isEmpty ? Array(atlas.names.values) : near).sorted().prefix(5)
    throw Problem(
      .usage, "reference", "no region of \(atlas.title) is named \(visibleText(word))",
      expected: near.isEmpty
        ? "a name such as \(shown.joined(separator: ", "))"
        : "one of \(shown.joined(separator: ", ")), or \(visibleText(word))* for all \(near.count) that begin so"
    )
  }
  let mask = Mask(grid: grid, origin: word) {
    labels.contains(atlas.label(at: grid.world(at: $0)))
  }
  guard mask.count > 0 else {
    throw Problem(.data, word, "the region lies outside the image", expected: "an overlap")
  }
  return mask
}

/// The labels that a word names; empty where it names none.
private func regionLabels(named word: String, in atlas: LabelMap) -> Set<Int32> {
  let lower = word.lowercased()
  guard !lower.isEmpty, lower != "*" else { return [] }
  let beginning =
    lower.hasSuffix("*") ? String(lower.dropLast()) : regionGroups[lower]?.lowercased()
  let exact = atlas.names.filter { $0.value.lowercased() == lower }
  if !exact.isEmpty { return Set(exact.keys) }
  let sided = atlas.names.filter { namedSide($0.value)?.stem.lowercased() == lower }
  if !sided.isEmpty { return Set(sided.keys) }
  guard let beginning else { return [] }
  return Set(atlas.names.filter { $0.value.lowercased().hasPrefix(beginning) }.keys)
}
