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
        100 + Float((t * 31 * seed + v * (17 + 3 * (seed - 1)) + t * v * 7) % 23) + 0.25
          * Float(v % 3)
      }
    }
    return path
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
