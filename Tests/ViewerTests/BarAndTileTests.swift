import CellUI
import Connectivity
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// The right pane's colours, the registration's slices and the matrix answer where they are drawn.
@Suite struct BarAndTileTests {
  private func regions(_ model: Model, _ isWanted: (HitMeaning) -> Bool) -> [HitRegion] {
    hitRegions(model).filter { isWanted($0.meaning) }
  }

  private func bars(_ model: Model) -> [HitRegion] {
    regions(model) { if case .white = $0 { true } else { false } }
  }

  @Test(arguments: [(80, 24), (100, 33), (120, 40), (200, 60)])
  func theBarOfPerfusionSetsItsWhite(_ size: (Int, Int)) throws {
    var model = try FocusTests.model()
    model.shell.size = Size(columns: size.0, rows: size.1)
    let all = bars(model)
    let bar = try #require(all.first)
    #expect(all.count == 1)
    let frame = view(model)
    for column in size.0 / 2..<size.0 {
      #expect(
        (frame[bar.area.row, column].style == .picture)
          == bar.contains(column: column, row: bar.area.row), "column \(column)")
    }
    // The cell in the middle: white is the value at its right edge.
    let n = bar.area.columns / 2
    _ = try Head.press(&model, "<Press:\(bar.area.column + n),\(bar.area.row)>")
    #expect(
      abs(model.perfusion.rightScale - Double(n + 1) / Double(bar.area.columns)) < 1e-9)
    // Below a fifth of its scale nothing is seen any more.
    _ = try Head.press(&model, "<Press:\(bar.area.column),\(bar.area.row)>")
    #expect(abs(model.perfusion.rightScale - 0.2) < 1e-9)
    _ = try Head.press(&model, "<C-u><C-u>")
    #expect(model.perfusion.rightScale == 1)
    _ = try Head.press(&model, "<Press:\(bar.area.column + n),\(bar.area.row)>")
    let ends = regions(model) { if case .fullScale = $0 { true } else { false } }
    let end = try #require(ends.first?.area)
    _ = try Head.press(&model, "<Press:\(end.column),\(end.row)>")
    #expect(model.perfusion.rightScale == 1)
  }

  @Test func correlationsOnTheRightHaveTheSeedMapsThreshold() throws {
    var model = Head.model()
    model.panes.right = .mapBlurred
    model.averaging.blurredMap = Small.volume(Head.grid) { _ in 0.5 }
    model.scene.overlays = []
    let found = regions(model) { if case .values(.map, _, _) = $0 { true } else { false } }
    #expect(found.count == 2)
    let bar = try #require(found.last)
    guard case .values(_, let first, let last) = bar.meaning else { return }
    let frame = view(model)
    for n in 0..<bar.area.columns {
      #expect(frame[bar.area.row, bar.area.column + n].style == .picture)
    }
    _ = try Head.press(
      &model, "<Press:\(bar.area.column + bar.area.columns / 2),\(bar.area.row)>")
    #expect(abs(model.style(.map).threshold - (first + last) / 2) < 0.03)
  }

  @Test func aFixedScaleSaysSo() throws {
    var model = Head.model()
    model.panes.right = .change
    model = try FocusTests.model(.signed(threshold: 2, ceiling: 5))
    let found = regions(model) { if case .fixedScale = $0 { true } else { false } }
    let bar = try #require(found.first?.area)
    let styles = model.view.styles
    _ = try Head.press(&model, "<Press:\(bar.column),\(bar.row)>")
    #expect(model.notice?.text.contains("fixed") == true && model.view.styles == styles)
  }

  /// Every cell of the three planes is the place that it shows; a click goes there and chooses the plane.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func theRegistrationsSlicesAnswer(_ size: (Int, Int)) throws {
    var model = try RegistrationTests.model()
    model.shell.size = Size(columns: size.0, rows: size.1)
    _ = try Head.press(&model, "G")
    model.notice = nil
    let slices = hitRegions(model).compactMap { region -> (HitRegion, SliceRegion)? in
      if case .slice(let slice) = region.meaning { (region, slice) } else { nil }
    }
    #expect(slices.count == 3)
    let frame = view(model)
    for (region, slice) in slices {
      for row in region.area.row..<region.area.row + region.area.rows {
        for column in region.area.column..<region.area.column + region.area.columns {
          #expect(slice.cell(of: slice.world(column: column, row: row)) == (column, row))
        }
      }
      // The cursor's cross stands in the picture where the region says that the cursor is.
      let at = slice.cell(of: model.cursor)
      // Bright on what is dark, dark on what is bright.
      let inks = [Colour(95, 255, 135), Ink.darkCursor]
      #expect(
        (2...4).contains {
          inks.contains(frame[at.row, at.column + $0].foreground)
            || inks.contains(frame[at.row, at.column + $0].background)
        })
    }
    let place = model.registration?.place
    for (n, plane) in [Plane.axial, .coronal, .sagittal].enumerated().reversed() {
      let area = slices[n].0.area
      let (column, row) = (area.column + area.columns / 3, area.row + area.rows / 3)
      let shown = slices[n].1.world(column: column, row: row)
      let before = model.cursor
      #expect(try Head.press(&model, "<Press:\(column),\(row)>").isEmpty)
      #expect(model.navigation.plane == plane && model.registration?.place == place)
      for axis in 0..<3 {
        let wanted = axis == plane.normalAxis ? before[axis] : shown[axis]
        #expect(abs(model.cursor[axis] - wanted) <= 2.01, "\(plane) \(axis)")
      }
      model.cursor = before
    }
  }

  /// A click on a cell of the matrix says the pair whose number is drawn there.
  @Test(arguments: [(5, 80, 24), (23, 120, 40), (90, 120, 40), (31, 200, 60)])
  func aCellOfTheMatrixIsThePairThatIsDrawn(_ count: Int, _ columns: Int, _ rows: Int) throws {
    var (model, _) = try AnalysesTests.model(columns: columns, rows: rows)
    model.shell.capabilities = Capabilities(colours: .none, unicode: true)
    let parcels = (0..<count).map {
      Parcel(label: $0 + 1, name: "P\($0).", places: [$0], network: nil)
    }
    let r = (0..<count * count).map { n in
      Double((n / count * 7 + n % count * 3) % 10) / 10 + 0.05
    }
    _ = try Head.press(&model, "x")
    _ = update(
      &model,
      .matrix(
        ConnectivityMatrix(
          parcels: parcels, r: r, degreesOfFreedom: 50, secondsKept: nil,
          denoising: Denoising())))
    let frame = view(model)
    let all = regions(model) { if case .matrix = $0 { true } else { false } }
    let area = try #require(all.first?.area)
    for row in area.row..<area.row + area.rows {
      for column in area.column..<area.column + area.columns {
        let drawn = frame[row, column].glyph
        var clicked = model
        _ = try Head.press(&clicked, "<Press:\(column),\(row)>")
        let words = try #require(clicked.notice?.text)
        if drawn == "\\" {
          #expect(!words.contains(" with "))
        } else {
          #expect(words.contains("+0.\(drawn)5"), "\(words) at \(column), \(row)")
        }
      }
      // Nothing of it stands beside the region.
      #expect(!("0"..."9").contains(frame[row, area.column + area.columns].glyph))
    }
  }
}
