import CellUI
import Connectivity
import Foundation
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// Slices of a lightbox stand in equal steps, pictures of one scale have one scale bar, and what has room is said.
@Suite struct SlicePlaceTests {
  @Test(arguments: [
    (-60.0, 75.0, 24.0), (-61.0, 74.0, 36.0), (-60.0, 75.0, 3.0), (0.0, 10.0, 24.0),
  ])
  func aLatticeIsEvenAndHoldsTheCursor(_ low: Double, _ high: Double, _ spacing: Double) {
    for cursor in stride(from: low - 9, through: high + 9, by: 3) {
      let lattice = SliceLattice(cursor: cursor, low: low, high: high, spacing: spacing)
      #expect(abs(lattice[lattice.here] - cursor) < 1e-9)
      for n in 0..<lattice.count where (low...high).contains(cursor) {
        #expect(lattice[n] >= low - 1e-6 && lattice[n] <= high + 1e-6)
      }
      // Nothing of the extent is left out.
      #expect(lattice[0] - spacing < low && lattice[lattice.count - 1] + spacing > high)
      for slots in 1...40 {
        let shown = lattice.shown(slots, low: low, high: high)
        #expect(shown.contains(lattice.here) && shown.count == min(slots, lattice.count))
        #expect(shown.lowerBound >= 0 && shown.upperBound <= lattice.count)
      }
    }
  }

  /// The places that a lightbox writes over its slices, of the left side.
  private func places(_ model: Model) -> [Int] {
    let frame = view(model)
    let end =
      model.shell.size.columns < 100 ? model.shell.size.columns : model.shell.size.columns / 2
    var out: [Int] = []
    for row in 1..<model.shell.size.rows - 6 {
      let cells = (0..<end).map { frame[row, $0].glyph }
      for column in cells.indices.dropLast(4)
      where "zyx".unicodeScalars.contains(cells[column]) && cells[column + 1] == " "
        && (cells[column + 2] == "+" || cells[column + 2] == "−")
      {
        var text = cells[column + 2] == "−" ? "-" : ""
        var at = column + 3
        while at < end, ("0"..."9").contains(cells[at]) {
          text.unicodeScalars.append(cells[at])
          at += 1
        }
        if let n = Int(text) { out.append(n) }
      }
    }
    return out
  }

  @Test(arguments: [(80, 24), (120, 40), (160, 45), (200, 60)])
  func theLightboxHasEqualSteps(_ size: (Int, Int)) throws {
    for keys in ["", ":spacing 24<Enter>", ":spacing 10<Enter>", "c", "s"] {
      var model = Head.model(columns: size.0, rows: size.1)
      _ = try Head.press(&model, "3" + keys)
      for step in 0..<9 {
        model.notice = nil
        let all = places(model)
        #expect(all.count >= 2, "\(size) \(keys)")
        let steps = Set(zip(all, all.dropFirst()).map { $1 - $0 })
        #expect(steps.count == 1 && (steps.first ?? 0) > 0, "\(size) \(keys) \(step): \(all)")
        // Whole voxels.
        #expect((steps.first ?? 1) % 4 == 0)
        let own = Int(model.cursor[model.navigation.plane.normalAxis])
        #expect(all.contains(own))
        _ = try Head.press(&model, "<PgUp>")
      }
    }
  }

  /// Images have pixels to spare, and cells that many slices would make too small to see.
  @Test func aLightboxOfImagesHasRoom() throws {
    let cell = PixelDensity(across: 10, down: 20)
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
      var model = Head.model(columns: columns, rows: rows)
      model.shell.capabilities = Capabilities(
        colours: .direct, unicode: true, pictures: .images(cell: cell, repeatsPixels: true))
      _ = try Head.press(&model, "3")
      #expect(places(model).count >= 3, "\(columns)×\(rows)")
    }
  }

  /// The lengths of the scale bars in a frame.
  private func bars(_ frame: Frame) -> [String] {
    frame.text.split(separator: "\n").flatMap { line -> [String] in
      line.split(separator: "┤").dropFirst().compactMap { rest in
        let words = rest.split(separator: " ")
        return words.count > 1 && words[1] == "mm" ? String(words[0]) : nil
      }
    }
  }

  /// A map that fills one picture to its rim leaves less room for a bar than the anatomy beside it.
  @Test func picturesOfOneScaleHaveOneBar() throws {
    var seen = 0
    var both = 0
    for columns in stride(from: 80, through: 240, by: 13) {
      for rows in [24, 33, 45, 60] {
        for keys in ["1", "2", "1c", "1s"] {
          var model = try FocusTests.model()
          model.shell.size = Size(columns: columns, rows: rows)
          model.perfusion.made[.scan]?.volume = Small.volume(Head.grid) { v in
            v.k < 12 || v.j < 3 || v.i > 28 ? 50 : 0
          }
          _ = try Head.press(&model, keys)
          model.notice = nil
          let all = bars(view(model))
          seen += all.count
          both += all.count > 1 ? 1 : 0
          #expect(Set(all).count <= 1, "\(columns)×\(rows) \(keys): \(all)")
        }
      }
    }
    #expect(seen > 50 && both > 20)
  }

  /// Beyond an image there is nothing; voxels of it without data are told apart, and told.
  @Test func onlyVoxelsWithoutDataAreBlue() throws {
    let blue = Colour(14, 14, 24)
    func isBlue(_ model: Model) -> Bool {
      view(model).cells.contains { $0.foreground == blue || $0.background == blue }
    }
    var model = try FocusTests.model()
    #expect(!isBlue(model) && !view(model).text.contains("no data"))
    model.perfusion.made[.scan]?.volume = Small.volume(Head.grid) { v in
      v.j < 12 ? .nan : 50
    }
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(isBlue(model) && lines.prefix(8).contains { $0.hasSuffix(" no data") })
    // Where no colour shows there is nothing to be told.
    model.shell.capabilities = Capabilities(colours: .none, unicode: true)
    #expect(!view(model).text.contains(" no data"))
  }

  @Test func theQuarterBesideThreePlanesSaysWhatTheLineHasNoRoomFor() throws {
    var model = try FocusTests.model()
    model.shell.size = Size(columns: 160, rows: 45)
    _ = try Head.press(&model, "2<Tab>g-40,10,20<Enter>")
    model.notice = nil
    let lines = view(model).text.split(separator: "\n", omittingEmptySubsequences: false)
    func row(_ words: String) -> Int? { lines.firstIndex { $0.contains(words) } }
    let head = try #require(row("at the cursor"))
    #expect(lines[head + 1].contains("LEFT"))
    #expect(lines[head + 2..<head + 12].contains { $0.contains("map.nii") && $0.contains("+0.70") })
    #expect(row("the head's left is on the right") != nil)
    _ = try Head.press(&model, "R")
    #expect(view(model).text.contains("the head's left is on the left"))
    // No plane lies over it.
    let before = try #require(lines[head].columns(before: "at the cursor"))
    for region in hitRegions(model) {
      #expect(!region.contains(column: before, row: head))
    }
  }

  @Test func headingsHaveNoHalfWordsAndSayThatASideIsAlone() throws {
    var (model, _) = try AnalysesTests.model(columns: 80, rows: 24)
    func heading() -> String {
      String(view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[1])
    }
    #expect(heading().contains("rsfMRI Space sets a seed") && !heading().contains("at the"))
    for key in ["2", "3"] {
      _ = try Head.press(&model, key)
      #expect(heading().contains("1 of 2 sides, Tab: "))
    }
    _ = try Head.press(&model, "1")
    model.scene.overlays = [
      NamedVolume(
        name: "sub-01_task-rest_desc-smoothed_very-long_name_zmap.nii.gz",
        volume: Small.volume(AnalysesTests.grid) { _ in 0.5 })
    ]
    #expect(heading().contains("…") && heading().contains("zmap.nii.gz"))
  }
}

/// What is not on screen has no colours there, and words beside the time course are whole.
@Suite struct SideTests {
  @Test func oneSideAloneHasItsOwnColoursOnly() throws {
    for key in ["2", "3"] {
      var model = try FocusTests.model()
      model.shell.size = Size(columns: 80, rows: 24)
      _ = try Head.press(&model, "<Tab>" + key)
      func has(_ isWanted: (HitMeaning) -> Bool) -> Bool {
        hitRegions(model).contains { isWanted($0.meaning) }
      }
      func hasPerfusion() -> Bool { has { if case .white = $0 { true } else { false } } }
      func hasOverlay() -> Bool { has { if case .values = $0 { true } else { false } } }
      let left = view(model).text
      #expect(!model.panes.rightHasFocus && hasOverlay() && !hasPerfusion())
      _ = try Head.press(&model, "<Tab>")
      #expect(model.panes.rightHasFocus && !hasOverlay() && hasPerfusion())
      #expect(left.contains("±0.30") && !view(model).text.contains("±0.30"))
      _ = try Head.press(&model, "1")
      #expect(hasOverlay() && hasPerfusion())
    }
  }

  @Test func theWordOfADerivedMaskIsNotCut() throws {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
      var (model, _, map) = try AnalysesTests.seeded()
      model.shell.size = Size(columns: columns, rows: rows)
      let run = try #require(model.scene.run)
      model.scene.run = Run(
        mask: Mask(grid: run.grid, origin: "DERIVED") { _ in true }, frameCount: run.frameCount,
        repetitionTimeSeconds: run.repetitionTimeSeconds, samples: run.samples, mean: run.mean)
      let lines = view(model).text.split(separator: "\n")
      #expect(lines.contains { $0.hasSuffix("DOF \(map.degreesOfFreedom)  mask DERIVED") })
      #expect(rows == 24 || lines.contains { $0.hasSuffix("no motion model") })
    }
  }
}

extension Substring {
  /// How many characters stand before some words; nil where they are not.
  fileprivate func columns(before words: String) -> Int? {
    range(of: words).map { distance(from: startIndex, to: $0.lowerBound) }
  }
}
