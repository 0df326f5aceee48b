package import Connectivity
package import Imaging

/// The seed map window by window.
package struct MovieState: Sendable {
  /// Nil while there is no movie.
  package var windows: WindowMovie?
  package var index = 0
  /// The map of the window that is looked at.
  package var volume: Volume?
  package var isPlaying = false
  /// The movie at one voxel with its null band.
  package var pair: (place: Int, pair: WindowedPair)?
  /// Length of the windows.
  package var windowSeconds = 100.0
}
