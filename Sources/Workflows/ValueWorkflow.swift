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

/// Values of a file at world points, frame after frame within each point; one frame is held at a time.
///
/// - Parameter option: the name of what stated the frame.
package func valueRows(
  of path: String, at points: [WorldPoint], interpolation: Interpolation, frame: Int?,
  option: String = "--frame", progress: WorkProgress
) throws(Problem) -> (description: ImageDescription, rows: [ValueRow]) {
  let frames = try ImageFrames(path)
  let d = frames.header
  try requireKnownSides(d, for: "a place in millimetres")
  if let frame, !(0..<d.frameCount).contains(frame) {
    throw Problem(
      .usage, option, "there is no frame \(frame)", expected: "0 to \(d.frameCount - 1)")
  }
  let isSeries = d.dimensionCount >= 4
  var table = [[ValueRow]](repeating: [], count: points.count)
  for t in 0..<d.frameCount {
    try progress.check()
    progress.report("reading", Double(t) / Double(d.frameCount))
    if let frame, frame != t {
      try frames.skip()
      continue
    }
    let sampler = Sampler(Volume(grid: d.grid, values: try frames.next()), interpolation)
    for (n, point) in points.enumerated() {
      let value = Double(sampler.value(at: point))
      table[n].append(
        ValueRow(
          point: point, frame: isSeries ? t : nil, value: value.isFinite ? value : nil,
          inside: sampler.isInside(point)))
    }
  }
  return (try frames.finish(), table.flatMap { $0 })
}
