/// Mean 0 and standard deviation 1 over the places where both are finite, so that two images in
/// different units can be held beside each other. Not a test.
package func standardisedDifference(_ a: [Float], _ b: [Float]) -> [Float] {
  precondition(a.count == b.count)
  let common = a.indices.filter { a[$0].isFinite && b[$0].isFinite }
  func standardise(_ x: [Float]) -> (mean: Double, sd: Double) {
    let n = Double(max(1, common.count))
    let mean = common.reduce(0.0) { $0 + Double(x[$1]) } / n
    let variance = common.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) } / n
    return (mean, variance.squareRoot())
  }
  let (p, q) = (standardise(a), standardise(b))
  guard p.sd > 0, q.sd > 0 else { return [Float](repeating: .nan, count: a.count) }
  var out = [Float](repeating: .nan, count: a.count)
  for i in common {
    out[i] = Float((Double(a[i]) - p.mean) / p.sd - (Double(b[i]) - q.mean) / q.sd)
  }
  return out
}
