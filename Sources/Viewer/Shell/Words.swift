import Basics
import Connectivity

/// Words as far as they fit whole: half a number is worse than none.
func whole(_ words: [String], _ width: Int) -> String {
  var out = ""
  for (n, word) in words.enumerated() {
    let longer = out.isEmpty ? word : out + "  " + word
    // The first is cut where it must be, so that something is said.
    guard longer.count <= width || n == 0 else { break }
    out = longer
  }
  return out
}

/// Parts between double blanks as far as they fit whole.
func wholeParts(_ text: String, _ width: Int) -> String {
  whole(text.split(separator: "  ").map(String.init), width)
}

/// What was done to the run, in a few words; the sidecars hold all of it.
func shortSummary(_ d: Denoising) -> String {
  var parts = [
    d.bandHertz.map { "\(plainNumber($0.lowerBound))–\(plainNumber($0.upperBound)) Hz" }
      ?? "no band",
    d.removesGlobalSignal ? "GSR" : "no GSR",
  ]
  if !d.confounds.isEmpty { parts.append("\(d.confounds.count) confounds") }
  if d.smoothingFWHM > 0 { parts.append("\(plainNumber(d.smoothingFWHM)) mm") }
  return parts.joined(separator: "  ")
}

/// "window 3 of 38, 30–130 s".
func windowTitle(_ movie: WindowMovie, _ index: Int) -> String {
  guard movie.starts.indices.contains(index) else { return "" }
  let tr = movie.repetitionTimeSeconds ?? 1
  let start = Double(movie.starts[index] + movie.window.tail) * tr
  let end = start + Double(movie.window.width) * tr
  return "window \(index + 1) of \(movie.starts.count), \(fixed(start, 0))–\(fixed(end, 0)) s"
}

/// A number with as many decimals as its size needs.
func numberText(_ value: Double) -> String {
  if value == 0 { return "0" }
  var decimals = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 0.1 ? 2 : 4
  // Three digits of the smallest, too: 0.00 hides what a map holds.
  var size = abs(value)
  var places = 2
  while size < 0.1, places < 12 {
    size *= 10
    places += 1
  }
  if abs(value) < 0.01 { decimals = places }
  return fixed(value, decimals)
}
