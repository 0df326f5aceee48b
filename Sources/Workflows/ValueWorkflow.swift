package import Basics
package import ImageFiles
package import Imaging
import Study

/// One value at one place.
package struct ValueRow: Equatable {
  package var point: WorldPoint
  package var frame: Int?
  package var value: Double?
  package var inside: Bool
}

/// Values at world points, frame after frame within each point.
///
/// - Parameter option: the name of what stated the frame.
package func valueRows(
  of d: ImageDescription, _ samples: SampleStore, at points: [WorldPoint],
  interpolation: Interpolation, frame: Int?, option: String = "--frame", progress: WorkProgress
) throws(Problem) -> [ValueRow] {
  try requireKnownSides(d, for: "a place in millimetres")
  if let frame, !(0..<d.frameCount).contains(frame) {
    throw Problem(
      .usage, option, "there is no frame \(frame)", expected: "0 to \(d.frameCount - 1)")
  }
  let frames = frame.map { [$0] } ?? Array(0..<d.frameCount)
  let isSeries = d.dimensionCount >= 4
  let count = d.grid.count
  var table = [[ValueRow]](repeating: [], count: points.count)
  for t in frames {
    try progress.check()
    let sampler = Sampler(
      Volume(grid: d.grid, values: samples.floats(t * count..<(t + 1) * count)), interpolation)
    for (n, point) in points.enumerated() {
      let value = Double(sampler.value(at: point))
      table[n].append(
        ValueRow(
          point: point, frame: isSeries ? t : nil, value: value.isFinite ? value : nil,
          inside: sampler.isInside(point)))
    }
  }
  return table.flatMap { $0 }
}
