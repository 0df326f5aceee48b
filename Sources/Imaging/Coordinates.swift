package import Basics

/// A voxel by its whole-numbered place in the file, counted from 0.
package struct VoxelIndex: Hashable, Sendable {
  package var i: Int
  package var j: Int
  package var k: Int

  package init(_ i: Int, _ j: Int, _ k: Int) {
    self.i = i
    self.j = j
    self.k = k
  }
}

/// A place between voxel centres, in voxel units; voxel centres are whole numbers.
package struct VoxelPoint: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var z: Double

  package init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// The voxel whose centre is nearest; a half goes up, so that a cell has one owner. A place beyond every
  /// image stays beyond every image.
  package var rounded: VoxelIndex {
    let all = -1 << 40...1 << 40
    return VoxelIndex(
      wholeNumber(x + 0.5, in: all), wholeNumber(y + 0.5, in: all), wholeNumber(z + 0.5, in: all))
  }
}

/// A place in the scanner's or template's space in millimetres: +x right, +y anterior, +z superior.
package struct WorldPoint: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var z: Double

  package init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// Euclidean distance in millimetres.
  package func distance(to other: WorldPoint) -> Double {
    let dx = x - other.x
    let dy = y - other.y
    let dz = z - other.z
    return (dx * dx + dy * dy + dz * dz).squareRoot()
  }

  /// The coordinate of one world axis: 0 is x, 1 is y, 2 is z.
  package subscript(axis: Int) -> Double {
    get { axis == 0 ? x : axis == 1 ? y : z }
    set {
      switch axis {
      case 0: x = newValue
      case 1: y = newValue
      default: z = newValue
      }
    }
  }

  package var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

extension JSON {
  /// A place as three numbers.
  package static func point(_ w: WorldPoint) -> JSON { numbers([w.x, w.y, w.z]) }
}

/// Three numbers in millimetres with a plain minus.
package func millimetres(_ p: WorldPoint) -> String {
  [p.x, p.y, p.z].map { plainNumber($0, 3) }.joined(separator: ", ")
}
