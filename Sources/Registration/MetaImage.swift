package import Basics
import Foundation
import ImageFiles
package import Imaging

/// ITK's own image format: directions and origin stand in plain text, in LPS+ mm, so that no second reading of
/// a NIfTI header can differ from ours. It holds no name and no history.
package enum MetaImage {
  /// Floats, no data as 0. A sheared grid is resampled first, because ITK's directions are at right angles.
  package static func write(_ volume: Volume, to path: String) throws(Problem) {
    var image = volume
    if !volume.grid.isOrthogonal {
      let upright = volume.grid.upright
      // Of uneven voxels the finest edge decides, and it decides for every axis.
      try MemoryBudget.require(
        MemoryBudget.product(12, upright.nx, upright.ny, upright.nz), of: "elastix",
        for: "a sheared image without its shear", most: 4 << 30)
      image = volume.resampled(to: upright, .linear)
    }
    let grid = image.grid
    let m = grid.worldFromVoxel.rows
    let s = grid.spacing
    let sign = [-1.0, -1, 1]
    // One axis after the other, each as a direction.
    let directions = [s.0, s.1, s.2].enumerated().flatMap { axis, length in
      (0..<3).map { "\(sign[$0] * m[$0][axis] / length)" }
    }
    let header = """
      ObjectType = Image
      NDims = 3
      BinaryData = True
      BinaryDataByteOrderMSB = False
      CompressedData = False
      TransformMatrix = \(directions.joined(separator: " "))
      Offset = \((0..<3).map { "\(sign[$0] * m[$0][3])" }.joined(separator: " "))
      ElementSpacing = \(s.0) \(s.1) \(s.2)
      DimSize = \(grid.nx) \(grid.ny) \(grid.nz)
      ElementType = MET_FLOAT
      ElementDataFile = LOCAL

      """
    var bytes = Array(header.utf8)
    bytes.reserveCapacity(bytes.count + 4 * image.values.count)
    image.values.map { ($0.isFinite ? $0 : 0).bitPattern.littleEndian }
      .withUnsafeBytes { bytes.append(contentsOf: $0) }
    try AtomicFile.write(path, bytes, overwrite: false)
  }
}

extension Grid {
  /// Whether the voxel axes stand at right angles.
  package var isOrthogonal: Bool {
    let m = worldFromVoxel.rows
    let s = [spacing.0, spacing.1, spacing.2]
    return [(0, 1), (0, 2), (1, 2)].allSatisfy { a, b in
      abs((0..<3).reduce(0.0) { $0 + m[$1][a] * m[$1][b] }) / (s[a] * s[b]) < 1e-5
    }
  }

  /// A grid along the world's axes that holds this one, at its finest spacing.
  package var upright: Grid {
    let step = min(spacing.0, spacing.1, spacing.2)
    var low = corners[0]
    var high = corners[0]
    for c in corners {
      for axis in 0..<3 {
        low[axis] = min(low[axis], c[axis])
        high[axis] = max(high[axis], c[axis])
      }
    }
    func count(_ axis: Int) -> Int {
      wholeNumber(((high[axis] - low[axis]) / step).rounded(.up), in: 0...1 << 20) + 1
    }
    return Grid(
      dimensions: (count(0), count(1), count(2)),
      worldFromVoxel: Affine(spacing: (step, step, step), origin: low)) ?? self
  }
}
