package import Connectivity

/// Pictures and numbers of measured SPECT that were asked for.
package struct PerfusionState: Sendable {
  /// Pictures, until what they were made of changes.
  package var made: [MadeKind: MadePicture] = [:]
  /// The picture whose pane is marked once it is made.
  var wantsMark: MadeKind?
  package var sheet: PerfusionSheet?
  /// How far the seed map's peaks move under the camera, in words.
  package var peakLines: (seed: Seed, camera: Camera, lines: [String])?
  /// Share of its full range at which the right pane's scale is white.
  package var rightScale = 1.0
}
