import CellUI
import Foundation
import Imaging
import TestSupport
import Testing
import Viewer

/// Every abbreviation that a screen shows is a word that help explains.
@Suite struct GlossaryTests {
  /// Words in capitals that explain themselves, or are a key's or a file's name.
  static let plain: Set<String> = [
    "NOT", "BOTH", "PCC", "AAL", "II", "OK", "NO", "WITHOUT", "ALL", "WEAKENS", "LESS", "THAN",
    "PUBLISHED", "MOTION", "MODELLED", "FUSED", "SHOWN", "GOES", "AWAY", "MOVES", "FOLLOWING",
    "STAYS",
    "LESSON", "CONFIRM", "TARGET", "FILE", "VALUE", "NAME", "LO", "HI",
  ]

  @Test func helpFindsWhatItIsAskedFor() throws {
    for (typed, word) in [
      ("DOF", "DOF"), ("n eff", "N eff"), ("AI", "AI"), ("registered", "NOT REGISTERED"),
      ("simulated", "SIMULATED"), ("ras+", "RAS+"), ("unscaled", "unscaled"), ("r", "r"),
      ("z", "z"), ("r's z", "r's z"), ("outlined", "outlined"), ("segr", "segr."),
      ("levels", "levels"), ("synthetic", "SYNTHETIC PERSON"),
    ] {
      var model = Head.model(columns: 120, rows: 40)
      _ = try Head.press(&model, "?" + typed)
      #expect(model.helpLines.contains { $0.isWord && $0.keys == word }, "\(typed)")
      #expect(view(model).text.contains(word), "\(typed)")
    }
  }

  /// The way out from everywhere, whatever was typed into help.
  @Test(arguments: ["?", "?seed", "?qqq", "?nobody has such words"])
  func escapeAndQLeave(_ typed: String) throws {
    var model = Head.model(columns: 120, rows: 40)
    _ = try Head.press(&model, typed + "<Esc>")
    #expect(!model.shell.showsHelp && model.ways.filter.isEmpty)
    _ = try Head.press(&model, "q")
    #expect(model.shell.hasEnded)
  }

  @Test func enterOnAWordStaysAndAsksNothing() throws {
    var model = Head.model(columns: 120, rows: 40)
    _ = try Head.press(&model, "?unscaled<Enter>")
    #expect(model.shell.prompt == nil)
  }

  @Test(arguments: KeyLineTests.contexts.filter { $0 != "help" })
  func noScreenSpeaksOfWhatHelpDoesNotKnow(_ context: String) throws {
    let model = try KeyLineTests.model(context, columns: 200, rows: 60)
    let known = model.helpWords
    let found = view(model).text.matches(of: /\b[A-Z][A-Z+]+\b/).map { String($0.output) }
    #expect(!found.isEmpty)
    for word in Set(found).subtracting(Self.plain).sorted() {
      let isKnown = known.contains(word)
      #expect(isKnown, "\(context): \(word)")
    }
  }

  @Test func theMidlineHasNoSide() throws {
    var model = Head.model(columns: 120, rows: 40)
    model.scene.atlas = LabelMap(
      grid: try #require(model.scene.grid),
      labels: [Int32](repeating: 1, count: model.scene.grid?.count ?? 0), names: [1: "Region_L"],
      title: "test")
    model.scene.sideRule = .mni
    let middle = WorldPoint(0, model.cursor.y, model.cursor.z)
    #expect(model.scene.regionName(at: middle) == "Region")
    #expect(model.scene.regionName(at: WorldPoint(-20, middle.y, middle.z)) == "Region_L")
  }
}

extension Model {
  /// Single words of the glossary.
  fileprivate var helpWords: Set<String> {
    Set(
      helpLines.filter(\.isWord).flatMap {
        ($0.keys + " " + $0.text).split { " ,;:()".contains($0) }
      }
      .map(String.init))
  }
}
