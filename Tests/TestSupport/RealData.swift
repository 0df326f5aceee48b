import Basics
package import Foundation

/// Files of other people that tests read but the project never holds.
package enum RealData {
  /// The checkout's own folder, from this file's place in it.
  package static let project = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// `../shared/data` beside the checkout.
  package static let root = project.deletingLastPathComponent().appending(path: "shared/data")

  /// Whether the data are there; tests that need them skip where they are not.
  package static let isPresent = FileManager.default.fileExists(atPath: root.path)

  package static func path(_ name: String) -> String { root.appending(path: name).path }

  package static let bold =
    "bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_bold.nii.gz"
  package static let mask =
    "bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_brainmask.nii.gz"
  package static let spect = "spect-spm/SPECT.nii"
}

/// The numbers that `Tests/Reference/make_reference.py` made.
package enum Reference {
  package static func load() throws -> [String: Any] {
    let url = RealData.project.appending(path: "Tests/Reference/reference.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    return object as? [String: Any] ?? [:]
  }
}

/// A folder that is empty at first and gone afterwards.
package func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  let url = FileManager.default.temporaryDirectory.appending(
    path: "boldspect-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
