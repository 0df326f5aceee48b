package import Basics
import ImageFiles
package import Imaging
package import Study

/// What a mean of perfusion images is of, for the rules about normals.
package let perfusionMeasure = "perfusion in per cent of a reference"
/// What maps beside it are of, which are no normals of it.
package let perfusionAsymmetryMeasure = "asymmetry index of perfusion in per cent"
package let perfusionScoreMeasure = "z of perfusion against normals"

extension LoadedPerfusion {
  /// The regions that were given, else the standard ones in MNI space.
  ///
  /// - Parameter labels: a file with the names of its labels.
  package mutating func labelMap(
    _ atlas: String?, labels: String? = nil
  ) throws(Problem) -> LabelMap? {
    guard let atlas else {
      if labels != nil {
        throw Problem(.usage, "--labels", "there is no atlas to name", expected: "--atlas")
      }
      return space == .mni152 ? try AtlasFiles.standard() : nil
    }
    let names =
      if let labels { try AtlasFiles.labelNames(try readTextFile(labels)) } else {
        nil as [Int32: String]?
      }
    if let labels, names?.isEmpty == true {
      throw Problem(
        .data, fileName(labels), "it names no label", expected: "lines of a number and a name")
    }
    let map = try study.readAtlas(atlas, as: .atlas, names: names)
    inputs.append(try Provenance("atlas", file: atlas))
    return map
  }
}

/// A sphere as a person types it: X,Y,Z[,R].
package struct SpherePlace: Equatable, Sendable {
  package let centre: WorldPoint
  package let radius: Double

  package init(typed text: String) throws(Problem) {
    guard let n = numberList(text), n.count == 3 || n.count == 4,
      n.count == 3 || n[3] >= 0 && n[3] <= 30
    else {
      throw Problem(
        .usage, "--at", "\(visibleText(text)) is no place",
        expected: "X,Y,Z[,R] in mm with decimal points, R up to 30")
    }
    centre = WorldPoint(n[0], n[1], n[2])
    radius = n.count == 4 ? n[3] : 6
  }
}
