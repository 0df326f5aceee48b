package import Imaging

/// Where in the head the slices stand, and which way they face.
package struct NavigationState: Sendable {
  package var cursor = WorldPoint(0, 0, 0)
  /// Whether a person moved the cursor: what is loaded later no longer places it.
  package var hasMoved = false
  package var plane = Plane.axial
  /// Whether the arrows move the picture instead of the cursor.
  package var isPanning = false
  package var isRadiological = true
  package var underlayIndex = 0
  package var frame = 0
}
