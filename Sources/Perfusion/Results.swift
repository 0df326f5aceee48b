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

/// What was done about where an image lies on another.
package enum Placement: Sendable, Equatable {
  /// Laid over by the headers alone.
  case asStored
  /// Carried by a transform, by whom it was made and whether a person accepted it.
  case registered(by: String, isAccepted: Bool?)

  package var words: String {
    switch self {
    case .asStored: "NOT REGISTERED, as stored"
    case .registered(let maker, let accepted):
      "REGISTERED by \(maker), \(accepted == true ? "accepted" : "NOT ACCEPTED")"
    }
  }

  /// The same in few columns.
  package var short: String {
    switch self {
    case .asStored: "NOT REGISTERED"
    case .registered(_, let accepted): accepted == true ? "REGISTERED" : "REGISTERED, NOT ACCEPTED"
    }
  }
}

/// A measured SPECT on the displayed grid in per cent of a reference region.
package struct MeasuredSPECT: Sendable {
  package let uptake: Uptake
  package let placement: Placement
  package var volume: Volume { uptake.percent }

  package init(uptake: Uptake, placement: Placement) {
    self.uptake = uptake
    self.placement = placement
  }
}
