package import Imaging

/// What a camera would keep of an image that stands for perfusion.
package struct SimulatedSPECT: Sendable {
  /// Averaged and blurred, on the run's grid, NaN outside the mask.
  package let volume: Volume
  /// What was averaged; a map that has no time keeps the window that it was laid beside.
  package let window: TimeWindow
  package let averaging: Averaging
  /// What stands for perfusion, in words.
  package let proxy: String
  /// Where the proxy comes from.
  package let source: String
  /// Nil for a map that has no time.
  package let time: String?
  /// The proxy before the camera, one value per voxel of the mask; empty when nobody asks for it.
  package let before: [Float]

  /// The words that go with every picture and file of it.
  package var banner: String {
    simulatedBanner(
      proxy: proxy, source: source, fwhm: averaging.targetFWHM, time: time ?? "none, one map")
  }

  package init(
    volume: Volume, window: TimeWindow, averaging: Averaging, proxy: String,
    source: String = "rsfMRI", hasTime: Bool = true, before: [Float] = []
  ) {
    self.volume = volume
    self.window = window
    self.averaging = averaging
    self.proxy = proxy
    self.source = source
    time = hasTime ? window.words : nil
    self.before = before
  }
}

/// What was done about where an image lies on another.
package enum Placement: Sendable, Equatable {
  /// Laid over by the headers alone.
  case asStored
  /// The only image: there is nothing that it could lie on.
  case alone
  /// Both headers state the same template space; nobody compared the images.
  case sameTemplate
  /// Carried by a transform, by whom it was made and whether a person accepted it.
  case registered(by: String, isAccepted: Bool?)

  package var words: String {
    switch self {
    case .asStored: "NOT REGISTERED, as stored"
    case .alone: "as stored"
    case .sameTemplate: "both MNI152 by their headers"
    case .registered(let maker, let accepted):
      "REGISTERED by \(maker), \(accepted == true ? "accepted" : accepted == false ? "REJECTED" : "NOT ACCEPTED")"
    }
  }

  /// Whether nothing laid it over the image that it is shown beside.
  package var isUnregistered: Bool {
    if case .asStored = self { true } else { false }
  }

  /// The same in few columns.
  package var short: String {
    switch self {
    case .asStored: "NOT REGISTERED"
    case .alone: "as stored"
    case .sameTemplate: "both MNI152"
    case .registered(_, let accepted): accepted == true ? "REGISTERED" : "REGISTERED, NOT ACCEPTED"
    }
  }
}

/// A measured SPECT on the displayed grid in per cent of a reference region.
package struct MeasuredSPECT: Sendable {
  package let uptake: Uptake
  package let placement: Placement
  package var volume: Volume { uptake.percent }
  /// Its largest value in per cent of the reference, looked for once; nil without any.
  package let largestPercent: Float?

  package init(uptake: Uptake, placement: Placement) {
    self.uptake = uptake
    self.placement = placement
    largestPercent = uptake.percent.range?.high
  }
}
