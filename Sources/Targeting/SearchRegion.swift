package import Imaging

/// Where a target may lie.
package struct SearchRegion: Sendable, Equatable {
  package var name: String
  package var centres: [WorldPoint]
  /// Radius of each sphere in mm (≤).
  package var radius: Double

  package init(name: String, centres: [WorldPoint], radius: Double) {
    self.name = name
    self.centres = centres
    self.radius = radius
  }

  /// The left DLPFC of Cash 2021: four 20 mm spheres around BA9, BA46, the 5 cm site and F3 (MNI152).
  package static let leftDLPFC = SearchRegion(
    name: "left DLPFC, four 20 mm spheres",
    centres: ["BA9", "BA46", "5 cm rule", "F3 cortex"].compactMap { name in
      Sites.treatment.first { $0.name == name }?.point
    }, radius: 20)

  /// The same four spheres on the other side.
  package static let rightDLPFC = SearchRegion(
    name: "right DLPFC, four 20 mm spheres",
    centres: leftDLPFC.centres.map { WorldPoint(-$0.x, $0.y, $0.z) }, radius: 20)

  /// The side that all of it lies on; nil where it reaches over the midline.
  package var side: Side? {
    let sides = Set(centres.map { Side(x: $0.x, tolerance: radius) })
    guard sides.count == 1, let only = sides.first, only != .midline else { return nil }
    return only
  }

  /// Places in the mask that lie in the region, and in grey matter when a map is given.
  ///
  /// - Parameter greyMatter: probability on the mask's grid; 0.5 and more counts.
  package func places(in mask: Mask, greyMatter: Volume?) -> [Int] {
    (0..<mask.count).filter { place in
      let offset = Int(mask.offsets[place])
      if let greyMatter, !(greyMatter.values[offset] >= 0.5) { return false }
      let w = mask.grid.world(at: offset)
      return centres.contains { $0.distance(to: w) <= radius + 1e-9 }
    }
  }
}
