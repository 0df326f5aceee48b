import CellUI
import Connectivity
import Imaging
import TestSupport
import Testing
import Viewer

@Suite struct ThresholdedMapTests {
  static let grid = Small.grid(20, 20, 20, spacing: (2, 2, 2), origin: WorldPoint(0, 0, 0))

  /// A cube of 27, a cube of 8 with negative values, and three voxels that touch by corners only.
  static let map = Small.volume(grid) { v in
    func isIn(_ low: Int, _ side: Int) -> Bool {
      [v.i, v.j, v.k].allSatisfy { $0 >= low && $0 < low + side }
    }
    if isIn(2, 3) { return 0.6 }
    if isIn(10, 2) { return -0.7 }
    if v.i == v.j, v.j == v.k, (14...16).contains(v.i) { return 0.9 }
    return v.i == 0 ? .nan : 0.1
  }

  func passing(_ change: (inout OverlayStyle) -> Void) -> (count: Int, clusters: Int?) {
    var style = OverlayStyle(threshold: 0.5, ceiling: 1, colours: .redBlue)
    change(&style)
    let out = ThresholdedMap(Self.map, style, nil)
    return (out.passes?.reduce(0) { $0 + ($1 ? 1 : 0) } ?? -1, out.clusters)
  }

  @Test func clustersAreOfVoxelsThatTouchEvenByCorners() {
    for (least, count, clusters) in [(1, 38, 3), (3, 38, 3), (4, 35, 2), (9, 27, 1), (28, 0, 0)] {
      let found = passing { $0.leastCluster = .voxels(least) }
      #expect(found.count == count && found.clusters == clusters, "\(least)")
    }
    // A voxel has 8 mm³.
    #expect(passing { $0.leastCluster = .cubicMillimetres(64) }.count == 35)
    #expect(passing { $0.leastCluster = .cubicMillimetres(65) }.count == 27)
  }

  @Test func signsAndRangesDecideWithTheSize() {
    #expect(
      passing {
        $0.leastCluster = .voxels(1)
        $0.sign = .positive
      }.count == 30)
    #expect(
      passing {
        $0.leastCluster = .voxels(1)
        $0.sign = .negative
      }.count == 8)
    #expect(
      passing {
        $0.leastCluster = .voxels(1)
        $0.top = 0.8
      }.count == 35)
  }

  @Test func aPercentileIsOfTheValuesWithoutSign() {
    var style = OverlayStyle(threshold: 90, ceiling: 1, colours: .redBlue)
    style.kind = .percentile
    let sorted = Self.map.values.filter { $0.isFinite && $0 != 0 }.map(abs).sorted()
    let out = ThresholdedMap(Self.map, style, nil)
    #expect(out.level == Double(sorted[sorted.count * 9 / 10]) && out.passes == nil)
  }

  @Test func withoutStatisticsNothingPassesAndItIsSaid() {
    for kind in [ThresholdKind.z, .p, .q] {
      var style = OverlayStyle(threshold: 0.05, ceiling: 1, colours: .redBlue)
      style.kind = kind
      let out = ThresholdedMap(Self.map, style, nil)
      #expect(out.reason != nil && out.passes?.contains(true) == false)
    }
  }

  @Test func statisticsDecideVoxelByVoxel() throws {
    let (_, reduced, map) = try AnalysesTests.seeded()
    let inference = try map.inference(in: reduced, method: .bartlett)
    for (kind, level) in [(ThresholdKind.z, 1.5), (.p, 0.2), (.q, 0.9)] {
      var style = OverlayStyle(threshold: level, ceiling: 1, colours: .redBlue)
      style.kind = kind
      let out = ThresholdedMap(map.volume, style, (inference, map.mask))
      var wanted = [Bool](repeating: false, count: map.mask.grid.count)
      for (n, offset) in map.mask.offsets.enumerated() {
        wanted[Int(offset)] =
          kind == .z
          ? abs(Double(inference.z[n])) >= level
          : Double(kind == .p ? inference.p[n] : inference.q[n]) <= level
      }
      #expect(out.passes == wanted && wanted.contains(true) && wanted.contains(false))
    }
  }
}

@Suite struct OverlayTests {
  /// A head with two maps: one of both signs on both sides, one in large units.
  static func model(_ colours: Capabilities.Colours = .none) -> Model {
    var scene = Head.scene()
    let grid = Head.grid
    let mask = scene.mask
    func map(_ value: @escaping (WorldPoint) -> Float) -> Volume {
      Small.volume(grid) { v in mask?.contains(v) == true ? value(grid.world(v)) : .nan }
    }
    let left = WorldPoint(-32, -14, 20)
    let right = WorldPoint(32, -14, 20)
    scene.overlays = [
      NamedVolume(
        name: "both.nii",
        volume: map { $0.distance(to: left) < 14 ? 0.6 : $0.distance(to: right) < 14 ? -0.6 : 0.1 }),
      NamedVolume(
        name: "units.nii", volume: map { $0.distance(to: WorldPoint(0, 20, 20)) < 20 ? 8 : 1 }),
    ]
    var model = Head.model(scene, columns: 160, rows: 45, colours: colours)
    model.cursor = WorldPoint(0, -50, 20)
    return model
  }

  func glyphs(_ model: Model, _ glyph: Unicode.Scalar) -> Int {
    let frame = view(model)
    var count = 0
    for row in 4..<38 {
      for column in 4..<76
      where frame[row, column].glyph == glyph && frame[row, column].style == .bold {
        count += 1
      }
    }
    return count
  }

  @Test func eachSignCanBeShownAlone() throws {
    var model = Self.model()
    let (plus, minus) = (glyphs(model, "+"), glyphs(model, "−"))
    #expect(plus > 5 && minus > 5)
    _ = try Head.press(&model, ";")
    #expect(glyphs(model, "+") == plus && glyphs(model, "−") == 0)
    #expect(view(model).text.contains("positive only"))
    _ = try Head.press(&model, ";")
    #expect(glyphs(model, "+") == 0 && glyphs(model, "−") == minus)
    _ = try Head.press(&model, ":sign both<Enter>")
    #expect(glyphs(model, "+") == plus && glyphs(model, "−") == minus)
  }

  @Test func coloursFollowTheRangeAndNotTheThreshold() throws {
    var model = Self.model(.direct)
    func colours() -> Set<Colour> {
      let frame = view(model)
      var out: Set<Colour> = []
      for row in 4..<38 {
        for column in 4..<76 where frame[row, column].style == .picture {
          let c = frame[row, column].background
          if c.red > 150, c.blue < 60, c.red > c.green { out.insert(c) }
        }
      }
      return out
    }
    let before = colours()
    _ = try Head.press(&model, ":threshold 0.5<Enter>")
    #expect(colours() == before)
    _ = try Head.press(&model, ":range 0 0.6<Enter>")
    #expect(colours() != before)
    _ = try Head.press(&model, ":threshold 0.2 0.5<Enter>")
    // What lies beyond the upper end is faded too.
    #expect(colours().isEmpty)
    #expect(view(model).text.contains("to 0.5"))
  }

  @Test func anOutlineChangesNoValueItRunsAround() throws {
    var model = Self.model(.direct)
    let before = view(model)
    _ = try Head.press(&model, "d")
    let after = view(model)
    var white = 0
    for row in 4..<38 {
      for column in 4..<76 where before[row, column].style == .picture {
        let (a, b) = (before[row, column], after[row, column])
        let both = [
          (
            a.glyph == "▀" ? a.foreground : a.background,
            b.glyph == "▀" ? b.foreground : b.background
          ),
          (a.background, b.background),
        ]
        for (old, new) in both {
          let isMap = old.red > 200 && old.blue < 100 && old.green < 230
          if isMap { #expect(new == old) }
          if new == Colour(255, 255, 255), old != new { white += 1 }
        }
      }
    }
    #expect(white > 8)
  }

  @Test func severalOverlaysHaveAnOrderAndNames() throws {
    var model = Self.model()
    #expect(model.stackedIDs == [.given("both.nii")])
    _ = try Head.press(&model, "KO")
    #expect(model.stackedIDs == [.given("both.nii"), .given("units.nii")])
    let text = view(model).text
    #expect(text.contains("both.nii") && text.contains("units.nii") && text.contains("2 overlays"))
    // A map that reaches 8 is not thresholded as a correlation.
    #expect(model.style(.given("units.nii")).threshold > 1)
    _ = try Head.press(&model, "_")
    #expect(model.stackedIDs == [.given("units.nii"), .given("both.nii")])
    _ = try Head.press(&model, ":raise<Enter>")
    #expect(model.stackedIDs == [.given("both.nii"), .given("units.nii")])
    _ = try Head.press(&model, ":choose both<Enter>")
    #expect(model.currentOverlayID == .given("both.nii"))
    _ = try Head.press(&model, "V")
    let list = view(model).text
    #expect(list.contains("on screen") && list.contains("green-purple"))
    _ = try Head.press(&model, "V:hide<Enter>")
    #expect(glyphs(model, "+") == 0 && view(model).text.contains("overlays off"))
    var twice = Self.model()
    twice.scene.overlays[1].name = "both.nii"
    #expect(twice.overlayIDs == [.given("both.nii"), .given("both.nii #2")])
  }

  @Test func aContourOfOneMapRunsOverTheOther() throws {
    var model = Self.model()
    let filled = glyphs(model, "+")
    _ = try Head.press(&model, ":contour on<Enter>")
    let line = glyphs(model, "+")
    #expect(line > 0 && line < filled + 12)
    #expect(view(model).text.contains("line only"))
    _ = try Head.press(&model, ":contour off<Enter>D")
    let frame = view(model)
    var right = 0
    for row in 4..<38 {
      for column in 84..<156 where frame[row, column].glyph == "+" { right += 1 }
    }
    #expect(right > 4)
    #expect(frame.text.contains("line: both.nii"))
  }

  @Test func theUnderlayGetsBrighterAndKeepsItsLimits() throws {
    var scene = Head.scene()
    scene.overlays = []
    scene.underlays = [
      NamedVolume(
        name: "ramp",
        volume: Small.volume(Head.grid) { v in
          scene.mask?.contains(v) == true ? Float(10 + v.i + v.j) : 0
        })
    ]
    var model = Head.model(scene, columns: 160, rows: 45, colours: .direct)
    func light() -> Int {
      let frame = view(model)
      return (6..<36).reduce(0) { sum, row in
        sum + (6..<74).reduce(0) { $0 + frame[row, $1].background.luminance }
      }
    }
    let usual = light()
    _ = try Head.press(&model, "b")
    let bright = light()
    #expect(bright > usual)
    _ = try Head.press(&model, "BB")
    #expect(light() < usual)
    _ = try Head.press(&model, ":underlay auto<Enter>")
    #expect(light() == usual && model.view == Presentation())
    for bad in ["98 2", "-1 50", "2 101", "2 98 9"] {
      _ = try Head.press(&model, ":underlay \(bad)<Enter>")
      #expect(model.notice?.text.contains("0 to 100") == true && model.view == Presentation())
    }
  }

  @Test func theUnderlayIsAPictureAndItsRangeHasANameOfItsOwn() throws {
    var scene = Self.model().scene
    let grid = try #require(scene.grid)
    scene.underlays = [1, 2, 3].map { n in
      NamedVolume(name: "picture \(n)", volume: Small.volume(grid) { _ in Float(n) })
    }
    var model = Head.model(scene, columns: 160, rows: 45, colours: .direct)
    let usual = model.view
    _ = try Head.press(&model, ":underlay 2<Enter>")
    #expect(model.navigation.underlayIndex == 2 && model.view == usual)
    _ = try Head.press(&model, ":underlay<Enter>")
    #expect(model.navigation.underlayIndex != 2 && model.view == usual)
    for bad in ["7", "-1", "0.5", "x"] {
      let before = model.navigation.underlayIndex
      _ = try Head.press(&model, ":underlay \(bad)<Enter>")
      #expect(model.notice != nil && model.navigation.underlayIndex == before, "\(bad)")
    }
    _ = try Head.press(&model, ":underlay-range 5 95 0.5<Enter>")
    #expect(model.view.underlay.low == 5 && model.view.underlay.gamma == 0.5)
    // The old spelling is read and says the new one.
    for typed in ["auto", "10 90"] {
      _ = try Head.press(&model, ":underlay \(typed)<Enter>")
      #expect(model.notice?.text.contains(":underlay-range") == true)
    }
    #expect(model.view.underlay.low == 10 && model.view.underlay.high == 90)
  }

  @Test func histogramsCountEveryVoxelAndMarkTheCursor() throws {
    var model = Self.model()
    model.cursor = WorldPoint(-32, -14, 20)
    _ = try Head.press(&model, "H")
    let text = view(model).text
    let count = try #require(model.scene.mask).count
    #expect(text.contains("both.nii") && text.contains("\(count) voxels"))
    #expect(text.contains("cursor ▲ 0.60") && text.contains("threshold 0.30"))
    _ = try Head.press(&model, "<Esc>")
    #expect(model.shell.panel == nil)
  }

  @Test func whatIsOutOfRangeChangesNothingAndIsSaid() throws {
    let start = Self.model()
    for command in [
      "threshold -1", "threshold 0.5 0.2", "threshold 200%", "threshold q 0.05", "threshold z 3",
      "range 1 0", "range -1 1", "sign none", "cluster 0", "cluster 1.5", "cluster x", "opacity 5",
      "opacity 101", "colours mud", "choose nothing", "isoline 80", "layout ring", "zoom 0.5",
      "mix -1", "outline maybe", "underlay 5", "centre 1,2", "plane oblique", "spacing x",
    ] {
      var model = start
      #expect(try Head.press(&model, ":\(command)<Enter>").isEmpty)
      #expect(model.notice != nil, "\(command)")
      #expect(
        model.view == start.view && model.navigation.plane == start.navigation.plane, "\(command)")
    }
    var empty = Head.model()
    empty.scene.overlays = []
    for key in ["d", ";", "#", "%", "K", "D"] {
      _ = try Head.press(&empty, key)
      #expect(empty.notice?.text.contains("no overlay") == true, "\(key)")
    }
  }

  /// A map of small numbers is seen, and its numbers are no zeros.
  @Test func smallNumbersAreNotHidden() throws {
    var model = Head.model()
    let grid = try #require(model.scene.grid)
    model.scene.overlays = [
      NamedVolume(
        name: "flow.nii", volume: Small.volume(grid) { 1e-5 * (1 + 0.1 * Float($0.i % 3)) })
    ]
    model.overlays.isShown = true
    let id = try #require(model.overlayIDs.first { $0 != .map })
    let style = model.style(id)
    #expect(style.ceiling > 0.9e-5 && style.ceiling < 2e-5 && style.threshold < 0.9e-5)
    let value = try #require(model.valuesAtCursor.first { $0.name.hasPrefix("flow") }).value
    #expect(value.contains("0.00001") && !view(model).text.contains("≥ 0.00 "), "\(value)")
  }

  @Test func aTerminalsOwnTableHoldsTheColoursInUse() throws {
    var model = Self.model(.indexed)
    model.shell.capabilities.redefines = true
    _ = try Head.press(&model, ":colours green<Enter>")
    let table = try #require(view(model).table)
    #expect(table.colours.count == 240)
    func isGreen(_ c: Colour) -> Bool { Int(c.green) > Int(max(c.red, c.blue)) + 40 }
    #expect(table.colours.filter(isGreen).count >= 6)
  }
}
