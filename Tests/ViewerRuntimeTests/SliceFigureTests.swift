import CellUI
import Imaging
import PixelFiles
import Reports
import TestSupport
import Testing

/// A figure of a report: which side of the paper is which side of the person.
@Suite struct SliceFigureTests {
  static let width = 620
  static let box = (low: WorldPoint(-60, -60, -60), high: WorldPoint(60, 60, 60))

  /// How bright a part of a plane's tile is, from 0 to 1: `across` from the left and `down` from the top.
  func brightness(_ canvas: Canvas, plane: Int, across: Double, down: Double) -> Double {
    let tile = Self.width - 2 * SliceFigure.gap
    // 132 mm at no more than 4 pixels a millimetre.
    let height = Int(132 * min(Double(tile) / 132, 4))
    let top = 60 + plane * (height + 30 + SliceFigure.gap)
    // The pictures lie in the middle of their tile.
    let x = SliceFigure.gap + tile / 2 + Int((across - 0.5) * 400)
    let y = top + height / 2 + Int((down - 0.5) * 400)
    let at = 3 * (y * canvas.width + x)
    return Double(Int(canvas.rgb[at]) + Int(canvas.rgb[at + 1]) + Int(canvas.rgb[at + 2])) / 765
  }

  func drawn(_ isBright: (WorldPoint) -> Bool) throws -> Canvas {
    let grid = Small.grid(31, 31, 31, spacing: (4, 4, 4), origin: WorldPoint(-60, -60, -60))
    let volume = Small.volume(grid) { isBright(grid.world($0)) ? 100 : 0 }
    return try SliceFigure(
      layers: [
        SliceFigure.Layer(
          title: "t", volume: volume, background: nil,
          scale: ChartScale(look: .range(low: 0, high: 100), unit: "%"))
      ], box: Self.box, cuts: [[0], [0], [0]], mark: nil, notes: [], unmeasured: nil,
      sidesAreKnown: true
    ).canvas(width: Self.width)
  }

  @Test func thePersonsRightIsOnTheLeftOfThePaper() throws {
    let canvas = try drawn { $0.x > 2 }
    for plane in 0...1 {
      #expect(brightness(canvas, plane: plane, across: 0.25, down: 0.5) > 0.6)
      #expect(brightness(canvas, plane: plane, across: 0.75, down: 0.5) < 0.1)
    }
  }

  @Test func frontIsUpInAxialAndLeftInSagittalSlices() throws {
    let canvas = try drawn { $0.y > 2 }
    #expect(brightness(canvas, plane: 0, across: 0.5, down: 0.25) > 0.6)
    #expect(brightness(canvas, plane: 0, across: 0.5, down: 0.75) < 0.1)
    #expect(brightness(canvas, plane: 2, across: 0.25, down: 0.5) > 0.6)
    #expect(brightness(canvas, plane: 2, across: 0.75, down: 0.5) < 0.1)
  }

  @Test func topIsUp() throws {
    let canvas = try drawn { $0.z > 2 }
    for plane in 1...2 {
      #expect(brightness(canvas, plane: plane, across: 0.5, down: 0.25) > 0.6)
      #expect(brightness(canvas, plane: plane, across: 0.5, down: 0.75) < 0.1)
    }
  }
}
