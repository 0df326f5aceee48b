import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// One asymmetric head in the 48 orders of its voxels and in every format: the same value at the same millimetre.
@Suite struct LateralityTests {
  @Test(arguments: LateralityFormat.allCases)
  func everyOrderIsOneHead(_ format: LateralityFormat) throws {
    try withTemporaryFolder { folder in
      var keys: Set<String> = []
      for phantom in LateralityPhantom.all {
        let (d, volume) = try ImageReader.readVolume(try format.write(phantom, in: folder))
        #expect(d.laterality == .known, "\(phantom.name)")
        let isMoved = (0..<3).contains { r in
          (0..<4).contains { c in
            abs(d.grid.worldFromVoxel.rows[r][c] - phantom.rows[r][c]) >= 1e-4
          }
        }
        // Slices in files of their own are stacked along their normal, in whatever order they were sent.
        if format != .dicomMR { #expect(!isMoved && d.orientation == phantom.name) }
        let wrong = LateralityPhantom.voxels.filter { volume.nearest($0.place) != Float($0.value) }
        #expect(wrong.isEmpty, "\(phantom.name): \(wrong.count), first \(wrong.prefix(1))")
        let middle = try #require(volume.grid.nearestVoxel(LateralityPhantom.place(3, 3, 4)))
        #expect(volume.grid.world(middle).distance(to: LateralityPhantom.place(3, 3, 4)) < 1e-3)
        keys.insert(try #require(d.voxelsSHA256))
      }
      // However it is stored, it is known to be one image.
      #expect(keys.count == 1)
    }
  }

  /// A file that says no side is told so in every format that can leave it out.
  @Test func aFileOfNoSideHasNone() throws {
    try withTemporaryFolder { folder in
      for format in [LateralityFormat.nifti1Both, .mgh] {
        let path = try format.write(LateralityPhantom.all[5], in: folder)
        var bytes = try Data(contentsOf: URL(filePath: path))
        for at in format == .mgh ? [28, 29] : [252, 253, 254, 255] { bytes[at] = 0 }
        try bytes.write(to: URL(filePath: path))
        let d = try ImageReader.identify(path)
        #expect(d.laterality == .unknown && d.affine == nil)
        #expect(d.findings.contains { $0.severity == .blocking })
      }
    }
  }
}
