import CellUI
import Foundation
import Imaging
import TestSupport
import Testing
import Viewer

@Suite struct PaletteTests {
  static let continuous = Palette.allCases.filter { $0 != .pet20Step }
  static let good: [Capabilities] = [
    Capabilities(colours: .direct, unicode: true),
    Capabilities(colours: .indexed, unicode: true, redefines: true),
  ]

  /// SHA-256 by coreutils: the tests link no library for it.
  func hash(_ bytes: [UInt8]) throws -> String {
    try withTemporaryFolder { folder in
      let file = URL(filePath: folder + "/palette")
      try Data(bytes).write(to: file)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/sha256sum")
      process.arguments = [file.path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      process.waitUntilExit()
      return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
  }

  @Test(arguments: [
    (Palette.hotIron, "8bba464199e149c1"), (.pet, "bc03f513531e405c"),
    (.hotMetalBlue, "a421277b84abae40"), (.pet20Step, "6f4f77ec9646ab6c"),
  ])
  func theStandardsPalettesAreExact(_ palette: Palette, _ beginning: String) throws {
    let bytes = palette.entries.flatMap { [$0.red, $0.green, $0.blue] }
    #expect(bytes.count == 768)
    #expect(try hash(bytes).hasPrefix(beginning))
  }

  @Test func evenIsEvenAndOnlyRises() {
    let labs = Palette.even.entries.map(Lab.init)
    let steps = zip(labs, labs.dropFirst()).map { $0.distance(to: $1) }
    let mean = steps.reduce(0, +) / Double(steps.count)
    // Rounding to bytes moves a dark colour by up to one ΔE.
    #expect(steps.allSatisfy { abs($0 - mean) < 1 })
    let far = zip(labs, labs.dropFirst(16)).map { $0.distance(to: $1) }
    let (low, high) = (far.min() ?? 0, far.max() ?? 0)
    print("even: step \(mean), over 16 entries \(low) to \(high)")
    #expect(low > 0.75 * high)
    #expect(zip(labs, labs.dropFirst()).allSatisfy { $1.lightness > $0.lightness - 0.3 })
    #expect(Palette.even.entries.first == Colour(0, 0, 0))
    #expect(Palette.even.entries.last == Colour(255, 255, 255))
  }

  @Test func labIsTheOneOfTheTextbooks() {
    // Values of the sRGB primaries under D65.
    for (colour, l, a, b) in [
      (Colour(255, 0, 0), 53.24, 80.09, 67.20), (Colour(0, 255, 0), 87.73, -86.18, 83.18),
      (Colour(0, 0, 255), 32.30, 79.19, -107.86), (Colour(255, 255, 255), 100, 0, 0),
      (Colour(119, 119, 119), 50.03, 0, 0),
    ] {
      #expect(Lab(colour).distance(to: Lab(l, a, b)) < 0.05, "\(colour)")
      #expect(Lab(colour).colour == colour)
    }
  }

  @Test(arguments: continuous)
  func thereAreSixtyFourLevelsWhereColoursCanBeChosen(_ palette: Palette) {
    for capabilities in Self.good {
      let levels = palette.levels(capabilities)
      print("levels \(palette.title) \(capabilities.colours) \(levels)")
      #expect(levels >= 64)
    }
    for colours in [Capabilities.Colours.indexed, .sixteen, .eight, .none] {
      print(
        "levels \(palette.title) \(colours) fixed "
          + "\(palette.levels(Capabilities(colours: colours, unicode: true)))")
    }
  }

  private func difference(_ p: Colour, _ q: Colour) -> Double {
    let (a, b) = (Lab(p), Lab(q))
    return ciede2000((a.lightness, a.a, a.b), (b.lightness, b.a, b.b))
  }

  /// What is shown may lie 1.9 from each (`ChosenColours.alike`): what is counted lies farther apart than twice that,
  /// and what lies between two that are counted does not.
  @Test(arguments: continuous)
  func noLevelIsCountedThatMayBeShownAsAnother(_ palette: Palette) {
    var capabilities = Capabilities(colours: .indexed, unicode: true, redefines: true)
    capabilities.writesAlike = true
    let counted = coloursBeyondAlike(palette.entries)
    #expect(palette.levels(capabilities) == counted.count)
    print("levels \(palette.title) written alike \(counted.count)")
    for (a, b) in zip(counted, counted.dropFirst()) { #expect(difference(a, b) > 3.75) }
    var last = palette.entries[0]
    for entry in palette.entries {
      if counted.contains(entry) { last = entry }
      #expect(difference(last, entry) < 3.85)
    }
  }

  /// By how many percent a value must fall, from half of the scale on, to be surely shown in another colour where
  /// colours are written alike.
  @Test(arguments: [
    (Palette.even, 6), (.hotMetalBlue, 6), (.pet, 11), (.hotIron, 18), (.grey, 8),
  ])
  func aFallIsSurelyShownWhereColoursAreWrittenAlike(_ palette: Palette, _ percent: Int) {
    func isShown(_ percent: Int) -> Bool {
      (128...255).allSatisfy { entry in
        let fallen = Int((Double(entry) * (1 - Double(percent) / 100)).rounded())
        return difference(palette.entries[entry], palette.entries[fallen]) > 3.8
      }
    }
    #expect((1...99).first(where: isShown) == percent)
  }

  /// From which entry on 5 % less is seen. The standard's own tables are the limit: between full red
  /// and orange Hot Iron hardly changes, and grey has few levels to give.
  @Test(arguments: [
    (Palette.even, 128), (.hotMetalBlue, 128), (.pet, 132), (.hotIron, 152), (.grey, 192),
  ])
  func fivePerCentBetweenTheSidesAreSeen(_ palette: Palette, _ from: Int) {
    for capabilities in Self.good {
      let shown = palette.entries.map { colour -> Lab in
        guard capabilities.redefines else { return Lab(colour) }
        return Lab(palette.table.colour(palette.table.number(colour)))
      }
      func seen(_ entry: Int) -> Double {
        shown[entry].distance(to: shown[Int((0.95 * Double(entry)).rounded())])
      }
      let least = (from...255).map(seen).min() ?? 0
      print("5 % \(palette.title) \(capabilities.colours) from \(from): least ΔE \(least)")
      #expect(least >= 3)
    }
  }

  @Test func aChosenTableKeepsTextAndFitsTheTerminal() {
    for palette in Palette.allCases {
      #expect(palette.table.first == 16 && palette.table.colours.count == 240)
      for number in [231, 188, 245, 75, 214] where ColourTable.xterm.colour(number).red > 90 {
        #expect(palette.table.colour(number) == ColourTable.xterm.colour(number))
      }
    }
  }

  @Test func palettesAreChosenByNameAndShownWithTheirLevels() throws {
    var model = Head.model()
    _ = try Head.press(&model, ":palette hot metal<Enter>")
    #expect(model.shell.palette == .hotMetalBlue)
    _ = try Head.press(&model, ":palette nothing<Enter>")
    #expect(model.shell.palette == .hotMetalBlue)
    #expect(model.notice?.text.contains("pet-20-step") == true)
    #expect(Palette(typed: "PET") == .pet && Palette(typed: "pet20") == .pet20Step)
    #expect(Palette(typed: "gray") == .grey && Palette(typed: "") == nil)
  }

  @Test func aThresholdStepRecoloursOnlyWhatItCrosses() throws {
    var model = Head.model()
    let before = view(model)
    _ = try Head.press(&model, "{")
    let changes = view(model).changes(from: before).flatMap(\.cells)
    // The one bright voxel keeps its colour, and the rest is far below.
    #expect(changes.filter { $0.style.contains(.picture) && $0.glyph == "▀" }.isEmpty)
  }
}
