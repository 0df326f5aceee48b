import ImageFiles
package import Imaging

/// Small files of one made person, in a folder.
package struct SmallStudy {
  package let folder: String
  /// 12³ voxels of 5 mm, in MNI space.
  package let grid = Small.grid(12, 12, 12, spacing: (5, 5, 5), origin: WorldPoint(-30, -30, -30))
  /// Another grid at the same place.
  package let other = Small.grid(14, 14, 14, spacing: (4, 4, 4), origin: WorldPoint(-28, -28, -28))
  /// Nothing of it lies in the head.
  package let far = Small.grid(6, 6, 6, spacing: (4, 4, 4), origin: WorldPoint(400, 0, 0))

  package init(_ folder: String) { self.folder = folder }

  /// A run of 60 frames.
  package func run(
    _ name: String, _ grid: Grid? = nil, formCode: Int = 4, seed: Int = 1
  ) throws -> String {
    let path = folder + "/" + name
    let grid = grid ?? self.grid
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: grid, formCode: formCode, frameCount: 60, repetitionTimeSeconds: 2, note: "t"),
      overwrite: false
    ) { (t) in
      (0..<grid.count).map { v in
        // The first frame, too, differs from seed to seed: two runs never begin alike.
        // No frame holds one value alone: that is no picture.
        // Nor do frames come again, as those of a remainder alone would.
        100 + Float((t * 31 * seed + v * (17 + 3 * (seed - 1)) + t * v * 7) % 23) + 0.25
          * Float(v % 3) + 0.01 * Float(t)
      }
    }
    return path
  }

  /// Where the brain of a head lies, 8 mm voxels and 0.9 litres.
  package static let headGrid = Small.grid(
    30, 30, 36, spacing: (8, 8, 8), origin: WorldPoint(-116, -116, -60))

  /// A ball of several values with its middle at 0, −17 and so many millimetres above the commissures.
  package static func isHead(_ v: VoxelIndex, z: Double) -> Bool {
    let p = headGrid.world(v)
    return p.x * p.x + (p.y + 17) * (p.y + 17) + (p.z - z) * (p.z - z) <= 3600
  }

  package func head(_ name: String, z: Double, formCode: Int = 4) throws -> String {
    try image(name, Self.headGrid, formCode: formCode) { v in
      Self.isHead(v, z: z) ? 50 + Float((v.i + v.j * 3 + v.k * 7) % 40) / 8 : 0
    }
  }

  /// One volume; without `value` a ball of several values.
  package func image(
    _ name: String, _ grid: Grid? = nil, formCode: Int = 4,
    _ value: ((VoxelIndex) -> Float)? = nil
  ) throws -> String {
    let path = folder + "/" + name
    let own = grid ?? self.grid
    let ball = { (v: VoxelIndex) -> Float in
      let middle = (own.nx / 2, own.ny / 2, own.nz / 2)
      let far = max(abs(v.i - middle.0), abs(v.j - middle.1), abs(v.k - middle.2))
      return far < own.nx / 2 - 1 ? 0.5 + 0.01 * Float((v.i + v.j * 3 + v.k * 7) % 40) : 0
    }
    try ImageWriter.write(
      path, Small.volume(own, value ?? ball), formCode: formCode, note: "t", overwrite: false)
    return path
  }
}
