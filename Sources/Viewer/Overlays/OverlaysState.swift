/// Which overlay is current, and what is counted of those on screen.
package struct OverlaysState: Sendable {
  package var isShown = true
  package var index = 0
  /// What passes the thresholds of the overlays on screen, where that must be counted.
  var thresholds: [OverlayID: ThresholdedMap] = [:]
  /// How often values occur in what the histograms show.
  var distributions: [Distribution] = []
}
