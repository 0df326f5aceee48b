import Basics
import Imaging

/// Which frames are left out because the head moved or the picture jumped.
package struct Censoring: Sendable, Equatable {
  /// Frames with a larger framewise displacement (Power) in mm; nil for no such rule.
  package var displacementMillimetres: Double?
  /// Frames with a larger standardised DVARS; nil for no such rule.
  package var standardisedDVARS: Double?
  /// Kept pieces with fewer frames are left out too.
  package var leastRun: Int

  package init(
    displacementMillimetres: Double? = nil, standardisedDVARS: Double? = nil, leastRun: Int = 5
  ) {
    self.displacementMillimetres = displacementMillimetres
    self.standardisedDVARS = standardisedDVARS
    self.leastRun = leastRun
  }

  package var isNone: Bool { displacementMillimetres == nil && standardisedDVARS == nil }

  /// The frames to leave out, ascending.
  ///
  /// - Parameters:
  ///   - displacement, dvars: one number per frame; NaN counts as still.
  ///   - droppedFrames: first frames that are gone already and end no piece.
  package func frames(displacement: [Double]?, dvars: [Double]?, droppedFrames: Int) -> [Int] {
    let n = max(displacement?.count ?? 0, dvars?.count ?? 0)
    guard n > 0, !isNone else { return [] }
    var out = [Bool](repeating: false, count: n)
    for t in 0..<n {
      if let limit = displacementMillimetres, let d = displacement?[t], d > limit { out[t] = true }
      if let limit = standardisedDVARS, let d = dvars?[t], d > limit { out[t] = true }
    }
    // A rule that nothing triggered leaves a short run alone.
    if out.contains(true) {
      var start = droppedFrames
      while start < n {
        if out[start] {
          start += 1
          continue
        }
        var end = start
        while end < n, !out[end] { end += 1 }
        if end - start < leastRun { for t in start..<end { out[t] = true } }
        start = end
      }
    }
    return (droppedFrames..<max(droppedFrames, n)).filter { out[$0] }
  }

  /// The rule in words.
  package var text: String {
    if isNone { return "no censoring" }
    let rules =
      [
        displacementMillimetres.map { "FD > \(plainNumber($0, 3)) mm" },
        standardisedDVARS.map { "std DVARS > \(plainNumber($0, 3))" },
      ].compactMap { $0 }
    return rules.joined(separator: " or ") + ", kept pieces of at least \(leastRun) frames"
  }
}
