import CellUI
import Imaging
import TestSupport
import Testing
import Viewer

/// One picture as the screen shows it: the letters at its left and right and the row they stand in.
private struct Seen {
  var row: Int
  var left: (column: Int, letter: Unicode.Scalar)
  var right: (column: Int, letter: Unicode.Scalar)

  /// Pairs of letters in the amber of sides, each alone among blanks or pictures.
  static func all(_ frame: Frame) -> [Seen] {
    var out: [Seen] = []
    for row in 2..<(frame.size.rows - 2) {
      var open: (column: Int, letter: Unicode.Scalar)?
      for column in 0..<frame.size.columns {
        let cell = frame[row, column]
        guard cell.foreground == Colour(255, 175, 0), cell.style.contains(.bold),
          ["R", "L", "A", "P"].contains(cell.glyph)
        else { continue }
        let next = column + 1 < frame.size.columns ? frame[row, column + 1] : Cell()
        let last = column > 0 ? frame[row, column - 1] : Cell()
        func isWord(_ c: Cell) -> Bool {
          c.foreground == Colour(255, 175, 0) && c.glyph != " "
        }
        guard !isWord(next), !isWord(last) else { continue }
        if let first = open {
          out.append(Seen(row: row, left: first, right: (column, cell.glyph)))
          open = nil
        } else {
          open = (column, cell.glyph)
        }
      }
    }
    return out
  }
}

/// Cells that a map without colours draws in full.
private func plusCells(_ frame: Frame) -> [(row: Int, column: Int)] {
  var out: [(row: Int, column: Int)] = []
  // Above the colour bars, which are drawn in the same signs.
  let rows = frame.size.rows
  for row in 2..<(rows - (rows < 34 ? 5 : rows < 50 ? 7 : 9)) {
    for column in 0..<frame.size.columns {
      let cell = frame[row, column]
      if cell.glyph == "+", cell.style == .bold, cell.foreground.red > 200,
        cell.foreground.blue < 100
      {
        out.append((row, column))
      }
    }
  }
  return out
}

@Suite struct LayoutTests {
  static func model(_ columns: Int, _ rows: Int, _ colours: Capabilities.Colours = .none) -> Model {
    var scene = Head.scene()
    // A ball, because a picture of small pixels may leave out single voxels.
    scene.overlays = [
      NamedVolume(
        name: "map.nii",
        volume: Small.volume(Head.grid) { v in
          Head.grid.world(v).distance(to: Head.marked) < 10 ? 0.7 : 0.01
        })
    ]
    var model = Head.model(scene, columns: columns, rows: rows, colours: colours)
    model.cursor = Head.marked
    return model
  }

  /// The bright voxel lies left, anterior of the middle, in every picture of every layout.
  @Test(
    arguments: [PaneLayout.side, .planes, .lightbox, .fused, .flicker],
    [(80, 24), (120, 40), (160, 45), (200, 60), (300, 80)])
  func theLeftOfTheHeadIsBesideItsLetter(_ layout: PaneLayout, _ size: (Int, Int)) throws {
    for plane in ["a", "c", "s"] {
      for convention in ["radiological", "neurological"] {
        var model = Self.model(size.0, size.1)
        _ = try Head.press(
          &model, ":layout \(layout.rawValue)<Enter>\(plane):convention \(convention)<Enter>")
        let frame = view(model)
        let tiles = Seen.all(frame)
        #expect(!tiles.isEmpty, "\(layout) \(size)")
        var found = 0
        for cell in plusCells(frame) {
          // The picture whose letters enclose it, the nearest in rows.
          let around = tiles.filter {
            $0.left.column < cell.column && cell.column < $0.right.column
          }.min { abs($0.row - cell.row) < abs($1.row - cell.row) }
          guard let around else { continue }
          found += 1
          let middle = (around.left.column + around.right.column) / 2
          let nearer = cell.column < middle ? around.left.letter : around.right.letter
          #expect(nearer == "L" || nearer == "A", "\(layout) \(size) \(plane) \(convention)")
        }
        #expect(found > 0, "\(layout) \(size) \(plane) \(convention)")
        for tile in tiles where Set([tile.left.letter, tile.right.letter]) == ["L", "R"] {
          #expect((tile.left.letter == "R") == (convention == "radiological"))
        }
        #expect(frame.text.contains(convention.uppercased()))
      }
    }
  }

  @Test func threePlanesHaveAllTheirLettersAndPlaces() throws {
    for (columns, pictures) in [(80, 3), (160, 6)] {
      var model = Self.model(columns, columns == 80 ? 24 : 45)
      _ = try Head.press(&model, "2")
      let frame = view(model)
      #expect(Seen.all(frame).count == pictures)
      for place in ["x −40", "y +10", "z +20"] { #expect(frame.text.contains(place)) }
      for letter in ["A", "P", "S", "I"] { #expect(frame.text.contains(letter)) }
    }
    var unknown = Head.model(Head.scene(laterality: .unknown), columns: 160, rows: 45)
    _ = try Head.press(&unknown, "2")
    #expect(Seen.all(view(unknown)).isEmpty)
    #expect(view(unknown).text.contains("?"))
  }

  @Test func oneSideAloneStandsUnderItsOwnHeading() throws {
    for key in ["2", "3"] {
      var model = Self.model(80, 24)
      model.panes.right = .mapBlurred
      _ = try Head.press(&model, key)
      func heading() -> String {
        String(view(model).text.split(separator: "\n", omittingEmptySubsequences: false)[1])
      }
      #expect(heading().hasPrefix("› image") && heading().hasSuffix("Tab: SIMULATED MAP BLURRED"))
      _ = try Head.press(&model, "<Tab>")
      #expect(heading().hasPrefix("› SIMULATED MAP BLURRED") && heading().hasSuffix("Tab: image"))
    }
  }

  @Test func theLightboxSaysEachSlicesPlaceAndShowsTheCursorsOwn() throws {
    var model = Self.model(160, 45)
    _ = try Head.press(&model, "3:spacing 24<Enter>")
    let text = view(model).text
    #expect(text.contains("›z +20") && text.contains("lightbox 24 mm apart"))
    // Two mosaics, and the mark is in no other slice of either.
    let marked = plusCells(view(model))
    #expect(!marked.isEmpty)
    let columns = Set(marked.map { $0.column < 80 })
    #expect(columns == [true])
    _ = try Head.press(&model, "<PgUp>")
    #expect(view(model).text.contains("›z +24"))
    _ = try Head.press(&model, ")")
    #expect(model.view.spacing == 28)
    _ = try Head.press(&model, "((")
    #expect(model.view.spacing == 20)
    _ = try Head.press(&model, ":spacing auto<Enter>")
    #expect(model.view.spacing == nil)
    for bad in ["0", "101", "-3"] {
      _ = try Head.press(&model, ":spacing \(bad)<Enter>")
      #expect(model.view.spacing == nil && model.notice?.text.contains("1 to 100") == true)
    }
  }

  @Test func whatIsSimulatedSaysSoInEveryLayout() throws {
    for layout in PaneLayout.allCases {
      for (columns, rows) in [(80, 24), (160, 45)] {
        var model = Self.model(columns, rows)
        model.panes.right = .mapBlurred
        model.view.layout = layout
        for shows in [false, true] {
          model.view.showsRight = shows
          #expect(view(model).text.contains("SIMULATED"))
        }
      }
    }
    var model = Self.model(160, 45)
    model.panes.right = .simulated
    _ = try Head.press(&model, "4")
    #expect(view(model).text.contains("SIMULATED above, 50 %"))
    _ = try Head.press(&model, "5")
    #expect(view(model).text.contains("SHOWN:"))
    #expect(!model.view.showsRight)
    _ = try Head.press(&model, "5")
    #expect(model.view.showsRight)
    #expect(view(model).text.contains("pane 2 of 2"))
  }

  @Test func flickerGoesByItselfSlowlyAndStops() throws {
    var model = Self.model(120, 40)
    _ = try Head.press(&model, "p")
    #expect(model.tickMilliseconds == nil)
    _ = try Head.press(&model, "5p")
    // Fewer than three flashes a second.
    #expect((model.tickMilliseconds ?? 0) > 334)
    _ = update(&model, .tick)
    #expect(model.view.showsRight)
    _ = update(&model, .tick)
    #expect(!model.view.showsRight)
    _ = try Head.press(&model, "<Esc>")
    #expect(model.tickMilliseconds == nil)
    _ = update(&model, .tick)
    #expect(!model.view.showsRight)
  }

  @Test func fusedIsTheLeftAtNothingAndTheRightAtAll() throws {
    var model = Self.model(120, 40, .direct)
    model.panes.right = .mapBlurred
    model.averaging.blurredMap = Small.volume(Head.grid) { _ in 0.5 }
    _ = try Head.press(&model, "4:mix 0<Enter>")
    let left = view(model)
    model.view.mix = 100
    let right = view(model)
    _ = try Head.press(&model, "5")
    func picture(_ frame: Frame) -> [Cell] {
      (8..<30).flatMap { row in (44..<76).map { frame[row, $0] } }
    }
    #expect(picture(view(model)) == picture(left))
    model.view.showsRight = true
    #expect(picture(view(model)) == picture(right))
    #expect(picture(left) != picture(right))
    _ = try Head.press(&model, "4:mix 101<Enter>")
    #expect(model.view.mix == 100 && model.notice != nil)
    _ = try Head.press(&model, "((")
    #expect(model.view.mix == 80)
  }

  @Test func everyLayoutDrawsAtEverySize() throws {
    for layout in PaneLayout.allCases {
      for columns in stride(from: 80, through: 310, by: 23) {
        for rows in stride(from: 24, through: 110, by: 17) {
          var model = Self.model(columns, rows)
          model.view.layout = layout
          for plane in Plane.allCases {
            model.navigation.plane = plane
            #expect(view(model).cells.count == columns * rows)
          }
          model.view.zoom = 7
          model.view.centre = model.cursor
          #expect(view(model).cells.count == columns * rows)
        }
      }
    }
  }

  @Test func whatHasNoRoomSaysWhatItNeeds() throws {
    var scene = Head.scene()
    // A field so wide that three planes of it would be smudges.
    let wide = Small.grid(
      90, 90, 90, spacing: (10, 10, 10), origin: WorldPoint(-450, -450, -450))
    scene.grid = wide
    scene.mask = nil
    scene.underlays = [NamedVolume(name: "a", volume: Small.volume(wide) { _ in 1 })]
    scene.overlays = []
    var model = Head.model(scene, columns: 80, rows: 24, colours: .none)
    _ = try Head.press(&model, "2")
    #expect(view(model).text.contains("this layout needs about"))
    #expect(view(model).text.contains("this is 80×24"))
  }

  @Test func keysAndCommandsDoTheSame() throws {
    for (key, command) in [
      ("2", "layout planes"), ("3", "layout lightbox"), ("4", "layout fused"),
      ("5", "layout flicker"), ("5p", "alternate on"), ("4)", "layout f<Enter>:mix 60"),
      ("d", "outline on"), (";", "sign positive"), ("#", "cluster 10"), ("K", "keep on"),
      (",", "opacity 90"), ("b", "underlay-range 2 98 0.4"), ("i", "underlay-range 6 96"),
      ("D", "across on"),
    ] {
      var a = Self.model(120, 40)
      var b = a
      _ = try Head.press(&a, key)
      _ = try Head.press(&b, ":\(command)<Enter>")
      #expect(a.view == b.view, "\(key)")
      #expect(a.view != Self.model(120, 40).view, "\(key)")
    }
  }
}

@Suite struct ZoomTests {
  /// Pixels of the left pane that the one bright voxel takes.
  func pixelsOfMark(_ model: Model) -> Set<[Int]> {
    let frame = view(model)
    func isMark(_ c: Colour) -> Bool { c.red > 200 && c.blue < 100 && c.green > 100 }
    var out: Set<[Int]> = []
    for row in 3..<33 {
      for column in 3..<57 where frame[row, column].style == .picture {
        let cell = frame[row, column]
        if isMark(cell.glyph == "▀" ? cell.foreground : cell.background) {
          out.insert([column, 2 * row])
        }
        if isMark(cell.background) { out.insert([column, 2 * row + 1]) }
      }
    }
    return out
  }

  @Test func voxelsAreWholeSquaresAndTheCursorStays() throws {
    var model = Head.model()
    model.cursor = WorldPoint(
      Head.marked.x + 12, Head.marked.y - 12, Head.marked.z)
    var sizes: [Int] = []
    for _ in 0..<4 {
      _ = try Head.press(&model, "Z")
      let pixels = pixelsOfMark(model)
      let side = Set(pixels.map { $0[0] }).count
      #expect(pixels.count == side * side && Set(pixels.map { $0[1] }).count == side)
      sizes.append(side)
    }
    #expect(sizes == sizes.sorted() && Set(sizes).count == sizes.count, "\(sizes)")
    _ = try Head.press(&model, "0")
    #expect(model.view == Presentation())
    _ = try Head.press(&model, "z")
    #expect(model.notice != nil && model.view.zoom == 1)
  }

  @Test func theZoomedPictureFollowsTheCursorAndPans() throws {
    var model = Head.model()
    model.cursor = Head.marked
    _ = try Head.press(&model, ":zoom 8<Enter>")
    let inks = [Colour(95, 255, 135), Ink.darkCursor]
    func hasCross() -> Bool {
      let frame = view(model)
      return (3..<33).contains { row in
        (3..<57).contains {
          frame[row, $0].style == .picture
            && (inks.contains(frame[row, $0].foreground)
              || inks.contains(frame[row, $0].background))
        }
      }
    }
    #expect(hasCross())
    for _ in 0..<20 { _ = try Head.press(&model, "<Left>") }
    #expect(hasCross())
    _ = try Head.press(&model, "g0,-53,26<Enter>")
    #expect(hasCross())
    let place = model.cursor
    _ = try Head.press(&model, "P" + String(repeating: "<Right>", count: 10))
    #expect(model.cursor == place && !hasCross())
    _ = try Head.press(&model, "<Esc>C")
    #expect(!model.navigation.isPanning && hasCross())
    _ = try Head.press(&model, ":zoom 33<Enter>")
    #expect(model.notice?.text.contains("1 to 32") == true)
    _ = try Head.press(&model, ":zoom 1<Enter>P")
    #expect(!model.navigation.isPanning)
  }
}
