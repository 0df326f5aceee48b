package import Imaging

/// How the two sides are put on the screen.
package enum PaneLayout: String, Sendable, CaseIterable {
  /// One plane of each side.
  case side
  /// Axial, coronal and sagittal of each side.
  case planes
  /// Many slices of one plane of each side.
  case lightbox
  /// The right side over the left one in one picture.
  case fused
  /// Left and right by turns in the same place.
  case flicker

  /// The layout that a typed name begins.
  package init?(typed: String) {
    let wanted = typed.lowercased()
    guard !wanted.isEmpty,
      let found = PaneLayout.allCases.first(where: { $0.rawValue.hasPrefix(wanted) })
    else { return nil }
    self = found
  }
}

/// All of how things are shown that a person may want to keep and find again; nothing of what is
/// shown.
package struct Presentation: Equatable, Sendable {
  package var layout = PaneLayout.side
  /// Distance of the lightbox's slices in mm; nil takes what fits.
  package var spacing: Double?
  /// How much of the right side is seen in the fused picture, in per cent.
  package var mix = 50
  /// Which side the flicker layout shows.
  package var showsRight = false
  /// Whether the flicker layout goes to and fro by itself.
  package var alternates = false
  /// How much larger than fitted.
  package var zoom = 1.0
  /// What lies in the middle of the pictures; nil is the middle of the field.
  package var centre: WorldPoint?
  /// How overlays are drawn that a person changed.
  package var styles: [OverlayID: OverlayStyle] = [:]
  /// Overlays that stay on screen while others are chosen, from the lowest to the highest.
  package var pinned: [OverlayID] = []
  package var underlay = UnderlayWindow()
  /// Whether the current overlay's outline is drawn on the right side too.
  package var outlinesAcross = false
  /// Where the right side reaches this value, a line is drawn on the left side; nil for none.
  package var isoline: Double?

  package static let zooms = 1.0...32.0
  package static let spacings = 1.0...100.0

  package init() {}
}
