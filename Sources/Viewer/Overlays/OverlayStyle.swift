/// Which overlay is meant: the map of the seed or its window, or one that was given or made.
package enum OverlayID: Hashable, Sendable {
  case map
  case given(String)
}

/// What a threshold is a threshold of.
package enum ThresholdKind: String, Sendable, CaseIterable {
  /// |value|.
  case value
  /// Per cent of the voxels with data that lie below.
  case percentile
  /// |z|, p and q of a seed map.
  case z, p, q
}

/// Which signs of a map are drawn.
package enum SignShown: String, Sendable, CaseIterable { case both, positive, negative }

/// The smallest cluster that is drawn in full.
package enum ClusterSize: Equatable, Sendable {
  case voxels(Int)
  case cubicMillimetres(Double)
}

/// How one overlay is drawn. Colours follow the display range, what is faded the threshold.
package struct OverlayStyle: Equatable, Sendable {
  package var kind = ThresholdKind.value
  /// In the unit of the kind.
  package var threshold: Double
  /// |value| beyond which voxels are faded too; nil for none.
  package var top: Double?
  /// |value| of the darkest and of the brightest colour.
  package var floor = 0.0
  package var ceiling: Double
  package var sign = SignShown.both
  package var leastCluster: ClusterSize?
  /// Whether what is below the threshold is faded rather than left out.
  package var isFaded = true
  /// Whether a line runs around what is above the threshold.
  package var isOutlined = false
  /// Whether only that line is drawn.
  package var isContour = false
  /// How much of the map is seen over what lies under it, in per cent.
  package var opacity = 100
  package var colours: OverlayColours {
    didSet { hasOwnColours = true }
  }
  /// Whether a person chose the colours; others depend on how many overlays there are.
  package var hasOwnColours = false

  package init(threshold: Double, ceiling: Double, colours: OverlayColours) {
    self.threshold = threshold
    self.ceiling = ceiling
    self.colours = colours
  }
}

extension OverlayStyle {
  /// That of a seed map.
  static let usual = OverlayStyle(threshold: 0.3, ceiling: 0.8, colours: .redBlue)
}

/// How the underlay's values become grey.
package struct UnderlayWindow: Equatable, Sendable {
  /// Percentiles of the foreground that are black and brightest.
  package var low = 2.0
  package var high = 98.0
  /// Grey is the place in the window to this power: the lower, the brighter.
  package var gamma = 0.5

  package init() {}
}
