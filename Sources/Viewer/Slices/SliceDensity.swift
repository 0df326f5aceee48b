import CellUI
import Imaging

/// Pixels to a cell for slices in an area of so many cells.
///
/// Where the terminal repeats pixels, as many as show every voxel: more would cost bytes and show
/// nothing. Elsewhere all that a cell has, so that nothing is left to be interpolated.
func sliceDensity(
  _ model: Model, planes: [Plane] = Plane.allCases, columns: Int, rows: Int
) -> PixelDensity {
  let voxel = model.scene.step(along: 0)
  let all = model.sliceDensities
  return all.first { density in
    // A little less than a pixel for a voxel loses rows; half a per cent loses none.
    SliceGeometry.scale(
      fitting: model.scene, planes: planes, width: columns * density.across,
      height: rows * density.down) <= voxel * 1.005
  } ?? model.shell.capabilities.density
}

extension Model {
  /// What slices may be drawn with, the coarsest first; the last is the finest there is.
  var sliceDensities: [PixelDensity] {
    guard shell.capabilities.hasImages,
      case .images(let cell, let repeatsPixels) = shell.capabilities.pictures, repeatsPixels
    else { return [shell.capabilities.density] }
    return (1..<max(2, cell.across)).map { cell.reduced(across: $0) } + [shell.capabilities.density]
  }
}

/// Pixels to a cell for pictures that are no slices: they are never mixed.
func panelDensity(_ model: Model) -> PixelDensity {
  model.shell.capabilities.hasImages ? model.shell.capabilities.density : .half
}

/// Says that colours of quadrants are mixed, where they are.
func drawInterpolated(_ frame: inout Frame, _ model: Model, row: Int, end: Int) {
  guard model.shell.capabilities.mixesPixels else { return }
  let word = " interpolated "
  frame.put(
    word, row: row, column: end - word.count, foreground: Ink.black, background: Ink.amber)
}
