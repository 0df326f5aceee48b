package import Imaging

/// What a camera would keep of a run's mean over a time window.
package struct SimulatedSPECT: Sendable {
  /// Blurred mean, on the run's grid, NaN outside the mask.
  package let volume: Volume
  package let window: TimeWindow
  package let averaging: Averaging
  package let proxy: String

  /// The words that go with every picture and file of it.
  package var banner: String {
    simulatedBanner(proxy: proxy, fwhm: averaging.targetFWHM, seconds: window.seconds)
  }

  package init(volume: Volume, window: TimeWindow, averaging: Averaging, proxy: String) {
    self.volume = volume
    self.window = window
    self.averaging = averaging
    self.proxy = proxy
  }
}

/// A measured SPECT on the displayed grid in per cent of a reference region.
package struct MeasuredSPECT: Sendable {
  package let uptake: Uptake
  /// What was done about position, for the screen: nothing, until a registration is recorded.
  package let registration: String
  package var volume: Volume { uptake.percent }

  package init(uptake: Uptake, registration: String) {
    self.uptake = uptake
    self.registration = registration
  }
}
