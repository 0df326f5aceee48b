package import Basics
package import ImageFiles
package import Imaging

/// A volume, or the mean of a series.
package func meanVolume(
  _ path: String, _ progress: WorkProgress
) throws(Problem) -> (description: ImageDescription, volume: Volume) {
  let frames = try ImageFrames(path)
  let header = frames.header
  var sum = try frames.next()
  guard header.frameCount > 1 else {
    return (try frames.finish(), Volume(grid: header.grid, values: sum))
  }
  for t in 1..<header.frameCount {
    try progress.check()
    progress.report("reading", Double(t) / Double(header.frameCount))
    let frame = try frames.next()
    for i in 0..<sum.count { sum[i] += frame[i] }
  }
  let scale = 1 / Float(header.frameCount)
  return (try frames.finish(), Volume(grid: header.grid, values: sum.map { $0 * scale }))
}
