package import Basics
import Foundation
package import Imaging
import Synchronization

/// Grey and white matter of mricron-data's MNI brain, for people of whom no tissue maps are given.
package enum StandardTissue {
  package static var isInstalled: Bool {
    FileManager.default.fileExists(atPath: AtlasFiles.templates + "ch2bet.nii.gz")
  }

  /// Nil without mricron-data; made once.
  package static func read() throws(Problem) -> (grey: Volume, white: Volume)? {
    try kept.withLock { (kept: inout Maps?) throws(Problem) -> (grey: Volume, white: Volume)? in
      if kept == nil, let brain = try AtlasFiles.mniBrain() { kept = Maps(brain) }
      return kept.map { ($0.grey, $0.white) }
    }
  }

  private struct Maps: Sendable {
    let grey: Volume
    let white: Volume

    init(_ brain: Volume) {
      let shares = brain.values.map { $0 > 0 ? TissueShares(brightness: $0) : nil }
      grey = Volume(grid: brain.grid, values: shares.map { $0?.grey ?? 0 })
      white = Volume(grid: brain.grid, values: shares.map { $0?.white ?? 0 })
    }
  }

  private static let kept = Mutex<Maps?>(nil)
}
