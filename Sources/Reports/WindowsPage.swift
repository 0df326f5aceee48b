package import Basics
package import Connectivity

/// The coupling of two places, window by window.
package func windowsResult(
  _ pair: WindowedPair, repetitionTimeSeconds tr: Double, taperFrames tail: Int
) -> [(String, JSON)] {
  [
    ("start_s", .numbers(pair.starts.map { Double($0 + tail) * tr })),
    ("start_frame", .array(pair.starts.map { .int($0 + tail) })), ("r", .numbers(pair.r)),
    (
      "outside_null_band",
      .array(pair.r.indices.map { pair.shortage == nil ? .bool(pair.isOutside($0)) : .null })
    ),
    ("null_band", .numbers([pair.nullBand.lowerBound, pair.nullBand.upperBound])),
    ("run_p", pair.shortage == nil ? .number(pair.p) : .null),
    ("whole_run_r", .number(pair.wholeR)), ("shortage", .optional(pair.shortage)),
  ]
}

/// The same as a table.
package func windowsText(
  _ pair: WindowedPair, repetitionTimeSeconds tr: Double, taperFrames tail: Int
) -> String {
  var lines = [
    "# whole run r \(plainNumber(pair.wholeR, 4)); without change all windows of 95 % of runs lie in "
      + "\(plainNumber(pair.nullBand.lowerBound, 3)) to \(plainNumber(pair.nullBand.upperBound, 3)) "
      + "(\(pair.surrogateCount) surrogates); the run's farthest window: p "
      + (pair.shortage == nil ? probabilityText(pair.p) : "–")
  ]
  if let shortage = pair.shortage {
    lines.append("# ! \(shortage): of no window is said that it differs")
  }
  lines.append("start_s\tr\toutside")
  for (n, start) in pair.starts.enumerated() {
    lines.append(
      "\(plainNumber(Double(start + tail) * tr, 3))\t\(pair.r[n].isFinite ? plainNumber(pair.r[n], 4) : "n/a")\t"
        + (pair.shortage != nil ? "n/a" : pair.isOutside(n) ? "yes" : "no"))
  }
  return lines.joined(separator: "\n")
}
