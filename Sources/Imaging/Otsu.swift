import Basics

/// The value that best parts dark from bright (Otsu 1979), over 256 steps up to the 99.5th percentile;
/// nil when there is one value only.
package func otsuThreshold(_ values: [Float]) -> Float? {
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = boldspectPercentile(finite, 99.5), high > low else {
    return nil
  }
  let width = (high - low) / 256
  // Floats where they suffice; their difference may overflow or vanish where double precision does not.
  let isPlain = width.isNormal
  var histogram = [Int](repeating: 0, count: 256)
  for v in finite {
    let bin =
      isPlain
      ? wholeNumber((v - low) / width, in: 0...255) : binIndex(v, low: low, high: high, bins: 256)
    histogram[bin] += 1
  }
  let total = Double(finite.count)
  let sum = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
  var (below, belowSum, best, level) = (0.0, 0.0, -1.0, 0)
  for n in 0..<255 {
    below += Double(histogram[n])
    belowSum += Double(n) * Double(histogram[n])
    guard below > 0, below < total else { continue }
    let gap = belowSum / below - (sum - belowSum) / (total - below)
    let between = below * (total - below) * gap * gap
    if between > best { (best, level) = (between, n) }
  }
  if best < 0 { return nil }
  if isPlain { return low + width * Float(level + 1) }
  return Float(Double(low) + (Double(high) - Double(low)) / 256 * Double(level + 1))
}
