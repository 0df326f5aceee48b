package import Basics
package import Imaging
import Targeting

/// A place in MNI152 millimetres as a person types it: X,Y,Z, a site's name, or an EEG label with its cap
/// (F3@okamoto).
package func landmark(_ text: String) throws(Problem) -> WorldPoint {
  if let n = numberList(text) {
    guard n.count == 3, n.allSatisfy({ abs($0) <= 1e4 }) else {
      throw Problem(
        .usage, "distance", "\(visibleText(text)) is no place",
        expected: "X,Y,Z within 10 m of the origin")
    }
    return WorldPoint(n[0], n[1], n[2])
  }
  if let at = text.firstIndex(of: "@") {
    let cap = ScalpLandmarks.Cap.allCases.first {
      $0.rawValue.lowercased().hasPrefix(text[text.index(after: at)...].lowercased())
    }
    let label = ScalpLandmarks.labels.first { $0.lowercased() == text[..<at].lowercased() }
    if let cap, let label, let point = ScalpLandmarks.position(label, cap) { return point }
  }
  guard let site = Sites.site(named: text) else {
    throw Problem(
      .usage, "distance", "there is no place \(text)",
      expected: "X,Y,Z, LABEL@CAP, or one of " + Sites.seedNames.joined(separator: ", "))
  }
  return site.point
}
