import CellUI
import Testing
import Viewer

/// Words that name a key name the one that a person gave to it.
@Suite struct KeyWordsTests {
  /// What is typed, the action whose key is told, and what is told; KEY is the key.
  static let refusals: [(typed: String, action: Action, words: String)] = [
    (":centre cursor", .zoomIn, "KEY zooms in"), (":next-overlay", .seed, "KEY sets a seed"),
    (":isoline 80", .cycleRight, "KEY goes on"), (":play", .movie, "KEY makes one of the seed"),
    (":take", .targets, "KEY opens it"), (":fdr 0.05", .seed, "KEY sets a seed"),
    (":peak", .seed, "KEY sets a seed"),
  ]

  @Test(arguments: refusals.indices) func aRefusalNamesTheKeyOfTheTable(_ n: Int) throws {
    let (typed, action, words) = Self.refusals[n]
    var usual = Head.model()
    usual.scene.overlays = []
    var own = usual
    own.ways.keys.changed[.function(9)] = action
    for key in KeyMap.binding(of: action)?.keys ?? [] {
      own.ways.keys.changed[key] = .some(nil)
    }
    _ = try Head.press(&usual, typed + "<Enter>")
    _ = try Head.press(&own, typed + "<Enter>")
    let shown = try #require(KeyTable().shown(action)?.split(separator: " ").first)
    let before = try #require(usual.notice?.text)
    let after = try #require(own.notice?.text)
    #expect(before.contains(words.replacing("KEY", with: shown)), "\(typed): \(before)")
    #expect(after.contains(words.replacing("KEY", with: "<F9>")), "\(typed): \(after)")
  }

  @Test func headingsNameTheKeyOfTheTable() throws {
    var (model, _) = try AnalysesTests.model()
    #expect(view(model).text.contains("Space sets a seed"))
    model.ways.keys.changed[.function(9)] = .seed
    model.ways.keys.changed[.character(" ")] = .some(nil)
    let text = view(model).text
    #expect(text.contains("<F9> sets a seed") && !text.contains("Space sets"))
  }
}
