package import Imaging
package import Perfusion

/// Pictures of the right pane that are made when they are asked for.
package enum MadeKind: Hashable, Sendable {
  /// The proxy under the rotating camera and back (tier 2).
  case scan
  /// What the camera loses of local contrast.
  case lostContrast
  /// The asymmetry index of a SPECT, on one of two unequal sides.
  case asymmetry(Int, AsymmetrySide)
  /// The first SPECT, ictal, minus the second, interictal, by the SD of the difference; whether a person
  /// states that they lie on each other.
  case subtraction(isStated: Bool)
}

/// How a scan's views become an image.
package enum ScanMethod: String, Equatable, Sendable, CaseIterable {
  case fbp, osem
  case osemRecovery = "osem-recovery"
}

/// What stands for perfusion before the camera.
package enum ProxyChoice: String, Equatable, Sendable, CaseIterable {
  case mean, alff, template, asl, gm
}

/// A picture with its words and its scale.
package struct MadePicture: Sendable {
  package enum Look: Equatable, Sendable {
    /// From 0, in the palette of perfusion.
    case hot(top: Double)
    /// Over the underlay, of one sign or of both, drawn in full from the threshold on.
    case signed(threshold: Double, ceiling: Double, sign: SignShown = .both)
  }

  /// On any grid in the scene's world.
  package var volume: Volume
  package var look: Look
  package var heading: String
  /// The file that it shows, where it is of one alone.
  package var name: String?
  package var isSimulated: Bool
  package var detail: String
  package var shortDetail: String
  package var unit: String
  /// What the cursor reads, where that is more than is coloured.
  package var values: Volume?
  /// The answer in one line, told when the picture comes.
  package var answer: String?

  package init(
    volume: Volume, look: Look, heading: String, isSimulated: Bool, detail: String,
    shortDetail: String, unit: String
  ) {
    self.volume = volume
    self.look = look
    self.heading = heading
    self.isSimulated = isSimulated
    self.detail = detail
    self.shortDetail = shortDetail
    self.unit = unit
  }
}

/// Numbers of a measured SPECT as lines of text, with the clusters that a key goes through.
package struct PerfusionSheet: Sendable {
  package var spect: Int
  package var lines: [String]
  /// Peaks of the clusters, in the order of the lines.
  package var peaks: [WorldPoint]
  package var top = 0
  /// The cluster that the cursor was sent to last.
  package var index: Int?

  package init(spect: Int, lines: [String], peaks: [WorldPoint]) {
    self.spect = spect
    self.lines = lines
    self.peaks = peaks
  }
}
