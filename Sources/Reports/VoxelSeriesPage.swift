package import Basics
package import Connectivity
package import Imaging

/// The series of one voxel: as stored, cleaned, and cleaned in per cent of its mean.
package struct VoxelSeriesPage {
  private let point: WorldPoint
  private let frames: [Int]
  private let repetitionTimeSeconds: Double?
  private let stored: [Double]
  private let cleaned: [Double]?
  /// Over the kept frames.
  private let mean: Double

  /// - Parameters:
  ///   - frames: that were kept.
  ///   - voxel: of the run's mask.
  package init(_ run: Run, _ reduced: ReducedSeries, _ frames: [Int], at voxel: VoxelIndex) {
    let place = Int(run.mask.places[run.grid.offset(voxel)])
    let series = run.series(of: place)
    point = run.grid.world(voxel)
    self.frames = frames
    repetitionTimeSeconds = run.repetitionTimeSeconds
    stored = frames.map { series[$0] }
    cleaned = reduced.series(of: place)
    mean = stored.reduce(0, +) / Double(max(1, frames.count))
  }

  private var percents: [Double]? { cleaned.map { $0.map { 100 * $0 / mean } } }

  package var result: [(String, JSON)] {
    [
      ("mm", .point(point)), ("mean", .number(mean)),
      ("repetition_time_s", .meant(repetitionTimeSeconds)),
      ("frames", .array(frames.map(JSON.int))), ("stored", .numbers(stored)),
      ("cleaned", cleaned.map(JSON.numbers) ?? .null),
      ("cleaned_percent", percents.map(JSON.numbers) ?? .null),
    ]
  }

  package var text: String {
    let percents = percents
    let rows = frames.indices.map { n in
      [
        "\(frames[n])",
        repetitionTimeSeconds.map { plainNumber(Double(frames[n]) * $0, 3) } ?? "n/a",
        "\(Float(stored[n]))", cleaned.map { "\(Float($0[n]))" } ?? "n/a",
        percents.map { "\(Float($0[n]))" } ?? "n/a",
      ].joined(separator: "\t")
    }
    return (["frame\tseconds\tstored\tcleaned\tcleaned_percent"] + rows).joined(separator: "\n")
  }
}
