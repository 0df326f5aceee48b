/// The value that best parts dark from bright (Otsu 1979), over 256 steps up to the 99.5th percentile;
/// nil when there is one value only.
package func otsuThreshold(_ values: [Float]) -> Float? {
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = boldspectPercentile(finite, 99.5), high > low else {
    return nil
  }
  let width = (high - low) / 256
  var histogram = [Int](repeating: 0, count: 256)
  for v in finite { histogram[min(255, Int((v - low) / width))] += 1 }
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
  return best < 0 ? nil : low + width * Float(level + 1)
}
