import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// The real run of the data folder, read once for all tests, and the numbers that
/// `Tests/Reference/rsfmri_reference.py` made of it.
enum RealRun {
  static let loaded: Result<Run, Problem> = {
    do throws(Problem) {
      let mask = try ImageReader.readVolume(RealData.path(RealData.mask)).volume
      return .success(
        try ImageReader.readRun(
          RealData.path(RealData.bold),
          mask: { (d) throws(Problem) in
            Mask(grid: d.grid, origin: "given") { mask.values[$0] > 0 }
          }
        ).run)
    } catch { return .failure(error) }
  }()

  static func run() throws -> Run { try loaded.get() }

  static let pcc = Seed.sphere(centre: WorldPoint(0, -53, 26), radius: 6, name: "PCC")

  static func reference() throws -> [String: Any] {
    let url = RealData.project.appending(path: "Tests/Reference/rsfmri.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    return try #require(object as? [String: Any])
  }

  /// Numbers of a list; NaN for null.
  static func numbers(_ value: Any?) throws -> [Double] {
    try #require(value as? [Any]).map { ($0 as? NSNumber)?.doubleValue ?? .nan }
  }

  static func object(_ value: Any?) throws -> [String: Any] {
    try #require(value as? [String: Any])
  }

  /// Places in the mask of the voxels that the reference speaks of.
  static func places(_ value: Any?) throws -> [Int] {
    let run = try run()
    return try #require(value as? [[Int]]).map { v in
      Int(run.mask.places[run.grid.offset(VoxelIndex(v[0], v[1], v[2]))])
    }
  }

  /// The largest difference between values at the reference's voxels and the reference, where one is
  /// missing the other must be.
  static func largestDifference(
    _ values: [Float], _ places: [Int], _ expected: [Double]
  ) -> Double {
    var worst = 0.0
    for (place, e) in zip(places, expected) {
      let v = Double(values[place])
      if v.isNaN != e.isNaN { return .infinity }
      if !e.isNaN { worst = max(worst, abs(v - e) / max(1, abs(e))) }
    }
    return worst
  }
}
