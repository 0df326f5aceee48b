package import Basics
package import ImageFiles
package import Imaging

/// A volume, or the mean of a series.
package func meanVolume(
  _ path: String, _ progress: WorkProgress
) throws(Problem) -> (description: ImageDescription, volume: Volume) {
  let (d, samples) = try ImageReader.read(path, progress: progress)
  let n = d.grid.count
  guard d.frameCount > 1 else {
    return (d, Volume(grid: d.grid, values: samples.floats(0..<n)))
  }
  var sum = [Float](repeating: 0, count: n)
  for t in 0..<d.frameCount {
    try progress.check()
    let frame = samples.floats(t * n..<(t + 1) * n)
    for i in 0..<n { sum[i] += frame[i] }
  }
  let scale = 1 / Float(d.frameCount)
  return (d, Volume(grid: d.grid, values: sum.map { $0 * scale }))
}
