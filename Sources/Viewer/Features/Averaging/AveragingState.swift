package import Connectivity
package import Imaging
package import Perfusion

/// The camera and what it makes of the run and of the seed map.
package struct AveragingState: Sendable {
  package var camera = Camera()
  package var simulated: SimulatedSPECT?
  /// White of the simulated scale: that of the last whole volume, whatever slice is made anew.
  package var simulatedTop: Double?
  package var blurredMap: Volume?
  /// SERIES BLURRED of the seed with this number, and what it is in words.
  package var blurredSeries: (seed: Seed, volume: Volume, averaging: Averaging)?
  /// How much local contrast the camera keeps of what is simulated.
  package var contrast: ContrastKept?
  /// Measured minus simulated, both standardised.
  package var difference: Volume?
}
