package import Connectivity
package import Imaging

/// The map of the seed and what it was made of.
package struct ConnectivityState: Sendable {
  package var seedMap: SeedMap?
  package var seedVolume: Volume?
  /// Cleaned series of the whole run, for the time course.
  package var cleaned: ReducedSeries?
  package var isLive = false
  /// Whether the cursor goes to the seed that comes next: it was asked for in words.
  package var seedFollows = false
  /// z, p and q of the seed map.
  package var inference: MapInference?
}
